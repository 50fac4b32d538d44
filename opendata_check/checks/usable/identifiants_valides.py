"""Decides whether SIRET and SIREN numbers are right, in tables that follow no model."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, file_of, place, table_of
from opendata_check.checks.texts import column
from opendata_check.model.finding import Outcome
from opendata_check.wording import french_number, plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per faulty column, else one for the table; where a model judged the values, none."""
    table = table_of(case)
    if table is None or file_of(case).validation is not None:
        return
    columns = [item for item in table.columns if item.identifier and item.filled]
    faulty = [item for item in columns if item.identifier_invalid]
    for item in faulty:
        rows = item.identifier_invalid_rows
        values = {
            "column": column(item.label, item.letter),
            "kind": item.identifier.upper(),
            "count": plural(item.identifier_invalid, "valeur"),
            "filled": french_number(item.filled),
            "where": at(rows),
        }
        yield Verdict(
            Outcome.NON_COMPLIANT, values=values, rule=item.identifier, column=item.label,
            count=item.identifier_invalid, locations=place(case, column=item.label, letter=item.letter, rows=rows),
        )  # fmt: skip
    if columns and not faulty:
        yield Verdict(Outcome.UNVERIFIABLE if table.truncated else Outcome.COMPLIANT)
