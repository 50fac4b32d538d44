"""The cells of one body for the workbook and the flat table: typed, the columns of the list first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from opendata_check.model.compared import Change, Compared, Place, Stratum
from opendata_check.model.lot import LotResult
from opendata_check.model.summary import AuditSummary
from opendata_check.reports.lot.bands import place_words
from opendata_check.reports.lot.phrases import say, short
from opendata_check.reports.lot.rows import bound_of, link, losses
from opendata_check.reports.outline.phrases import level
from opendata_check.wording import word

Cell = str | int | float | date | bool | None

MAX_EXTRA = 50
"""Columns of the list that are kept."""
_MAX_VALUE = 1000
_MAX_LABEL = 100
OWN = (
    "x_line", "x_typed", "x_name", "x_kind", "x_insee", "x_siren", "x_departement_code", "departement", "epci",
    "x_population", "x_state", "x_bound", "x_score", "x_confidence", "x_level", "x_place", "x_datasets", "x_files",
    "x_met", "x_unmet", "x_unknown", "x_action", "x_actions", "x_newest", "x_on", "x_mended", "x_new", "x_lost",
    "x_page",
)  # fmt: skip
"""Keys of the words that head the columns of ours."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rows of one lot need."""

    extra: tuple[str, ...]
    """Labels of the list's own columns, as the list orders them."""
    strata: dict[str, Stratum]
    places: dict[str, Place]
    changes: dict[str, Change]


def shown(results: Sequence[LotResult], compared: Compared) -> Shown:
    """Return what heads and fills the rows; at most MAX_EXTRA columns of the list are kept."""
    labels: dict[str, None] = {}
    for result in results:
        for label, _ in result.entry.extra[:MAX_EXTRA]:
            if len(labels) < MAX_EXTRA:
                labels.setdefault(label)
    return Shown(
        extra=tuple(labels),
        strata={one.id: one for one in compared.strata},
        places={one.key: one for one in compared.places},
        changes={one.key: one for one in compared.changes},
    )


def heads(known: Shown) -> list[str]:
    """Return the titles of the columns, each once: a label of the list that repeats gets a number."""
    titles: list[str] = []
    for title in [short(label, _MAX_LABEL) or "?" for label in known.extra] + [say(key) for key in OWN]:
        chosen, number = title, 2
        while chosen.casefold() in {one.casefold() for one in titles}:
            chosen, number = f"{title} ({number})", number + 1
        titles.append(chosen)
    return titles


def cells(result: LotResult, known: Shown) -> list[Cell]:
    """Return the cells of a line of the list, audited or not."""
    extra = dict(result.entry.extra[:MAX_EXTRA])
    first: list[Cell] = [short(extra.get(label, ""), _MAX_VALUE) for label in known.extra]
    return [*first, *_own(result, result.summary, known)]


def _own(result: LotResult, summary: AuditSummary | None, known: Shown) -> list[Cell]:
    change, place = known.changes.get(result.entry.key), known.places.get(result.entry.key)
    lost = " ; ".join(losses(change)) or None
    line: list[Cell] = [result.entry.line, short(result.entry.typed, _MAX_VALUE)]
    if summary is None:
        blank: list[Cell] = [None] * (len(OWN) - 2)
        blank[OWN.index("x_state") - 2] = say(f"s_{result.state.value}")
        blank[-2] = lost
        return [*line, *blank]
    return [
        *line,
        short(summary.name, 200),
        word("kinds", summary.kind) if summary.kind else None,
        short(summary.insee_code, 20) or None,
        short(summary.siren, 20) or None,
        short(summary.departement_code, 8) or None,
        short(summary.departement_name, 60) or None,
        short(summary.epci_name, 120) or None,
        summary.population,
        say(f"s_{'partial' if summary.partial else result.state.value}"),
        say(f"bound_{bound_of(summary)}"),
        None if summary.overall is None else round(summary.overall, 1),
        round(100 * summary.confidence),
        level(summary.level)[0] if summary.level else None,
        place_words(place, known.strata) if place else None,
        summary.datasets,
        summary.files,
        summary.duties_met,
        summary.duties_unmet,
        summary.duties_unknown,
        short(summary.first_action) or None,
        summary.actions,
        summary.newest,
        summary.on,
        change.mended if change else None,
        change.new if change else None,
        lost,
        link(result),
    ]
