"""Decides whether the letters of a text file came through unharmed."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, place
from opendata_check.checks.texts import lines
from opendata_check.model.facts import TextFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list, plural

_SHOWN = 4


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per text file, or one per kind of harm."""
    facts = facts_of(case)
    if facts is None or facts.text is None or facts.envelope.detected not in case.words("formats"):
        return
    verdicts = list(_harm(case, facts.text))
    yield from verdicts or [Verdict(Outcome.COMPLIANT)]


def _harm(case: Case, text: TextFacts) -> Iterable[Verdict]:
    if text.mojibake_count:
        yield Verdict(
            Outcome.NON_COMPLIANT,
            case="mojibake",
            rule="mojibake",
            count=text.mojibake_count,
            values={
                "count": plural(text.mojibake_count, "lettre abîmée", "lettres abîmées"),
                "pairs": join_list([f"« {seen} » pour « {meant} »" for seen, meant, _ in text.mojibake[:_SHOWN]])
                or "« Ã© » pour « é »",
            },
        )
    if text.undecodable_line:
        row = ((text.undecodable_line, text.undecodable_line),)
        values = {"line": lines(row)}
        yield Verdict(
            Outcome.NON_COMPLIANT,
            case="undecodable",
            rule="undecodable",
            values=values,
            locations=place(case, rows=row),
        )
    if text.replaced_count:
        values = {"count": plural(text.replaced_count, "lettre perdue", "lettres perdues")}
        yield Verdict(Outcome.NON_COMPLIANT, case="replaced", rule="replaced", count=text.replaced_count, values=values)
    if text.lost_letters >= case.number("lost_letters"):
        values = {"count": plural(text.lost_letters, "point d'interrogation", "points d'interrogation")}
        yield Verdict(Outcome.UNVERIFIABLE, case="lost", rule="lost", count=text.lost_letters, values=values)
    if text.nul_count:
        yield Verdict(Outcome.NON_COMPLIANT, case="nul", rule="nul", count=text.nul_count)
