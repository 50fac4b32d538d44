"""What the columns of an undocumented table hold: what is needed to describe it, or to write its schema."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FrequentValue:
    """A value of a column, safe to show, and how many cells hold it."""

    value: str
    """Cut, on one line; « (valeur masquée) » when a person may be behind it."""
    count: int


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """How the values of a column are written when it is not as ISO standards and Table Schema have them."""

    example: str = ""
    """« 31/12/2024 », « 1 234,56 », « oui/non », « latitude, longitude »; "" for the standard form."""
    date_format: str = ""
    """strptime's form: ``%d/%m/%Y``."""
    decimal_char: str = "."
    group_char: str = ""
    """Between thousands: a space or one of the no-break spaces."""
    unit: str = ""
    """``€`` or ``%`` after each number."""
    true_values: tuple[str, ...] = ()
    """As written; empty when the words are those of Table Schema (true, True, TRUE)."""
    false_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column. A cell of nothing but spaces is empty; other counts are of filled cells, as they are written."""

    label: str
    letter: str
    """Spreadsheet letter: A, B, … AA."""
    position: int
    """0-based."""
    filled: int = 0
    empty: int = 0
    kind: str = "empty"
    """``integer``, ``number``, ``date``, ``datetime``, ``boolean``, ``year``, ``geopoint``, ``string`` or ``empty``."""
    written: WrittenForm = field(default_factory=WrittenForm)
    mixed: bool = False
    """True when the cells are of the kind in several forms: ``written`` is the commonest."""
    format: str = ""
    """Of a string: ``email``, ``uri``, ``uuid`` or ""."""
    format_exceptions: int = 0
    """Filled cells that are not of that format."""
    absent: int = 0
    """Filled cells that say there is no value (« NC », « - »), in a column that is not of strings."""
    exceptions: int = 0
    """Filled cells that are not of the kind, nor absent."""
    exception_lines: tuple[int, ...] = ()
    """Where the first of them are."""
    uniform: bool = True
    """True when one reading takes every cell: no exception, one form, words for nothing all listed."""
    missing_values: tuple[str, ...] = ()
    """Cells, other than the empty one, that stand for nothing, as written."""
    distinct: int = 0
    distinct_exact: bool = True
    """False when there are at least ``distinct`` values, maybe more."""
    unique: bool | None = None
    """True when no two filled cells are alike; None when there are too many to tell."""
    minimum: str = ""
    """Of integers, numbers, years, dates and datetimes, in ISO form; "" otherwise, or for personal data."""
    maximum: str = ""
    shortest: int = 0
    """Characters of the shortest filled cell."""
    longest: int = 0
    digits: int = 0
    """Of a string whose every filled cell has this number of digits and nothing else; 0 otherwise."""
    identifier: str = ""
    """``siret``, ``siren``, ``code_insee``, ``code_postal`` or ""."""
    identifier_invalid: int = 0
    """Filled cells that are no valid identifier."""
    padded: int = 0
    """Filled cells with spaces before or after their value."""
    frequent: tuple[FrequentValue, ...] = ()
    """The commonest, when a column has few values and none is personal."""
    values: tuple[str, ...] = ()
    """All of them, as written, when they are few, often repeated, and nobody's."""
    personal: bool = False
    """True when the label or the values suggest persons: then no value is told."""

    @property
    def share(self) -> float:
        """Return the share of filled cells, absent ones apart, that are of the kind: 0 to 1, cut downwards."""
        told = self.filled - self.absent
        return (10_000 * (told - self.exceptions) // told) / 10_000 if told else 1.0


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A whole table."""

    columns: tuple[ColumnProfile, ...]
    rows: int
    """Rows with at least one filled cell."""
    places: str = "line"
    """What the numbers of lines are: physical ``line``, or ``record`` for a format that has none."""
    blank_rows: int = 0
    """Rows without any cell, or of empty cells only: left out of every count."""
    ragged_rows: int = 0
    """Rows with more or fewer cells than the header: read as far as it goes."""
    ragged_lines: tuple[int, ...] = ()
    """Where the first of them are."""
    hollow_rows: int = 0
    """Rows whose every cell is empty or a word for nothing."""
    complete: bool = True
    note: str = ""
    """French: why the reading stopped before the end; "" when it did not."""
