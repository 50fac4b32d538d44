"""What checking one file against one schema gives: faults one by one, and grouped by cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from opendata_check.model.facts import RowRange
from opendata_check.model.schema import SchemaMatch


@dataclass(frozen=True, slots=True)
class CellError:
    """One fault, in one place of the file."""

    row: int | None
    """Record number, the file's first record being 1; None for the file as a whole."""
    line: int | None
    """Physical line where the record starts, 1-based; None when the format has none."""
    field: str
    """Name in the schema, else the label; "" for a whole row."""
    type: str
    """frictionless' error type (``type-error``, ``constraint-error``…), or the name of a check."""
    value: str
    """The cell, cut and made safe, masked when a person may be behind it."""
    message: str
    """French: what is wrong."""
    level: str = "error"
    """``error``, ``warning`` or ``note``."""
    part: str = ""
    """Where in a file of several parts: ``stops.txt``."""


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """All the faults that have one cause."""

    type: str
    rule: str
    """Finer than ``type``: ``pattern``, ``required``, ``compare-columns-value/DELIB_DATE``."""
    level: str
    field: str
    letter: str
    """Spreadsheet letter of the column; "" outside a table."""
    count: int
    lines: tuple[RowRange, ...]
    message: str
    """French, one sentence for the whole group."""
    value: str = ""
    """One value as seen, safe to show."""
    expected: str = ""
    """What it should be, when that is sure."""
    remedy: str = ""
    """French: what to do; "" when the message says it."""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A faulty cell among its neighbours, to be shown on a screen."""

    group: int
    """Index of the group it illustrates."""
    line: int
    labels: tuple[str, ...]
    cells: tuple[str, ...]
    faulty: int
    """Index of the faulty cell in ``cells``."""


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """How the header reads with the schema."""

    missing: tuple[str, ...] = ()
    """Mandatory columns that are not there."""
    absent_optional: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    misspelt: tuple[tuple[str, str], ...] = ()
    """(as written, as the schema says)."""
    duplicate: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    """Spreadsheet letters of columns without a name."""
    reordered: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """How the file is written."""

    name: str
    format: str
    byte_size: int
    encoding: str = ""
    delimiter: str = ""
    line_ending: str = ""
    header_row: int | None = None


def _none() -> Iterator[CellError]:
    return iter(())


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The whole answer about one file."""

    file: FileFacts
    schema: SchemaMatch | None
    """None when no schema was named nor recognised: then only the table's shape is judged."""
    standard: str = ""
    """Set when rules of a format of its own were applied: ``bal``, ``gtfs``, ``decp``, ``totem``."""
    candidates: tuple[SchemaMatch, ...] = ()
    """The likeliest schemas when none was recognised."""
    rows: int = 0
    """Rows judged."""
    complete: bool = True
    note: str = ""
    """French: what was not judged and why; "" when complete."""
    header: HeaderFacts = field(default_factory=HeaderFacts)
    groups: tuple[ErrorGroup, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    count: int = 0
    """Faults that ``errors`` gives."""
    errors: Callable[[], Iterator[CellError]] = _none
    """Gives every fault, in the file's order, read anew at each call."""

    @property
    def valid(self) -> bool:
        """Return True when everything was judged and no fault is an error."""
        return self.complete and not any(group.level == "error" for group in self.groups)
