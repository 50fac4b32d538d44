"""Sets two audits side by side: what changed in the findings, the scores, the duties and the datasets."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.model.finding import Outcome
from opendata_check.model.report import AuditReport
from opendata_check.model.summary import AuditSummary, Difference, FindingMark
from opendata_check.reports.difference.cautions import Caution, cautions
from opendata_check.reports.outline.states import state_of


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One score in both audits, 0 to 100; None where nothing could be verified."""

    axis: str
    """Id of the axis; "" for the whole."""
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class DutyChange:
    """A duty whose state is no longer the same: keys of the table of words « outcomes »."""

    obligation: str
    title: str
    before: str
    """"" when the earlier audit did not know it."""
    after: str
    """"" when the later audit does not know it."""


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """A dataset that one audit has and the other has not."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class AuditComparison:
    """Two audits, and all that differs."""

    before: AuditSummary
    after: AuditSummary
    difference: Difference
    confirmed: tuple[FindingMark, ...]
    """Among the unchanged: questions that the later audit answered by a fault."""
    scores: tuple[ScoreChange, ...]
    """The whole, then each axis."""
    duties: tuple[DutyChange, ...]
    appeared: tuple[DatasetChange, ...]
    vanished: tuple[DatasetChange, ...]
    """Gone from places that were seen whole."""
    unseen: tuple[DatasetChange, ...]
    """Not met this time, and the later audit did not see everything."""
    cautions: tuple[Caution, ...]

    @property
    def new_faults(self) -> tuple[FindingMark, ...]:
        """Return the faults that the earlier audit did not tell: new ones, then questions that became faults."""
        return (*(one for one in self.difference.new if one.outcome == Outcome.NON_COMPLIANT), *self.confirmed)


def compare(
    before: AuditReport, after: AuditReport, summaries: tuple[AuditSummary, AuditSummary], found: Difference,
    asked: tuple[FindingMark, ...],
) -> AuditComparison:  # fmt: skip
    """Return the comparison. ``summaries`` are those of both reports, ``asked`` the marks of the earlier one."""
    pending = {one.fingerprint for one in asked if one.outcome != Outcome.NON_COMPLIANT}
    gone = _only(before, after)
    return AuditComparison(
        before=summaries[0],
        after=summaries[1],
        difference=found,
        confirmed=tuple(
            one for one in found.unchanged if one.outcome == Outcome.NON_COMPLIANT and one.fingerprint in pending
        ),
        scores=_scores(before, after),
        duties=_duties(before, after),
        appeared=_only(after, before),
        vanished=() if after.partial else gone,
        unseen=gone if after.partial else (),
        cautions=cautions(before, after, summaries),
    )


def _scores(before: AuditReport, after: AuditReport) -> tuple[ScoreChange, ...]:
    old = {axis.axis: axis.score for axis in before.scores.axes}
    now = {axis.axis: axis.score for axis in after.scores.axes}
    return (
        ScoreChange("", before.scores.overall, after.scores.overall),
        *(ScoreChange(axis.value, old.get(axis), now.get(axis)) for axis in (now or old)),
    )


def _duties(before: AuditReport, after: AuditReport) -> tuple[DutyChange, ...]:
    """Return the duties whose state changed, in the order of the later audit."""
    titles = {duty.obligation: duty.title for report in (after, before) for duty in report.duties}
    old, now = _states(before), _states(after)
    changed = (one for one in dict.fromkeys((*now, *old)) if old.get(one, "") != now.get(one, ""))
    return tuple(DutyChange(one, titles[one], old.get(one, ""), now.get(one, "")) for one in changed)


def _states(report: AuditReport) -> dict[str, str]:
    return {duty.obligation: state_of(duty, report.findings, report.datasets) for duty in report.duties}


def _only(here: AuditReport, there: AuditReport) -> tuple[DatasetChange, ...]:
    known = {item.key for item in there.datasets}
    return tuple(DatasetChange(item.key, item.dataset.title) for item in here.datasets if item.key not in known)
