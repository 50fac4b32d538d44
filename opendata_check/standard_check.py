"""Applies the rules of formats of their own (BAL, GTFS, public contracts, budgets); tells faults as a schema's are."""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from opendata_check import tables
from opendata_check.model.check import CellError, ErrorGroup
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, RowRange
from opendata_check.model.schema import SchemaMatch
from opendata_check.ranges import LineRanges
from opendata_check.wording import plural

if TYPE_CHECKING:
    from opendata_check.standards.bal import BalRules
    from opendata_check.standards.interface import Fault

BAL, GTFS, DECP, TOTEM = "bal", "gtfs", "decp", "totem"
_NAMES = {
    BAL: "Base adresse locale",
    GTFS: "GTFS (transports)",
    DECP: "commande publique",
    TOTEM: "document budgétaire (TOTEM)",
}
_LEVELS = {"error": 0, "warning": 1, "note": 2}
_HEAD = 262_144
_KEYS = 60
_ENDLESS_NUMBER = re.compile(rb"[0-9]{4000}")


@dataclass(frozen=True, slots=True)
class Standard:
    """A format with rules of its own."""

    id: str

    @property
    def name(self) -> str:
        """What it is called, in French."""
        return _NAMES[self.id]

    @property
    def tabular(self) -> bool:
        """True when the file is a table, with a schema too."""
        return self.id == BAL


@dataclass(slots=True)
class Found:
    """The faults of a standard."""

    groups: tuple[ErrorGroup, ...] = ()
    count: int = 0
    rows: int = 0
    errors: Callable[[], Iterator[CellError]] = field(default=lambda: iter(()))


def standard_for(content: Content, facts: ContentFacts, match: SchemaMatch | None = None) -> Standard | None:
    """Return the standard a file follows, or None."""
    kind = facts.envelope.detected
    if match is not None:
        return Standard(BAL) if match.schema.id == "etalab/schema-bal" else None
    if kind == "gtfs":
        return Standard(GTFS)
    if kind == "xml":
        return _of_xml(facts)
    if kind == "json" and _is_decp_json(content, facts.text.encoding if facts.text else "utf-8"):
        return Standard(DECP)
    return None


def _of_xml(facts: ContentFacts) -> Standard | None:
    from opendata_check.standards import totem

    root = facts.structure.root if facts.structure is not None else ""
    if totem.recognises(root):
        return Standard(TOTEM)
    return Standard(DECP) if root == "marches" else None


def _is_decp_json(content: Content, encoding: str) -> bool:
    """Return True when a key at the root of a JSON is « marches » and its first contract looks like one.

    Only the beginning is read, without the endless numbers that crash ijson (3.6.0).
    """
    import ijson

    from opendata_check.standards import decp

    with content.path.open("rb") as file:
        head = file.read(_HEAD).decode(encoding, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
    endless = _ENDLESS_NUMBER.search(head)
    depth, inside, keys = 0, False, []
    try:
        for event, value in ijson.basic_parse(io.BytesIO(head[: endless.start()] if endless else head)):
            depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
            if event == "map_key" and depth == 1:
                inside = inside or value == "marches"
            elif event == "map_key" and inside:
                keys.append(value)
            if len(keys) > _KEYS:
                break
    except (ijson.JSONError, UnicodeDecodeError, ValueError, ArithmeticError):
        pass  # the rest of the file is not there
    return inside and decp.recognises("marches", keys)


class TableRules:
    """The rules of the BAN over a table of addresses, fed batch after batch while the table is read."""

    def __init__(self, facts: ContentFacts, match: SchemaMatch, on: date | None) -> None:
        assert facts.table is not None
        self._facts, self._match, self._on = facts, match, on
        labels = facts.table.labels
        self._positions = {label: position for position, label in reversed(list(enumerate(labels)))}
        self._collected = _Collected(self._positions)
        self._rules = self._new_rules()

    def take(self, batch: Any, rows: Any) -> None:
        """Judge a batch of columns (pyarrow.RecordBatch of texts) and its record numbers."""
        self._collected.take(self._rules.judge(batch, rows), late=False)

    def restart(self, facts: ContentFacts | None = None) -> None:
        """Forget everything: the table is about to be read anew, maybe in another encoding."""
        self._facts = facts or self._facts
        self._collected.close()
        self._collected = _Collected(self._positions)
        self._rules = self._new_rules()

    def found(self, teller: tables.Teller, *, one_line_each: bool) -> Found:
        """Return the faults, what only the whole file shows included."""
        self._collected.take(self._rules.finish())
        return self._collected.found(teller, lines=one_line_each)

    def close(self) -> None:
        """Remove what was kept aside."""
        self._collected.close()

    def _new_rules(self) -> BalRules:
        from opendata_check import territory
        from opendata_check.standards.bal import BalRules

        table, text = self._facts.table, self._facts.text
        assert table is not None
        return BalRules(
            table.labels,
            profile=".".join(self._match.schema.version.split(".")[:2]),
            on=self._on,
            known_commune=territory.is_commune,
            current_of=territory.current_code,
            delegated=territory.is_delegated,
            official_name=territory.official_name,
            encoding=text.encoding if text else None,
            delimiter=table.dialect.delimiter if table.dialect else None,
            line_end=text.line_ending if text else None,
        )


@contextmanager
def judged_file(
    content: Content, members: Sequence[Content], standard: Standard, kind: str, on: date | None
) -> Iterator[Found]:
    """Apply the rules of a format that is no table; the faults can be read while the block lasts."""
    collected = _Collected({}, by_part=standard.id == GTFS)
    try:
        collected.take(_faults_of(content, members, standard, kind, on or date.today()))
        yield collected.found(None, lines=True, records=standard.id == GTFS)
    finally:
        collected.close()


def _faults_of(
    content: Content, members: Sequence[Content], standard: Standard, kind: str, on: date
) -> Iterator[Fault]:
    if standard.id == GTFS:
        from opendata_check.standards import gtfs

        return gtfs.validate({member.origin.rsplit(" › ", 1)[-1]: member.path for member in members}, on=on)
    if standard.id == TOTEM:
        from opendata_check.standards import totem

        return totem.validate(content.path)
    from opendata_check.standards import decp

    return decp.validate_json(content.path) if kind == "json" else decp.validate_xml(content.path)


@dataclass(slots=True)
class _Cause:
    """One rule broken, wherever it is."""

    fault: Fault
    rows: array[int] = field(default_factory=lambda: array("q"))
    count: int = 0
    value: str = ""
    """One of those seen, and what that one should be: one with an answer rather than one without."""
    expected: str = ""

    def illustrate(self, values: Sequence[str], expected: Sequence[str]) -> None:
        """Choose the value to show."""
        if self.expected:
            return
        answered = next(((value, due) for value, due in zip(values, expected, strict=False) if value and due), None)
        if answered is not None:
            self.value, self.expected = answered
        self.value = self.value or next((value for value in values if value), "")


class _Collected:
    """Faults put together by cause, each place kept for the list."""

    def __init__(self, positions: dict[str, int], *, by_part: bool = False) -> None:
        """Take the columns' positions; ``by_part`` keeps apart what is said of two files of an archive."""
        self._positions = positions
        self._lines, self._records = True, True
        self._by_part = by_part
        self._causes: dict[tuple[str, str, str], _Cause] = {}
        self._listing = tables.Listing()
        self._whole: list[CellError] = []

    def take(self, faults: Iterable[Fault], *, late: bool = True) -> None:
        """Read faults; those of a batch of rows come in order, ``late`` ones may be about any row."""
        for fault in faults:
            cause = self._causes.setdefault(self._key(fault.code, fault.part, fault.field), _Cause(fault))
            if not len(fault.rows):
                cause.count += 1
                self._whole.append(_told(fault, None, None, ""))
                continue
            rows = [int(row) for row in fault.rows]
            values = list(fault.values) if len(fault.values) else [""] * len(rows)
            cause.count += len(rows)
            cause.rows.extend(rows)
            cause.illustrate(values, fault.expected)
            place = self._positions.get(fault.field, -1)
            name = "\0".join((fault.code, fault.part, fault.field))
            self._listing.add(name, place, rows, rows, values, late=late)
        if not late:
            self._listing.end_batch()

    def _key(self, code: str, part: str, name: str) -> tuple[str, str, str]:
        return code, part if self._by_part else "", name

    def found(self, teller: tables.Teller | None, *, lines: bool, records: bool = True) -> Found:
        """Return the groups, the worst first, and what gives the faults one by one.

        ``lines`` says that rows are physical lines, ``records`` that they count records: JSON and XML only have lines.
        """
        self._lines, self._records = lines, records
        causes = sorted(self._causes.values(), key=lambda cause: _LEVELS[cause.fault.level])
        return Found(
            groups=tuple(self._group(cause, teller) for cause in causes),
            count=self._listing.count + len(self._whole),
            errors=lambda: self._errors(teller),
        )

    def close(self) -> None:
        """Remove what was kept aside."""
        self._listing.close()

    def _errors(self, teller: tables.Teller | None) -> Iterator[CellError]:
        yield from self._whole
        known: dict[str, Fault] = {}
        for item in self._listing:
            fault = known.get(item.rule)
            if fault is None:
                code, part, name = item.rule.split("\0")
                fault = known[item.rule] = replace(self._causes[self._key(code, part, name)].fault, part=part)
            line = item.line if self._lines else None
            row = item.row if self._records else None
            yield _told(fault, row, line, self._shown(fault, item.position, item.value, teller))

    def _shown(self, fault: Fault, position: int, value: str, teller: tables.Teller | None) -> str:
        if fault.personal and value:
            return tables.MASKED
        if teller is not None and position >= 0:
            return teller.show(position, value)
        return tables.shown_apart(value)

    def _group(self, cause: _Cause, teller: tables.Teller | None) -> ErrorGroup:
        fault = cause.fault
        place = self._positions.get(fault.field, -1)
        several = not self._by_part and cause.count > 1
        value = self._shown(fault, place, cause.value, teller) if cause.value else ""
        where = " : ".join(part for part in ("" if several else fault.part, fault.field) if part)
        if teller is not None and place >= 0:
            where = f"la colonne {teller.letter(place)} ({fault.field})"
        unit = "ligne" if self._lines and len(cause.rows) else "endroit"
        counted = f"{plural(cause.count, unit)} : " if cause.count > 1 else ""
        return ErrorGroup(
            type=fault.code,
            rule=fault.code,
            level=fault.level,
            field=fault.field,
            letter=teller.letter(place) if teller is not None and place >= 0 else "",
            count=cause.count,
            lines=_ranges(cause.rows) if self._lines else (),
            message=_sentence(f"{counted}{_at(where)}{fault.message}"),
            value=value,
            expected="" if value == tables.MASKED else cause.expected,
            remedy=fault.remedy,
            part="" if several else fault.part,
        )


def _at(where: str) -> str:
    return f"{where} : " if where else ""


def _sentence(text: str) -> str:
    """Return a sentence with a capital, unless it begins with a column's name."""
    return text[:1].upper() + text[1:] if " : " not in text[:60] else text


def _ranges(rows: Iterable[int]) -> tuple[RowRange, ...]:
    lines = LineRanges()
    lines.extend(sorted(rows))
    return lines.ranges()


def _told(fault: Fault, row: int | None, line: int | None, value: str) -> CellError:
    return CellError(row, line, fault.field, fault.code, value, fault.message, fault.level, fault.part)
