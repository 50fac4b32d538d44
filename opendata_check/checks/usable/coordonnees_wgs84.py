"""Decides whether places on a map are given in the system everybody reads: longitude and latitude (WGS 84)."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.facts import SpatialFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list

_NAMES = {"lambert93": "Lambert 93", "web-mercator": "Web Mercator (EPSG:3857)"}
_WGS84 = ("4326", "crs84", "wgs84", "wgs 84", "wgs_1984", "4979")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per GeoJSON, shapefile or table with coordinates."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or not facts.spatial.feature_count:
        return
    judge = {"geojson": _geojson, "shapefile": _shapefile, "columns": _columns}.get(facts.spatial.carrier)
    if judge is not None:
        yield from judge(facts.spatial)


def _geojson(spatial: SpatialFacts) -> Iterable[Verdict]:
    """RFC 7946, section 4: WGS 84, longitude first; section 3.1.1 gives the order."""
    declared_other = bool(spatial.declared_crs) and not _says_wgs84(spatial.declared_crs)
    if spatial.apparent_crs == "swapped":
        yield Verdict(Outcome.NON_COMPLIANT, case="swapped")
    elif spatial.apparent_crs in _NAMES:
        yield Verdict(Outcome.NON_COMPLIANT, case="other_system", values={"system": _NAMES[spatial.apparent_crs]})
    elif declared_other and spatial.apparent_crs != "wgs84":
        yield Verdict(Outcome.NON_COMPLIANT, case="other_system", values={"system": spatial.declared_crs})
    elif spatial.apparent_crs == "wgs84":
        yield Verdict(Outcome.COMPLIANT)
    else:
        yield Verdict(Outcome.UNVERIFIABLE)


def _shapefile(spatial: SpatialFacts) -> Iterable[Verdict]:
    if spatial.declared_crs:
        yield Verdict(Outcome.COMPLIANT, case="declared", values={"system": spatial.declared_crs})
    else:
        yield Verdict(Outcome.NON_COMPLIANT, case="undeclared")


def _columns(spatial: SpatialFacts) -> Iterable[Verdict]:
    """Columns in another system are lawful in a table whose model wants it: only swapped ones are a fault."""
    if spatial.apparent_crs == "swapped":
        columns = join_list([f"« {name} »" for name in spatial.columns]) or "de coordonnées"
        yield Verdict(Outcome.NON_COMPLIANT, case="swapped_columns", values={"columns": columns})
    elif spatial.apparent_crs == "wgs84":
        yield Verdict(Outcome.COMPLIANT)


def _says_wgs84(declared: str) -> bool:
    return any(name in declared.casefold() for name in _WGS84)
