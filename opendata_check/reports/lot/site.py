"""The pages of a lot, one after the other: overview, comparison, changes, and the ranking when asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendata_check.model.compared import Change, Compared
from opendata_check.model.lot import Lot, LotResult
from opendata_check.reports.lot import bands
from opendata_check.reports.lot.leftovers import groups
from opendata_check.reports.lot.moves import moves
from opendata_check.reports.lot.overview import overview
from opendata_check.reports.lot.pages import Site
from opendata_check.reports.lot.parts import Part, parts
from opendata_check.reports.lot.phrases import french_date, noun, say, say_count
from opendata_check.reports.lot.rows import Row, rows
from opendata_check.wording import french_number

Page = tuple[str, Iterable[str]]
Changes = Mapping[str, Change]
_COLUMNS = ("col_name", "col_bound", "col_found", "col_action", "col_newest", "col_change")
_MAX_OPTIONS = 400


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the table."""

    on: str
    """Short name of the row's attribute."""
    label: str
    options: tuple[tuple[str, str], ...]
    """(value, text)"""


def pages(lot: Lot, compared: Compared, rank: bool) -> Iterator[Page]:
    """Yield (path, pieces) for each page."""
    site = Site(lot, rank)
    audited = [one for one in lot.results if one.summary is not None]
    divided = parts(audited)
    changes = {change.key: change for change in compared.changes}
    yield from _index(site, lot, compared, divided, changes)
    yield from _comparison(site, compared, audited, divided)
    yield from _evolution(site, lot, compared, divided, changes)
    if rank:
        ranked = bands.ranked(audited, compared)
        yield "classement.html", site.page("rank.html", say("rank"), "classement.html", ranked=ranked)


def _alone(divided: tuple[Part, ...]) -> Part | None:
    """Return the only part, when the whole list fits one page."""
    return divided[0] if len(divided) == 1 and not divided[0].slug else None


def _index(site: Site, lot: Lot, compared: Compared, divided: tuple[Part, ...], changes: Changes) -> Iterator[Page]:
    told, alone = overview(lot, compared), _alone(divided)
    yield (
        "index.html",
        site.page(
            "index.html",
            told.title,
            "index.html",
            told=told,
            noun=noun(compared),
            parts=() if alone else divided,
            groups=groups(lot.results),
            **_table(alone.results if alone else (), changes),
        ),
    )
    for part in () if alone else divided:
        table = _table(part.results, changes)
        path = f"departements/{part.slug}.html"
        yield path, site.page("part.html", part.label, "index.html", "../", part=part, **table)


def _table(results: Sequence[LotResult], changes: Changes) -> dict[str, Any]:
    found = rows(results, changes)
    return {
        "rows": found,
        "columns": _COLUMNS,
        "labels": {key: say(f"col_{key}") for key in ("found", "action", "newest", "change")}
        | {"bound": say("x_bound")},
        "filters": _filters(found),
    }


def _filters(found: Sequence[Row]) -> list[Filter]:
    """Return the choices that tell these rows apart: none when all are alike."""
    asked = [
        Filter("d", say("departement"), _options(Counter(one.departement for one in found))),
        Filter("e", say("epci"), _options(Counter(one.epci for one in found))),
        Filter("b", say("col_bound"), _options(Counter(one.bound for one in found), "bound_")),
        Filter("f", say("filter_state"), _options(Counter(one.state for one in found), "state_")),
        Filter("c", say("filter_change"), _options(Counter(one.change for one in found), "change_")),
    ]
    return [one for one in asked if len(one.options) > 1]


def _options(counts: Counter[str], words: str = "") -> tuple[tuple[str, str], ...]:
    known = sorted((value for value in counts if value), key=lambda value: value.casefold())[:_MAX_OPTIONS]
    told = [(value, say(words + value) if words else value) for value in known]
    return tuple((value, f"{text} ({french_number(counts[value])})") for value, text in told)


def _comparison(
    site: Site, compared: Compared, audited: Sequence[LotResult], divided: tuple[Part, ...]
) -> Iterator[Page]:
    alone, known = _alone(divided), bands.lookup(compared)
    heading = say("comparison", noun=noun(compared))
    yield (
        "comparaison.html",
        site.page(
            "comparison.html",
            heading,
            "comparaison.html",
            heading=heading,
            places_heading=say("places", noun=noun(compared, 1)),
            fewest=french_number(compared.fewest),
            left_out=say_count("left_out", compared.left_out) if compared.left_out else "",
            blocks=bands.blocks(compared),
            few=bands.few(compared),
            parts=() if alone else divided,
            places=bands.places(audited, known) if alone else (),
        ),
    )
    for part in () if alone else divided:
        places = bands.places(part.results, known)
        values = {"part": part, "places": places, "noun": noun(compared)}
        path = f"departements/{part.slug}-comparaison.html"
        yield path, site.page("comparison_part.html", f"{heading} : {part.label}", "comparaison.html", "../", **values)


def _evolution(site: Site, lot: Lot, compared: Compared, divided: tuple[Part, ...], changes: Changes) -> Iterator[Page]:
    alone = _alone(divided)
    missing = [one for one in lot.results if one.summary is None and one.entry.key in changes]
    before = french_date(lot.previous_on) if lot.previous_on else ""
    found = moves((*alone.results, *missing) if alone else (), changes)
    yield (
        "evolution.html",
        site.page(
            "evolution.html",
            say("evolution"),
            "evolution.html",
            told=overview(lot, compared),
            between=say("evolution_since", before=before, day=french_date(lot.on)) if before else "",
            compared=compared.counts.compared,
            other_version=any(change.other_version for change in compared.changes),
            parts=() if alone else divided,
            moves=found,
            gone=() if alone else moves(missing, changes).lost,
            **_same(found.same, compared),
        ),
    )
    for part in () if alone else divided:
        found = moves(part.results, changes)
        title, path = f"{say('evolution')} : {part.label}", f"departements/{part.slug}-evolution.html"
        values = {"part": part, "moves": found, **_same(found.same, compared)}
        yield path, site.page("evolution_part.html", title, "evolution.html", "../", **values)


def _same(count: int, compared: Compared) -> dict[str, str]:
    same = say_count("moves_same", count, noun=noun(compared, count)) if count else ""
    return {"same": same, "noun_one": noun(compared, 1)}
