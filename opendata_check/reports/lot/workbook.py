"""The workbook: one sheet a question, typed, filterable, its header in view; no cell a spreadsheet computes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from opendata_check.model.compared import Compared
from opendata_check.model.finding import Axis
from opendata_check.model.lot import Lot, LotResult, LotState
from opendata_check.model.summary import FindingMark
from opendata_check.reports.lot.actions import actions
from opendata_check.reports.lot.columns import OWN, Cell, cells, heads, shown
from opendata_check.reports.lot.leftovers import leftover
from opendata_check.reports.lot.phrases import french_number, name_of, say, short
from opendata_check.reports.lot.rows import losses
from opendata_check.reports.safety import may_be_formula
from opendata_check.wording import word

if TYPE_CHECKING:
    from xlsxwriter import Workbook as XlsxWorkbook
    from xlsxwriter.worksheet import Worksheet

_LAST_ROW = 1_048_574
"""Rows a sheet holds under its header, one kept for what had to be left out."""
_MAX_CELL = 32_000
_NARROW, _WIDE = 12, 44
_LONG = frozenset(
    {"x_typed", "x_name", "epci", "x_action", "x_place", "x_lost", "x_gesture", "x_example", "x_dataset", "x_family",
     "x_holder", "x_what", "x_remedy"}
)  # fmt: skip
_WHO = ("x_line", "x_name", "x_insee", "departement")
_ACTIONS = (
    "x_line", "x_name", "x_insee", "departement", "x_rank", "x_gesture", "x_severity", "x_axis", "x_points",
    "x_example", "x_dataset", "x_file", "x_check",
)  # fmt: skip
_EVOLUTION = (
    "x_line", "x_name", "x_insee", "departement", "x_before_on", "x_before_score", "x_score", "x_points_won",
    "x_mended", "x_new", "x_unchanged", "x_before_datasets", "x_datasets", "x_before_newest", "x_newest", "x_lost",
)  # fmt: skip
_LACKS = (
    "x_line", "x_name", "x_insee", "departement", "x_family", "x_common", "x_asked", "x_holder", "x_effort", "x_best",
)  # fmt: skip
_LEFT = ("x_line", "x_typed", "x_state", "x_what", "x_remedy")


class Book:
    """A workbook being written: rows go to disk as they come (xlsxwriter's constant memory)."""

    def __init__(self, lot: Lot, compared: Compared) -> None:
        from xlsxwriter import Workbook

        self._sink = io.BytesIO()
        self._book: XlsxWorkbook = Workbook(
            self._sink, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        )
        made = datetime(lot.on.year, lot.on.month, lot.on.day)
        self._book.set_properties({"title": short(lot.title, 200), "created": made})
        self._lot, self._compared, self._known = lot, compared, shown(lot.results, compared)
        self._formats = {
            "head": self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2}),
            "day": self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "inert": self._book.add_format({"quote_prefix": True}),
        }
        self._bodies = self._sheet("sheet_bodies", heads(self._known), ["" for _ in self._known.extra] + [*OWN])
        self._actions = self._sheet("sheet_actions", [say(key) for key in _ACTIONS], _ACTIONS)
        self._rows: dict[str, int] = {}

    def _sheet(self, name: str, titles: Sequence[str], keys: Sequence[str] = ()) -> Worksheet:
        sheet = self._book.add_worksheet(say(name))
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            long = bool(keys) and keys[column] in _LONG
            sheet.set_column(column, column, _WIDE if long else max(_NARROW, min(24, len(title) + 3)))
            sheet.write_string(0, column, title, self._formats["head"])
        return sheet

    def add(self, result: LotResult, marks: Sequence[FindingMark]) -> None:
        """Write one line of the list, and what there is to do for it."""
        self._write(self._bodies, cells(result, self._known))
        who = self._who(result)
        for one in actions(marks, len(self._lot.results)):
            self._write(self._actions, [*who, *one])

    def bytes(self) -> bytes:
        """Write the other sheets, close the workbook and return it."""
        self._axes()
        self._evolution()
        self._lacks()
        self._left()
        self._filter(self._bodies, len(heads(self._known)) - 1)
        self._filter(self._actions, len(_ACTIONS) - 1)
        self._book.close()
        return self._sink.getvalue()

    def _who(self, result: LotResult) -> list[Cell]:
        known = result.summary or result.previous
        name = name_of(known.name if known else "", result.entry.typed)
        code = short(known.insee_code, 20) if known else ""
        return [result.entry.line, name, code or None, short(known.departement_name, 60) if known else None]

    def _axes(self) -> None:
        who = [say(key) for key in _WHO]
        titles = [say(f"axis_{name}", axis=word("axes", axis)) for axis in Axis for name in ("score", "share", "gaps")]
        sheet = self._sheet("sheet_axes", [*who, *titles])
        for result in self._lot.results:
            if result.summary is None:
                continue
            by_axis = {one.axis: one for one in result.summary.axes}
            told: list[Cell] = []
            for axis in Axis:
                one = by_axis.get(axis)
                score = None if one is None or one.score is None else round(one.score, 1)
                told += [score, round(100 * one.confidence), one.non_compliant] if one else [None, None, None]
            self._write(sheet, [*self._who(result), *told])
        self._filter(sheet, len(_WHO) + len(titles) - 1)

    def _evolution(self) -> None:
        sheet = self._sheet("sheet_evolution", [say(key) for key in _EVOLUTION], _EVOLUTION)
        for result in self._lot.results:
            change, before, after = self._known.changes.get(result.entry.key), result.previous, result.summary
            if change is None:
                continue
            row: list[Cell] = [
                before.on if before else None,
                round(before.overall, 1) if before and before.overall is not None else None,
                round(after.overall, 1) if after and after.overall is not None else None,
                None if change.score is None else round(change.score, 1),
                change.mended,
                change.new,
                change.unchanged,
                before.datasets if before else None,
                after.datasets if after else None,
                before.newest if before else None,
                after.newest if after else None,
                " ; ".join(losses(change)) or None,
            ]
            self._write(sheet, [*self._who(result), *row])
        self._filter(sheet, len(_EVOLUTION) - 1)

    def _lacks(self) -> None:
        sheet = self._sheet("sheet_lacks", [say(key) for key in _LACKS], _LACKS)
        for result in self._lot.results:
            place = self._known.places.get(result.entry.key)
            stratum = self._known.strata.get(place.stratum) if place else None
            for one in place.lacks if place else ():
                total = french_number(stratum.best if stratum else 0)
                told: list[Cell] = [
                    one.title,
                    say("x_yes" if one.common else "x_no"),
                    say("x_yes" if one.asked else "x_no"),
                    one.holder,
                    word("efforts", one.effort) if one.effort else None,
                    say("out_of", count=french_number(one.best), total=total),
                ]
                self._write(sheet, [*self._who(result), *told])
        self._filter(sheet, len(_LACKS) - 1)

    def _left(self) -> None:
        sheet = self._sheet("sheet_left", [say(key) for key in _LEFT], _LEFT)
        for result in self._lot.results:
            if result.state is not LotState.DONE:
                one = leftover(result)
                typed = short(result.entry.typed)
                self._write(sheet, [one.line, typed, say(f"s_{result.state.value}"), one.what, one.remedy])
        self._filter(sheet, len(_LEFT) - 1)

    def _filter(self, sheet: Worksheet, last: int) -> None:
        sheet.autofilter(0, 0, max(1, self._rows.get(sheet.get_name(), 0)), last)

    def _write(self, sheet: Worksheet, row: Iterable[Cell]) -> None:
        """Write a row under the last one; a full sheet says so once, then keeps quiet."""
        name = sheet.get_name()
        number = self._rows.get(name, 0) + 1
        if number > _LAST_ROW:
            if number == _LAST_ROW + 1:
                sheet.write_string(number, 0, say("sheet_full"))
                self._rows[name] = number
            return
        self._rows[name] = number
        for column, cell in enumerate(row):
            self._cell(sheet, number, column, cell)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, date):
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self._formats["day"])
        elif isinstance(cell, str):
            risky = self._formats["inert"] if may_be_formula(cell) else None
            sheet.write_string(row, column, cell[:_MAX_CELL], risky)
        else:
            sheet.write_number(row, column, cell)
