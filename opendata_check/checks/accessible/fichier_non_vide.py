"""Decides whether a file holds something."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict for a file that was read."""
    facts = facts_of(case)
    if facts is None:
        return
    if facts.envelope.variety == "error":
        return  # what was read is a server's excuse, not the file: another check says so
    if facts.envelope.detected == "empty":
        yield Verdict(Outcome.NON_COMPLIANT, case="nul" if facts.envelope.variety == "nul" else "")
    elif facts.table is not None and not facts.table.row_count and not facts.table.truncated:
        yield Verdict(Outcome.NON_COMPLIANT, case="header_only")
    elif facts.structure is not None and facts.structure.well_formed and facts.structure.item_count == 0:
        yield Verdict(Outcome.NON_COMPLIANT, case="no_item")
    else:
        yield Verdict(Outcome.COMPLIANT)
