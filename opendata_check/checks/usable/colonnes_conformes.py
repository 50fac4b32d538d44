"""Decides whether a table has the columns of the model it follows."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import file_of, obligation_of_schema, place, table_of
from opendata_check.checks.texts import plain, quoted
from opendata_check.model.finding import Outcome
from opendata_check.model.schema import SchemaMatch


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table that follows a model, or one per kind of gap.

    A model the law names weighs more than one that is only usual; a mere likeness is never a fault.
    """
    match = file_of(case).schema
    if match is None:
        return
    obligation = obligation_of_schema(case)
    table = table_of(case)
    header = table.header_row if table else None
    where = place(case, rows=((header, header),) if header else ())
    if not obligation and match.by == "header" and match.confidence < case.number("sure") and match.missing_columns:
        yield Verdict(Outcome.UNVERIFIABLE, case="resembles", values=_values(match), locations=where)
        return
    kind = "" if obligation else "_model"
    if match.missing_columns:
        yield Verdict(
            Outcome.NON_COMPLIANT, case=f"missing{kind}", rule="missing", count=len(match.missing_columns),
            values={**_values(match), "columns": quoted(match.missing_columns)},
            locations=where, obligation=obligation,
        )  # fmt: skip
    if match.misspelt_columns:
        wrong, right = match.misspelt_columns[0]
        yield Verdict(
            Outcome.NON_COMPLIANT, case="misspelt", rule="misspelt", count=len(match.misspelt_columns),
            values={**_values(match), "wrong": plain(wrong, 80), "right": plain(right, 80),
                    "others": _others(len(match.misspelt_columns) - 1)},
            locations=where, obligation=obligation,
        )  # fmt: skip
    if not match.missing_columns and not match.misspelt_columns:
        yield Verdict(Outcome.COMPLIANT, values=_values(match), obligation=obligation)


def _values(match: SchemaMatch) -> dict[str, str]:
    return {
        "model": match.schema.title or match.schema.id,
        "version": f"{match.schema.id}, version {match.schema.version}",
    }


def _others(count: int) -> str:
    if count <= 0:
        return ""
    return " Une autre colonne est à renommer." if count == 1 else f" {count} autres colonnes sont à renommer."
