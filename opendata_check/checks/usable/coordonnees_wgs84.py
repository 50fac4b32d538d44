"""Decides whether places are given in the system that the file announces, and that everybody reads for a GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, facts_of, is_cut_short, place
from opendata_check.coordinates import system_of, systems
from opendata_check.model.facts import SpatialFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list, plural

_SWAPPED = "swapped"
_WGS84 = "wgs84"


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per map or table with coordinates."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or not facts.spatial.feature_count:
        return
    spatial = facts.spatial
    verdicts = _verdicts(case, spatial)
    yield from (one for one in verdicts if one.outcome is not Outcome.COMPLIANT or not is_cut_short(facts))


def _verdicts(case: Case, spatial: SpatialFacts) -> Iterable[Verdict]:
    if spatial.carrier == "columns":
        return _columns(case, spatial)
    return _always_degrees(case, spatial) if spatial.carrier in ("geojson", "kml") else _announced(case, spatial)


def _always_degrees(case: Case, spatial: SpatialFacts) -> Iterable[Verdict]:
    """RFC 7946, section 4 (and KML 2.3, section 6.2): WGS 84, longitude first; section 3.1.1 gives the order."""
    apparent = spatial.apparent_crs
    known = {"kml": "KML", "geojson": "GeoJSON"}[spatial.carrier]
    mixed = _mixed(spatial, _WGS84)
    declared = system_of(spatial.declared_crs)
    says_other = bool(spatial.declared_crs) and (declared is None or not declared.degrees)
    if apparent == _SWAPPED:
        yield Verdict(Outcome.NON_COMPLIANT, case="swapped")
    elif apparent not in ("", _WGS84):
        values = {"system": systems()[apparent].title, "format": known}
        yield Verdict(Outcome.NON_COMPLIANT, case="other_system", values=values)
    elif mixed:
        yield Verdict(Outcome.NON_COMPLIANT, case="mixed", count=mixed, values={"count": plural(mixed, "objet")})
    elif says_other and apparent == _WGS84:
        yield Verdict(Outcome.NON_COMPLIANT, case="says_other", values={"system": spatial.declared_crs})
    elif says_other:
        values = {"system": spatial.declared_crs, "format": known}
        yield Verdict(Outcome.NON_COMPLIANT, case="other_system", values=values)
    elif apparent == _WGS84:
        yield Verdict(Outcome.COMPLIANT)
    else:
        yield Verdict(Outcome.UNVERIFIABLE)


def _announced(case: Case, spatial: SpatialFacts) -> Iterable[Verdict]:
    """Judge a format that holds any system provided that it says which: shapefile, GeoPackage, GML."""
    if not spatial.declared_crs:
        if spatial.carrier != "shapefile":
            yield Verdict(Outcome.NON_COMPLIANT, case="unsaid")
        elif ".prj" in spatial.missing:
            yield Verdict(Outcome.NON_COMPLIANT, case="undeclared")
        else:  # fetched alone, or with a .prj that says nothing known
            yield Verdict(Outcome.UNVERIFIABLE)
        return
    declared = system_of(spatial.declared_crs)
    apparent = spatial.apparent_crs
    values = {"system": declared.title if declared else spatial.declared_crs}
    if declared is None or apparent in ("", declared.id):
        mixed = _mixed(spatial, declared.id) if declared is not None else 0
        if mixed:
            yield Verdict(Outcome.NON_COMPLIANT, case="mixed", count=mixed, values={"count": plural(mixed, "objet")})
        else:
            yield Verdict(Outcome.COMPLIANT, case="declared", values=values)
    elif apparent == _SWAPPED:
        yield Verdict(Outcome.NON_COMPLIANT, case="axis_order", values=values)
    else:
        values["real"] = systems()[apparent].title
        yield Verdict(Outcome.NON_COMPLIANT, case="differs", values=values)


def _columns(case: Case, spatial: SpatialFacts) -> Iterable[Verdict]:
    """Columns in another system are lawful in a table whose model wants it: their labels must not say otherwise."""
    columns = join_list([f"« {name} »" for name in spatial.columns]) or "de coordonnées"
    apparent, declared = spatial.apparent_crs, system_of(spatial.declared_crs)
    swapped = sum(count for system, count in spatial.systems if system == _SWAPPED)
    if apparent == _SWAPPED:
        yield Verdict(Outcome.NON_COMPLIANT, case="swapped_columns", values={"columns": columns})
    elif swapped and apparent == _WGS84:
        values = {"count": plural(swapped, "ligne"), "where": at(spatial.swapped_rows)}
        yield Verdict(Outcome.NON_COMPLIANT, case="swapped_rows", count=swapped, values=values,
                      locations=place(case, column=spatial.columns[0] if spatial.columns else "",
                                      rows=spatial.swapped_rows))  # fmt: skip
    elif declared is not None and apparent not in ("", declared.id):
        values = {"columns": columns, "system": declared.title, "real": systems()[apparent].title}
        yield Verdict(Outcome.NON_COMPLIANT, case="differs_columns", values=values)
    elif apparent == _WGS84:
        yield Verdict(Outcome.COMPLIANT)


def _mixed(spatial: SpatialFacts, expected: str) -> int:
    """Return how many objects are surely in another system than the file's: swapped, or in metres among degrees.

    ``expected`` serves when no system prevails. An undecided figure proves nothing.
    """
    main = spatial.apparent_crs or expected
    return sum(count for system, count in spatial.systems if system not in ("", main))
