"""Decides whether a file carries a program, a script, or fetches something elsewhere when it is opened."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.facts import ContentFacts, TraceFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per kind of risk, else one for a file read whole, of a kind that may carry a program."""
    facts = facts_of(case)
    if facts is None:
        return
    if "exe" in (facts.envelope.detected, facts.envelope.extension_format):
        yield Verdict(Outcome.NON_COMPLIANT, case="program", rule="program")
        return
    if facts.traces is None:
        return
    found = list(_risks(facts, facts.traces))
    if found:
        yield from found
    elif not facts.fault and not facts.traces.partly_read and (facts.image is None or facts.envelope.detected == "svg"):
        yield Verdict(Outcome.COMPLIANT)


def _risks(facts: ContentFacts, traces: TraceFacts) -> Iterable[Verdict]:
    if traces.macros:
        kind = "launch" if facts.envelope.detected == "pdf" else "macros"
        yield Verdict(Outcome.NON_COMPLIANT, case=kind, rule="macros", count=traces.macros)
    if traces.scripts:
        kind = "drawing" if facts.envelope.detected == "svg" else "script"
        yield Verdict(Outcome.NON_COMPLIANT, case=kind, rule="scripts", count=traces.scripts,
                      values={"count": plural(traces.scripts, "script")})  # fmt: skip
    if facts.envelope.detected == "svg" and traces.embedded_files:
        yield Verdict(Outcome.NON_COMPLIANT, case="foreign", rule="foreign", count=traces.embedded_files)
    if traces.external_links:
        yield Verdict(Outcome.NON_COMPLIANT, case="external", rule="external", count=traces.external_links,
                      values={"count": plural(traces.external_links, "élément")})  # fmt: skip
