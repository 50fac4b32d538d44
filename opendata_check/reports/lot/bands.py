"""The bands of each stratum as a chart with its words, and where each body stands: no neighbour is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from opendata_check.model.compared import Compared, Place, Practice, Spread, Standing, Stratum
from opendata_check.model.lot import LotResult
from opendata_check.model.summary import AuditSummary
from opendata_check.reports.lot.phrases import group, name_of, points, say, say_count
from opendata_check.reports.lot.rows import departement, link
from opendata_check.wording import french_number, word

_LACKS_SHOWN = 5
_RANKED_SHOWN = 4000


@dataclass(frozen=True, slots=True)
class Strip:
    """One measure from 0 to 100: a band, the value in the middle, the same in words."""

    axis: str
    question: str
    first: float
    width: float
    tick: float
    """Where the mark of the middle value begins, one wide."""
    text: str
    band: str
    middle: str
    count: str


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A family that the best publish."""

    title: str
    note: str
    best: str
    everyone: str
    holder: str
    effort: str


@dataclass(frozen=True, slots=True)
class StratumBlock:
    """One stratum."""

    id: str
    title: str
    count: str
    strips: tuple[Strip, ...]
    datasets: str
    practices: tuple[PracticeRow, ...]
    practices_text: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Where one body stands."""

    name: str
    link: str
    departement: str
    stratum: str
    """Id of the block it is compared with, or ""."""
    place: str
    standing: str
    lacks: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """A ranking, made only when asked."""

    title: str
    rows: tuple[tuple[int, str, str, str], ...]
    """(rank, name, link, score)"""
    cut: str


def blocks(compared: Compared) -> tuple[StratumBlock, ...]:
    """Return the strata that have a band; « all the communes » only when more than one size was found."""
    sizes = sum(one.kind == "commune" and one.least is not None for one in compared.strata)
    wanted = [one for one in compared.strata if one.kind != "commune" or one.least is not None or sizes != 1]
    return tuple(_block(one, one.overall) for one in wanted if one.overall is not None)


def few(compared: Compared) -> str:
    """Return which groups are too small for a band, or ""."""
    small = [
        say("stratum_few_group", group=group(one), count=french_number(one.count))
        for one in compared.strata
        if one.overall is None and (one.kind != "commune" or one.least is not None)
    ]
    return say("stratum_few", groups=", ".join(small)) if small else ""


def _block(stratum: Stratum, overall: Spread) -> StratumBlock:
    title = group(stratum)
    title = title[0].upper() + title[1:]
    count = french_number(stratum.count)
    strips = [_strip(say("overall"), "", overall)]
    strips += [_strip(word("axes", axis), word("axes", axis, "question"), spread) for axis, spread in stratum.axes]
    sets = stratum.datasets
    return StratumBlock(
        id=stratum.id,
        title=title,
        count=say("stratum_count", count=count),
        strips=tuple(strips),
        datasets=say("datasets_spread", low=points(sets.first), high=points(sets.third), median=points(sets.median))
        if sets
        else "",
        practices=tuple(_practice(one, stratum) for one in stratum.practices),
        practices_text=say("practices_text", best=french_number(stratum.best)),
    )


def _strip(axis: str, question: str, spread: Spread) -> Strip:
    low, high, median = points(spread.first), points(spread.third), points(spread.median)
    return Strip(
        axis=axis,
        question=question,
        first=round(min(98.0, spread.first), 1),
        width=round(max(2.0, spread.third - min(98.0, spread.first)), 1),
        tick=round(min(99.0, max(0.0, spread.median - 0.5)), 1),
        text=say("strip", axis=axis, low=low, high=high, median=median),
        band=say("band_same" if low == high else "band", low=low, high=high),
        middle=median,
        count=french_number(spread.count),
    )


def _practice(practice: Practice, stratum: Stratum) -> PracticeRow:
    notes = [say(key) for key, holds in (("common", practice.common), ("asked", practice.asked)) if holds]
    return PracticeRow(
        title=practice.title,
        note=", ".join(notes),
        best=say("out_of", count=french_number(practice.best), total=french_number(stratum.best)),
        everyone=say("out_of", count=french_number(practice.everyone), total=french_number(stratum.count)),
        holder=practice.holder,
        effort=word("efforts", practice.effort) if practice.effort else "",
    )


def place_words(place: Place, strata: Mapping[str, Stratum]) -> str:
    """Return « comme la plupart des communes de 3 500 à 10 000 habitants »."""
    stratum = strata.get(place.stratum)
    if stratum is None or place.overall is None:
        return say("place_none")
    whole = "_all" if stratum.kind == "commune" and stratum.least is None else ""
    return say(f"place_{place.overall.value}{whole}", group=group(stratum))


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look a body up: made once, whatever the number of pages."""

    by_key: Mapping[str, Place]
    strata: Mapping[str, Stratum]


def lookup(compared: Compared) -> Places:
    """Return the places and strata of a lot, by key and by id."""
    return Places({one.key: one for one in compared.places}, {one.id: one for one in compared.strata})


def places(results: Sequence[LotResult], known: Places) -> list[PlaceRow]:
    """Return where each body stands, in the order of the list."""
    found = []
    for result in results:
        place = known.by_key.get(result.entry.key)
        if place is not None and result.summary is not None:
            found.append(_place(result, result.summary, place, known.strata))
    return found


def _place(result: LotResult, summary: AuditSummary, place: Place, strata: Mapping[str, Stratum]) -> PlaceRow:
    left = len(place.lacks) - _LACKS_SHOWN
    return PlaceRow(
        name=name_of(summary.name, result.entry.typed),
        link=link(result),
        departement=departement(summary),
        stratum=place.stratum,
        place=place_words(place, strata),
        standing=(place.overall or Standing.AMONG).value if place.stratum else "none",
        lacks=tuple(one.title for one in place.lacks[:_LACKS_SHOWN]),
        more=say_count("lacks_more", left) if left > 0 else "",
    )


def ranked(results: Sequence[LotResult], compared: Compared) -> tuple[RankedGroup, ...]:
    """Return the ranking of the bodies of each stratum, made for the companion alone; equal scores share a rank."""
    strata = {one.id: one for one in compared.strata}
    names = {one.entry.key: one for one in results}
    groups: dict[str, list[tuple[float, str, LotResult]]] = {}
    for place in compared.places:
        result = names[place.key]
        if result.summary is not None and result.summary.overall is not None and place.stratum:
            name = name_of(result.summary.name, result.entry.typed)
            groups.setdefault(place.stratum, []).append((round(result.summary.overall, 1), name, result))
    return tuple(_ranked(strata[id_], groups[id_]) for id_ in strata if id_ in groups)


def _ranked(stratum: Stratum, bodies: list[tuple[float, str, LotResult]]) -> RankedGroup:
    bodies.sort(key=lambda one: (-one[0], one[1], one[2].entry.line))
    rows: list[tuple[int, str, str, str]] = []
    for score, equals in groupby(bodies, key=lambda one: one[0]):
        rank = len(rows) + 1
        rows += [(rank, name, link(result), french_number(score, 1)) for _, name, result in equals]
        if len(rows) >= _RANKED_SHOWN:
            break
    title = group(stratum)
    return RankedGroup(
        title=say("rank_group", group=title[0].upper() + title[1:], count=french_number(len(bodies))),
        rows=tuple(rows[:_RANKED_SHOWN]),
        cut=say("rank_cut", shown=french_number(_RANKED_SHOWN), total=french_number(len(bodies)))
        if len(bodies) > _RANKED_SHOWN
        else "",
    )
