"""The scores that others give, in words: what stands in the audit's screen, and what `explain` says of them."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.model.peer_score import PeerScore
from opendata_check.reports.explain.phrases import phrase
from opendata_check.wording import french_number


def number(value: float) -> str:
    """Return a number of points, with one decimal when it needs one."""
    rounded = round(value, 1)
    return french_number(rounded, 0 if rounded == int(rounded) else 1)


def points(low: float, high: float) -> str:
    """Return « 6,2 », or « 3,1 à 6,2 » when not all could be seen."""
    first, last = number(low), number(high)
    return first if first == last else f"{first} à {last}"


def standing(score: PeerScore) -> str:
    """Return « 6,2 sur 9 », with the word of the score when it has one."""
    text = f"{points(score.low, score.high)} sur {number(score.out_of)}"
    return f"{text}, {score.rating}" if score.rating else text


def summary(scores: Sequence[PeerScore]) -> tuple[str, ...]:
    """Return one line a score, at most 78 columns, then how to know more; none without scores."""
    told = [_line(score) for score in scores]
    unsure = any(points(score.low, score.high) != number(score.low) for score in scores)
    return (*told, *([phrase("scores_mean")] if unsure else []), phrase("scores_how")) if told else ()


def _line(score: PeerScore) -> str:
    text = f"{score.short} : {points(score.low, score.high)} sur {number(score.out_of)}"
    if score.best is None:
        return f"{text}."
    whole = phrase("first_gesture", score=text, gesture=f"{score.best.text[:1].lower()}{score.best.text[1:]}.")
    return whole if len(whole) <= 78 else f"{text}."
