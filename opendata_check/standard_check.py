"""Applies the rules of formats of their own (BAL, GTFS, public contracts, budgets); tells faults as a schema's are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from opendata_check import tables
from opendata_check.model.check import CellError, ErrorGroup
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import SchemaMatch
from opendata_check.ranges import LineRanges
from opendata_check.wording import plural

if TYPE_CHECKING:
    from opendata_check.standards.interface import Fault

BAL, GTFS, DECP, TOTEM = "bal", "gtfs", "decp", "totem"
_NAMES = {
    BAL: "Base adresse locale",
    GTFS: "GTFS (transports)",
    DECP: "commande publique",
    TOTEM: "document budgétaire (TOTEM)",
}
_LEVELS = {"error": 0, "warning": 1, "note": 2}


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
    if kind == "json" and _is_decp_json(content):
        return Standard(DECP)
    return None


def _of_xml(facts: ContentFacts) -> Standard | None:
    root = facts.structure.root if facts.structure is not None else ""
    if root == "DocumentBudgetaire":
        return Standard(TOTEM)
    return Standard(DECP) if root == "marches" else None


def _is_decp_json(content: Content) -> bool:
    """Return True when the root key of a JSON is « marches » and its first contract looks like one."""
    import ijson

    from opendata_check.standards import decp

    root, keys = "", []
    try:
        with content.path.open("rb") as file:
            for prefix, event, value in ijson.parse(file):
                if event == "map_key":
                    if not prefix:
                        root = root or value
                    else:
                        keys.append(value)
                if len(keys) > 60 or prefix.count(".") > 20:
                    break
    except (ijson.JSONError, UnicodeDecodeError, RecursionError):
        pass
    return decp.recognises(root, keys)


@contextmanager
def judged_table(
    table: Content,
    facts: ContentFacts,
    match: SchemaMatch,
    teller: tables.Teller,
    on: date | None,
    *,
    one_line_each: bool,
) -> Iterator[Found]:
    """Apply the rules of the BAN to a table of addresses; the faults can be read while the block lasts."""
    from opendata_check import territory
    from opendata_check.standards.bal import BalRules

    assert facts.table is not None
    rules = BalRules(
        facts.table.labels,
        profile=".".join(match.schema.version.split(".")[:2]),
        on=on,
        known_commune=territory.is_commune,
        current_of=territory.current_code,
        delegated=territory.is_delegated,
        official_name=territory.official_name,
        encoding=facts.text.encoding if facts.text else None,
        delimiter=facts.table.dialect.delimiter if facts.table.dialect else None,
        line_end=facts.text.line_ending if facts.text else None,
    )

    def faults() -> Iterator[Fault]:
        for batch, rows in tables.record_batches(table, facts):
            yield from rules.judge(batch, rows)
        yield from rules.finish()

    positions = {label: position for position, label in reversed(list(enumerate(facts.table.labels)))}
    collected = _Collected(positions, lines=one_line_each)
    try:
        collected.take(faults())
        yield collected.found(teller)
    finally:
        collected.close()


@contextmanager
def judged_file(
    content: Content, members: Sequence[Content], standard: Standard, kind: str, on: date | None
) -> Iterator[Found]:
    """Apply the rules of a format that is no table; the faults can be read while the block lasts."""
    collected = _Collected({}, lines=True)
    try:
        collected.take(_faults_of(content, members, standard, kind, on or date.today()))
        yield collected.found(None)
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
    lines: LineRanges = field(default_factory=LineRanges)
    count: int = 0
    value: str = ""
    expected: str = ""


class _Collected:
    """Faults put together by cause, each place kept for the list."""

    def __init__(self, positions: dict[str, int], *, lines: bool) -> None:
        self._positions = positions
        self._lines = lines
        self._causes: dict[tuple[str, str, str], _Cause] = {}
        self._listing = tables.Listing()
        self._whole: list[CellError] = []

    def take(self, faults: Iterable[Fault]) -> None:
        """Read all the faults."""
        pending = 0
        for fault in faults:
            key = (fault.code, fault.part, fault.field)
            cause = self._causes.setdefault(key, _Cause(fault))
            if not len(fault.rows):
                cause.count += 1
                self._whole.append(_told(fault, None, None, ""))
                continue
            values = list(fault.values) if len(fault.values) else [""] * len(fault.rows)
            cause.count += len(fault.rows)
            cause.lines.extend(sorted(int(row) for row in fault.rows))
            cause.value = cause.value or next((value for value in values if value), "")
            cause.expected = cause.expected or next((text for text in fault.expected if text), "")
            place = self._positions.get(fault.field, -1)
            self._listing.add(
                "\0".join(key), place, list(map(int, fault.rows)), list(map(int, fault.rows)), values, late=True
            )
            pending += len(fault.rows)

    def found(self, teller: tables.Teller | None) -> Found:
        """Return the groups, the worst first, and what gives the faults one by one."""
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
        for item in self._listing:
            code, part, name = item.rule.split("\0")
            fault = self._causes[code, part, name].fault
            line = item.line if self._lines else None
            yield _told(fault, item.row, line, self._shown(fault, item.position, item.value, teller))

    def _shown(self, fault: Fault, position: int, value: str, teller: tables.Teller | None) -> str:
        if fault.personal and value:
            return tables.MASKED
        if teller is not None and position >= 0:
            return teller.show(position, value)
        return tables.shown_apart(value)

    def _group(self, cause: _Cause, teller: tables.Teller | None) -> ErrorGroup:
        fault = cause.fault
        place = self._positions.get(fault.field, -1)
        where = " : ".join(part for part in (fault.part, fault.field) if part)
        counted = f"{plural(cause.count, 'fois', 'fois')}, " if cause.count > 1 else ""
        return ErrorGroup(
            type=fault.code,
            rule=fault.code,
            level=fault.level,
            field=fault.field,
            letter=teller.letter(place) if teller is not None and place >= 0 else "",
            count=cause.count,
            lines=cause.lines.ranges() if self._lines else (),
            message=_sentence(f"{counted}{_at(where)}{fault.message}"),
            value=self._shown(fault, place, cause.value, teller) if cause.value else "",
            expected="" if fault.personal else cause.expected,
            remedy=fault.remedy,
            part=fault.part,
        )


def _at(where: str) -> str:
    return f"{where} : " if where else ""


def _sentence(text: str) -> str:
    """Return a sentence with a capital, unless it begins with a column's name."""
    return text[:1].upper() + text[1:] if " : " not in text[:60] else text


def _told(fault: Fault, row: int | None, line: int | None, value: str) -> CellError:
    return CellError(row, line, fault.field, fault.code, value, fault.message, fault.level, fault.part)


def without_lines(error: CellError) -> CellError:
    """Return an error of a format whose records have no lines."""
    return replace(error, line=None)
