"""The shared logic of the checks that look at what was done to the cells of a column."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, file_of, place, table_of
from opendata_check.checks.texts import column
from opendata_check.model.facts import CellDamage
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural

_SHORTENED = {
    "insee": "un code commune de 4 chiffres au lieu de 5",
    "postcode": "un code postal de 4 chiffres au lieu de 5",
    "siret": "un SIRET de 13 chiffres au lieu de 14",
    "siren": "un SIREN de 8 chiffres au lieu de 9",
    "phone": "un téléphone de 9 chiffres au lieu de 10",
}
"""How a code reads once its first zero is lost."""
_SHOWN = 12


def judged(
    case: Case, kinds: tuple[str, ...], questions: tuple[str, ...] = (), together: tuple[str, ...] = ()
) -> Iterable[Verdict]:
    """Yield one verdict per column and kind of damage; one for a table without any. ``questions`` are only asked.

    The kinds of ``together`` give one verdict for all their columns: one gesture mends them. A table read in part and
    without damage is not said to be good.
    """
    table = table_of(case)
    if table is None or not table.row_count:
        return
    judged_elsewhere = _told_by_schema(case)
    found = [damage for damage in table.damage if damage.kind in kinds and damage.letter not in judged_elsewhere]
    for group in _groups(found, together):
        yield _fault(case, group, questions)
    if not found and table.truncated:  # what was not read may hold some
        yield Verdict(Outcome.UNVERIFIABLE, values={"rows": plural(table.row_count, "ligne lue", "lignes lues")})
    elif not found:
        yield Verdict(Outcome.COMPLIANT)


def _groups(found: list[CellDamage], together: tuple[str, ...]) -> list[list[CellDamage]]:
    """Return the damages by verdict: those told apart first, then the kinds of ``together``, each whole."""
    apart = [[damage] for damage in found if damage.kind not in together]
    whole = [[damage for damage in found if damage.kind == kind] for kind in together]
    return [*apart, *(group for group in whole if group)]


def _told_by_schema(case: Case) -> frozenset[str]:
    """Return the letters of the columns at fault by the table's own model: its check tells those cells already."""
    validation = file_of(case).validation
    return frozenset(issue.letter for issue in validation.issues) if validation is not None else frozenset()


def _fault(case: Case, group: list[CellDamage], questions: tuple[str, ...]) -> Verdict:
    """Return the verdict on damages of one kind; a postcode of four figures is a case of its own."""
    first, count = group[0], sum(damage.count for damage in group)
    alone = len(group) == 1
    letters = ", ".join(damage.letter for damage in group[:_SHOWN]) + ("…" if len(group) > _SHOWN else "")
    kind = "lost_zero_postcode" if (first.kind, first.of) == ("lost_zero", "postcode") else first.kind
    return Verdict(
        Outcome.UNVERIFIABLE if kind in questions else Outcome.NON_COMPLIANT,
        case=kind,
        values={
            "where": column(first.column, first.letter) if alone else f"colonnes {letters}",
            "count": plural(count, "cellule", "cellules"),
            "rows": at(first.rows) if alone else "",
            "code": _SHORTENED.get(first.of, ""),
        },
        locations=tuple(
            where
            for damage in group
            for where in place(case, column=damage.column, letter=damage.letter, rows=damage.rows)
        ),
        count=count,
        rule=first.kind,
        column=first.column if alone else "",
    )
