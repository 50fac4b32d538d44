"""The shared logic of the checks that look at what was done to the cells of a column."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, place, table_of
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


def judged(case: Case, kinds: tuple[str, ...], questions: tuple[str, ...] = ()) -> Iterable[Verdict]:
    """Yield one verdict per column and kind of damage; one for a table without any. ``questions`` are only asked.

    A table read in part and without damage is not said to be good.
    """
    table = table_of(case)
    if table is None or not table.row_count:
        return
    found = [damage for damage in table.damage if damage.kind in kinds]
    for damage in found:
        yield _fault(case, damage, Outcome.UNVERIFIABLE if damage.kind in questions else Outcome.NON_COMPLIANT)
    if not found and table.truncated:  # what was not read may hold some
        yield Verdict(Outcome.UNVERIFIABLE, values={"rows": plural(table.row_count, "ligne lue", "lignes lues")})
    elif not found:
        yield Verdict(Outcome.COMPLIANT)


def _fault(case: Case, damage: CellDamage, outcome: Outcome) -> Verdict:
    return Verdict(
        outcome,
        case=damage.kind,
        values={
            "where": column(damage.column, damage.letter),
            "count": plural(damage.count, "cellule", "cellules"),
            "rows": at(damage.rows),
            "code": SHORTENED.get(damage.of, ""),
        },
        locations=place(case, column=damage.column, letter=damage.letter, rows=damage.rows),
        count=damage.count,
        rule=damage.kind,
        column=damage.column,
    )
