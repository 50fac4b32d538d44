"""Decides whether the cells of a table are what its model expects."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, facts_of, file_of, obligation_of_schema, place
from opendata_check.checks.texts import plain
from opendata_check.model.finding import Outcome
from opendata_check.model.schema import TableValidation, ValueIssue
from opendata_check.wording import plural

_TOLD_ELSEWHERE = frozenset({"unclosed_quote", "blank_row", "missing_cell", "extra_cell", "encoding"})
"""Faults of the rows and letters themselves: lignes-regulieres and accents-lisibles tell them."""


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table judged against a model, or one per column and rule."""
    validation = file_of(case).validation
    if validation is None:
        return
    obligation = obligation_of_schema(case)
    issues = [i for i in validation.issues if i.level == "error" and i.rule not in _TOLD_ELSEWHERE]
    for issue in issues:
        yield _fault(case, issue, obligation)
    if not validation.complete:
        yield Verdict(Outcome.UNVERIFIABLE, case="partial", rule="partial", values=_values(validation),
                      obligation=obligation)  # fmt: skip
    elif not issues:
        yield Verdict(Outcome.COMPLIANT, values=_values(validation), obligation=obligation)


def _fault(case: Case, issue: ValueIssue, obligation: str) -> Verdict:
    return Verdict(
        Outcome.NON_COMPLIANT,
        case="non_compliant" if obligation else "model",
        values={"fault": issue.message.rstrip(" ."), "where": at(issue.rows), "example": _example(case, issue)},
        locations=place(case, column=issue.column, letter=issue.letter, rows=issue.rows),
        count=issue.count,
        rule=issue.rule,
        column=issue.column,
        obligation=obligation,
        seen=f"{plural(issue.count, 'cellule')}{at(issue.rows)}.",
    )


def _example(case: Case, issue: ValueIssue) -> str:
    """Return one value before and after; nothing for a column that seems to hold personal data."""
    facts = facts_of(case)
    hints = facts.personal if facts else ()
    if any(hint.column == issue.column or (hint.letter and hint.letter == issue.letter) for hint in hints):
        return ""
    before, after = plain(issue.before, 60), plain(issue.after, 60)
    if not before:
        return ""
    return f" Exemple : « {before} » devient « {after} »." if after else f" Exemple : « {before} »."


def _values(validation: TableValidation) -> dict[str, str]:
    return {
        "rows": plural(validation.row_count, "ligne"),
        "model": f"{validation.schema_id}, version {validation.schema_version}",
        "note": f"{validation.note.rstrip(' .')}." if validation.note else "",
    }
