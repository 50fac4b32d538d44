"""Findings → a score per axis, how sure it is, a level in words, and what to do first.

Laws, tested as properties: mending a finding never lowers a score; the order of files changes nothing; an
``unverifiable`` never counts as a fault. The method is told to the public in docs/methode.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from opendata_check.errors import RulesError
from opendata_check.model.finding import Axis, Finding, Outcome, Severity
from opendata_check.model.legal import Duty
from opendata_check.model.score import AxisScore, Priority, Scores
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.wording import effort_rank


@dataclass(frozen=True, slots=True)
class Level:
    """A level in words, with what one can do next."""

    id: str
    label: str
    next: str
    since: float = 0.0
    """Overall score from which the level is reached."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights and levels of rules/scoring.yaml."""

    axis_weights: dict[Axis, float]
    axis_reasons: dict[Axis, str]
    severity_share: dict[Severity, float]
    levels: tuple[Level, ...]
    """Highest first."""
    blocked: Level
    unknown: Level


@cache
def scale() -> Scale:
    """Return the scale. Raises RulesError naming the key when rules/scoring.yaml is incomplete."""
    path = rules_folder() / "scoring.yaml"
    content = load_yaml(path)
    try:
        return Scale(
            axis_weights={axis: float(content["axes"][axis]["weight"]) for axis in Axis},
            axis_reasons={axis: str(content["axes"][axis]["reason"]) for axis in Axis},
            severity_share={severity: float(content["severity_share"][severity]) for severity in Severity},
            levels=tuple(
                Level(entry["id"], entry["label"], entry["next"], float(entry["from"])) for entry in content["levels"]
            ),
            blocked=Level(**content["blocked"]),
            unknown=Level(**content["unknown"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RulesError(f"valeur manquante ou mal formée ({error})", where=str(path)) from error


def level(level_id: str) -> Level:
    """Return a level by id. Raises RulesError when there is none."""
    for item in (*scale().levels, scale().blocked, scale().unknown):
        if item.id == level_id:
            return item
    raise RulesError(f"niveau inconnu « {level_id} »", where="scoring.yaml")


@dataclass(slots=True)
class _Tally:
    """What one check gave on one axis."""

    weight: int
    compliant: int = 0
    non_compliant: int = 0
    unverified: int = 0
    critical: int = 0
    """How many of the faults are critical."""

    @property
    def verified(self) -> int:
        return self.compliant + self.non_compliant

    @property
    def share(self) -> float:
        """Return the share of what was verified that is right, 0 to 1; nothing when a critical fault is there.

        One file of twenty that names children is not a detail: a critical fault counts whole.
        """
        return 0.0 if self.critical else self.compliant / self.verified


def _tally(findings: Iterable[Finding]) -> dict[Axis, dict[str, _Tally]]:
    tallies: dict[Axis, dict[str, _Tally]] = {axis: {} for axis in Axis}
    for finding in findings:
        if finding.outcome is Outcome.NOT_APPLICABLE:
            continue
        tally = tallies[finding.axis].setdefault(finding.check, _Tally(finding.weight))
        if finding.outcome is Outcome.COMPLIANT:
            tally.compliant += 1
        elif finding.outcome is Outcome.NON_COMPLIANT:
            tally.non_compliant += 1
            tally.critical += finding.severity is Severity.CRITICAL
        else:
            tally.unverified += 1
    return tallies


def _floor(value: float) -> float:
    """Cut to one decimal, downwards: 100 is shown only when everything verified is right."""
    return math.floor(value * 10 + 1e-9) / 10


def _axis_ratio(checks: dict[str, _Tally]) -> float | None:
    """Return the axis score in 0..1, exact, or None when nothing was verified."""
    verified = [tally for tally in checks.values() if tally.verified]
    weight = math.fsum(tally.weight for tally in verified)
    if not weight:
        return None
    return math.fsum(tally.weight * tally.share for tally in verified) / weight


def _confidence(checks: Iterable[_Tally]) -> tuple[float, float]:
    """Return (verified weight, weight of all that applies)."""
    tallies = list(checks)
    known = math.fsum(t.weight * t.verified / (t.verified + t.unverified) for t in tallies)
    return known, math.fsum(t.weight for t in tallies)


def _overall_ratio(tallies: dict[Axis, dict[str, _Tally]]) -> float | None:
    ratios = {axis: _axis_ratio(tallies[axis]) for axis in Axis}
    weights = scale().axis_weights
    total = math.fsum(weights[axis] for axis, ratio in ratios.items() if ratio is not None)
    if not total:
        return None
    return math.fsum(weights[axis] * ratio for axis, ratio in ratios.items() if ratio is not None) / total


def _level_of(overall: float | None, blocked: bool) -> str:
    if blocked:
        return scale().blocked.id
    if overall is None:
        return scale().unknown.id
    return next((item.id for item in scale().levels if overall >= item.since), scale().levels[-1].id)


def score(findings: Sequence[Finding]) -> Scores:
    """Return the scores (0 to 100, cut to one decimal) and confidences (0 to 1) of a set of findings.

    An axis is the mean of its checks' shares of compliant findings (none when a fault is critical), weighted by the
    checks' weights; the whole is the mean of the axes that could be judged, weighted by rules/scoring.yaml. Confidence
    is the share, by weight, of what applies that could be verified.
    """
    tallies = _tally(findings)
    axes = []
    known_total = weight_total = 0.0
    for axis in Axis:
        checks = tallies[axis]
        ratio = _axis_ratio(checks)
        known, weight = _confidence(checks.values())
        share = scale().axis_weights[axis]
        if weight:
            known_total += share * known / weight
            weight_total += share
        axes.append(
            AxisScore(
                axis=axis,
                score=None if ratio is None else _floor(100 * ratio),
                confidence=round(known / weight, 3) if weight else 0.0,
                compliant=sum(t.compliant for t in checks.values()),
                non_compliant=sum(t.non_compliant for t in checks.values()),
                unverifiable=sum(t.unverified for t in checks.values()),
            )
        )
    ratio = _overall_ratio(tallies)
    overall = None if ratio is None else _floor(100 * ratio)
    blockers = tuple(sorted(f.fingerprint for f in findings if f.blocker and f.outcome is Outcome.NON_COMPLIANT))
    return Scores(
        overall=overall,
        confidence=round(known_total / weight_total, 3) if weight_total else 0.0,
        level=_level_of(overall, bool(blockers)),
        axes=tuple(axes),
        blockers=blockers,
    )


def _gain(findings: Sequence[Finding], mended: set[str], before: float) -> float:
    after = [
        replace(f, outcome=Outcome.COMPLIANT) if f.fingerprint in mended and f.outcome is Outcome.NON_COMPLIANT else f
        for f in findings
    ]
    ratio = _overall_ratio(_tally(after))
    return 0.0 if ratio is None else round(100 * (ratio - before), 1)


def _legal_weight(finding: Finding, duties: dict[str, Duty]) -> float:
    """Return the weight of the text (0 when it does not bind this body) times the share of it that is at stake.

    A missing publication puts the whole text at stake; a faulty file, a share that follows the finding's severity.
    """
    duty = duties.get(finding.obligation)
    if duty is None or duty.applicability.binds_not:
        return 0.0
    return duty.weight * (scale().severity_share[finding.severity] if finding.dataset else 1.0)


def priorities(findings: Sequence[Finding], duties: Sequence[Duty]) -> tuple[Priority, ...]:
    """Return what to do, first things first: blockers, then legal weight, then ease, then points gained.

    What is only told for information comes last, whatever text it serves.
    Findings of one check on one severity are one action, since one gesture mends them.
    """
    by_id = {duty.obligation: duty for duty in duties}
    groups: dict[tuple[str, Severity], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.outcome is Outcome.NON_COMPLIANT:
            groups[finding.check, finding.severity].append(finding)
    before = _overall_ratio(_tally(findings)) or 0.0
    drafts = [_priority(group, by_id, _gain(findings, {f.fingerprint for f in group}, before))
              for group in groups.values()]  # fmt: skip
    told = {f.fingerprint for f in findings if f.severity is Severity.INFO}
    drafts.sort(
        key=lambda p: (
            not p.blocker,
            p.findings[0] in told,
            -p.legal_weight,
            effort_rank(p.effort),
            -p.gain,
            p.check,
            p.findings,
        )
    )
    return tuple(replace(draft, rank=rank) for rank, draft in enumerate(drafts, start=1))


def _priority(group: list[Finding], duties: dict[str, Duty], gain: float) -> Priority:
    group = sorted(group, key=lambda f: f.fingerprint)
    first = group[0]
    duty = duties.get(first.obligation)
    own = duty if duty is not None and not first.dataset else None  # who holds a missing dataset, not a faulty file
    return Priority(
        rank=0,
        check=first.check,
        title=first.action or first.title,
        why=first.why,
        remedy=first.remedy,
        obligation=first.obligation,
        legal_basis=first.legal_basis,
        legal_weight=_legal_weight(first, duties),
        effort=(own.effort if own and own.effort else first.effort),
        gain=gain,
        findings=tuple(f.fingerprint for f in group),
        files=tuple(sorted({loc.file for f in group for loc in f.locations if loc.file})),
        holder=own.holder if own else "",
        software=own.software if own else "",
        frequency=own.frequency if own else "",
        blocker=any(f.blocker for f in group),
    )
