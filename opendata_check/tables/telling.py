"""Tells faults one by one, in the words of the schema and with nothing a person should not see."""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Callable, Iterator

from opendata_check.model.check import CellError
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import Field, SchemaMatch
from opendata_check.ranges import column_letter
from opendata_check.tables.examples import MASKED, may_hold_personal_data
from opendata_check.tables.issues import Speaker, corrected
from opendata_check.tables.listing import Listing
from opendata_check.tables.plan import Plan, plan_of
from opendata_check.tables.rows import read_header
from opendata_check.tables.types import error_type

_SHOWN = 100
_DAY = r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4,8})(?:[ T][0-9:.Z+-]{0,20})?"
_PLAIN = re.compile(rf"[-+0-9.,/: %€]{{0,9}}|{_DAY}(?:(?:/| - | au ){_DAY})?")
"""Too short for a phone, or a date, or two."""
_BEFORE = r"(?<!\d)(?<!\d[.,])"
"""No digit, nor the whole part of a number."""
_GAP = r"[ \-\u00a0\u202f]?"
_PERSON = re.compile(
    r"[^@\s]@[^@\s]"  # an address
    rf"|{_BEFORE}(?:(?:\+|00)33{_GAP}(?:\(0\))?|0){_GAP}[1-9](?:[ .\-/\u00a0\u202f]?\d\d){{4}}(?!\d)"  # a phone
    rf"|{_BEFORE}[1-478]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d\d|2[ABab])"  # a social security number,
    rf"{_GAP}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}\d\d)?(?!\d)"  # with its key or without
    r"|(?<![A-Za-z0-9])[Ff][Rr]\d\d(?: ?[A-Za-z0-9]{4}){5}"  # an account
)
_WORD = r"(?:(?:[A-ZÀ-Ý]['’])?[A-ZÀ-Ý][a-zà-ÿ]+(?:['’-][A-ZÀ-Ý]?[a-zà-ÿ]+)*|[A-ZÀ-Ý][A-ZÀ-Ý'’-]+)"
_NAME = re.compile(rf"(?:(?:M|Dr|Me)\.? )?{_WORD},?(?: {_WORD}){{1,3}}|(?:M|Mr|Mme|Mlle|Dr|Me)\.? {_WORD}")
_DIGITS = re.compile(r"[0-9 .\u00a0\u202f]{1,24}")
_NIR_LIKE = re.compile(r"[123478][0-9]{12}(?:[0-9]{2})?")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MEMO = 20_000


def value_shower(
    field: Field | None, *, personal: bool, digits: bool = False, theirs: bool = False
) -> Callable[[str], str]:
    """Return what makes a cell fit to be shown: on one line, cut, masked when a person may be behind it.

    ``digits`` says that the column holds long numbers (SIRET); ``theirs``, that they may be those of a person.
    """
    impersonal = field is not None and field.options.get("personal") is False and _is_free_text(field)
    memo: dict[str, str] = {}

    def show(cell: str) -> str:
        shown = memo.get(cell)
        if shown is None:
            if personal:
                shown = MASKED if cell.strip() else _legible(cell)
            elif digits and _DIGITS.fullmatch(cell):
                shown = MASKED if theirs and _NIR_LIKE.fullmatch(_only_digits(cell)) else _legible(cell)
            else:
                shown = _shown(cell, impersonal=impersonal)
            if len(memo) < _MEMO and len(cell) <= _SHOWN:
                memo[cell] = shown
        return shown

    return show


def _is_free_text(field: Field) -> bool:
    """Return whether anything may be written in a column: elsewhere a name is not in its place, and stays a name."""
    return field.type == "string" and not {"pattern", "enum"} & field.constraints.keys()


def _only_digits(cell: str) -> str:
    return "".join(character for character in cell if character.isdecimal())


def _shown(cell: str, *, impersonal: bool) -> str:
    if _PLAIN.fullmatch(cell) or not cell.strip():
        return _legible(cell)
    if _PERSON.search(cell) or (not impersonal and _NAME.fullmatch(cell.strip())):
        return MASKED
    return _legible(cell)


def _legible(cell: str) -> str:
    """Return a cell on one line, its spaces kept, without control characters, cut after a hundred characters."""
    text = cell[: _SHOWN + 1]
    if not text.isprintable():
        text = "".join(c if unicodedata.category(c) not in _UNSEEN else " " for c in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class Teller:
    """Tells the faults of one validated table."""

    def __init__(self, content: Content, facts: ContentFacts, match: SchemaMatch) -> None:
        assert facts.table is not None
        header = read_header(content, facts)
        self.plan: Plan = plan_of(header if isinstance(header, list) else list(facts.table.labels), facts.table, match)
        self.speaker = Speaker(self.plan.columns, self.plan.row_checks, match.schema)
        self._hints = facts.personal
        self._schema = match.schema
        self._shower: dict[int, Callable[[str], str]] = {}

    def name(self, position: int) -> str:
        """Return what the column at a position is called: its field, else its label; "" for a whole row."""
        return self.plan.names[position] if 0 <= position < len(self.plan.names) else ""

    def letter(self, position: int) -> str:
        """Return the spreadsheet letter of a column."""
        return column_letter(position)

    def show(self, position: int, cell: str) -> str:
        """Return a cell of a column as it may be shown."""
        return self._shower_of(position)(cell)

    def corrected(self, rule: str, position: int, cell: str) -> str:
        """Return what a faulty cell should be, when that is sure and may be shown; "" otherwise."""
        column = self.speaker.column(position)
        if column is None or not cell or self.show(position, cell) == MASKED:
            return ""
        return corrected(rule, column.field, cell, self._schema)

    def told(self, listing: Listing) -> Iterator[CellError]:
        """Yield the faults in order."""
        said: dict[tuple[str, int], tuple[str, str, str, str, Callable[[str], str]]] = {}
        for row, line, position, rule, value in listing:
            words = said.get((rule, position))
            if words is None:
                words = said[rule, position] = self._words(rule, position)
            name, kind, message, level, show = words
            yield CellError(row, line, name, kind, show(value), message, level)

    def _words(self, rule: str, position: int) -> tuple[str, str, str, str, Callable[[str], str]]:
        """Return what all the faults of one rule in one column share: field, type, message, level, and the masker."""
        name = "" if rule == "extra_cell" else self.name(position)
        message = _sentence(self.speaker.complaint(rule, position))
        return name, error_type(rule), message, self.speaker.level(rule, position), self._shower_of(position)

    def _shower_of(self, position: int) -> Callable[[str], str]:
        shower = self._shower.get(position)
        if shower is None:
            shower = self._shower[position] = self._new_shower(position)
        return shower

    def _new_shower(self, position: int) -> Callable[[str], str]:
        column = self.speaker.column(position)
        if column is None:
            label = self.name(position)
            personal = may_hold_personal_data(Field(label or "?"), label, "", self._hints)
            return value_shower(None, personal=personal)
        personal = may_hold_personal_data(column.field, column.label, column.letter, self._hints)
        siret = any(
            check.name in ("french-siret-value", "french-siren-value")
            and check.params.get("column") == column.field.name
            for check in self._schema.checks
        )
        digits = siret or "siret" in column.field.name.lower()
        return value_shower(column.field, personal=personal, digits=digits, theirs=not column.field.required)


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


def shown_apart(value: str) -> str:
    """Return a value found outside a table as it may be shown."""
    return _shown(value, impersonal=False)


def merged(*told: Iterator[CellError]) -> Iterator[CellError]:
    """Return errors of several origins in the order of their rows; those of the whole file come first."""
    return heapq.merge(*told, key=lambda error: error.row or 0)
