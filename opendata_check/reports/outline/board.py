"""Where the body stands, axis by axis, with how much of it could be verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from opendata_check.model.finding import Axis
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.score import AxisScore, Scores
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.outline.unread import listed, unread
from opendata_check.reports.outline.values import Board, Gauge
from opendata_check.wording import french_number, plural, word


def board(scores: Scores, datasets: Sequence[InspectedDataset] = ()) -> Board:
    """Return the overall score with its level in words, and one gauge an axis; what was not read is said beside."""
    label, following = phrases.level(scores.level)
    partial = _partial(datasets)
    state = _state(sum(axis.compliant for axis in scores.axes), sum(axis.non_compliant for axis in scores.axes))
    return Board(
        overall=_gauge(say("overall"), "", scores.overall, scores.confidence, state, sentence(label)),
        next=following,
        axes=tuple(_axis(axis, bool(partial)) for axis in scores.axes),
        note=say("no_grade"),
        partial=partial,
    )


def _partial(datasets: Sequence[InspectedDataset]) -> str:
    """Return how many files the scores leave aside since nobody could read them, or ""."""
    files = [file for file in listed(datasets) if file.distribution.service is None]
    left = len(unread(files))
    if not left:
        return ""
    if left == len(files):
        return phrases.say_count("score_blind", left)
    return phrases.say_count("score_partial", left, total=french_number(len(files)))


def _axis(axis: AxisScore, partial: bool) -> Gauge:
    state = _state(axis.compliant, axis.non_compliant)
    text = ""
    if state == "compliant":
        text = sentence(say("axis_good"))
    elif state == "non_compliant":
        text = sentence(say("axis_gaps", count=plural(axis.non_compliant, "point")))
    title, question = word("axes", axis.axis), word("axes", axis.axis, "question")
    gauge = _gauge(title, question, axis.score, axis.confidence, state, text)
    if partial and axis.axis is Axis.USABLE and axis.score is not None:
        return replace(gauge, share=f"{gauge.share} {say('share_unread')}")
    return gauge


def _state(compliant: int, gaps: int) -> str:
    if gaps:
        return "non_compliant"
    return "compliant" if compliant else "unverifiable"


def _gauge(title: str, question: str, score: float | None, confidence: float, state: str, text: str) -> Gauge:
    if score is None:
        return Gauge(title, question, None, say("no_score"), "unverifiable", text, sentence(say("share_none")))
    points = phrases.whole(score)
    share = sentence(say("share", share=phrases.whole(100 * confidence)))
    verified = phrases.whole(100 * confidence)
    return Gauge(title, question, points, say("score", score=points), state, text, share, verified)
