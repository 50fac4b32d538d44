"""Decides one obligation for one organization on one date: in force, and bound by its own condition."""

from __future__ import annotations

from datetime import date

from opendata_check.law.evaluation import Outcome, combine, evaluate, unknown_parameter
from opendata_check.law.figures import Figures
from opendata_check.law.rules import Law, Obligation, Part
from opendata_check.model.legal import Applicability, NodeKind
from opendata_check.wording import french_date

DATE = "date"
"""Name of the fact that the nodes of the entry into force read."""


def decide(obligation: Obligation, figures: Figures, on: date, law: Law) -> Outcome:
    """Return the root of the decision: True, bound; False, not bound; None, a fact is missing.

    Its children: the entry into force, the obligation's condition, and, when the event's threshold was not read for
    that date, a third one that says so.
    """
    children = [in_force(obligation, figures, on, law), evaluate(obligation.who, figures, on, law)]
    threshold = _unread_threshold(obligation, on, law)
    if threshold is not None:
        children.append(threshold)
    return combine(NodeKind.ALL, law.say("labels", "root"), tuple(children))


def status(root: Outcome) -> Applicability:
    """Return the answer of a decision; where no text is in force, that comes before any exemption."""
    if root.children[0].result is False and not _in_force_for_others(root.children[0]):
        return Applicability.NOT_IN_FORCE
    return {True: Applicability.APPLIES, False: Applicability.EXEMPT, None: Applicability.UNKNOWN}[root.result]


def _in_force_for_others(entry_into_force: Outcome) -> bool:
    """Return whether the text runs that day, but none of its steps, past or to come, is for this organization."""
    stages = [stage.children for stage in entry_into_force.children]
    ours = any(len(stage) < 2 or stage[1].result is not False for stage in stages)
    return bool(stages) and not ours and any(stage[0].result for stage in stages)


def in_force(obligation: Obligation, figures: Figures, on: date, law: Law) -> Outcome:
    """Return whether a step of the entry into force that concerns this organization runs on ``on``."""
    parts = obligation.parts
    if all(part.when is None for part in parts):
        label = law.say("labels", "in_force", date=french_date(on), debut=french_date(parts[0].since))
        runs = any(part.runs_on(on) for part in parts)
        return Outcome(NodeKind.TEST, runs, label, fact=DATE, value=on.isoformat())
    return combine(NodeKind.ANY, law.say("labels", "stages"), tuple(_stage(part, figures, on, law) for part in parts))


def _stage(part: Part, figures: Figures, on: date, law: Law) -> Outcome:
    label = law.say("labels", "stage", date=french_date(part.since), etape=part.label)
    started = Outcome(NodeKind.TEST, part.runs_on(on), label, fact=DATE, value=on.isoformat())
    if part.when is None:
        return started
    return combine(NodeKind.ALL, label, (started, evaluate(part.when, figures, part.judged_on(on), law)))


def concerned(part: Part, figures: Figures, on: date, law: Law) -> bool | None:
    """Return whether a step of the entry into force is for this organization, begun or not."""
    return True if part.when is None else evaluate(part.when, figures, part.judged_on(on), law).result


def _unread_threshold(obligation: Obligation, on: date, law: Law) -> Outcome | None:
    if obligation.event is None or not obligation.event.parameter:
        return None
    parameter = law.parameters[obligation.event.parameter]
    if parameter.on(on) is not None:
        return None
    missing, why = unknown_parameter(parameter, on, law)
    label = law.say("labels", "threshold_missing", titre=parameter.title)
    return Outcome(NodeKind.TEST, None, label, parameter=parameter.id, missing=missing, why=why)
