"""Tells, for all the cells of a column at once, what each looks like, and between which dates they lie."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.inspection.batch import ColumnBatch, Integers, Mask
from opendata_check.inspection.shapes import (
    BOOLEAN,
    BOOLEANS,
    CODE,
    FRENCH,
    INTEGER,
    ISO,
    LONGEST,
    NUMBER_SHAPES,
    STARTS,
    TEXT,
)

NAMES = (TEXT, INTEGER, CODE, BOOLEAN, *NUMBER_SHAPES)
"""The shapes; a distinct value's shape is its index here."""
_AT = {name: index for index, name in enumerate(NAMES)}
_YOUNGEST = 69
"""Two-digit years up to this one are in the 2000s (POSIX, strptime)."""


def shapes_of(column: ColumnBatch) -> Integers:
    """Return the index in NAMES of what ``shapes.shape_of`` says of each distinct value; -1 for a blank one."""
    shapes = np.where(column.filled, _AT[TEXT], -1).astype(np.int64)
    all_digits = column.filled & (column.digits == column.lengths)
    shapes[all_digits] = _AT[INTEGER]
    first = column.first_bytes
    shapes[all_digits & (first == ord("0")) & (column.lengths > 1)] = _AT[CODE]
    others = column.filled & ~all_digits
    short = others & (column.lengths <= max(map(len, BOOLEANS)))
    if short.any():
        words = pc.utf8_lower(column.trimmed.take(pa.array(np.flatnonzero(short))))
        known = pc.is_in(words, value_set=pa.array(sorted(BOOLEANS))).to_numpy(zero_copy_only=False)
        shapes[np.flatnonzero(short)[known]] = _AT[BOOLEAN]
    left = others & (shapes == _AT[TEXT]) & np.isin(first, STARTS) & (column.lengths <= LONGEST) & (column.digits > 0)
    for name, pattern in NUMBER_SHAPES.items():
        if not left.any():
            break
        found = column.matching(f"^(?:{pattern})$", left)
        shapes[found] = _AT[name]
        left &= ~found
    return shapes


def counted(column: ColumnBatch, shapes: Integers) -> Counter[str]:
    """Return how many filled cells of the batch have each shape."""
    known = shapes >= 0
    totals = np.bincount(shapes[known], weights=column.counts[known], minlength=len(NAMES))
    return Counter({name: int(total) for name, total in zip(NAMES, totals, strict=True) if total})


class DateSpan:
    """The earliest and the latest date among the cells of a column that look like dates."""

    __slots__ = ("first", "last")

    def __init__(self) -> None:
        self.first = ""
        """ISO 8601, "" before any date."""
        self.last = ""

    def take(self, column: ColumnBatch, shapes: Integers) -> None:
        """Add a batch whose shapes are known."""
        for form, read in ((ISO, _iso_days), (FRENCH, _french_days)):
            dated = shapes == _AT[form]
            if dated.any():
                for day in read(column, dated):
                    self._add(day)

    def _add(self, day: str) -> None:
        try:
            date.fromisoformat(day)
        except ValueError:  # the 30th of February: the check of values will say so
            return
        self.first = min(self.first or day, day)
        self.last = max(self.last, day)


def _extremes(days: pa.StringArray) -> tuple[str, str]:
    found = pc.min_max(days).as_py()
    return found["min"], found["max"]


def _iso_days(column: ColumnBatch, dated: Mask) -> tuple[str, str]:
    taken = column.trimmed.take(pa.array(np.flatnonzero(dated)))
    return _extremes(pc.utf8_slice_codeunits(taken, 0, 10))


def _french_days(column: ColumnBatch, dated: Mask) -> tuple[str, ...]:
    """Return the extreme days of dates written day first, each year's length apart."""
    taken = column.trimmed.take(pa.array(np.flatnonzero(dated)))
    parts = pc.extract_regex(taken, r"^(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}|\d{2})")
    day, month, year = (pc.struct_field(parts, name) for name in ("day", "month", "year"))
    short = pc.equal(pc.utf8_length(year), 2)
    recent = pc.less_equal(pc.cast(pc.utf8_slice_codeunits(year, -2), pa.int32()), _YOUNGEST)
    century = pc.if_else(short, pc.if_else(recent, "20", "19"), "")
    whole = pc.binary_join_element_wise(century, year, "")
    days = pc.binary_join_element_wise(whole, pc.utf8_lpad(month, 2, "0"), pc.utf8_lpad(day, 2, "0"), "-")
    return _extremes(days)
