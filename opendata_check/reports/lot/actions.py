"""What there is to do for one body, gesture by gesture: findings that one gesture mends, taken together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from opendata_check.model.finding import Axis, Outcome, Severity
from opendata_check.model.summary import FindingMark
from opendata_check.reports.lot.columns import Cell
from opendata_check.reports.lot.phrases import short
from opendata_check.wording import word

_FEW, _MANY = 5, 20
"""Actions told for each body of a long list, and of a short one."""
_LONG_LIST = 5000
_SEVERITIES = [severity.value for severity in Severity]
_AXES = [axis.value for axis in Axis]


def actions(marks: Iterable[FindingMark], bodies: int) -> Iterator[list[Cell]]:
    """Yield (order, gesture, severity, axis, findings, example, dataset, file, check), the heaviest first.

    At most 20 for each body, 5 when the list has more than 5 000: the file of findings has them all.
    """
    groups: dict[tuple[str, str, str], list[FindingMark]] = {}
    for one in marks:
        if one.outcome == Outcome.NON_COMPLIANT:
            groups.setdefault((one.check, one.obligation, one.title), []).append(one)
    ordered = sorted(groups.values(), key=_weight)
    for rank, found in enumerate(ordered[: _FEW if bodies > _LONG_LIST else _MANY], start=1):
        first = found[0]
        yield [
            rank,
            short(first.title, 300),
            word("severities", first.severity) if first.severity in _SEVERITIES else None,
            word("axes", first.axis) if first.axis in _AXES else None,
            sum(one.count for one in found),
            short(first.message, 300),
            short(first.dataset, 300) or None,
            short(first.file, 300) or None,
            first.check,
        ]


def _weight(found: list[FindingMark]) -> tuple[int, int, int, str, str]:
    severities = [_SEVERITIES.index(one.severity) for one in found if one.severity in _SEVERITIES]
    first = found[0]
    axis = _AXES.index(first.axis) if first.axis in _AXES else len(_AXES)
    return (min(severities, default=9), axis, -sum(one.count for one in found), first.check, first.title)
