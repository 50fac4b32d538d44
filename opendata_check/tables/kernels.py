"""Column tests over whole batches: each tells the cells it cannot vouch for, and never misses a faulty one.

A kernel works on the bytes of a column as Arrow holds them (one buffer, one offset a cell) with numpy, without a Python
loop over cells. Those it does not clear go to the exact reader, whose verdict stands: a kernel may be too severe, which
only costs time, never too lenient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.model.schema import CustomCheck, Field
from opendata_check.tables.ambiguity import CATEGORIES, parse, safe_length
from opendata_check.tables.exact import missing_values_of
from opendata_check.tables.patterns import LONGEST_PATTERN, anchored, compiled
from opendata_check.tables.value_checks import VALUE_CHECKS

Indexes = Any
"""A numpy array of cell indexes, in increasing order."""
Bytes = Any
"""A numpy array of bytes."""

_NOTHING = np.empty(0, np.int64)
_TILE = 512
_LONGEST_NUMBER = 15
"""Digits and marks up to which a float says which of two decimals is larger."""
_LONGEST_FIXED = 64
_FEW_LEFT = 20
"""The first way to read a pattern serves while it leaves one cell in twenty at most."""
_DAYS = np.zeros(100, np.uint8)
_DAYS[1:13] = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MIX_1, _MIX_2, _MIX_3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)


class Column:
    """The cells of one column in one batch, as bytes."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.size = len(array)
        _, offsets, data = array.buffers()
        self.offsets = np.frombuffer(offsets, np.int32)[array.offset : array.offset + self.size + 1]
        whole = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
        self.start = int(self.offsets[0]) if self.size else 0
        self.data = whole[self.start : int(self.offsets[-1])] if self.size else whole[:0]
        self._lengths: Any = None
        self._empty: Any = None

    @property
    def lengths(self) -> Any:
        """Bytes of each cell."""
        if self._lengths is None:
            self._lengths = np.diff(self.offsets)
        return self._lengths

    @property
    def empty(self) -> Indexes:
        """Cells of no length."""
        if self._empty is None:
            self._empty = np.flatnonzero(self.lengths == 0)
        return self._empty

    def cells_of_bytes(self, positions: Any) -> Indexes:
        """Return the cells that hold the bytes at these positions of ``data``."""
        return np.unique(np.searchsorted(self.offsets, positions + self.start, "right") - 1)

    def fixed(self, width: int) -> tuple[Bytes, Indexes | None, Indexes]:
        """Return the cells of one width as a matrix, their indexes (None for all), and the others, empty ones apart."""
        lengths = self.lengths
        if self.data.size == width * self.size and bool((lengths == width).all()):
            return self.data.reshape(self.size, width), None, _NOTHING
        right = np.flatnonzero(lengths == width)
        others = np.flatnonzero((lengths != width) & (lengths != 0))
        if not others.size:
            return self.data.reshape(-1, width), right, others
        starts = self.offsets[right].astype(np.int64) - self.start
        if others.size < 64:
            # A few odd cells are cut out of the buffer: cheaper than gathering all the others one by one.
            keep = np.ones(self.data.size, bool)
            for index in others.tolist():
                keep[self.offsets[index] - self.start : self.offsets[index + 1] - self.start] = False
            return self.data[keep].reshape(-1, width), right, others
        return self.data[starts[:, None] + np.arange(width)], right, others


Kernel = Callable[[Column], Indexes | None]
"""Returns the cells that must be judged exactly, or None for all of them."""


def kernel_of(field: Field, missing_values: tuple[str, ...], checks: Sequence[CustomCheck]) -> Kernel:
    """Return the fastest kernel that is sure of itself for a field, with the schema's checks on its column."""
    missing = missing_values_of(field, missing_values)
    base = _base_kernel(field, [check for check in checks if check.name in VALUE_CHECKS])
    if base is None:
        return lambda column: None
    tokens = sorted(missing - {""})
    if field.required:
        return _with_required(base, pa.array(tokens, pa.string()) if tokens else None)
    if "" not in missing:
        # An empty cell is then a value like another: the exact reader knows which.
        return lambda column: _union(base(column), column.empty)
    return base


def _with_required(base: Kernel, tokens: Any) -> Kernel:
    def suspects(column: Column) -> Indexes | None:
        found = _union(base(column), column.empty)
        if found is None or tokens is None:
            return found
        said = pc.is_in(column.array, value_set=tokens)
        return _union(found, np.flatnonzero(np.asarray(said))) if pc.any(said).as_py() else found

    return suspects


def _union(first: Indexes | None, second: Indexes) -> Indexes | None:
    if first is None:
        return None
    if not second.size:
        return first
    return np.union1d(first, second) if first.size else second


def _base_kernel(field: Field, checks: Sequence[CustomCheck]) -> Kernel | None:
    """Return the kernel of values; empty cells are cleared by it, since the caller looks at them."""
    constraints = {k: v for k, v in field.constraints.items() if v is not None and k not in ("required", "unique")}
    if checks:
        return _checked(field, constraints, [check.name for check in checks])
    if field.type == "string":
        return _text_kernel(field, constraints)
    if field.type == "date" and field.format == "default" and not constraints:
        return _date
    if field.type in ("number", "integer"):
        return _number_kernel(field, constraints)
    if field.type == "year" and not constraints:
        return _fixed_kernel([(48, 57)] * 4)
    if field.type == "datetime" and field.format == "default" and not constraints:
        return _datetime
    return None


def _text_kernel(field: Field, constraints: dict[str, Any]) -> Kernel | None:
    if "enum" in constraints:
        return None
    if field.format == "default":
        if not constraints:
            return lambda column: _NOTHING
        lengths = _length_kernel(constraints)
        if "pattern" not in constraints:
            return lengths
        return _both(_pattern_kernel(constraints["pattern"]), lengths)
    of_format = {"uri": _uri, "email": _email_kernel(), "uuid": _fixed_kernel(_UUID_RANGES, _hexadecimal)}.get(
        field.format
    )
    if of_format is None or "pattern" in constraints:
        return None
    return _both(of_format, _length_kernel(constraints)) if constraints else of_format


def _both(first: Kernel | None, second: Kernel | None) -> Kernel | None:
    if first is None or second is None:
        return None

    def suspects(column: Column) -> Indexes | None:
        found = second(column)
        return None if found is None else _union(first(column), found)

    return suspects


def _length_kernel(constraints: dict[str, Any]) -> Kernel | None:
    """A cell has at most as many characters as bytes, and at least a quarter of them."""
    longest, shortest = constraints.get("maxLength"), constraints.get("minLength", 0)
    if not all(type(bound) is int for bound in (longest or 0, shortest)):
        return None  # the exact reader will say that the schema makes no sense

    def suspects(column: Column) -> Indexes:
        wrong = None
        if longest is not None:
            wrong = column.lengths > longest
        if shortest > 0:
            few = (column.lengths < 4 * shortest) & (column.lengths > 0)
            if few.any():
                plain = column.data.size == 0 or int(column.data.max()) < 128
                few = (column.lengths < shortest) & (column.lengths > 0) if plain else few
            wrong = few if wrong is None else wrong | few
        return _NOTHING if wrong is None else np.flatnonzero(wrong)

    return suspects


# --- cells of one width ---------------------------------------------------------------------------------------------

_Ranges = list[tuple[int, int]]
_UUID_RANGES: _Ranges = [(45, 45) if i in (8, 13, 18, 23) else (48, 102) for i in range(36)]


def _hexadecimal(matrix: Bytes) -> Any:
    """Tell the rows whose bytes between « 0 » and « f » are not all hexadecimal digits."""
    bad = ((matrix > 57) & (matrix < 65)) | ((matrix > 70) & (matrix < 97))
    return bad.any(axis=1)


def _fixed_kernel(ranges: _Ranges, also: Callable[[Bytes], Any] | None = None) -> Kernel:
    """Clear the cells whose every byte is in the range of its position; ``also`` tells rows to leave out."""
    width = len(ranges)
    low = np.array([low for low, _ in ranges], np.uint8)
    span = np.array([high - low for low, high in ranges], np.uint8)
    tiled_low, tiled_span = np.tile(low, _TILE), np.tile(span, _TILE)

    def suspects(column: Column) -> Indexes:
        matrix, rows, others = column.fixed(width)
        bad = _out_of_range(matrix, low, span, tiled_low, tiled_span)
        if also is not None:
            more = np.flatnonzero(also(matrix))
            bad = np.union1d(bad, more) if more.size else bad
        if rows is not None and bad.size:
            bad = rows[bad]
        return np.union1d(bad, others) if others.size else bad

    return suspects


def _out_of_range(matrix: Bytes, low: Any, span: Any, tiled_low: Any, tiled_span: Any) -> Indexes:
    """Return the rows with a byte out of its range; long rows of bytes make numpy's inner loop long."""
    count, width = matrix.shape
    whole = count - count % _TILE
    found = []
    if whole:
        flat = np.ascontiguousarray(matrix[:whole]).reshape(-1, _TILE * width)
        over = (flat - tiled_low) > tiled_span
        if over.any():
            found.append(np.unique(np.flatnonzero(over) // width))
    if whole < count:
        over = (matrix[whole:] - low) > span
        if over.any():
            found.append(np.flatnonzero(over.any(axis=1)) + whole)
    return np.concatenate(found) if found else _NOTHING


_DATE_RANGES: _Ranges = [(48, 57)] * 4 + [(45, 45)] + [(48, 57)] * 2 + [(45, 45)] + [(48, 57)] * 2


def _bad_date(matrix: Bytes) -> Any:
    """Tell the rows whose month or day does not exist; the 29th of February and years before 1000 are left out too."""
    month = (matrix[:, 5] & 15) * np.uint8(10) + (matrix[:, 6] & 15)
    day = (matrix[:, 8] & 15) * np.uint8(10) + (matrix[:, 9] & 15)
    return (day - np.uint8(1) >= _DAYS[np.minimum(month, 99)]) | (matrix[:, 0] == 48)


_date = _fixed_kernel(_DATE_RANGES, _bad_date)

_CLOCK: _Ranges = [(84, 84), (48, 50), (48, 57), (58, 58), (48, 53), (48, 57), (58, 58), (48, 53), (48, 57)]
_OFFSET: _Ranges = [(43, 45), (48, 49), (48, 57), (58, 58), (48, 53), (48, 57)]


def _bad_moment(matrix: Bytes) -> Any:
    bad = _bad_date(matrix) | ((matrix[:, 11] == 50) & (matrix[:, 12] > 51))
    if matrix.shape[1] == 25:
        bad |= (matrix[:, 19] == 44) | ((matrix[:, 20] == 49) & (matrix[:, 21] > 50))
    return bad


_MOMENTS = {
    19: _fixed_kernel(_DATE_RANGES + _CLOCK, _bad_moment),
    20: _fixed_kernel([*_DATE_RANGES, *_CLOCK, (90, 90)], _bad_moment),
    25: _fixed_kernel(_DATE_RANGES + _CLOCK + _OFFSET, _bad_moment),
}


def _datetime(column: Column) -> Indexes | None:
    filled = column.lengths[column.lengths > 0]
    kernel = _MOMENTS.get(int(filled[0])) if filled.size else None
    return kernel(column) if kernel is not None else (None if filled.size else _NOTHING)


# --- patterns -------------------------------------------------------------------------------------------------------


def _pattern_kernel(pattern: Any) -> Kernel | None:
    """Return a kernel for a pattern over plain characters, or None when only the exact reader can tell."""
    try:
        expression = anchored(pattern)
        tree = parse(expression)
        fits = compiled(expression).match
    except (re.error, RecursionError, OverflowError, TypeError):
        return None
    if len(pattern) > LONGEST_PATTERN or tree.state.flags & ~re.UNICODE.value:
        return None
    way = _first_way(tree)
    first = _way_kernel(way) if way is not None else None
    if first is not None and way is not None and way.only:
        return first
    atoms = _atoms(tree)
    if atoms is None:
        return None
    longest = safe_length(tree)
    by_shape = _shape_kernel(
        _classes(atoms), lambda shape: (longest is None or len(shape) <= longest) and fits(shape) is not None
    )
    return by_shape if first is None else _mostly(first, by_shape)


def _mostly(first: Kernel, otherwise: Kernel) -> Kernel:
    """Try the first way to read a pattern; when it leaves too many cells, all are read the other way from then on."""
    tries = True

    def suspects(column: Column) -> Indexes | None:
        nonlocal tries
        if tries:
            found = first(column)
            if found is not None and found.size * _FEW_LEFT <= column.size:
                return found
            tries = False
        return otherwise(column)

    return suspects


@dataclass(frozen=True)
class _Way:
    """One way to fit a pattern of one width: the bytes allowed at each position."""

    sets: tuple[frozenset[int], ...]
    only: bool = True
    """False when the pattern has other ways."""


def _way_kernel(way: _Way) -> Kernel | None:
    """Return the kernel of a way, or None when it is too long."""
    if not 0 < len(way.sets) <= _LONGEST_FIXED:
        return None
    ranges: _Ranges = []
    tables: list[tuple[int, Any]] = []
    for position, allowed in enumerate(way.sets):
        low, high = min(allowed), max(allowed)
        ranges.append((low, high))
        if high - low + 1 > len(allowed):
            refused = np.ones(256, bool)
            refused[sorted(allowed)] = False
            tables.append((position, refused))

    def also(matrix: Bytes) -> Any:
        bad = tables[0][1][matrix[:, tables[0][0]]]
        for position, refused in tables[1:]:
            bad = bad | refused[matrix[:, position]]
        return bad

    return _fixed_kernel(ranges, also if tables else None)


def _first_way(tree: Any) -> _Way | None:
    """Return the first way to fit a pattern, or None when the pattern is not so plain."""
    sets: list[frozenset[int]] = []
    only = True
    for code, argument in tree:
        if code is sre.AT and argument in (sre.AT_BEGINNING, sre.AT_END):
            continue
        if code is sre.MAX_REPEAT:
            low, high, body = argument
            inner = _first_way(body)
            if low != high or inner is None or len(inner.sets) * low > _LONGEST_FIXED:
                return None
            inner = _Way(inner.sets * low, inner.only)
        elif code is sre.SUBPATTERN:
            inner = _first_way(argument[-1]) if not argument[1] and not argument[2] else None
        elif code is sre.BRANCH:
            inner = _first_way(argument[1][0])
            inner = None if inner is None else _Way(inner.sets, only=False)
        else:
            allowed = _bytes_of(code, argument)
            inner = _Way((allowed,)) if allowed else None
        if inner is None:
            return None
        sets += inner.sets
        only = only and inner.only
    return _Way(tuple(sets), only)


def _bytes_of(code: Any, argument: Any) -> frozenset[int] | None:
    """Return the ASCII characters of a set, or None when it holds others: their bytes are several."""
    if code is sre.LITERAL:
        return frozenset({argument}) if argument < 128 else None
    if code is sre.RANGE:
        return frozenset(range(argument[0], argument[1] + 1)) if argument[1] < 128 else None
    if code is sre.CATEGORY:
        return frozenset(range(48, 58)) if argument is sre.CATEGORY_DIGIT else None
    if code is sre.IN:
        parts = [_bytes_of(inner, value) for inner, value in argument]
        return None if None in parts else frozenset(char for part in parts if part for char in part)
    return None


def _atoms(tree: Any) -> list[Callable[[int], bool]] | None:
    """Return the sets of ASCII characters a pattern tells apart, or None when something else than sets decides."""
    atoms: list[Callable[[int], bool]] = []
    for code, argument in tree:
        if code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            inner = _atoms(argument[2])
        elif code is sre.SUBPATTERN:
            inner = _atoms(argument[-1]) if not argument[1] and not argument[2] else None
        elif code is sre.BRANCH:
            branches = [_atoms(branch) for branch in argument[1]]
            inner = None if None in branches else [atom for branch in branches if branch for atom in branch]
        elif code in (sre.ASSERT, sre.ASSERT_NOT):
            inner = _atoms(argument[1])
        elif code is sre.AT:
            inner = (
                [] if argument in (sre.AT_BEGINNING, sre.AT_END, sre.AT_BEGINNING_STRING, sre.AT_END_STRING) else None
            )
        else:
            atom = _atom(code, argument)
            inner = None if atom is None else [atom]
        if inner is None:
            return None
        atoms += inner
    return atoms


def _atom(code: Any, argument: Any) -> Callable[[int], bool] | None:
    if code is sre.LITERAL or code is sre.NOT_LITERAL:
        return lambda char: char == argument
    if code is sre.ANY:
        return lambda char: char == 10
    if code is sre.RANGE:
        return lambda char: bool(argument[0] <= char <= argument[1])
    if code is sre.CATEGORY:
        test = CATEGORIES.get(argument)
        return None if test is None else lambda char: test(chr(char))
    if code is sre.NEGATE:
        return lambda char: False
    if code is sre.IN:
        parts = [_atom(inner, value) for inner, value in argument]
        if any(part is None for part in parts):
            return None
        return lambda char: any(part(char) for part in parts if part is not None)
    return None


def _classes(atoms: Sequence[Callable[[int], bool]]) -> bytes:
    """Return, for each byte, the first character that no atom tells from it; 0xff for what is not ASCII."""
    first: dict[tuple[bool, ...], int] = {}
    table = bytearray(b"\xff" * 256)
    for char in range(128):
        # A line feed before the end is a matter of its own: « $ » lets one through.
        signature = (char == 10, *(atom(char) for atom in atoms))
        table[char] = first.setdefault(signature, char)
    return bytes(table)


_HELD_SHAPES = 4_000_000
"""Bytes of the shapes whose verdict is remembered."""
_SHAPE_BYTES = 100


def _shape_kernel(table: bytes, is_right: Callable[[str], bool]) -> Kernel:
    """Clear the cells whose shape (each character replaced by its class) is right; a shape is judged once."""
    right: dict[bytes, bool] = {b"": True}
    held = 0

    def suspects(column: Column) -> Indexes:
        nonlocal held
        shaped = pa.py_buffer(column.data.tobytes().translate(table))
        offsets = pa.py_buffer(column.offsets - np.int32(column.start)) if column.start else column.array.buffers()[1]
        at = 0 if column.start else column.array.offset
        shapes = pa.Array.from_buffers(pa.binary(), column.size, [None, offsets, shaped], offset=at)
        encoded = shapes.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        if held > _HELD_SHAPES:
            held = 0
            right.clear()
            right[b""] = True
        wrong = np.zeros(len(distinct), bool)
        for index, shape in enumerate(distinct):
            verdict = right.get(shape)
            if verdict is None:
                verdict = right[shape] = b"\xff" not in shape and is_right(shape.decode("ascii"))
                held += len(shape) + _SHAPE_BYTES
            wrong[index] = not verdict
        if not wrong.any():
            return _NOTHING
        return np.flatnonzero(wrong[encoded.indices.to_numpy()])

    return suspects


def _email_kernel() -> Kernel:
    """Whether an address is right depends on where its letters and digits stand, not on which they are.

    But for « -- », which may announce an encoded name (xn--): those addresses are judged one by one.
    """
    table = bytearray(b"\xff" * 256)
    for char in range(128):
        letter = chr(char)
        table[char] = ord("a") if letter.isalpha() else ord("9") if letter.isdigit() else char

    def is_right(shape: str) -> bool:
        import validators

        return "--" not in shape and bool(validators.email(shape))

    return _shape_kernel(bytes(table), is_right)


_HTTPS, _HTTP = np.frombuffer(b"https://", "<u8")[0], np.frombuffer(b"http://\0", "<u8")[0]
_SEVEN = np.uint64((1 << 56) - 1)


def _uri(column: Column) -> Indexes:
    """Clear the addresses in http(s): frictionless asks for a scheme and nothing else."""
    short = np.flatnonzero((column.lengths < 8) & (column.lengths > 0))
    if column.data.size < 8:
        return short
    words = np.ndarray((column.data.size - 7,), "<u8", column.data, 0, (1,))
    starts = np.minimum(column.offsets[:-1] - column.start, column.data.size - 8)
    first = words[starts]
    bad = np.flatnonzero((first != _HTTPS) & ((first & _SEVEN) != _HTTP) & (column.lengths >= 8))
    return np.union1d(bad, short) if short.size else bad


# --- numbers --------------------------------------------------------------------------------------------------------

NOT_NUMERIC = np.ones(256, bool)
"""Bytes that are in no plain number."""
NOT_NUMERIC[[*range(48, 58), 45, 46]] = False
NOT_WHOLE = np.ones(256, bool)
"""Bytes that are in no plain whole number."""
NOT_WHOLE[[*range(48, 58), 45]] = False
_BOUNDS: dict[str, Callable[[Any, float], Any]] = {
    "minimum": lambda values, bound: values < bound,
    "maximum": lambda values, bound: values > bound,
    "exclusiveMinimum": lambda values, bound: values <= bound,
    "exclusiveMaximum": lambda values, bound: values >= bound,
}


def _number_kernel(field: Field, constraints: dict[str, Any]) -> Kernel | None:
    if {"decimalChar", "groupChar", "bareNumber"} & field.options.keys() or not constraints.keys() <= _BOUNDS.keys():
        return None
    bounds: list[tuple[str, float]] = []
    for name, value in constraints.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or len(str(value)) > _LONGEST_NUMBER:
            return None
        if not np.isfinite(value) or (field.type == "integer" and value != int(value)):
            return None
        bounds.append((name, float(value)))
    refused = NOT_WHOLE if field.type == "integer" else NOT_NUMERIC

    def suspects(column: Column) -> Indexes | None:
        odd, values, rows = numbers_of(column, refused)
        if values is None:
            return None
        bad = np.zeros(len(values), bool)
        for name, bound in bounds:
            bad |= _BOUNDS[name](values, bound)
        if not bad.any():
            return odd
        return np.union1d(odd, rows[bad])

    return suspects


def numbers_of(column: Column, refused: Any = NOT_NUMERIC) -> tuple[Indexes, Any, Indexes]:
    """Return the cells that are not plain numbers, the values of the others (None if they do not read), their indexes.

    Plain: digits, a point and a minus only, 15 bytes at most. Empty cells are in neither.
    """
    bad_bytes = refused[column.data]
    odd = column.cells_of_bytes(np.flatnonzero(bad_bytes)) if bad_bytes.any() else _NOTHING
    long = np.flatnonzero(column.lengths > _LONGEST_NUMBER)
    if long.size:
        odd = np.union1d(odd, long)
    plain = np.ones(column.size, bool)
    plain[odd] = False
    plain[column.empty] = False
    rows = np.flatnonzero(plain)
    chosen = column.array if rows.size == column.size else column.array.filter(pa.array(plain))
    try:
        values = chosen.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return odd, None, rows
    return odd, values, rows


# --- checks of French schemas ---------------------------------------------------------------------------------------


_SIRET = 14


def _checked(field: Field, constraints: dict[str, Any], names: list[str]) -> Kernel | None:
    """Return a kernel for a column of SIRET or SIREN; other checks go value by value."""
    width = {"french-siret-value": _SIRET, "french-siren-value": 9}.get(names[0]) if len(names) == 1 else None
    if width is None or field.type != "string" or field.format != "default" or "enum" in constraints:
        return None
    digits = _fixed_kernel([(48, 57)] * width, _wrong_key)
    others = _text_kernel(field, constraints) if constraints else None
    return _both(others, digits) if constraints else digits


_LA_POSTE = np.frombuffer(b"356000000", np.uint8)


def _wrong_key(matrix: Bytes) -> Any:
    """Tell the rows of digits whose Luhn key is wrong, that of the SIREN in a SIRET included.

    La Poste's offices have another key: they are told too, to be judged exactly.
    """
    wrong = _wrong_luhn(matrix)
    if matrix.shape[1] == _SIRET:
        wrong |= _wrong_luhn(matrix[:, :9]) | (matrix[:, :9] == _LA_POSTE).all(axis=1)
    return wrong


def _wrong_luhn(matrix: Bytes) -> Any:
    digits = matrix & 15
    total = digits[:, -1::-2].sum(axis=1, dtype=np.uint16)
    doubled = _DOUBLED[digits[:, -2::-2]]
    return (total + doubled.sum(axis=1, dtype=np.uint16)) % 10 != 0


_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9, 0, 0, 0, 0, 0, 0], np.uint8)


# --- hashes of keys -------------------------------------------------------------------------------------------------


_LONGEST_HASHED = 512
"""Bytes of a cell beyond which a hash in C costs less than one eight bytes at a time."""


def hashes_of(column: Column, salt: int) -> tuple[Any, Any]:
    """Return two hashes of each cell's bytes (uint64 and uint32), salted with 64 bits: equal for equal cells."""
    high = np.zeros(column.size, np.uint64)
    low = np.zeros(column.size, np.uint64)
    for row in np.flatnonzero(column.lengths > _LONGEST_HASHED).tolist():
        cell = column.data[column.offsets[row] - column.start : column.offsets[row + 1] - column.start]
        digest = blake2b(cell.tobytes(), digest_size=16, key=salt.to_bytes(8, "little")).digest()
        high[row], low[row] = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")
    with np.errstate(over="ignore"):
        first_width = int(column.lengths[0]) if column.size else 0
        even = column.data.size == first_width * column.size and bool((column.lengths == first_width).all())
        if even and 8 <= first_width <= _LONGEST_HASHED:
            words = _even_words(column.data, column.size, first_width)
            high, low = _hash_words(words, column.size, first_width, np.uint64(salt))
            return high, (low >> np.uint64(32)).astype(np.uint32)
        for width in np.unique(column.lengths[column.lengths <= _LONGEST_HASHED]).tolist():
            rows = np.flatnonzero(column.lengths == width)
            first, second = _hash_fixed(column, rows, int(width), np.uint64(salt))
            high[rows], low[rows] = first, second
    return high, (low >> np.uint64(32)).astype(np.uint32)


def _hash_fixed(column: Column, rows: Indexes, width: int, salt: Any) -> tuple[Any, Any]:
    """Hash cells of one width, wherever they are."""
    starts = column.offsets[:-1][rows].astype(np.int64) - column.start
    return _hash_words(_words(column.data, starts, width), rows.size, width, salt)


def _even_words(data: Bytes, count: int, width: int) -> Any:
    """Yield the words of cells of one width that follow one another, without gathering them."""
    for at in (*range(0, width - 7, 8), *([width - 8] if width % 8 else [])):
        yield np.ndarray((count,), "<u8", data, at, (width,))


def _hash_words(words: Any, count: int, width: int, salt: Any) -> tuple[Any, Any]:
    """Hash cells of one width, eight bytes at a time; the last word overlaps the one before."""
    first = np.full(count, salt ^ np.uint64(width) * _MIX_1, np.uint64)
    second = np.full(count, (salt >> np.uint64(7)) ^ np.uint64(width) * _MIX_2, np.uint64)
    for word in words:
        first = (first ^ word) * _MIX_1
        first ^= first >> np.uint64(29)
        first *= _MIX_2
        first ^= first >> np.uint64(32)
        second = (second + word) * _MIX_3
        second ^= second >> np.uint64(31)
        second *= _MIX_1
    return first, second


def _words(data: Bytes, starts: Any, width: int) -> Any:
    if width >= 8:
        words = np.ndarray((data.size - 7,), "<u8", data, 0, (1,))
        for at in range(0, width - 7, 8):
            yield words[starts + at]
        if width % 8:
            yield words[starts + width - 8]
        return
    word = np.zeros(starts.size, np.uint64)
    for at in range(width):
        word = (word << np.uint64(8)) | data[starts + at].astype(np.uint64)
    yield word
