"""The shared logic of the checks that look for private persons' data: places and counts, never a value."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, facts_of, place
from opendata_check.checks.texts import column
from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def hints_of(case: Case, *kinds: str) -> tuple[PersonalDataHint, ...]:
    """Return the hints of these kinds seen in the file."""
    facts = facts_of(case)
    return tuple(hint for hint in facts.personal if hint.kind in kinds) if facts else ()


def fault(case: Case, hint: PersonalDataHint, kind: str) -> Verdict:
    """Return the verdict on one column (or document): where it is and how many cells, no more."""
    return Verdict(
        Outcome.NON_COMPLIANT,
        case=kind,
        values={
            "where": f"la {column(hint.column, hint.letter)}" if hint.column or hint.letter else "le document",
            "count": plural(hint.count, "cellule concernée", "cellules concernées"),
            "rows": at(hint.rows),
        },
        locations=place(case, column=hint.column, letter=hint.letter, rows=hint.rows),
        count=max(hint.count, 1),
        rule=hint.kind,
        column=hint.column,
    )


def clear(case: Case) -> Iterable[Verdict]:
    """Yield the verdict of a table where nothing was found: good when all of it was read."""
    facts = facts_of(case)
    if facts is None or facts.table is None:
        return
    rows = {"rows": plural(facts.table.row_count, "ligne lue", "lignes lues")}
    if facts.table.truncated:
        yield Verdict(Outcome.UNVERIFIABLE, values=rows)
    else:
        yield Verdict(Outcome.COMPLIANT, values=rows)
