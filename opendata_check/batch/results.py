"""Reads a lot's folder back: what became of each row, and what changed since the last run of another date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from opendata_check.batch import folder
from opendata_check.batch.journal import Kept, Run, read_summary
from opendata_check.batch.listing import Job, Listing
from opendata_check.model.lot import LotChange, LotResult, LotState
from opendata_check.model.summary import FindingMark
from opendata_check.summaries import difference


def kept_of(root: Path, job: Job, run: Run) -> Kept | None:
    """Return what this run of the lot already found of a body; None when it is still to audit."""
    for name in (folder.SUMMARY, folder.FAILURE):
        kept = read_summary(folder.kept(root, job.entry.key, name))
        if kept is not None and kept.turn == run.turn and kept.digest == job.digest:
            return kept
    return None


def kept_now(root: Path, key: str, run: Run) -> Kept | None:
    """Return what this run of the lot found of a body, whatever its row says now."""
    kept = read_summary(folder.kept(root, key, folder.SUMMARY))
    return kept if kept is not None and kept.turn == run.turn else None


def state_of(kept: Kept | None) -> LotState:
    """Return the state of a body from what its folder holds."""
    if kept is None:
        return LotState.WAITING
    if kept.summary is None:
        return LotState.FAILED
    return LotState.PARTIAL if kept.summary.partial else LotState.DONE


def standing(root: Path, listing: Listing, run: Run) -> dict[str, LotResult]:
    """Return what became of each body so far, by key, without what was found: this stays in memory."""
    found = {}
    for job in listing.jobs:
        kept = kept_of(root, job, run)
        found[job.entry.key] = LotResult(job.entry, state_of(kept), fault=kept.fault if kept is not None else None)
    return found


def in_order(listing: Listing, found: Iterable[LotResult]) -> tuple[LotResult, ...]:
    """Return the rows in the list's order, those that were refused among them."""
    return tuple(sorted((*found, *listing.refused), key=lambda one: one.entry.line))


def results_of(root: Path, listing: Listing, run: Run) -> tuple[LotResult, ...]:
    """Return what became of each row, in the list's order, compared with the last run of another date."""
    return in_order(listing, (_result(root, job, run) for job in listing.jobs))


def _result(root: Path, job: Job, run: Run) -> LotResult:
    kept = kept_of(root, job, run)
    state = state_of(kept)
    if kept is None:
        return LotResult(job.entry, state)
    before = read_summary(folder.kept(root, job.entry.key, folder.BEFORE))
    changed = None
    if before is not None and before.summary is not None and kept.summary is not None:
        unseen = frozenset(kept.unseen)
        found = difference(before.marks, kept.marks, lambda mark: mark.fingerprint not in unseen)
        changed = LotChange(len(found.mended), len(found.new), len(found.unchanged), len(found.unseen))
    return LotResult(job.entry, state, kept.summary, kept.fault, changed, before.summary if before else None)


def marks_of(root: Path, result: LotResult) -> tuple[FindingMark, ...]:
    """Return the open findings of a body, read from its folder: a whole lot's do not stay in memory."""
    kept = read_summary(folder.kept(root, result.entry.key, folder.SUMMARY))
    return kept.marks if kept is not None else ()


def previous_date(results: Sequence[LotResult]) -> date | None:
    """Return the date of the run the lot is compared with: that of most of its bodies."""
    dates = Counter(result.previous.on for result in results if result.previous is not None)
    return max(dates, key=lambda day: (dates[day], day), default=None)
