"""The lines of the list that gave no whole audit: what happened to each, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opendata_check.model.lot import LotResult, LotState
from opendata_check.reports.lot.phrases import redo, say, short

SHOWN = 300
"""Lines a group shows; the workbook has them all."""
_ORDER = (LotState.FAILED, LotState.UNKNOWN, LotState.PARTIAL, LotState.WAITING, LotState.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Leftover:
    """One line to take up again."""

    line: int
    typed: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines with the same fate."""

    state: str
    title: str
    total: int
    lines: tuple[Leftover, ...]


def leftover(result: LotResult) -> Leftover:
    """Return what to say of a line that was not, or not wholly, audited."""
    fault = result.fault
    name = result.summary.name if result.summary else ""
    return Leftover(
        line=result.entry.line,
        typed=short(name or result.entry.typed, 120) or "?",
        what=short(fault.what) if fault and fault.what else redo(result.state, "what"),
        remedy=short(fault.remedy) if fault and fault.remedy else redo(result.state, "remedy"),
    )


def groups(results: Sequence[LotResult]) -> tuple[Group, ...]:
    """Return the lines to take up again, those that need a hand first."""
    return tuple(_groups(results))


def _groups(results: Sequence[LotResult]) -> Iterator[Group]:
    for state in _ORDER:
        found = [result for result in results if result.state is state]
        if found:
            yield Group(state.value, say(state.value), len(found), tuple(map(leftover, found[:SHOWN])))
