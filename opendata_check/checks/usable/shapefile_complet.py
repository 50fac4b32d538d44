"""Decides whether a shapefile comes with the files without which it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per shapefile, or one per kind of missing file. The .prj belongs to coordonnees-wgs84."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or facts.spatial.carrier != "shapefile":
        return
    missing = [suffix for suffix in facts.spatial.missing if suffix in (".shx", ".dbf")]
    unsaid = ".cpg" in facts.spatial.missing
    if missing:
        values = {"missing": join_list(missing)}
        yield Verdict(Outcome.NON_COMPLIANT, case="incomplete", rule="incomplete", count=len(missing), values=values)
    if unsaid:
        yield Verdict(Outcome.NON_COMPLIANT, case="encoding", rule="encoding")
    if not missing and not unsaid:
        yield Verdict(Outcome.COMPLIANT)
