"""Judges each row as a whole: its position, its address, its commune and what its columns say of one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.folding import fold
from opendata_check.standards.bal import geodesy
from opendata_check.standards.bal.communes import Extent
from opendata_check.standards.bal.sheet import TOPONYM, UNREAD, Column, Mask, Sheet

_TOLERANCE = 10.0
"""Metres between long/lat and x/y that the published validator allows."""
_MARGIN = 0.002
"""Degrees (about 200 m) around the box of a commune: an address may stand on its edge."""


def judge(sheet: Sheet) -> None:
    """Note what is wrong between the columns of a row."""
    sheet.findings.rows("row.adresse_incomplete", (sheet.numero == UNREAD) | ~sheet.has_voie)
    sheet.findings.rows("row.commune_manquante", ~sheet.has_key & (sheet.commune == UNREAD))
    numbered = (sheet.numero > 0) & (sheet.numero != TOPONYM)
    sheet.findings.rows("row.position_manquante", numbered & ~sheet.filled("position"))
    _coordinates(sheet, numbered)
    _extent(sheet)
    _hamlet(sheet)
    _official_name(sheet)
    _delegated(sheet)


def _coordinates(sheet: Sheet, numbered: Mask) -> None:
    missing = ~(sheet.filled("long") & sheet.filled("lat"))
    sheet.findings.rows("row.longlat_vides", numbered & missing)
    given = ~(np.isnan(sheet.long) | np.isnan(sheet.lat))  # a number too big to hold is a point all the same
    nowhere = given & ~geodesy.in_france(sheet.long, sheet.lat)
    nowhere |= missing & ~numbered & (sheet.numero != TOPONYM)
    _note_points(sheet, "row.longlat_invalides", nowhere)
    same = geodesy.agree(sheet.long, sheet.lat, sheet.x, sheet.y, _TOLERANCE)
    _note_points(sheet, "row.longlat_xy_incoherents", ~same)


def _note_points(sheet: Sheet, code: str, where: Mask) -> None:
    """Note rows with their long and lat as written, when the file has both."""
    if where.any():
        long, lat = sheet.text("long"), sheet.text("lat")
        texts = None if long is None or lat is None else pc.binary_join_element_wise(long, lat, " ")
        sheet.findings.rows(code, where, texts)


def _extent(sheet: Sheet) -> None:
    """Note points out of their commune's box."""
    known = (sheet.commune != UNREAD) & np.isfinite(sheet.long) & np.isfinite(sheet.lat)
    if sheet.communes.extent_of is None or not known.any():
        return
    nowhere: Extent = (-np.inf, -np.inf, np.inf, np.inf)
    boxes = np.array([sheet.communes.extent(code) or nowhere for code in sheet.commune_codes], np.float64)
    west, south, east, north = boxes[np.maximum(sheet.commune, 0)].T
    outside = (sheet.long < west - _MARGIN) | (sheet.long > east + _MARGIN)
    outside |= (sheet.lat < south - _MARGIN) | (sheet.lat > north + _MARGIN)
    outside &= known & geodesy.in_france(sheet.long, sheet.lat)
    _note_points(sheet, "row.position_hors_commune", outside)


def _hamlet(sheet: Sheet) -> None:
    hamlet = sheet.columns.get("lieudit_complement_nom")
    if hamlet is None or sheet.place is None or not hamlet.filled.any():
        return
    rows = np.flatnonzero(hamlet.filled)
    taken = pa.array(rows)
    same = pc.equal(plain(hamlet.text.take(taken)), plain(sheet.place.text.take(taken)))
    repeated = np.zeros(sheet.size, np.bool_)
    repeated[rows] = same.to_numpy(zero_copy_only=False)
    sheet.findings.rows("row.voie_nom_have_same_lieudit_complement_nom", repeated, hamlet.text)


def plain(texts: Any) -> Any:
    """Return names (Arrow) without case, accents nor punctuation, to compare them."""
    letters = pc.replace_substring_regex(pc.utf8_normalize(pc.utf8_lower(texts), "NFKD"), r"\p{M}+", "")
    return pc.utf8_trim(pc.replace_substring_regex(letters, r"[^\p{L}\p{N}]+", " "), " ")


def pairs(sheet: Sheet, column: Column, judged: Callable[[str, str], bool]) -> Mask:
    """Return where ``judged(commune code, value)`` holds; it is asked once for each pair met."""
    words, count = column.words.to_pylist(), len(column.words)
    rows = np.flatnonzero((sheet.commune != UNREAD) & column.filled)
    found = np.zeros(sheet.size, np.bool_)
    both, which = np.unique(sheet.commune[rows].astype(np.int64) * count + column.codes[rows], return_inverse=True)
    asked = [judged(sheet.commune_codes[pair // count], words[pair % count]) for pair in both.tolist()]
    found[rows] = np.array(asked, np.bool_)[which]
    return found


def _spelled(name: str) -> str:
    return name.replace("’", "'")


def _official_name(sheet: Sheet) -> None:
    column = sheet.columns.get("commune_nom")
    if sheet.communes.official_name is None or column is None:
        return
    names = {code: sheet.communes.name(code) for code in sheet.commune_codes}

    def other(code: str, name: str) -> bool:
        return bool(names[code]) and _spelled(name) != _spelled(names[code])

    wrong = pairs(sheet, column, other)
    due = [names[sheet.commune_codes[place]] for place in sheet.commune[wrong].tolist()]

    def spelled_otherwise(values: list[str]) -> list[str]:
        """Return the official name of the same name; of another one, who knows whether name or code is wrong."""
        return [right if fold(value) == fold(right) else "" for value, right in zip(values, due, strict=True)]

    sheet.findings.rows("row.commune_nom_invalide", wrong, column.text, spelled_otherwise)


def _delegated(sheet: Sheet) -> None:
    """Note delegated communes that became part of another commune than the row's ``commune_insee``."""
    column = sheet.columns.get("commune_deleguee_insee")
    if column is None or sheet.communes.current_of is None or not column.filled.any():
        return

    def elsewhere(commune: str, delegated: str) -> bool:
        return sheet.communes.successor(delegated.upper()) not in ("", commune)

    sheet.findings.rows("row.chef_lieu_invalide", pairs(sheet, column, elsewhere), column.text)
