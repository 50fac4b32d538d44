"""Reads the cells of a column as numbers or as days, all at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.inspection.batch import ColumnBatch, Mask

Numbers = np.ndarray[Any, np.dtype[np.float64]]
"""Shape (rows,): NaN where the cell is not a number."""
_NUMBER = r"^[+-]?(?:\d+|[1-9]\d{0,2}(?:[ \x{a0}\x{202f}]\d{3})+)(?:[.,]\d+)?$"
_DAY = r"^(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"


def numeric_values(column: ColumnBatch) -> Mask:
    """Return which distinct values are written as numbers."""
    candidates = column.filled & (column.digits > 0) & (column.lengths <= 24)
    return column.matching(_NUMBER, candidates)


def numbers(column: ColumnBatch, written: Mask) -> Numbers:
    """Return the number of each distinct value that ``written`` chooses, NaN for the others."""
    result = np.full(len(column.values), np.nan)
    if written.any():
        plain = pc.replace_substring_regex(
            column.trimmed.take(pa.array(np.flatnonzero(written))), r"[ \x{a0}\x{202f}+]", ""
        )
        result[written] = pc.cast(pc.replace_substring(plain, ",", "."), pa.float64()).to_numpy()
    return result


def days(column: ColumnBatch) -> Numbers:
    """Return each distinct value as days since 1970, NaN where it is no date (ISO, or day first with 4 figures)."""
    result = np.full(len(column.values), np.nan)
    dated = column.filled & (column.digits >= 6) & (column.lengths >= 8) & (column.lengths <= 40)
    iso = column.matching(r"^\d{4}-\d{2}-\d{2}", dated)
    if iso.any():
        result[iso] = _since(pc.utf8_slice_codeunits(column.trimmed.take(pa.array(np.flatnonzero(iso))), 0, 10))
    french = column.matching(_DAY, dated & ~iso)
    if french.any():
        parts = pc.extract_regex(column.trimmed.take(pa.array(np.flatnonzero(french))), _DAY)
        year, month, day = (pc.struct_field(parts, name) for name in ("year", "month", "day"))
        result[french] = _since(
            pc.binary_join_element_wise(year, pc.utf8_lpad(month, 2, "0"), pc.utf8_lpad(day, 2, "0"), "-")
        )
    return result


def _since(written: pa.StringArray) -> Numbers:
    """Return days since 1970 of ISO dates; NaN for the 30th of February."""
    parsed = pc.strptime(written, format="%Y-%m-%d", unit="s", error_is_null=True)
    real = pc.equal(pc.strftime(parsed, format="%Y-%m-%d"), written)
    seconds = pc.cast(pc.if_else(real, parsed, None), pa.int64())
    return np.asarray(pc.divide(pc.cast(seconds, pa.float64()), 86_400.0).to_numpy(zero_copy_only=False))
