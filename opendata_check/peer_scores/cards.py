"""The card of a score: its rule with the words of its gestures."""

from __future__ import annotations

from opendata_check.model.explained import CriterionCard, ScoreCard
from opendata_check.peer_scores.rules import Criterion, PeerRule, gestures


def card(rule: PeerRule) -> ScoreCard:
    """Return what a person reads of a score."""
    return ScoreCard(
        id=rule.id,
        title=rule.title,
        out_of=rule.out_of,
        about=rule.about,
        source=rule.source,
        source_url=rule.source_url,
        read_on=rule.read_on,
        caveat=rule.caveat,
        criteria=tuple(map(_criterion, rule.criteria)),
        ratings=rule.ratings,
    )


def _criterion(one: Criterion) -> CriterionCard:
    gesture = gestures().get(one.gesture)
    text, how = (gesture.text, gesture.how) if gesture is not None else ("", "")
    return CriterionCard(one.id, one.title, one.points, one.group, one.rule, text, how)
