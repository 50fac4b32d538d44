"""Judges ``cle_interop``: commune, street and number joined by underscores, then the suffix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opendata_check.standards.bal.communes import FORMER, NOWHERE
from opendata_check.standards.bal.sheet import UNREAD, Column, Ints, Mask, Sheet, filled, mask_of, matches

_PARTS = 3
_DIGITS = 5
_LONGEST = 18
"""Digits that a 64-bit number holds."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that have their three parts."""

    rows: NDArray[np.intp]
    """Their rows in the batch; what follows is in the same order."""
    commune: Column
    voie: Any
    numero: Any
    suffixe: Any
    """Arrow: what follows the number, its underscores taken out."""


def judge(sheet: Sheet) -> None:
    """Note what is wrong in the keys and between them and their rows, and keep where they can be read."""
    column = sheet.columns.get("cle_interop")
    if column is None or not column.filled.any():
        return
    note = sheet.findings.cell
    capital = mask_of(pc.not_equal(pc.utf8_lower(column.text), column.text))
    note(column, "casse_invalide", capital, lambda values: [value.lower() for value in values])
    keys = _split(column)
    structured = np.zeros(sheet.size, np.bool_)
    structured[keys.rows] = True
    note(column, "structure_invalide", column.filled & ~structured)
    _street(sheet, column, keys)
    numbers = _number(sheet, column, keys)
    sheet.has_key[keys.rows[numbers != UNREAD]] = True
    _commune(sheet, column, keys, numbers != UNREAD)
    differ = (numbers != UNREAD) & (sheet.numero[keys.rows] > 0) & (numbers != sheet.numero[keys.rows])
    sheet.findings.rows("row.incoherence_numero", _on(sheet, keys, differ), column.text)
    _suffix(sheet, column, keys)


def _on(sheet: Sheet, keys: Keys, where: Mask) -> Mask:
    """Return on the batch's rows what was judged on keys."""
    rows = np.zeros(sheet.size, np.bool_)
    rows[keys.rows[where]] = True
    return rows


def _split(column: Column) -> Keys:
    """Cut the keys at their underscores, and keep those with three parts or more, none of them empty."""
    lists = pc.split_pattern(column.text, "_")
    offsets, parts = lists.offsets.to_numpy(), lists.flatten()
    offsets = offsets - offsets[0]
    holes = np.concatenate(([0], np.cumsum(pc.binary_length(parts).to_numpy() == 0)))
    whole = (np.diff(offsets) >= _PARTS) & (holes[offsets[1:]] == holes[offsets[:-1]])
    rows = np.flatnonzero(whole)
    first, second, third = (parts.take(pa.array(offsets[rows] + rank)) for rank in range(_PARTS))
    tail = np.diff(offsets)[rows] > _PARTS
    tails = pc.replace_substring_regex(column.text.take(pa.array(rows[tail])), r"^(?:[^_]*_){3}", "")
    suffix = pc.replace_with_mask(pa.repeat("", len(rows)), pa.array(tail), pc.replace_substring(tails, "_", ""))
    return Keys(rows, Column("cle_interop", "", column.label, pc.utf8_upper(first)), second, third, suffix)


def _street(sheet: Sheet, column: Column, keys: Keys) -> None:
    size = pc.utf8_length(keys.voie).to_numpy()
    sheet.findings.cell(column, "voie_invalide", _on(sheet, keys, size != 4))
    unset = pc.is_in(pc.utf8_lower(keys.voie), value_set=pa.array(["xxxx", "0000"]))
    sheet.findings.cell(column, "voie_non_renseignee", _on(sheet, keys, mask_of(unset)))


def _number(sheet: Sheet, column: Column, keys: Keys) -> Ints:
    """Judge the number of each key, and return it: UNREAD where it is not in digits."""
    digits = matches(keys.numero, "[0-9]+")
    sheet.findings.cell(column, "numero_invalide", _on(sheet, keys, ~digits))
    sizes = pc.binary_length(keys.numero).to_numpy()
    short = digits & (sizes != _DIGITS)
    sheet.findings.cell(column, "numero_prefixe_manquant", _on(sheet, keys, short), _padded)
    small = digits & (sizes <= _LONGEST)
    numbers: Ints = pc.if_else(pa.array(small), keys.numero, str(UNREAD)).cast(pa.int64()).to_numpy()
    return np.where(digits & ~small, np.iinfo(np.int64).max, numbers)


def _padded(values: list[str]) -> list[str]:
    """Return keys with their number on five digits, "" where it is longer already."""
    cut = [value.split("_") for value in values]
    return ["_".join((*k[:2], k[2].zfill(_DIGITS), *k[3:])) if len(k[2]) < _DIGITS else "" for k in cut]


def _commune(sheet: Sheet, column: Column, keys: Keys, readable: Mask) -> None:
    """Judge the commune of each key; it is the row's where ``commune_insee`` says nothing."""
    words: list[str] = keys.commune.words.to_pylist()
    found = np.array([sheet.communes.status(word) for word in words], np.int8)
    sheet.findings.cell(column, "commune_invalide", _on(sheet, keys, keys.commune.spread(found == NOWHERE)))
    sheet.findings.cell(column, "commune_ancienne", _on(sheet, keys, keys.commune.spread(found == FORMER)))
    places: dict[str, int] = {}
    for position, code in enumerate((*sheet.commune_codes, *words)):
        places.setdefault(code, position)
    sheet.commune_codes.extend(words)
    own = np.array([places[word] for word in words], np.int32)[keys.commune.codes]
    theirs = sheet.commune[keys.rows]
    sheet.commune[keys.rows] = np.where((theirs == UNREAD) & readable, own, theirs)
    other = (theirs != UNREAD) & (theirs != own) & readable
    if other.any():
        _other_commune(sheet, column, keys, other)


def _other_commune(sheet: Sheet, column: Column, keys: Keys, other: Mask) -> None:
    """Note keys of another commune than their row's, unless the one became the other."""
    successor, words, count = sheet.communes.successor, keys.commune.words.to_pylist(), len(sheet.commune_codes)
    pairs = keys.commune.codes[other].astype(np.int64) * count + sheet.commune[keys.rows[other]]
    distinct, which = np.unique(pairs, return_inverse=True)
    couples = [(words[pair // count], sheet.commune_codes[pair % count]) for pair in distinct.tolist()]
    apart = [row not in (key, successor(key)) and successor(row) != key for key, row in couples]
    wrong = np.zeros(len(keys.rows), np.bool_)
    wrong[other] = np.array(apart, np.bool_)[which]
    sheet.findings.rows("row.incoherence_commune", _on(sheet, keys, wrong), column.text)


def _suffix(sheet: Sheet, column: Column, keys: Keys) -> None:
    written = sheet.text("suffixe")
    if written is None:
        return
    said = pc.utf8_lower(written.take(pa.array(keys.rows)))
    if not (filled(said).any() or filled(keys.suffixe).any()):
        return
    plain = pc.replace_substring_regex(said, r"[\s_]+", "")
    differ = mask_of(pc.not_equal(plain, pc.utf8_lower(keys.suffixe)))
    sheet.findings.rows("row.incoherence_suffixe", _on(sheet, keys, differ), column.text)
