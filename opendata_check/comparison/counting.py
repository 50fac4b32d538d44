"""The lot in figures: how many lines came to what, who is bound, who publishes, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from opendata_check.comparison.evolution import is_old
from opendata_check.comparison.settings import Settings
from opendata_check.model.compared import Change, Counts
from opendata_check.model.lot import Lot
from opendata_check.model.organization import OrganizationKind


def counted(lot: Lot, changes: Sequence[Change], rules: Settings) -> Counts:
    """Return the figures of a lot."""
    summaries = [result.summary for result in lot.results if result.summary is not None]
    publishing = [summary for summary in summaries if summary.datasets]
    return Counts(
        lines=len(lot.results),
        states=tuple(sorted(Counter(result.state.value for result in lot.results).items())),
        bound=tuple(sorted(Counter(summary.bound for summary in summaries).items())),
        publishing=len(publishing),
        silent=sum(not summary.datasets and not summary.partial for summary in summaries),
        old=sum(is_old(summary.newest, lot.on, rules) for summary in publishing),
        mended=sum(change.mended for change in changes),
        new=sum(change.new for change in changes),
        changed=sum(bool(change.mended or change.new) for change in changes),
        compared=len(changes),
        outdated=sum(change.outdated for change in changes),
        decayed=sum(bool(change.decays) for change in changes),
        communes_only=all(summary.kind == OrganizationKind.COMMUNE for summary in summaries),
    )
