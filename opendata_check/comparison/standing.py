"""Groups comparable bodies, tells the band of each group and where each body stands in it; names no neighbour."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from opendata_check.comparison.settings import Settings
from opendata_check.matching.families import Family, families
from opendata_check.model.compared import Place, Practice, Spread, Standing, Stratum
from opendata_check.model.finding import Axis
from opendata_check.model.lot import LotResult, LotState
from opendata_check.model.organization import OrganizationKind
from opendata_check.model.summary import AuditSummary

_COMMUNE = OrganizationKind.COMMUNE.value


def compares(result: LotResult) -> bool:
    """Return whether a body enters the bands: wholly audited (a source unseen would read as a gap), with a score."""
    summary = result.summary
    return result.state is LotState.DONE and summary is not None and not summary.partial and summary.overall is not None


def strata(summaries: Sequence[AuditSummary], rules: Settings) -> tuple[Stratum, ...]:
    """Return the groups found: communes by size, other kinds as they are, then all the communes together."""
    groups: dict[str, list[AuditSummary]] = defaultdict(list)
    for summary in summaries:
        groups[_group(summary, rules)].append(summary)
    communes = [summary for summary in summaries if summary.kind == _COMMUNE]
    bounds = list(pairwise([*rules.strata, None]))
    found = [
        _stratum(f"{_COMMUNE}-{least}", _COMMUNE, least, below, groups[f"{_COMMUNE}-{least}"], rules)
        for least, below in bounds
        if f"{_COMMUNE}-{least}" in groups
    ]
    others = sorted(name for name in groups if name != _COMMUNE and not name.startswith(f"{_COMMUNE}-"))
    found += [_stratum(name, name, None, None, groups[name], rules) for name in others]
    if communes:
        found.append(_stratum(_COMMUNE, _COMMUNE, None, None, communes, rules))
    return tuple(found)


def _group(summary: AuditSummary, rules: Settings) -> str:
    if summary.kind != _COMMUNE:
        return summary.kind or OrganizationKind.UNKNOWN.value
    if summary.population is None:
        return _COMMUNE
    return f"{_COMMUNE}-{rules.strata[max(0, bisect_right(rules.strata, summary.population) - 1)]}"


def _stratum(
    name: str, kind: str, least: int | None, below: int | None, bodies: list[AuditSummary], rules: Settings
) -> Stratum:
    if len(bodies) < rules.fewest:
        return Stratum(name, kind, least, below, len(bodies))
    scores: dict[Axis, list[float]] = defaultdict(list)
    for body in bodies:
        for axis in body.axes:
            if axis.score is not None:
                scores[axis.axis].append(axis.score)
    best = _best(bodies, rules)
    return Stratum(
        id=name,
        kind=kind,
        least=least,
        below=below,
        count=len(bodies),
        overall=spread([body.overall for body in bodies if body.overall is not None], rules.fewest),
        axes=tuple((axis, found) for axis in Axis if (found := spread(scores.get(axis, []), rules.fewest)) is not None),
        datasets=spread([float(body.datasets) for body in bodies], rules.fewest),
        best=len(best),
        practices=_practices(best, bodies, rules),
    )


def spread(values: Sequence[float], fewest: int) -> Spread | None:
    """Return how values are spread (quartiles interpolated, both ends included), or None under ``fewest`` of them."""
    if len(values) < fewest:
        return None
    ordered = sorted(values)
    return Spread(len(ordered), ordered[0], _at(ordered, 0.25), _at(ordered, 0.5), _at(ordered, 0.75), ordered[-1])


def _at(ordered: Sequence[float], part: float) -> float:
    position = part * (len(ordered) - 1)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def standing(value: float, among: Spread) -> Standing:
    """Return where a value stands; on the edge of the band, it is in it."""
    if value < among.first:
        return Standing.BELOW
    return Standing.ABOVE if value > among.third else Standing.AMONG


def _best(bodies: Sequence[AuditSummary], rules: Settings) -> list[AuditSummary]:
    """Return the upper quarter: those that publish most families, then by score; ties at its edge are in.

    By score first, a body with one faultless file would be the model of its neighbours.
    """

    def advance(body: AuditSummary) -> tuple[int, float]:
        return (len(body.families), body.overall or 0.0)

    ordered = sorted(map(advance, bodies), reverse=True)
    edge = ordered[max(rules.fewest_best, math.ceil(len(bodies) / 4)) - 1]
    return [body for body in bodies if advance(body) >= edge and body.families]


def _practices(best: Sequence[AuditSummary], bodies: Sequence[AuditSummary], rules: Settings) -> tuple[Practice, ...]:
    """Return the families that most of the best publish; those the State opens for all, or guarded, are left out."""
    theirs = Counter(family for body in best for family in set(body.families))
    everyone = Counter(family for body in bodies for family in set(body.families))
    enough = max(rules.fewest_best, math.ceil(rules.shared * len(best)))
    found = [
        (_practice(family, theirs[family.id], everyone[family.id]), order)
        for order, family in enumerate(families())
        if theirs[family.id] >= enough and not family.guarded and not family.national
    ]
    found.sort(key=lambda pair: (not pair[0].common, -pair[0].best, pair[1]))
    return tuple(practice for practice, _ in found)


def _practice(family: Family, best: int, everyone: int) -> Practice:
    return Practice(
        family=family.id,
        title=family.title,
        holder=family.holder,
        effort=family.effort,
        common=family.common,
        asked=not family.usual,
        best=best,
        everyone=everyone,
    )


def placed(key: str, summary: AuditSummary, groups: Sequence[Stratum], rules: Settings) -> Place:
    """Return where a body stands in its stratum, else among all bodies of its kind when the stratum is too small."""
    by_id = {group.id: group for group in groups}
    own = by_id.get(_group(summary, rules))
    group = own if own is not None and own.overall is not None else by_id.get(summary.kind)
    if group is None or group.overall is None or summary.overall is None:
        return Place(key, "")
    spreads = dict(group.axes)
    has = frozenset(summary.families)
    return Place(
        key=key,
        stratum=group.id,
        overall=standing(summary.overall, group.overall),
        axes=tuple(
            (axis.axis, standing(axis.score, spreads[axis.axis]))
            for axis in summary.axes
            if axis.score is not None and axis.axis in spreads
        ),
        lacks=tuple(practice for practice in group.practices if practice.family not in has),
    )
