"""What became of a body since the last run: mended, new, and what decays without a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from opendata_check.comparison.settings import Settings
from opendata_check.matching.families import families
from opendata_check.model.compared import Change, Decay, DecayKind
from opendata_check.model.lot import LotResult, LotState
from opendata_check.model.summary import AuditSummary


def changed(result: LotResult, on: date, rules: Settings) -> Change | None:
    """Return what changed for a body, or None when the last run had nothing of it or this one has not come to it."""
    before, after, difference = result.previous, result.summary, result.change
    if result.state in (LotState.WAITING, LotState.DUPLICATE) or (before is None and difference is None):
        return None
    if after is None:
        return Change(result.entry.key, decays=(Decay(DecayKind.NOT_SEEN),))
    if before is None:
        return Change(result.entry.key, *_numbers(result))
    return Change(
        result.entry.key,
        *_numbers(result),
        score=_points(before, after),
        decays=tuple(_decays(before, after, on, rules)),
        other_version=before.tool_version != after.tool_version,
    )


def _numbers(result: LotResult) -> tuple[int, int, int]:
    difference = result.change
    if difference is None:
        return 0, 0, 0
    return difference.mended, difference.new, difference.unchanged


def _whole(before: AuditSummary, after: AuditSummary) -> bool:
    """Return whether both audits saw every source: what one did not see is not lost."""
    return not before.partial and not after.partial


def _points(before: AuditSummary, after: AuditSummary) -> float | None:
    if before.overall is None or after.overall is None or not _whole(before, after):
        return None
    return after.overall - before.overall


def _decays(before: AuditSummary, after: AuditSummary, on: date, rules: Settings) -> Iterator[Decay]:
    if _whole(before, after):
        yield from _gone(before, after)
    if after.datasets:
        yield from _aged(before, after, on, rules)
    points = _points(before, after)
    # More datasets bring more findings: publishing more is never told as a loss.
    if points is not None and points <= -rules.fall and after.datasets <= before.datasets:
        yield Decay(DecayKind.SCORE_FELL, before.overall, after.overall)


def _gone(before: AuditSummary, after: AuditSummary) -> Iterator[Decay]:
    if before.datasets and not after.datasets:
        yield Decay(DecayKind.NOTHING_LEFT, before.datasets, 0)
        return
    lost = set(before.families) - set(after.families)
    if lost:
        yield Decay(DecayKind.FAMILIES_GONE, families=tuple(one.title for one in families() if one.id in lost))
    elif after.datasets < before.datasets:
        yield Decay(DecayKind.DATASETS_GONE, before.datasets, after.datasets)


def _aged(before: AuditSummary, after: AuditSummary, on: date, rules: Settings) -> Iterator[Decay]:
    """Tell a newest date that was recent on the day of the last run, and is old or unknown now."""
    if before.newest is None or is_old(before.newest, before.on, rules):
        return
    if after.newest is None:
        yield Decay(DecayKind.UNDATED)
    elif is_old(after.newest, on, rules):
        yield Decay(DecayKind.STALE)


def is_old(newest: date | None, on: date, rules: Settings) -> bool:
    """Return whether a body's newest date of change is old on that day; a date nobody gives is no recent one."""
    return newest is None or (on - newest).days > rules.old
