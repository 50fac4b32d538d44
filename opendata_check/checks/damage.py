"""The shared logic of the checks that look at what was done to the cells of a column."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, file_of, place, table_of
from opendata_check.checks.texts import column
from opendata_check.model.facts import CellDamage
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural

SHORTENED = {
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
    for damage in _together(found, together):
        yield _fault(case, damage, Outcome.UNVERIFIABLE if damage.kind in questions else Outcome.NON_COMPLIANT)
    if not found and table.truncated:  # what was not read may hold some
        yield Verdict(Outcome.UNVERIFIABLE, values={"rows": plural(table.row_count, "ligne lue", "lignes lues")})
    elif not found:
        yield Verdict(Outcome.COMPLIANT)


def _together(found: list[CellDamage], kinds: tuple[str, ...]) -> Iterable[CellDamage]:
    """Return the damages, those of the given kinds as one each: its letter lists the columns."""
    for kind in kinds:
        same = [damage for damage in found if damage.kind == kind]
        if len(same) > 1:
            letters = [damage.letter for damage in same]
            shown = ", ".join(letters[:_SHOWN]) + ("…" if len(letters) > _SHOWN else "")
            found = [damage for damage in found if damage.kind != kind]
            found.append(CellDamage(kind, "", shown, sum(damage.count for damage in same)))
    return found


def _told_by_schema(case: Case) -> frozenset[str]:
    """Return the letters of the columns at fault by the table's own model: its check tells those cells already."""
    validation = file_of(case).validation
    return frozenset(issue.letter for issue in validation.issues) if validation is not None else frozenset()


def _fault(case: Case, damage: CellDamage, outcome: Outcome) -> Verdict:
    return Verdict(
        outcome,
        case=damage.kind,
        values={
            "where": f"colonnes {damage.letter}" if ", " in damage.letter else column(damage.column, damage.letter),
            "count": plural(damage.count, "cellule", "cellules"),
            "rows": at(damage.rows),
            "code": SHORTENED.get(damage.of, ""),
        },
        locations=place(case, column=damage.column, letter=damage.letter, rows=damage.rows),
        count=damage.count,
        rule=damage.kind,
        column=damage.column,
    )
