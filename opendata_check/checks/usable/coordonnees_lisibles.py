"""Decides whether the coordinates of a table or a map are written so that a program can use them as they are."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, facts_of, place
from opendata_check.model.facts import SpatialFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table or GeoJSON with coordinates, or one per kind of fault in their writing."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or facts.spatial.carrier not in ("columns", "geojson"):
        return
    spatial = facts.spatial
    if not spatial.feature_count:
        return
    yield from list(_faults(case, spatial, as_text=facts.spreadsheet is None)) or [Verdict(Outcome.COMPLIANT)]


def _faults(case: Case, spatial: SpatialFacts, *, as_text: bool) -> Iterable[Verdict]:
    """Yield what is wrong; a spreadsheet holds numbers, whose decimals cost nothing and are not chosen by anybody."""
    if spatial.unreadable:
        values = {"count": plural(spatial.unreadable, "ligne"), "where": at(spatial.unreadable_rows)}
        yield Verdict(Outcome.NON_COMPLIANT, case="unreadable", rule="unreadable", count=spatial.unreadable,
                      values=values, locations=place(case, rows=spatial.unreadable_rows))  # fmt: skip
    # In two columns of numbers, commas belong to nombres-bien-ecrits; in « 48,85 ; 2,35 » no other check sees them.
    commas = spatial.decimal_commas if len(spatial.columns) == 1 else 0
    for kind, count in (("commas", commas), ("sexagesimal", spatial.sexagesimal)):
        if count:
            values = {"count": plural(count, "ligne")}
            yield Verdict(Outcome.NON_COMPLIANT, case=kind, rule=kind, count=count, values=values)
    looked = min(spatial.feature_count, int(case.number("looked"))) if spatial.carrier == "geojson" else (
        spatial.feature_count
    )  # fmt: skip
    if spatial.coarse > case.number("coarse_share") * looked:
        yield Verdict(Outcome.UNVERIFIABLE, case="coarse", rule="coarse", count=spatial.coarse,
                      values={"count": plural(spatial.coarse, "position")})  # fmt: skip
    elif as_text and spatial.decimals is not None and spatial.decimals > case.number("most_decimals"):
        yield Verdict(Outcome.NON_COMPLIANT, case="excess", rule="excess", values={"decimals": str(spatial.decimals)})
