"""Compares the bodies of a lot: bands by stratum, what the most advanced have, what changed and what decays."""

from __future__ import annotations

from opendata_check.comparison.counting import counted
from opendata_check.comparison.evolution import changed
from opendata_check.comparison.settings import settings
from opendata_check.comparison.standing import compares, placed, strata
from opendata_check.model.compared import Compared
from opendata_check.model.lot import Lot
from opendata_check.model.summary import AuditSummary

__all__ = ["compared"]


def compared(lot: Lot) -> Compared:
    """Return what the summaries of a lot say together. Raises RulesError for a rules/comparison.yaml badly written."""
    rules = settings()
    whole = [(one.entry.key, one.summary) for one in lot.results if one.summary is not None and compares(one)]
    groups = strata([summary for _, summary in whole], rules)
    changes = tuple(found for one in lot.results if (found := changed(one, lot.on, rules)) is not None)
    return Compared(
        counts=counted(lot, changes, rules),
        strata=groups,
        places=tuple(placed(key, summary, groups, rules) for key, summary in whole),
        changes=changes,
        left_out=_audited(lot) - len(whole),
        fewest=rules.fewest,
    )


def _audited(lot: Lot) -> int:
    summaries: list[AuditSummary] = [one.summary for one in lot.results if one.summary is not None]
    return len(summaries)
