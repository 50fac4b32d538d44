"""Decides whether every object of a map has a shape that software can draw."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, is_cut_short, place
from opendata_check.checks.texts import lines
from opendata_check.model.facts import RowRange, SpatialFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural

_SHOWN = 3


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per map or table with coordinates, or one per kind of fault in its shapes."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or not facts.spatial.feature_count:
        return
    spatial = facts.spatial
    faults = list(_faults(case, spatial))
    objects = plural(spatial.feature_count, "objet")
    if faults or is_cut_short(facts):
        yield from faults
    elif spatial.carrier == "columns":
        yield Verdict(Outcome.COMPLIANT, case="table", values={"rows": plural(spatial.feature_count, "ligne")})
    elif spatial.partly_read:
        yield Verdict(Outcome.COMPLIANT, case="in_part", values={"objects": objects})
    else:
        yield Verdict(Outcome.COMPLIANT, values={"objects": objects})


def _faults(case: Case, spatial: SpatialFacts) -> Iterable[Verdict]:
    found = [(fault.kind, fault.count, fault.objects) for fault in spatial.faults]
    if spatial.carrier == "columns":
        # A row without a place is lawful: a table may list what is nowhere.
        found = [fault for fault in found if fault[0] != "null"]
    if spatial.zeros:
        found.append(("zeros", spatial.zeros, spatial.zero_rows))
    for kind, count, objects in found:
        one, many = ("ligne", "lignes") if spatial.carrier == "columns" else ("objet", "objets")
        values = {"count": plural(count, one, many), "where": where(spatial, objects)}
        rows = objects if spatial.carrier == "columns" else ()
        yield Verdict(Outcome.NON_COMPLIANT, case=kind, rule=kind, count=count, values=values,
                      locations=place(case, rows=rows))  # fmt: skip


def where(spatial: SpatialFacts, objects: tuple[RowRange, ...]) -> str:
    """Return « (lignes 4 et 7) » in a table, « (objets n° 4 et 7) » in a map, with a space before; "" for none."""
    if not objects:
        return ""
    said = lines(objects, _SHOWN)
    if spatial.carrier == "columns":
        return f" ({said})"
    return f" ({said.replace('lignes', 'objets n°', 1).replace('ligne', 'objet n°', 1)})"
