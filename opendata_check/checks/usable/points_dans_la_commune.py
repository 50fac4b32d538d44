"""Decides whether the objects of a map lie where the body is: its commune, its intercommunalité, its département."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, facts_of, place
from opendata_check.checks.usable.geometries_valides import where
from opendata_check.coordinates import in_france
from opendata_check.model.facts import PlaceCell, RowRange, SpatialFacts
from opendata_check.model.finding import Outcome
from opendata_check.places import Degrees, Place, place_of
from opendata_check.wording import plural

_KM = 111.2
"""Kilometres in a degree of latitude."""


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per map or table with places; none for what others publish, nor for a body of unknown place."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or not facts.spatial.cells or dataset_of(case).dataset.about_others:
        return
    spatial = facts.spatial
    abroad = [cell for cell in spatial.cells if not _may_be_in_france(cell)]
    total = sum(cell.count for cell in spatial.cells)
    if abroad and _count(abroad) <= case.number("abroad_share") * total:
        yield _verdict(case, spatial, Outcome.NON_COMPLIANT, "abroad", abroad)
    home = place_of(case.evidence.organization)
    if home is not None:
        yield from _against(case, spatial, home, [cell for cell in spatial.cells if cell not in abroad], total)
    elif len(abroad) == len(spatial.cells):
        yield _verdict(case, spatial, Outcome.UNVERIFIABLE, "elsewhere", abroad, "de la France")


def _against(
    case: Case, spatial: SpatialFacts, home: Place, cells: Sequence[PlaceCell], total: int
) -> Iterable[Verdict]:
    """Compare with the box of the body, which is wider than the body: what is outside is surely outside."""
    name = {"commune": "de la commune", "epci": "de l'intercommunalité", "departement": "du département"}[home.level]
    tolerance = case.number("tolerance_km") / _KM
    outside = [cell for cell in cells if _distance(cell, home.box) > tolerance]
    if not outside:
        if len(cells) == len(spatial.cells):
            yield Verdict(Outcome.COMPLIANT, values={"home": name, "count": plural(total, "objet")})
        return
    far = [cell for cell in outside if _distance(cell, home.box) * _KM > case.number("far_km")]
    if far and _count(outside) <= case.number("few_share") * total:
        yield _verdict(case, spatial, Outcome.NON_COMPLIANT, "far", far, name, f"{case.number('far_km'):.0f}")
        outside = [cell for cell in outside if cell not in far]
    if _count(outside) > case.number("most_share") * total:
        yield _verdict(case, spatial, Outcome.UNVERIFIABLE, "elsewhere", outside, name)
    elif outside:
        yield _verdict(case, spatial, Outcome.UNVERIFIABLE, "outside", outside, name)


def _verdict(
    case: Case, spatial: SpatialFacts, outcome: Outcome, kind: str, cells: Sequence[PlaceCell], home: str = "",
    km: str = "",
) -> Verdict:  # fmt: skip
    count = _count(cells)
    firsts: tuple[RowRange, ...] = tuple(
        (first, first) for first in sorted({cell.first for cell in cells if cell.first})
    )
    is_table = spatial.carrier == "columns"
    one, many = ("ligne", "lignes") if is_table else ("objet", "objets")
    said = where(spatial, firsts)
    if count > len(firsts):  # only the first object of each place is known
        said = said.replace("(", "(par exemple ", 1)
    values = {"count": plural(count, one, many), "where": said, "home": home, "km": km}
    rows = firsts if is_table else ()
    return Verdict(outcome, case=kind, rule=kind, count=count, values=values, locations=place(case, rows=rows))


def _count(cells: Iterable[PlaceCell]) -> int:
    return sum(cell.count for cell in cells)


def _distance(cell: PlaceCell, box: Degrees) -> float:
    """Return the distance between a square and a box, in degrees of latitude; 0 when they touch."""
    west, south, east, north = box
    across = max(west - cell.longitude - cell.reach, cell.longitude - cell.reach - east, 0.0)
    along = max(south - cell.latitude - cell.reach, cell.latitude - cell.reach - north, 0.0)
    return math.hypot(across * math.cos(math.radians((south + north) / 2)), along)


def _may_be_in_france(cell: PlaceCell) -> bool:
    """Return whether the middle or a corner of a square lies in France, roughly."""
    reach = cell.reach
    around = ((0, 0), (-reach, -reach), (-reach, reach), (reach, -reach), (reach, reach))
    return any(in_france(cell.longitude + across, cell.latitude + along) for across, along in around)
