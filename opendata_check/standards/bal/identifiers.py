"""Judges the identifiers that the Base adresse nationale gives to a commune, a street and an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opendata_check.standards.bal.sheet import TOPONYM, Column, Mask, Sheet, filled, matches

_UUID = (
    "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|00000000-0000-0000-0000-000000000000)"
)
_UUID_SIZE = 36
_KINDS = {"commune": "c", "toponyme": "v", "adresse": "a"}
"""Column ``id_ban_…``, and its letter in ``uid_adresse``: « @c:… @v:… @a:… »."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The identifiers of each row (Arrow texts in lower case, "" where there is none that can be read)."""

    commune: Any
    toponyme: Any
    adresse: Any
    complete: Mask
    """Where a row has all that it needs: a hamlet needs no identifier of address."""


def judge(sheet: Sheet) -> Identifiers | None:
    """Note identifiers that cannot be read and rows that lack one; return them, or None when the batch has none."""
    merged = _merged_cells(sheet)
    found = {}
    for kind in _KINDS:
        column = sheet.columns.get(f"id_ban_{kind}")
        text = _readable(sheet, column) if column and column.filled.any() else None
        other = merged.get(kind)
        if text is not None and other is not None:
            text = pc.if_else(pc.equal(text, ""), other, text)
        found[kind] = other if text is None else text
    if all(text is None for text in found.values()):
        return None
    none = pa.repeat("", sheet.size)
    texts = {kind: none if text is None else text for kind, text in found.items()}
    has = {kind: filled(text) for kind, text in texts.items()}
    complete = has["commune"] & has["toponyme"] & (has["adresse"] | (sheet.numero == TOPONYM))
    sheet.findings.rows("row.lack_of_id_ban", (has["commune"] | has["toponyme"] | has["adresse"]) & ~complete)
    return Identifiers(texts["commune"], texts["toponyme"], texts["adresse"], complete)


def _readable(sheet: Sheet, column: Column) -> Any:
    """Return the identifiers of a column, "" for those that are not."""
    read = matches(column.text, _UUID)
    sheet.findings.cell(column, "type_invalide", column.filled & ~read)
    lower = pc.ascii_lower(column.text)
    return lower if read.all() else pc.if_else(pa.array(read), lower, "")


def _merged_cells(sheet: Sheet) -> dict[str, Any]:
    """Return by kind the identifiers of ``uid_adresse``; a cell with a wrong one gives none."""
    column = sheet.columns.get("uid_adresse")
    if column is None or not column.filled.any():
        return {}
    wrong = np.zeros(sheet.size, np.bool_)
    found = {}
    for kind, letter in _KINDS.items():
        cut = pc.extract_regex(column.text, rf"(?i)@{letter}:(?P<id>\S+)")
        text = pc.ascii_lower(pc.if_else(pc.is_valid(cut), cut.field("id"), ""))
        wrong |= filled(text) & ~matches(text, _UUID)
        found[kind] = text
    sheet.findings.cell(column, "type_invalide", wrong)
    return {kind: pc.if_else(pa.array(wrong), "", text) for kind, text in found.items()}


def hashes(texts: Any) -> NDArray[np.uint64]:
    """Return 64 bits for each identifier, 0 for none: the same for the same one, whatever the batch."""
    has = filled(texts)
    found = np.zeros(len(texts), np.uint64)
    kept = texts.filter(pa.array(has)) if not has.all() else texts
    count = len(kept)
    if count:
        start = int(kept.offset)
        ends = np.frombuffer(kept.buffers()[1], np.int32, count + 1, start * 4)
        letters = np.frombuffer(kept.buffers()[2], np.uint8)[ends[0] : ends[-1]].reshape(count, _UUID_SIZE)
        quads = np.ascontiguousarray(letters[:, :32]).view(np.uint64)
        last = np.ascontiguousarray(letters[:, 32:]).view(np.uint32)[:, 0].astype(np.uint64)
        mixed = last
        for rank in range(4):
            mixed = mix(mixed ^ quads[:, rank])
        found[has] = np.maximum(mixed, np.uint64(1))
    return found


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return 64 well-mixed bits for each 64 bits, one for one (the finalizer of SplitMix64)."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed
