"""Decides whether a JSON or XML file can be read to its end."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, place
from opendata_check.model.finding import Outcome
from opendata_check.vocabulary import formats


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per JSON or XML file."""
    facts = facts_of(case)
    if facts is None or facts.structure is None:
        return
    structure = facts.structure
    known = formats().get(facts.envelope.detected)
    name = known.title if known else "structuré"
    if structure.well_formed:
        yield Verdict(Outcome.COMPLIANT, values={"format": name})
        return
    line = structure.error_line
    where = f" à la ligne {line}" if line else ""
    if where and structure.error_column:
        where += f", caractère {structure.error_column}"
    values = {"format": name, "where": where, "fault": structure.error.rstrip(" .") or "le contenu s'interrompt"}
    yield Verdict(Outcome.NON_COMPLIANT, values=values, locations=place(case, rows=((line, line),) if line else ()))
