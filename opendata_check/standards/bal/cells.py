"""Judges each column by itself, on its distinct values wherever they are fewer than the rows."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.folding import fold
from opendata_check.standards.bal import profiles
from opendata_check.standards.bal.communes import FORMER, NOWHERE
from opendata_check.standards.bal.sheet import TOPONYM, UNREAD, Column, Floats, Ints, Mask, Sheet, mask_of, matches

_REQUIRED = frozenset({"cle_interop", "voie_nom", "toponyme", "numero", "commune_insee", "source", "date_der_maj"})
_PLACES = ("voie_nom", "toponyme")
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_NUMBER_WITH_COMMA = r"-?(?:0|[1-9][0-9]*),[0-9]+"
_DECIMAL_ZERO = re.compile(r"([1-9][0-9]{0,4})[.,]0+")
_OLDEST = date(2010, 1, 1)
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.])([0-9]{1,2})\2([0-9]{1,2})")
"""Ways of writing a date that read only one way in France."""


def judge(sheet: Sheet, today: date) -> None:
    """Note what is wrong in each column, and keep what could be read."""
    for column in sheet.columns.values():
        sheet.findings.cell(column, "espaces_debut_fin", column.padded, lambda values: values)
        if column.name in _REQUIRED and column.code == column.name:
            sheet.findings.cell(column, "valeur_manquante", ~column.filled, shown=False)
        if column.name in _PLACES:
            _name(sheet, column)
        elif column.name == "commune_nom":
            _commune_name(sheet, column)
    for name, rule in _RULES.items():
        if name in sheet.columns:
            rule(sheet, sheet.columns[name])
    if "date_der_maj" in sheet.columns:
        _date(sheet, sheet.columns["date_der_maj"], today)
    for name in ("x", "y", "long", "lat"):
        if name in sheet.columns:
            setattr(sheet, name, _coordinate(sheet, sheet.columns[name]))


def _name(sheet: Sheet, column: Column) -> None:
    """Judge the names of streets and hamlets; the first column that gives a usable name is the address's."""
    words = column.words
    size = pc.utf8_length(words).to_numpy()
    short, long = (size > 0) & (size < 3), size > 200
    lost = mask_of(pc.match_substring(words, "\N{REPLACEMENT CHARACTER}")) & ~short & ~long
    usable = (size > 0) & ~short & ~long & ~lost
    shouted = usable & mask_of(pc.equal(pc.utf8_upper(words), words)) & ~mask_of(pc.equal(pc.utf8_lower(words), words))
    underlined = usable & mask_of(pc.match_substring(words, "_"))
    note = sheet.findings.cell
    note(column, "trop_court", column.spread(short))
    note(column, "trop_long", column.spread(long))
    note(column, "caractere_invalide", column.spread(lost))
    note(column, "casse_incorrecte", column.spread(shouted))
    note(column, "contient_tiret_bas", column.spread(underlined), lambda values: [v.replace("_", " ") for v in values])
    if column.code == column.name:
        has_name = column.spread(usable)
        if sheet.place is None:
            sheet.place = column
        elif (has_name & ~sheet.has_voie).any():  # voie_nom on some rows, toponyme on others
            both = pc.if_else(pa.array(sheet.has_voie), sheet.place.text, column.text)
            sheet.place = Column(column.name, "", column.label, both)
        sheet.has_voie |= has_name


def _commune_name(sheet: Sheet, column: Column) -> None:
    words = column.words
    upper, lower = mask_of(pc.equal(pc.utf8_upper(words), words)), mask_of(pc.equal(pc.utf8_lower(words), words))
    sheet.findings.cell(column, "casse_incorrecte", column.spread(upper ^ lower))


def _numero(sheet: Sheet, column: Column) -> None:
    words, note = column.words, sheet.findings.cell
    empty = mask_of(pc.equal(words, ""))
    whole = matches(words, "[0-9]+")
    digits = pc.utf8_ltrim(words, "0")
    big = whole & (pc.binary_length(digits).to_numpy() > len(str(TOPONYM)))
    read = whole & ~big
    padded = whole & mask_of(pc.starts_with(words, "0")) & ~mask_of(pc.equal(words, "0"))
    note(column, "type_invalide", column.spread(~whole & ~empty), _undecimaled)
    note(column, "trop_grand", column.spread(big))
    note(column, "contient_prefixe", column.spread(padded), lambda values: [v.lstrip("0") or "0" for v in values])
    numbers = pc.if_else(pa.array(read), pc.utf8_lpad(digits, 1, "0"), str(UNREAD)).cast(pa.int64()).to_numpy()
    note(column, "not_to_be_zero", column.spread(numbers == 0))
    sheet.numero = numbers[column.codes]


def _undecimaled(values: list[str]) -> list[str]:
    """Return the whole numbers that a spreadsheet wrote with decimals (« 12.0 »), "" for the others."""
    found = (_DECIMAL_ZERO.fullmatch(value) for value in values)
    return [match.group(1) if match else "" for match in found]


def _suffixe(sheet: Sheet, column: Column) -> None:
    words, note = column.words, sheet.findings.cell
    empty = mask_of(pc.equal(words, ""))
    starts = matches(words, "(?s:[0-9A-Za-z].*)")
    long = starts & (pc.utf8_length(words).to_numpy() > 9)
    note(column, "debut_invalide", column.spread(~starts & ~empty))
    note(column, "trop_long", column.spread(long))
    note(column, "caractere_invalide", column.spread(starts & ~long & ~matches(words, r"[0-9A-Za-zÀ-ÖØ-öø-ÿŒœŸ\s]+")))


def _commune_insee(sheet: Sheet, column: Column) -> None:
    words = [word.upper() for word in column.words.to_pylist()]
    found = np.array([sheet.communes.status(word) for word in words], np.int8)
    note = sheet.findings.cell
    padded = sheet.communes.padded
    note(column, "commune_invalide", column.spread(found == NOWHERE) & column.filled, lambda v: list(map(padded, v)))
    note(
        column,
        "commune_ancienne",
        column.spread(found == FORMER),
        lambda values: [sheet.communes.successor(value.upper()) for value in values],
    )
    first: dict[str, int] = {}
    for position, word in enumerate(words):  # 2a004 and 2A004 are one commune
        first.setdefault(word, position)
    positions = np.where(found != NOWHERE, [first[word] for word in words], UNREAD).astype(np.int32)
    sheet.commune_codes = words
    sheet.commune = positions[column.codes]


def _commune_deleguee_insee(sheet: Sheet, column: Column) -> None:
    words = [word.upper() for word in column.words.to_pylist()]
    found = np.array([sheet.communes.status(word) for word in words], np.int8)
    sheet.findings.cell(column, "commune_invalide", column.spread(found == NOWHERE) & column.filled)
    if sheet.communes.delegated:
        other = [
            state != NOWHERE and not sheet.communes.delegated(word) for state, word in zip(found, words, strict=True)
        ]
        sheet.findings.cell(column, "commune_non_deleguee", column.spread(np.array(other, np.bool_)))


def _plain(text: str) -> str:
    """Return a kind of position without accents, case nor punctuation."""
    return " ".join(re.sub(r"\W+", " ", fold(text)).split())


def _position(sheet: Sheet, column: Column) -> None:
    kinds = {_plain(kind): kind for kind in profiles.positions()}
    words: list[str] = column.words.to_pylist()
    meant = [kinds.get(_plain(word), "") if word else "" for word in words]
    unknown = np.array([bool(word) and not kind for word, kind in zip(words, meant, strict=True)], np.bool_)
    loose = [bool(kind) and unicodedata.normalize("NFC", word) != kind for word, kind in zip(words, meant, strict=True)]
    sheet.findings.cell(column, "valeur_invalide", column.spread(unknown))
    sheet.findings.cell(
        column,
        "enum_fuzzy",
        column.spread(np.array(loose, np.bool_)),
        lambda values: [kinds.get(_plain(v), "") for v in values],
    )


def _coordinate(sheet: Sheet, column: Column) -> Floats:
    """Return the numbers of a column of coordinates, NaN where there is none."""
    text, plain = column.text, matches(column.text, _NUMBER)
    if not plain.all():
        comma = matches(text, _NUMBER_WITH_COMMA)
        note = sheet.findings.cell
        note(column, "separateur_decimal_invalide", comma, lambda values: [v.replace(",", ".") for v in values])
        note(column, "valeur_invalide", column.filled & ~plain & ~comma)
        text = pc.if_else(pa.array(plain | comma), pc.replace_substring(text, ",", "."), pa.scalar(None, pa.string()))
    numbers: Floats = text.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return numbers


def _cad_parcelles(sheet: Sheet, column: Column) -> None:
    words = column.words
    bare = pc.utf8_trim(words, "|")
    edged = mask_of(pc.not_equal(bare, words))
    wrong = ~matches(bare, r"[^|]{14,15}(?:\|[^|]{14,15})*") & (pc.binary_length(words).to_numpy() > 0)
    sheet.findings.cell(column, "pipe_debut_fin", column.spread(edged), lambda values: [v.strip("|") for v in values])
    sheet.findings.cell(column, "valeur_invalide", column.spread(wrong))


def _certification(sheet: Sheet, column: Column) -> None:
    sheet.findings.cell(column, "valeur_invalide", column.spread(~matches(column.words, "[01]?")))


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _date(sheet: Sheet, column: Column, today: date) -> None:
    words = column.words
    shaped = matches(words, "[0-9]{4}-[0-9]{2}-[0-9]{2}")
    days = [_read_date(word) for word in words.filter(pa.array(shaped)).to_pylist()]
    ordinals: Ints = np.full(len(words), UNREAD, np.int64)
    ordinals[shaped] = [day.toordinal() if day else UNREAD for day in days]
    wrong: Mask = (ordinals == UNREAD) & (pc.binary_length(words).to_numpy() > 0)
    old = (ordinals != UNREAD) & (ordinals < _OLDEST.toordinal())
    sheet.findings.cell(column, "date_invalide", column.spread(wrong), lambda values: [_reordered(v) for v in values])
    sheet.findings.cell(column, "date_ancienne", column.spread(old))
    sheet.findings.cell(column, "date_future", column.spread(ordinals > today.toordinal()))


def _reordered(text: str) -> str:
    """Return a date as the model writes it, "" when it could be read in several ways or in none."""
    if found := _DAY_FIRST.fullmatch(text):
        day, _, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day = found.groups()
    else:
        return ""
    read = _read_date(f"{year}-{month:0>2}-{day:0>2}")
    return read.isoformat() if read else ""


_RULES: dict[str, Any] = {
    "commune_insee": _commune_insee,
    "commune_deleguee_insee": _commune_deleguee_insee,
    "numero": _numero,
    "suffixe": _suffixe,
    "position": _position,
    "cad_parcelles": _cad_parcelles,
    "certification_commune": _certification,
}
