"""Tells what cells look like (a number, a date in some form, a point) by the shape of their characters, column-wise.

A shape is a cell whose digits are all written « 9 ». Few shapes stand for many cells: a regular expression reads each
shape once, and numpy reads the figures of all its cells at a time. Nothing here is more lenient than ``readers``: what
is seen as a date is a cell that they read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads cost a tenth of a second and serve nothing here

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.tables.kernels import Column, Indexes

SPACES = (" ", "\u00a0", "\u202f")
"""What stands between thousands: space, no-break space, narrow no-break space."""
_LONGEST = 48
"""Bytes of a typed value; a longer cell is a text."""
_MOST_FIGURES = 40
_MEMO = 50_000

Extreme = tuple[Any, str]
"""What orders values of one kind (Decimal, or microseconds), and the value in ISO form."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell looks like."""

    kind: str
    """``integer``, ``zeros`` (digits after a leading zero), ``number``, ``date``, ``datetime`` or ``geopoint``."""
    date_format: str = ""
    decimal: str = ""
    group: str = ""
    unit: str = ""
    tag: str = ""
    """``signed`` for an integer below zero; ``both`` for « 05/06/2024 », that may be read in two orders; ``aware`` for
    a moment whose offset is said; for a point, the order of its coordinates. ``also`` marks a second way to see cells
    that are already in another look: eight digits as a date, « 05/06/2024 » as an American would."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The cells of one look in a batch."""

    look: Look
    cells: Indexes
    low: Extreme | None = None
    high: Extreme | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the cells of one shape are read."""

    look: Look
    spans: Mapping[str, tuple[int, int]]
    zero_at: int = -1
    """Place of a first figure that must not be zero; -1 when it may."""


def looks_of(cells: Column) -> list[Sighting]:
    """Return the looks of trimmed cells, each cell in one at most (``also`` apart); texts are in none."""
    numbers: dict[Look, list[Any]] = {}
    found: list[Sighting] = []
    for shape, rows in _by_shape(cells):
        width = int(cells.lengths[rows[0]])
        starts = cells.offsets[rows].astype(np.int64) - cells.start
        matrix = cells.data[starts[:, None] + np.arange(width)]
        if shape.look.kind in ("integer", "number"):
            if shape.zero_at >= 0:
                zero = matrix[:, shape.zero_at] == 48
                if zero.any():
                    if shape.look == Look("integer"):
                        numbers.setdefault(Look("zeros"), []).append(rows[zero])
                    rows, matrix = rows[~zero], matrix[~zero]
            if rows.size:
                numbers.setdefault(shape.look, []).append(rows)
                if width == len("20241231") and shape.look == Look("integer"):
                    found += _dates(_COMPACT, rows, matrix)
        elif shape.look.kind == "geopoint":
            found += _points(shape, rows, matrix)
        else:
            found += _dates(shape, rows, matrix)
    found += [_numbers(look, np.sort(np.concatenate(parts)), cells) for look, parts in numbers.items()]
    return found


# --- shapes ---------------------------------------------------------------------------------------------------------

_START = np.zeros(256, bool)
_START[[*range(48, 58), *b"-.,"]] = True
_OTHER = np.ones(256, bool)
_OTHER[[*range(48, 58), *"+-.,/: TZeE%€\u00a0\u202f".encode()]] = False
_FIGURES = bytes.maketrans(b"0123456789", b"9999999999")

_S = "[ \u00a0\u202f]"
_NUMBER = re.compile(
    rf"(?P<sign>-?)(?P<whole>9{{1,3}}(?P<group>{_S})999(?:(?P=group)999)*|9*)(?:(?P<decimal>[.,])9+)?"
    rf"(?P<exponent>[eE][+-]?99?)?(?:{_S}?(?P<unit>[€%]))?"
)
_POINT = re.compile(r"(?P<a>-?9{1,3})\.9{1,20}, ?(?P<b>-?9{1,3})\.9{1,20}")
_DAYS = (
    ("%Y-%m-%d", r"(?P<Y>9999)-(?P<m>99)-(?P<d>99)"),
    ("%Y/%m/%d", r"(?P<Y>9999)/(?P<m>99)/(?P<d>99)"),
    ("%d/%m/%Y", r"(?P<d>99?)/(?P<m>99?)/(?P<Y>9999)"),
    ("%d-%m-%Y", r"(?P<d>99)-(?P<m>99)-(?P<Y>9999)"),
    ("%d.%m.%Y", r"(?P<d>99)\.(?P<m>99)\.(?P<Y>9999)"),
    ("%d/%m/%y", r"(?P<d>99)/(?P<m>99)/(?P<y>99)"),
)
_CLOCK = (
    r"(?P<sep>[T ])(?P<H>99?):(?P<M>99)(?::(?P<S>99)(?P<f>\.9{1,6})?)?(?P<z>Z|(?P<plus>[+-])(?P<oh>99):(?P<om>99))?"
)
_MOMENTS = tuple((form, re.compile(f"{day}(?:{_CLOCK})?")) for form, day in _DAYS)
_COMPACT = _Shape(Look("date", "%Y%m%d", tag="also"), {"Y": (0, 4), "m": (4, 6), "d": (6, 8)})
_known: dict[bytes, _Shape | None] = {}


def _by_shape(cells: Column) -> Iterator[tuple[_Shape, Indexes]]:
    """Yield the shapes of something typed, each with its cells."""
    chosen = _candidates(cells)
    if not chosen.size:
        return
    part = cells if chosen.size == cells.size else Column(cells.array.take(pa.array(chosen)))
    shaped = pa.py_buffer(part.data.tobytes().translate(_FIGURES))
    offsets = pa.py_buffer(part.offsets - np.int32(part.start))
    encoded = pa.Array.from_buffers(pa.binary(), part.size, [None, offsets, shaped]).dictionary_encode()
    codes = encoded.indices.to_numpy()
    order = np.argsort(codes, kind="stable") if len(encoded.dictionary) > 1 else np.arange(part.size)
    ends = np.cumsum(np.bincount(codes, minlength=len(encoded.dictionary)))
    start = 0
    for text, end in zip(encoded.dictionary.to_pylist(), ends.tolist(), strict=True):
        if text not in _known:
            if len(_known) >= _MEMO:
                _known.clear()
            _known[text] = _read_shape(text.decode("utf-8", "replace"))
        shape = _known[text]
        if shape is not None:
            yield shape, chosen[order[start:end]]
        start = end


def _candidates(cells: Column) -> Indexes:
    """Return the cells that begin as a typed value does and hold none but its characters."""
    if not cells.data.size:
        return np.empty(0, np.int64)
    starts = np.minimum(cells.offsets[:-1] - cells.start, cells.data.size - 1)
    likely = _START[cells.data[starts]] & (cells.lengths > 0) & (cells.lengths <= _LONGEST)
    if likely.any():
        other = _OTHER[cells.data]
        if other.any():
            before = np.zeros(cells.data.size + 1, np.int32)
            np.cumsum(other, dtype=np.int32, out=before[1:])
            bounds = before[cells.offsets - cells.start]
            likely &= bounds[1:] == bounds[:-1]
    return np.flatnonzero(likely)


def _read_shape(shape: str) -> _Shape | None:
    found = _NUMBER.fullmatch(shape)
    if found:
        return _number_shape(found)
    found = _POINT.fullmatch(shape)
    if found:
        return _Shape(Look("geopoint"), {name: found.span(name) for name in ("a", "b")})
    for form, expression in _MOMENTS:
        found = expression.fullmatch(shape)
        if found:
            return _moment_shape(form, found)
    return None


def _number_shape(found: re.Match[str]) -> _Shape | None:
    whole, decimal, unit = found["whole"], found["decimal"] or "", found["unit"] or ""
    exponent = bool(found["exponent"])
    if not (whole or (decimal and not unit)) or (exponent and unit) or found[0].count("9") > _MOST_FIGURES:
        return None
    signed = bool(found["sign"])
    kind = "number" if decimal or exponent or unit else "integer"
    tag = "signed" if signed and kind == "integer" else ""
    # « 0 » and « 0,5 » may begin with a zero, « 01 » is a code, and « -0 » is 0 written in another way.
    may_be_zero = len(whole) < 2 and not (signed and kind == "integer")
    look = Look(kind, decimal=decimal, group=found["group"] or "", unit=unit, tag=tag)
    return _Shape(look, {}, zero_at=-1 if may_be_zero else len(found["sign"]))


def _moment_shape(day: str, found: re.Match[str]) -> _Shape | None:
    spans = {name: found.span(name) for name, text in found.groupdict().items() if text}
    if "H" not in spans:
        return _Shape(Look("date", "" if day == "%Y-%m-%d" else day), spans)
    standard = day == "%Y-%m-%d" and found["sep"] == "T"
    if len(found["H"]) == 1 and day == "%Y-%m-%d":
        return None
    form = f"{day}{found['sep']}%H:%M"
    form += (":%S" if found["S"] else "") + (".%f" if found["f"] else "") + ("%z" if found["z"] else "")
    look = Look("datetime", "" if standard and found["S"] else form, tag="aware" if found["z"] else "")
    return _Shape(look, spans | ({"minus": spans["plus"]} if found["plus"] == "-" else {}))


# --- numbers --------------------------------------------------------------------------------------------------------


def _numbers(look: Look, rows: Indexes, cells: Column) -> Sighting:
    """Return the sighting of numbers of one look with their least and greatest."""
    if look.kind == "zeros":
        return Sighting(look, rows)
    texts = cells.array.take(pa.array(rows))
    if look.unit:
        texts = pc.utf8_rtrim(texts, characters=look.unit + "".join(SPACES))
    if look.group:
        texts = pc.replace_substring(texts, look.group, "")
    if look.decimal == ",":
        texts = pc.replace_substring(texts, ",", ".")
    values = texts.cast(pa.float64()).to_numpy(zero_copy_only=False)
    # A float is never out of order with the number it was read from, but several numbers may have the same.
    low = min(_exact(texts, values == values.min()))
    high = max(_exact(texts, values == values.max()))
    return Sighting(look, rows, low, high)


def _exact(texts: Any, where: Any) -> list[Extreme]:
    return [(Decimal(text), plain_number(text)) for text in texts.filter(pa.array(where)).unique().to_pylist()]


def plain_number(text: str) -> str:
    """Return a number with a decimal point and no exponent, as short as it goes: « 1.50 » → « 1.5 »."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    plain = f"{value:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"


# --- dates ----------------------------------------------------------------------------------------------------------


def _dates(shape: _Shape, rows: Indexes, matrix: Any) -> list[Sighting]:
    """Return the sightings of cells whose date exists; a slashed one may be read in two orders."""
    parts = {name: _figures(matrix, span) for name, span in shape.spans.items() if name in "YymdHMS" or name[0] == "o"}
    year = parts.get("Y")
    if year is None:
        year = parts["y"] + np.where(parts["y"] < 69, 2000, 1900)  # as strptime does
    known = (year >= 1) if shape is not _COMPACT else (year >= 1900) & (year < 2100)
    clock, right = _clock(shape, parts, matrix)
    known &= right
    days_first, exist = _days(year, parts["m"], parts["d"])
    look = shape.look
    if not look.date_format.startswith("%d/%m/%Y"):
        return _dated(shape, look, rows, known & exist, days_first + clock, matrix)
    months_first, swapped_exist = _days(year, parts["d"], parts["m"])
    swapped = replace(look, date_format=look.date_format.replace("%d/%m", "%m/%d"))
    both = known & exist & swapped_exist
    return [
        *_dated(shape, look, rows, known & exist & ~both, days_first + clock, matrix),
        *_dated(shape, swapped, rows, known & swapped_exist & ~both, months_first + clock, matrix),
        *_dated(shape, replace(look, tag="both"), rows, both, days_first + clock, matrix),
        *_dated(shape, replace(swapped, tag="also"), rows, both, months_first + clock, matrix),
    ]


def _figures(matrix: Any, span: tuple[int, int]) -> Any:
    value = np.zeros(len(matrix), np.int64)
    for place in range(*span):
        value = value * 10 + (matrix[:, place] & 15)
    return value


def _days(year: Any, month: Any, day: Any) -> tuple[Any, Any]:
    """Return microseconds since 1970 of each day, and whether it exists."""
    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return days.astype("datetime64[us]").astype(np.int64), exists


def _clock(shape: _Shape, parts: Mapping[str, Any], matrix: Any) -> tuple[Any, Any]:
    """Return the microseconds of each time of day, offset taken off, and whether it exists."""
    none = np.zeros(len(matrix), np.int64)
    if "H" not in parts:
        return none, none == 0
    hour, minute, second = parts["H"], parts["M"], parts.get("S", none)
    offset_hour, offset_minute = parts.get("oh", none), parts.get("om", none)
    exists = (hour < 24) & (minute < 60) & (second < 60) & (offset_hour < 24) & (offset_minute < 60)
    offset = (offset_hour * 60 + offset_minute) * (-1 if "minus" in shape.spans else 1)
    micro = none
    if "f" in shape.spans:
        start, end = shape.spans["f"]
        micro = _figures(matrix, (start + 1, end)) * 10 ** (7 - (end - start))
    return ((hour * 60 + minute - offset) * 60 + second) * 1_000_000 + micro, exists


def _dated(shape: _Shape, look: Look, rows: Indexes, where: Any, keys: Any, matrix: Any) -> list[Sighting]:
    at = np.flatnonzero(where)
    if not at.size:
        return []
    kept = keys[at]
    low, high = at[int(kept.argmin())], at[int(kept.argmax())]
    return [
        Sighting(
            look,
            rows[at],
            (int(keys[low]), _iso(shape, look, matrix[low])),
            (int(keys[high]), _iso(shape, look, matrix[high])),
        )
    ]


def _iso(shape: _Shape, look: Look, row: Any) -> str:
    """Return one cell in ISO form."""
    text = row.tobytes().decode("ascii")
    part = {name: text[slice(*span)] for name, span in shape.spans.items()}
    year = part.get("Y") or (("20" if int(part["y"]) < 69 else "19") + part["y"])
    day, month = (part["m"], part["d"]) if look.date_format.startswith("%m") else (part["d"], part["m"])
    date = f"{year}-{month:0>2}-{day:0>2}"
    if "H" not in part:
        return date
    return f"{date}T{part['H']:0>2}:{part['M']}:{part.get('S', '00')}{part.get('f', '')}{part.get('z', '')}"


# --- points ---------------------------------------------------------------------------------------------------------

_FRENCH_LATITUDES, _FRENCH_LONGITUDES = (41, 51), (-6, 10)


def _points(shape: _Shape, rows: Indexes, matrix: Any) -> list[Sighting]:
    """Return the points by the order of their coordinates, when it can be told: in mainland France, it can."""
    first, second = (_degrees(matrix, shape.spans[name]) for name in ("a", "b"))
    lon_lat, lat_lon = (abs(first) < 180) & (abs(second) < 90), (abs(first) < 90) & (abs(second) < 180)
    sure_lat_lon = lat_lon & (~lon_lat | (_within(first, _FRENCH_LATITUDES) & _within(second, _FRENCH_LONGITUDES)))
    sure_lon_lat = lon_lat & (~lat_lon | (_within(first, _FRENCH_LONGITUDES) & _within(second, _FRENCH_LATITUDES)))
    unsure = (lon_lat | lat_lon) & ~sure_lat_lon & ~sure_lon_lat
    named = (("lat,lon", sure_lat_lon), ("lon,lat", sure_lon_lat), ("", unsure))
    return [Sighting(Look("geopoint", tag=tag), rows[where]) for tag, where in named if where.any()]


def _degrees(matrix: Any, span: tuple[int, int]) -> Any:
    start, end = span
    negative = matrix[0, start] == 45
    whole = _figures(matrix, (start + int(negative), end))
    return -whole if negative else whole


def _within(values: Any, bounds: tuple[int, int]) -> Any:
    return (values >= bounds[0]) & (values <= bounds[1])
