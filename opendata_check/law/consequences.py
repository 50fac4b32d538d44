"""Says what would follow from each answer to a missing fact: evaluates again just below and at the threshold."""

from __future__ import annotations

import math
from datetime import date

from opendata_check.law.deciding import decide
from opendata_check.law.evaluation import Outcome
from opendata_check.law.figures import Assumption, Figures, quantity
from opendata_check.law.reasons import missing_facts
from opendata_check.law.rules import Answer, Law, Obligation, Test, Threshold
from opendata_check.model.organization import OrganizationKind
from opendata_check.wording import join_list, word

Branch = tuple[str, Outcome]
"""A French answer, and the decision it would lead to."""


def what_if(obligation: Obligation, root: Outcome, figures: Figures, on: date, law: Law) -> tuple[str, ...]:
    """Return one French line per answer to each missing fact; answers that would decide nothing are left out."""
    if root.result is not None:
        return ()
    lines: list[str] = []
    for test in _undecided_tests(root):
        branches = _branches(test, obligation, figures, on, law)
        if any(outcome.result is not None for _, outcome in branches):
            lines += [_line(answer, outcome, law) for answer, outcome in branches]
    return tuple(dict.fromkeys(lines))


def _undecided_tests(root: Outcome) -> list[Test]:
    """Return the undecided tests, one per fact and parameter."""
    tests = {
        (node.fact, node.parameter): node.test
        for node in reversed(root.decisive())
        if node.result is None and node.test is not None
    }
    return list(reversed(tests.values()))


def _branches(test: Test, obligation: Obligation, figures: Figures, on: date, law: Law) -> list[Branch]:
    def supposing(value: Assumption) -> Outcome:
        return decide(obligation, figures.assuming(test.fact, value), on, law)

    if isinstance(test.comparison, Answer):
        return [
            (law.say("what_if", "choice_yes", nom=test.label), supposing(True)),
            (law.say("what_if", "choice_no", nom=test.label), supposing(False)),
        ]
    if isinstance(test.comparison, Threshold):
        parameter = law.parameters[test.comparison.parameter]
        dated = parameter.on(on)
        if dated is None:
            return []
        threshold = quantity(dated.value, parameter.unit_one, parameter.unit)
        if test.comparison.strict:
            key, passing, failing = "more_than", math.nextafter(dated.value, math.inf), float(dated.value)
        else:
            key, passing, failing = "at_least", float(dated.value), math.nextafter(dated.value, 0)
        return [
            (law.say("what_if", f"{key}_yes", seuil=threshold), supposing(passing)),
            (law.say("what_if", f"{key}_no", seuil=threshold), supposing(failing)),
        ]
    return _branches_by_kind([(kind, supposing(kind)) for kind in OrganizationKind], law)


def _branches_by_kind(outcomes: list[tuple[OrganizationKind, Outcome]], law: Law) -> list[Branch]:
    """Group the kinds that would lead to the same line."""
    groups: dict[str, tuple[list[str], Outcome]] = {}
    for kind, outcome in outcomes:
        if kind is not OrganizationKind.UNKNOWN:
            names, _ = groups.setdefault(_line("", outcome, law), ([], outcome))
            names.append(word("kinds", kind.value))
    if len(groups) == 1:
        return [(law.say("facts.kind", "any_kind"), outcome) for _, outcome in groups.values()]
    return [(join_list(names, "ou"), outcome) for names, outcome in groups.values()]


def _line(answer: str, outcome: Outcome, law: Law) -> str:
    if outcome.result is None:
        return law.say("what_if", "unknown", reponse=answer, manque=join_list(missing_facts(outcome)))
    return law.say("what_if", "applies" if outcome.result else "exempt", reponse=answer)
