"""Controls that the examples of the user's own rules are what those rules answer."""

from __future__ import annotations

from dataclasses import replace

from opendata_check.law.errors import LawError
from opendata_check.law.hypothesis import imagined
from opendata_check.law.rules import Example, Law
from opendata_check.law.scoping import scope
from opendata_check.model.organization import Organization, OrganizationKind


def check_examples(law: Law) -> None:
    """Raise LawError, naming the rule and the example, when a local rule answers otherwise than its example says."""
    for rule in law.obligations:
        alone = replace(law, obligations=(rule,))
        for example in rule.examples if rule.local else ():
            (duty,) = scope(example_body(example), example.on, alone)
            answer = duty.applicability
            if answer is not example.status:
                raise LawError(
                    f"l'exemple « {example.title} » attend « {example.status} », et la règle répond « {answer} »",
                    where=f"obligations/{rule.id}.yaml, examples",
                    remedy="Corrigez l'exemple ou la règle.",
                )


def example_body(example: Example) -> Organization:
    """Return the body of an example."""
    facts: dict[str, bool | float | str] = {}
    for name, value in example.body.items():
        if name == "kind" or not isinstance(value, bool | int | float | str):
            continue
        facts[name] = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return imagined(OrganizationKind(str(example.body["kind"])), facts, example.on)
