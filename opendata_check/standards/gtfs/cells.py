"""Judges the cells of a batch: their types, and what must be filled or empty given the rest of the row."""

from __future__ import annotations

from collections.abc import Mapping

from opendata_check.standards.gtfs.facts import Conditions, Field, Table
from opendata_check.standards.gtfs.gathering import Gathering
from opendata_check.standards.gtfs.reading import Batch
from opendata_check.standards.gtfs.values import Judge, Verdict, day_of, judge_of, number_of, seconds_of

_MAX_CACHED = 50_000
_MAX_CACHED_LENGTH = 200
_NEAR = 1.0
"""Degrees around latitude 0, longitude 0, where no land is."""
_MAX_LISTED = 12


class Cells:
    """Judges the cells of one file; verdicts on values already met are remembered."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._judges: dict[str, Judge] = {name: judge_of(field) for name, field in table.fields.items()}
        self._verdicts: dict[str, dict[str, Verdict]] = {name: {} for name in table.fields}

    def judge(self, batch: Batch, found: Gathering) -> None:
        """Note what the cells of a batch break."""
        distinct = {name: set(cells) for name, cells in batch.columns.items()}
        for name, values in distinct.items():
            self._types(name, values, batch, found)
            field = self._table.fields[name]
            if field.required and any(not value.strip() for value in values):
                for row, cell in zip(batch.rows, batch.columns[name], strict=True):
                    if not cell.strip():
                        found.add("gtfs.valeur_manquante", self._table.name, name, row)
        for field in self._table.fields.values():
            self._conditions(field, distinct, batch, found)
        self._points(batch, found)
        self._order(batch, found)

    def _types(self, name: str, values: set[str], batch: Batch, found: Gathering) -> None:
        known = self._verdicts[name]
        if len(known) > _MAX_CACHED:
            known.clear()
        judge = self._judges[name]
        bad: dict[str, Verdict] = {}
        for value in values:
            verdict = known.get(value)
            if verdict is None:
                verdict = judge(value) if value else ()
                if len(value) <= _MAX_CACHED_LENGTH:
                    known[value] = verdict
            if verdict:
                bad[value] = verdict
        if not bad:
            return
        for row, cell in zip(batch.rows, batch.columns[name], strict=True):
            for code, expected in bad.get(cell, ()):
                remedy = _listed(self._table.fields[name]) if code == "gtfs.valeur_inconnue" else ""
                found.add(code, self._table.name, name, row, cell, expected, remedy)

    def _conditions(self, field: Field, distinct: Mapping[str, set[str]], batch: Batch, found: Gathering) -> None:
        """Note the cells that must be filled or empty given others of their row."""
        values = distinct.get(field.name)
        name = self._table.name
        if field.required_if and (values is None or any(not value.strip() for value in values)):
            cells = batch.columns.get(field.name)
            for place in _where(field.required_if, distinct, batch):
                if cells is None:
                    found.add("gtfs.colonne_manquante", name, field.name)
                    return
                if not cells[place].strip():
                    found.add("gtfs.valeur_manquante", name, field.name, batch.rows[place])
        if field.forbidden_if and values is not None and any(value.strip() for value in values):
            cells = batch.columns[field.name]
            for place in _where(field.forbidden_if, distinct, batch):
                if cells[place].strip():
                    found.add("gtfs.valeur_interdite", name, field.name, batch.rows[place], cells[place])

    def _points(self, batch: Batch, found: Gathering) -> None:
        """Note the points that are at the origin of the map, or have nearly lost a coordinate."""
        if not self._table.point or any(name not in batch.columns for name in self._table.point):
            return
        latitude, longitude = self._table.point
        near = {cell for cell in set(batch.columns[latitude]) if _is_near_zero(cell)}
        if not near:
            return
        for row, first, second in zip(batch.rows, batch.columns[latitude], batch.columns[longitude], strict=True):
            if first in near and _is_near_zero(second):
                found.add("gtfs.point_origine", self._table.name, latitude, row, f"{first}, {second}")

    def _order(self, batch: Batch, found: Gathering) -> None:
        """Note the periods that end before they begin."""
        for start, end in self._table.ordered:
            if start not in batch.columns or end not in batch.columns:
                continue
            for row, first, second in zip(batch.rows, batch.columns[start], batch.columns[end], strict=True):
                before, after = _rank(first), _rank(second)
                if before is not None and after is not None and after < before:
                    found.add("gtfs.dates_inversees", self._table.name, end, row, second)


def _rank(cell: str) -> int | None:
    """Return what orders a date or a time."""
    day = day_of(cell.strip())
    return day.toordinal() if day else seconds_of(cell)


def _is_near_zero(cell: str) -> bool:
    if cell.lstrip()[:1] not in ("0", "-", "+", "."):
        return False
    number = number_of(cell)
    return number is not None and abs(number) < _NEAR


def _listed(field: Field) -> str:
    if not field.values or len(field.values) > _MAX_LISTED:
        return ""
    return f"Valeurs admises : {', '.join(sorted(field.values, key=int))}."


def _where(conditions: Conditions, distinct: Mapping[str, set[str]], batch: Batch) -> list[int]:
    """Return the places (0-based, in the batch) where one of the alternatives holds."""
    places: set[int] = set()
    for alternative in conditions:
        held: set[int] | None = None
        for name, wanted in alternative.items():
            matching = _places(wanted, distinct.get(name), batch.columns.get(name), len(batch.rows))
            held = matching if held is None else held & matching
            if not held:
                break
        places |= held or set()
    return sorted(places)


def _places(wanted: frozenset[str], values: set[str] | None, cells: tuple[str, ...] | None, count: int) -> set[int]:
    """Return where a cell has one of the wanted values; a column that is not there is empty everywhere."""
    if values is None or cells is None:
        return set(range(count)) if "" in wanted else set()
    matching = {value for value in values if value.strip() in wanted or ("*" in wanted and value.strip())}
    if not matching:
        return set()
    return {place for place, cell in enumerate(cells) if cell in matching}
