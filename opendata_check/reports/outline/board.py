"""Where the body stands, axis by axis, with how much of it could be verified."""

from __future__ import annotations

from opendata_check.model.score import AxisScore, Scores
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.outline.values import Board, Gauge
from opendata_check.wording import plural, word


def board(scores: Scores) -> Board:
    """Return the overall score with its level in words, and one gauge an axis."""
    label, following = phrases.level(scores.level)
    state = _state(sum(axis.compliant for axis in scores.axes), sum(axis.non_compliant for axis in scores.axes))
    return Board(
        overall=_gauge(say("overall"), "", scores.overall, scores.confidence, state, sentence(label)),
        next=following,
        axes=tuple(_axis(axis) for axis in scores.axes),
        note=say("no_grade"),
    )


def _axis(axis: AxisScore) -> Gauge:
    state = _state(axis.compliant, axis.non_compliant)
    text = ""
    if state == "compliant":
        text = sentence(say("axis_good"))
    elif state == "non_compliant":
        text = sentence(say("axis_gaps", count=plural(axis.non_compliant, "point")))
    title, question = word("axes", axis.axis), word("axes", axis.axis, "question")
    return _gauge(title, question, axis.score, axis.confidence, state, text)


def _state(compliant: int, gaps: int) -> str:
    if gaps:
        return "non_compliant"
    return "compliant" if compliant else "unverifiable"


def _gauge(title: str, question: str, score: float | None, confidence: float, state: str, text: str) -> Gauge:
    if score is None:
        return Gauge(title, question, None, say("no_score"), "unverifiable", text, sentence(say("share_none")))
    points = phrases.whole(score)
    share = sentence(say("share", share=phrases.whole(100 * confidence)))
    return Gauge(title, question, points, say("score", score=points), state, text, share)
