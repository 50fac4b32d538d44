"""Watches the cells of a table for what spreadsheet programs do to codes, dates and numbers when nobody looks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from opendata_check.inspection.batch import ColumnBatch, Mask, TableBatch
from opendata_check.inspection.labels import identifier_of, words_of
from opendata_check.inspection.rows import RowRecorder
from opendata_check.model.facts import CellDamage
from opendata_check.ranges import column_letter

KINDS = (
    "lost_zero", "scientific", "rounded", "serial_date", "auto_date", "mixed_dates", "grouped", "decimal_comma", "unit",
)  # fmt: skip

# What a code without its first zero looks like.
_SHORTENED = {
    "insee": r"^[1-9]\d{3}$",
    "postcode": r"^[1-9]\d{3}$",
    "siret": r"^[1-9]\d{12}$",
    "siren": r"^[1-9]\d{7}$",
    "phone": r"^[1-9]\d{8}$",
}
_WHOLE = {"insee": 5, "postcode": 5, "siret": 14, "siren": 9, "phone": 10}
"""Characters of each code when it is whole."""
_SCIENTIFIC = r"^[+-]?\d(?:[.,]\d+)?[eE]\+?(?:[6-9]|1\d|2\d)$"
_LONG_NUMBER = r"^[1-9]\d{15,}$"
_ROUNDED = r"^[1-9]\d{14}0+$"
_SERIAL = r"^[2-5]\d{4}$"
"""A day counted from 1900, as a spreadsheet keeps it: 20000 is in 1954, 59999 in 2064."""
_MONTHS = "janv|févr|fevr|mars|avr|mai|juin|juil|août|aout|sept|oct|nov|déc|dec"
_AUTO_DATE = rf"(?i)^(?:\d{{1,2}}-(?:{_MONTHS})\.?|(?:{_MONTHS})\.?-\d{{2}})$"
_ISO = r"^\d{4}-\d{2}-\d{2}"
_FRENCH = r"^\d{1,2}/\d{1,2}/\d{4}"
_AMERICAN = r"^\d{1,2}/(?:1[3-9]|2\d|3[01])/\d{4}"
_GROUPED = r"^[+-]?[1-9]\d{0,2}(?:[ \x{a0}\x{202f}]\d{3})+(?:[.,]\d+)?(?: ?€)?$"
_COMMA = r"^[+-]?\d+,\d+$"
_UNIT = (
    r"^[+-]?\d[\d \x{a0}\x{202f}]*(?:[.,]\d+)?[ \x{a0}\x{202f}]?"
    r"(?:€|euros?|EUR|%|km|m²|m2|m3|m³|ha|kg|kWh|MWh|tonnes?)(?: (?:HT|TTC))?$"
)

_LABELS = (
    ("insee", re.compile(r"\b(?:insee|cog|codecommune|code_?geo)\b|\bcode (?:insee|commune|com)\b|\bcommune code\b")),
    ("postcode", re.compile(r"\b(?:code postal|codepostal|postcode|cp|c p|code post)\b")),
    ("phone", re.compile(r"\b(?:tel|telephone|tels|telephones|portable|mobile|fax|phone)\b")),
)
_DATE_LABEL = re.compile(r"^(?:date|dt|jour)\b|\bdate$|\b(?:date|dt)\b")
_NO_DATE_LABEL = re.compile(r"\b(?:nb|nombre|duree|delai|age|annee|id|code|num|numero|montant|prix)\b")
_NUMBERING = re.compile(r"\b(?:id|ident|identifiant|code|num|numero|ref|reference|no|n)\b")
_ENOUGH = 0.8
_SOME = 0.02
_FEW_ROUNDED = 3


def code_of(label: str) -> str:
    """Return the code a label announces: ``insee``, ``postcode``, ``siret``, ``siren``, ``phone``; "" for none."""
    announced = identifier_of(label)
    if announced:
        return announced
    text = " ".join(words_of(label))
    return next((kind for kind, pattern in _LABELS if pattern.search(text)), "")


class DamageWatch:
    """Sees every row of a table, by batches, and tells at the end what was done to each column."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels
        self._codes = [code_of(label) for label in labels]
        self._dates = [_announces_date(label) for label in labels]
        self._recorder = RowRecorder()
        self._filled: Counter[int] = Counter()
        self._whole: Counter[int] = Counter()
        self._dated: dict[int, Counter[str]] = {}
        self._long: Counter[int] = Counter()

    def take(self, batch: TableBatch) -> None:
        """Look at a batch of rows."""
        for column in batch.columns[: len(self._labels)]:
            filled = int(column.counts[column.filled].sum())
            if not filled:
                continue
            self._filled[column.position] += filled
            for kind, found in self._found(column):
                if found.any():
                    lines = batch.lines[column.rows(found)]
                    self._recorder.record_lines((column.position, kind), lines)

    def _found(self, column: ColumnBatch) -> list[tuple[str, Mask]]:
        """Return, for each kind of damage, which distinct values show it."""
        position = column.position
        figures = column.filled & (column.digits > 0) & (column.lengths <= 40)
        whole = figures & (column.digits == column.lengths)
        found: list[tuple[str, Mask]] = []
        code = self._codes[position]
        if code:
            self._whole[position] += int(column.counts[whole & (column.lengths == _WHOLE[code])].sum())
            found.append(("lost_zero", column.matching(_SHORTENED[code], whole)))
        written = figures & ~whole
        if written.any():
            found += self._written(column, written)
        long = whole & (column.lengths >= 16)
        if long.any():
            self._long[position] += int(column.counts[long].sum())
            found.append(("rounded", column.matching(_ROUNDED, long)))
        if self._dates[position]:
            found.append(("serial_date", column.matching(_SERIAL, whole & (column.lengths == 5))))
        return found

    def _written(self, column: ColumnBatch, written: Mask) -> list[tuple[str, Mask]]:
        """Return what is shown by values that are more than digits."""
        found: list[tuple[str, Mask]] = []
        if column.holds("E") or column.holds("e"):
            found.append(("scientific", column.matching(_SCIENTIFIC, written)))
        starts_with_figure = written & (column.first_bytes <= ord("9"))
        if column.holds(","):
            found.append(("decimal_comma", column.matching(_COMMA, starts_with_figure)))
        found.append(("grouped", column.matching(_GROUPED, starts_with_figure & (column.lengths > column.digits))))
        found.append(("unit", column.matching(_UNIT, starts_with_figure)))
        if column.holds("-"):
            found.append(("auto_date", column.matching(_AUTO_DATE, written & (column.lengths <= 8))))
        self._note_dates(column, written)
        return found

    def _note_dates(self, column: ColumnBatch, written: Mask) -> None:
        dated = written & (column.digits >= 6) & (column.lengths >= 8)
        if not dated.any() or not (column.holds("/") or column.holds("-")):
            return
        seen = self._dated.setdefault(column.position, Counter())
        for form, pattern in (("iso", _ISO), ("american", _AMERICAN), ("french", _FRENCH)):
            matched = column.matching(pattern, dated)
            dated &= ~matched
            seen[form] += int(column.counts[matched].sum())

    def damage(self) -> tuple[CellDamage, ...]:
        """Return what was found that is damage indeed, by column then kind."""
        told: list[CellDamage] = []
        for position in sorted(self._filled):
            for kind in KINDS:
                count = self._recorder.count((position, kind)) if kind != "mixed_dates" else self._mixed(position)
                if count and self._is_damage(position, kind, count):
                    told.append(self._told(position, kind, count))
        return tuple(told)

    def _told(self, position: int, kind: str, count: int) -> CellDamage:
        rows = self._recorder.rows((position, kind))
        code = self._codes[position] if kind in ("lost_zero", "scientific") else ""
        return CellDamage(kind, self._labels[position], column_letter(position), count, rows, code)

    def _mixed(self, position: int) -> int:
        """Return how many dates are not in the column's most usual order, when two orders are common."""
        seen = self._dated.get(position)
        if not seen or seen.total() < _ENOUGH * self._filled[position]:
            return 0
        others = seen.total() - max(seen.values())
        return others if others >= _SOME * seen.total() else 0

    def _is_damage(self, position: int, kind: str, count: int) -> bool:
        filled = self._filled[position]
        if kind == "lost_zero":  # nearly all the cells are the code, whole or shortened
            return count + self._whole[position] >= _ENOUGH * filled
        if kind == "serial_date":
            return count + self._dated.get(position, Counter()).total() >= _ENOUGH * filled
        if kind == "rounded":  # fifteen true digits, then zeros, in every long number
            return count >= _FEW_ROUNDED and count == self._long[position]
        if kind == "auto_date":
            return not self._dates[position] and count < 0.5 * filled
        if kind == "grouped":  # « 254 118 » may be two numbers of a code
            return not _NUMBERING.search(" ".join(words_of(self._labels[position])))
        if kind == "unit":
            return count >= 0.5 * filled
        if kind == "decimal_comma":
            return count >= 0.1 * filled
        return True


def _announces_date(label: str) -> bool:
    text = " ".join(words_of(label))
    return bool(_DATE_LABEL.search(text)) and not _NO_DATE_LABEL.search(text)
