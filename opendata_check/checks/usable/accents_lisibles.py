"""Decides whether the letters of a text file came through unharmed."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, place
from opendata_check.checks.texts import lines
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per text file, or one per kind of harm."""
    facts = facts_of(case)
    if facts is None or facts.text is None or facts.envelope.detected not in case.words("formats"):
        return
    text = facts.text
    harmed = False
    if text.mojibake_count:
        harmed = True
        yield Verdict(Outcome.NON_COMPLIANT, case="mojibake", rule="mojibake", count=text.mojibake_count,
                      values={"count": plural(text.mojibake_count, "lettre abîmée", "lettres abîmées")})  # fmt: skip
    if text.undecodable_line:
        harmed = True
        row = ((text.undecodable_line, text.undecodable_line),)
        yield Verdict(Outcome.NON_COMPLIANT, case="undecodable", rule="undecodable", values={"line": lines(row)},
                      locations=place(case, rows=row))  # fmt: skip
    if text.nul_count:
        harmed = True
        yield Verdict(Outcome.NON_COMPLIANT, case="nul", rule="nul", count=text.nul_count)
    if not harmed:
        yield Verdict(Outcome.COMPLIANT)
