"""Every score over everything a body publishes, and the single gesture that raises each most, found by scoring anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from opendata_check.errors import RulesError
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.peer_score import BestChange, DatasetPeerScore, Mark, PeerScore
from opendata_check.peer_scores import five_stars, mqa, opquast, udata
from opendata_check.peer_scores.interface import Assess, Assessment
from opendata_check.peer_scores.mending import done
from opendata_check.peer_scores.rules import PeerRule, gestures, peer_rules

_ASSESS: Mapping[str, Assess] = {
    "data-gouv": udata.assess,
    "mqa": mqa.assess,
    "cinq-etoiles": five_stars.assess,
    "opquast": opquast.assess,
}
_ROUNDING = 1e-9


Mended = dict[str, InspectedDataset]
"""A dataset as each gesture would leave it, by gesture: what one score made serves the others."""


def scores(datasets: Sequence[InspectedDataset], on: date) -> tuple[PeerScore, ...]:
    """Return every score, in the order they are shown; none when nothing is published."""
    tallies = [_Tally(rule) for rule in peer_rules()]
    for item in datasets:
        mended: Mended = {}
        for tally in tallies:
            tally.add(item, mended, on)
    return tuple(tally.total() for tally in tallies) if datasets else ()


def one_score(rule: PeerRule, datasets: Sequence[InspectedDataset], on: date) -> PeerScore:
    """Return one score of every dataset, their mean, and the gesture that gains most in sum."""
    tally = _Tally(rule)
    for item in datasets:
        tally.add(item, {}, on)
    return tally.total()


@dataclass(slots=True)
class _Tally:
    """One score being added up."""

    rule: PeerRule
    found: list[DatasetPeerScore] = field(default_factory=list)
    sums: dict[str, list[float]] = field(default_factory=dict)
    """Points each gesture gains, dataset by dataset."""

    def add(self, item: InspectedDataset, mended: Mended, on: date) -> None:
        """Score one dataset, now and after each gesture that may raise it."""
        now = assessed(self.rule, item, on)
        gains = dict(_gains(self.rule, item, now, mended, on))
        for gesture, gain in gains.items():
            self.sums.setdefault(gesture, []).append(gain)
        best = _best({gesture: [gain] for gesture, gain in gains.items()})
        title = item.dataset.title
        self.found.append(DatasetPeerScore(item.key, title, now.marks, now.low, now.high, now.out_of, now.files, best))

    def total(self) -> PeerScore:
        """Return the score of the whole."""
        rule, found = self.rule, self.found
        low, high, out_of = (_mean([getattr(one, name) for one in found]) for name in ("low", "high", "out_of"))
        rating, best = rule.rating(low, high), _best(self.sums)
        return PeerScore(rule.id, rule.title, rule.short, rule.unit, tuple(found), low, high, out_of, rating, best)


def assessed(rule: PeerRule, item: InspectedDataset, on: date) -> Assessment:
    """Return one score of one dataset. Raises RulesError for a score that has no function."""
    try:
        assess = _ASSESS[rule.id]
    except KeyError as error:
        raise RulesError("cette note n'a pas de fonction", where=f"rules/peer_scores/{rule.id}.yaml") from error
    return assess(item, rule, on)


def _gains(
    rule: PeerRule, item: InspectedDataset, now: Assessment, mended: Mended, on: date
) -> Iterator[tuple[str, float]]:
    """Yield the gestures that raise the score, with the points each surely gains: the dataset is scored anew with it.

    A gesture that would make the share of points smaller (it brings in a criterion it does not meet) is left out.
    """
    lacking = {found.criterion for found in now.marks if found.mark in (Mark.NOT_MET, Mark.UNVERIFIABLE)}
    wanted = {criterion.gesture for criterion in rule.criteria if criterion.id in lacking} - {""}
    for gesture in gestures():
        if gesture not in wanted:
            continue
        if gesture not in mended:
            mended[gesture] = done(gesture, item, on)
        then = assessed(rule, mended[gesture], on)
        gain = then.low - now.low
        if gain > _ROUNDING and then.low * now.out_of >= now.low * then.out_of - _ROUNDING:
            yield gesture, gain


def _best(sums: Mapping[str, Sequence[float]]) -> BestChange | None:
    """Return the gesture that gains most; among equals, the easiest: the first of gestures.yaml."""
    order = list(gestures())
    ranked = sorted(sums.items(), key=lambda pair: (-round(sum(pair[1]), 6), order.index(pair[0])))
    if not ranked:
        return None
    gesture, gains = ranked[0]
    said = gestures()[gesture]
    return BestChange(gesture, said.text, said.how, sum(gains), len(gains))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
