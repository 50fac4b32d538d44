"""The scores that others give, as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from opendata_check.model.peer_score import BestChange, DatasetPeerScore, Mark, PeerScore

Payload = dict[str, Any]


def peer_score(score: PeerScore) -> Payload:
    """Return one score: means over the datasets, then each dataset with the mark of each criterion."""
    return {
        "id": score.id,
        "title": score.title,
        "unit": score.unit,
        "low": _points(score.low),
        "high": _points(score.high),
        "out_of": _points(score.out_of),
        "rating": score.rating,
        "best_change": best_change(score.best),
        "datasets": [_dataset(one) for one in score.datasets],
    }


def kept(score: PeerScore) -> Payload:
    """Return one score as an audit keeps it: with what it takes to print it again, datasets made one by one."""
    return {
        **peer_score(replace(score, datasets=())),
        "short": score.short,
        "how": score.best.how if score.best else "",
        "datasets": _datasets(score),
    }


def _datasets(score: PeerScore) -> Iterator[Payload]:
    for one in score.datasets:
        yield {**_dataset(one), "title": one.title, "how": one.best.how if one.best else ""}


def best_change(best: BestChange | None) -> Payload | None:
    """Return the gesture that gains most, None when no gesture gains."""
    if best is None:
        return None
    return {"gesture": best.gesture, "text": best.text, "gain": _points(best.gain), "datasets": best.datasets}


def _dataset(one: DatasetPeerScore) -> Payload:
    return {
        "dataset": one.dataset,
        "low": _points(one.low),
        "high": _points(one.high),
        "out_of": _points(one.out_of),
        **{mark.value: [found.criterion for found in one.marks if found.mark is mark] for mark in Mark},
        "best_change": best_change(one.best),
        "files": [{"name": file.name, "low": _points(file.low), "high": _points(file.high)} for file in one.files],
    }


def _points(value: float) -> float:
    return round(value, 4)
