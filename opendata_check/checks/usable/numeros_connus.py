"""Asks about the SIRET and SIREN that the extract of Sirene given does not hold."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, file_of, place
from opendata_check.checks.texts import column
from opendata_check.model.finding import Outcome
from opendata_check.wording import french_number


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one question per column; nothing when no extract was given, or when all are in it."""
    for unknown in file_of(case).unknown_numbers:
        yield Verdict(
            Outcome.UNVERIFIABLE,
            values={
                "where": column(unknown.column, unknown.letter),
                "count": french_number(unknown.count),
                "of": french_number(unknown.of),
                "number": unknown.kind.upper(),
                "rows": at(unknown.rows),
            },
            locations=place(case, column=unknown.column, letter=unknown.letter, rows=unknown.rows),
            count=unknown.count,
            column=unknown.column,
        )
