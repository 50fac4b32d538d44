"""Tells faults one by one, in the words of the schema and with nothing a person should not see."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator

from opendata_check.model.check import CellError
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import Field, SchemaMatch
from opendata_check.ranges import column_letter
from opendata_check.tables.examples import MASKED, may_hold_personal_data, shortened
from opendata_check.tables.issues import Speaker, corrected
from opendata_check.tables.listing import CellFault, Listing
from opendata_check.tables.plan import Plan, plan_of
from opendata_check.tables.rows import read_header
from opendata_check.tables.types import error_type

_SHOWN = 100
_PLAIN = re.compile(r"[-+0-9.,/: %€]{0,12}")
_PERSON = re.compile(
    r"[^@\s]@[^@\s]"  # an address
    r"|(?<!\d)(?:(?:\+|00)33|0)[ .-]?[1-9](?:[ .-]?\d\d){4}(?!\d)"  # a phone
    r"|(?<!\d)[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?(?!\d)"  # a social security number
    r"|(?<![A-Z0-9])FR\d{2}(?: ?[A-Z0-9]{4}){5}"  # an account
)
_NAME = re.compile(r"(?:[A-ZÀ-Ý][a-zà-ÿ'-]+|[A-ZÀ-Ý'-]{2,})(?: (?:[A-ZÀ-Ý][a-zà-ÿ'-]+|[A-ZÀ-Ý'-]{2,})){1,3}")
_MEMO = 20_000


def value_shower(field: Field | None, *, personal: bool, digits: bool = False) -> Callable[[str], str]:
    """Return what makes a cell fit to be shown: on one line, cut, masked when a person may be behind it.

    ``digits`` says that the column holds long numbers that are nobody's (SIRET).
    """
    impersonal = field is not None and field.options.get("personal") is False
    memo: dict[str, str] = {}

    def show(cell: str) -> str:
        shown = memo.get(cell)
        if shown is None:
            shown = _shown(cell, personal=personal, impersonal=impersonal, digits=digits)
            if len(memo) < _MEMO:
                memo[cell] = shown
        return shown

    return show


def _shown(cell: str, *, personal: bool, impersonal: bool, digits: bool) -> str:
    if _PLAIN.fullmatch(cell) and not personal:
        return cell
    if not cell.strip():
        return cell[:_SHOWN] if cell.isprintable() else " " * min(len(cell), _SHOWN)
    if personal:
        return MASKED
    if digits and re.fullmatch(r"[0-9 .]{1,20}", cell):
        return shortened(cell, _SHOWN)
    if _PERSON.search(cell) or (not impersonal and _NAME.fullmatch(cell.strip())):
        return MASKED
    return shortened(cell, _SHOWN)


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
        shower = self._shower.get(position)
        if shower is None:
            shower = self._shower[position] = self._shower_of(position)
        return shower(cell)

    def corrected(self, rule: str, position: int, cell: str) -> str:
        """Return what a faulty cell should be, when that is sure and may be shown; "" otherwise."""
        column = self.speaker.column(position)
        if column is None or not cell or self.show(position, cell) == MASKED:
            return ""
        return corrected(rule, column.field, cell, self._schema)

    def told(self, listing: Listing) -> Iterator[CellError]:
        """Yield the faults in order."""
        said: dict[tuple[str, int], tuple[str, str, str]] = {}
        for fault in listing:
            key = (fault.rule, fault.position)
            words = said.get(key)
            if words is None:
                words = said[key] = self._words(fault)
            kind, level, message = words
            name = "" if fault.rule == "extra_cell" else self.name(fault.position)
            yield CellError(fault.row, fault.line, name, kind, self.show(fault.position, fault.value), message, level)

    def _words(self, fault: CellFault) -> tuple[str, str, str]:
        message = self.speaker.complaint(fault.rule, fault.position)
        return error_type(fault.rule), self.speaker.level(fault.rule, fault.position), _sentence(message)

    def _shower_of(self, position: int) -> Callable[[str], str]:
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
        return value_shower(column.field, personal=personal, digits=siret or "siret" in column.field.name.lower())


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


def shown_apart(value: str) -> str:
    """Return a value found outside a table as it may be shown."""
    return _shown(value, personal=False, impersonal=False, digits=False)


def merged(*told: Iterator[CellError]) -> Iterator[CellError]:
    """Return errors of several origins in the order of their rows; those of the whole file come first."""
    return heapq.merge(*told, key=lambda error: error.row or 0)
