"""Reads coordinates written in a table's cells: numbers, degrees and minutes, pairs, WKT and GeoJSON; vectorised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.inspection.batch import ColumnBatch, Mask

Floats = np.ndarray[Any, np.dtype[np.float64]]
"""Shape (n,): one number per distinct value; NaN where there is none."""

_TOO_LARGE = 1e9
_SPACES = r"[ \x{00A0}\x{202F}]"
_NUMBER = rf"[+-]?(?:\d{{1,3}}(?:{_SPACES}\d{{3}})+|\d{{1,9}})(?:[.,]\d{{0,30}})?(?:[eE][+-]?\d{{1,2}})?"
_PLAIN = r"[+-]?\d{1,9}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,2})?"
_COMMA = r"[+-]?\d{1,9},\d{1,30}"
_IS_NUMBER = f"^{_NUMBER}$"
_SEXAGESIMAL = (
    r"^(?P<before>[NSEWOnsewo]?)\s*(?P<d>\d{1,3})\s*[°º]\s*(?:(?P<m>\d{1,2}(?:[.,]\d{1,12})?)\s*['’′´]?)?\s*"
    r"(?:(?P<s>\d{1,2}(?:[.,]\d{1,12})?)\s*(?:[\"”″]|''|’’|′′)?)?\s*(?P<after>[NSEWOnsewo]?)$"
)
# Each with « a » then « b »; the order of the two is a matter of label, but for well-known text and GeoJSON (x then y).
_PAIR = rf"^[\[(]?\s*(?P<a>{_PLAIN})\s*[,;/ ]\s*(?P<b>{_PLAIN})\s*[\])]?$"
_COMMA_PAIR = rf"^[\[(]?\s*(?P<a>{_COMMA})\s*(?:[;/ ]|,\s)\s*(?P<b>{_COMMA})\s*[\])]?$"
_WKT = (
    rf"(?i)^(?:SRID=\d{{1,6}};\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:ZM|Z|M)?\s*\(+\s*"
    rf"(?P<a>{_PLAIN})\s+(?P<b>{_PLAIN})"
)
_GEOJSON = rf'^\{{.{{0,200}}"coordinates"\s*:\s*\[[\[\s]*(?P<a>{_PLAIN})\s*,\s*(?P<b>{_PLAIN})'
_NAMED = rf'^\{{\s*"lon(?:gitude|g)?"\s*:\s*(?P<a>{_PLAIN})\s*,\s*"lat(?:itude)?"\s*:\s*(?P<b>{_PLAIN})\s*\}}$'
_NAMED_TURNED = rf'^\{{\s*"lat(?:itude)?"\s*:\s*(?P<b>{_PLAIN})\s*,\s*"lon(?:gitude|g)?"\s*:\s*(?P<a>{_PLAIN})\s*\}}$'


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the distinct values of a column say as numbers."""

    values: Floats
    commas: Mask
    """Written with a decimal comma."""
    sexagesimal: Mask
    """Written in degrees and minutes."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the distinct values of a column say as positions."""

    first: Floats
    second: Floats
    in_order: Mask
    """True where the writing itself says that x comes first (WKT, GeoJSON)."""
    commas: Mask


def numbers(column: ColumnBatch) -> Numbers:
    """Return the numbers of a column, degrees and minutes turned into degrees."""
    count = len(column.values)
    commas = np.zeros(count, dtype=np.bool_)
    whole = _all_plain(column)
    if whole is not None:
        return Numbers(whole, commas, commas)
    values = np.full(count, np.nan)
    plain = column.matching(_IS_NUMBER, column.filled)
    if plain.any():
        texts = column.trimmed.take(pa.array(np.flatnonzero(plain)))
        commas[plain] = _mask(pc.match_substring(texts, ","))
        values[plain] = _floats(pc.replace_substring_regex(texts, pattern=_SPACES, replacement=""))
    odd = column.filled & ~plain
    if odd.any() and (column.holds("'") or _mask(pc.match_substring_regex(column.trimmed, "[°º]")).any()):
        places = np.flatnonzero(odd)
        values[places] = _sexagesimal(column.trimmed.take(pa.array(places)))
    return Numbers(values, commas, odd & np.isfinite(values))


def _all_plain(column: ColumnBatch) -> Floats | None:
    """Return the numbers of a column whose every filled cell is a plain one: nearly all are, and it is much faster."""
    try:
        values = _floats(column.trimmed, commas=False)
    except pa.ArrowInvalid:
        return None
    values[np.abs(values) >= _TOO_LARGE] = np.nan
    return values


def pairs(column: ColumnBatch) -> Pairs:
    """Return the positions of a column: of a line or a polygon, its first position."""
    count = len(column.values)
    first, second = np.full(count, np.nan), np.full(count, np.nan)
    in_order, commas = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    left = column.filled.copy()
    for pattern, ordered, with_commas in (
        (_PAIR, False, False),
        (_WKT, True, False),
        (_GEOJSON, True, False),
        (_NAMED, True, False),
        (_NAMED_TURNED, True, False),
        (_COMMA_PAIR, False, True),
    ):
        if not left.any():
            break
        matched = column.matching(pattern, left)
        if not matched.any():
            continue
        places = np.flatnonzero(matched)
        parts = pc.extract_regex(column.trimmed.take(pa.array(places)), pattern=pattern)
        first[places], second[places] = _floats(pc.struct_field(parts, "a")), _floats(pc.struct_field(parts, "b"))
        in_order[places], commas[places] = ordered, with_commas
        left &= ~matched
    return Pairs(first, second, in_order, commas)


def most_decimals(column: ColumnBatch, among: Mask) -> int:
    """Return the digits after the point of the most precise number chosen."""
    if not among.any():
        return 0
    texts = column.trimmed.take(pa.array(np.flatnonzero(among)[:20_000]))
    digits = pc.struct_field(pc.extract_regex(texts, pattern=r"[.,](?P<digits>\d+)"), "digits")
    return int(pc.max(pc.utf8_length(digits)).as_py() or 0)


def _sexagesimal(texts: Any) -> Floats:
    parts = pc.extract_regex(texts, pattern=_SEXAGESIMAL)
    degrees, minutes, seconds = (_floats(pc.struct_field(parts, name), empty=0.0) for name in ("d", "m", "s"))
    read = _mask(pc.is_valid(parts))
    side = pc.binary_join_element_wise(pc.struct_field(parts, "before"), pc.struct_field(parts, "after"), "")
    negative = _mask(pc.fill_null(pc.match_substring_regex(side, "[SWOswo]"), False))
    value = (degrees + minutes / 60 + seconds / 3600) * np.where(negative, -1.0, 1.0)
    return np.where(read & (minutes < 60) & (seconds < 60), value, np.nan)


def _floats(texts: Any, empty: float = np.nan, *, commas: bool = True) -> Floats:
    """Return texts as floats, ``empty`` where there is none. Raises ArrowInvalid for one that is no number."""
    dotted = pc.replace_substring(texts, ",", ".") if commas else texts
    dotted = pc.if_else(pc.equal(pc.fill_null(dotted, ""), ""), None, dotted)
    values = pc.fill_null(pc.cast(dotted, pa.float64()), empty).to_numpy(zero_copy_only=False)
    return np.array(values, dtype=np.float64)


def _mask(values: Any) -> Mask:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.bool_)
