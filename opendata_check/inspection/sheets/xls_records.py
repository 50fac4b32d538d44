"""Walks the records of an XLS for what calamine leaves aside: fills, hidden parts, locks, drawings (MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from opendata_check.inspection.layout.marks import HEAD_ROWS, MAX_MARKED, SheetMarks
from opendata_check.inspection.sheets.table import MAX_SHEETS

_BOF, _EOF, _BOUNDSHEET, _XF = 0x0809, 0x000A, 0x0085, 0x00E0
_ROW, _COLINFO, _PROTECT, _OBJ = 0x0208, 0x007D, 0x0012, 0x005D
_FORMULA, _BLANK, _NUMBER, _LABEL, _BOOLERR, _RK, _LABELSST, _RSTRING = (
    0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6,
)  # fmt: skip
_CELLS = {_FORMULA, _BLANK, _NUMBER, _LABEL, _BOOLERR, _RK, _LABELSST, _RSTRING}
_MULBLANK, _MULRK = 0x00BE, 0x00BD
_CHART, _PICTURE = 5, 8
_WHITE = {9, 64, 65}
_MAX_XF = 20_000
_MAX_STREAMS = 10 * MAX_SHEETS


def records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the type, offset and size of each record; the rest of a truncated one is left out."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            return
        yield kind, at + 4, size
        at += 4 + size


def sheet_marks_of(stream: bytes) -> list[SheetMarks]:
    """Return what the records tell of each sheet, in the order of the workbook (2.4.28 BoundSheet8)."""
    places: list[int] = []
    found: dict[int, SheetMarks] = {}
    colours: list[str] = []
    current: _SheetWalk | None = None
    left = [MAX_MARKED]
    for kind, at, size in records(stream):
        if kind == _BOF:
            current = _SheetWalk(found.setdefault(at - 4, SheetMarks()), colours, left) if at - 4 in places else None
        elif kind == _BOUNDSHEET and size >= 4 and len(places) < _MAX_STREAMS:
            places.append(struct.unpack_from("<I", stream, at)[0])
        elif kind == _XF and size >= 20 and len(colours) < _MAX_XF:
            colours.append(_colour(stream, at))
        elif current is not None:
            current.take(kind, stream, at, size)
    return [found.get(place, SheetMarks()) for place in places]


def _colour(stream: bytes, at: int) -> str:
    """Return the fill colour of a cell format (2.5.20 CellXF), "" for none or white."""
    borders, fill = struct.unpack_from("<IH", stream, at + 14)
    foreground = fill & 0x7F
    return str(foreground) if borders >> 26 and foreground not in _WHITE else ""


class _SheetWalk:
    """Takes the records of one sheet; ``left`` is how many coloured cells may still be kept in the workbook."""

    def __init__(self, marks: SheetMarks, colours: list[str], left: list[int]) -> None:
        self._marks = marks
        self._left = left
        self._colours = colours
        self._hidden: set[int] = set()
        self._last = -1

    def take(self, kind: int, stream: bytes, at: int, size: int) -> None:
        """Take one record."""
        if kind in _CELLS and size >= 6:
            row, column, style = struct.unpack_from("<HHH", stream, at)
            self._cell(row, column, style, filled=kind != _BLANK)
        elif kind in (_MULBLANK, _MULRK) and size >= 6:
            row, first = struct.unpack_from("<HH", stream, at)
            step = 2 if kind == _MULBLANK else 6
            for index in range(min((size - 6) // step, 256)):
                (style,) = struct.unpack_from("<H", stream, at + 4 + index * step)
                self._cell(row, first + index, style, filled=kind == _MULRK)
        elif kind == _ROW and size >= 16:
            row, flags = struct.unpack_from("<H", stream, at)[0], struct.unpack_from("<H", stream, at + 12)[0]
            if flags & 0x20:
                self._hidden.add(row)
        elif kind == _COLINFO and size >= 10:
            first, last, _, _, flags = struct.unpack_from("<HHHHH", stream, at)
            if flags & 1:
                self._marks.hide_columns(first, min(last, 255))
        elif kind == _PROTECT and size >= 2:
            self._marks.protected = struct.unpack_from("<H", stream, at)[0] == 1
        elif kind == _OBJ and size >= 6:
            self._marks.drawing = self._marks.drawing or struct.unpack_from("<H", stream, at + 4)[0] in (
                _CHART,
                _PICTURE,
            )

    def _cell(self, row: int, column: int, style: int, *, filled: bool) -> None:
        if row < HEAD_ROWS and style < len(self._colours) and self._colours[style] and self._left[0] > 0:
            self._left[0] -= 1
            self._marks.fill(row + 1, column, self._colours[style])
        # Rows come in order, their cells after them.
        if filled and row in self._hidden and row > self._last:
            self._marks.hidden_rows.add(row + 1)
            self._last = row
