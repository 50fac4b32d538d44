"""Decides whether a KML holds its own data, rather than links that go and fetch it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, is_cut_short
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per KML: a link alone is no data, links beside data are a reserve."""
    facts = facts_of(case)
    if facts is None or facts.spatial is None or facts.spatial.carrier != "kml":
        return
    spatial = facts.spatial
    values = {"links": plural(spatial.external_links, "lien")}
    if not spatial.external_links:
        if not is_cut_short(facts):
            yield Verdict(Outcome.COMPLIANT)
    elif not spatial.feature_count:
        yield Verdict(Outcome.NON_COMPLIANT, case="only_links", values=values)
    else:
        yield Verdict(Outcome.NON_COMPLIANT, case="links", count=spatial.external_links, values=values)
