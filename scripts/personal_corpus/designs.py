"""What a table of the corpus is written with: a name, a number of rows, columns and what is expected of each."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from .fresh_names import NAMES as FRESH_NAMES
from .fresh_names import PLACES as FRESH_PLACES
from .makers import Maker
from .names import TEST as TEST_NAMES
from .names import TUNE as TUNE_NAMES
from .persons import World
from .places import TEST as TEST_PLACES
from .places import TUNE as TUNE_PLACES

_ORIGINS = {"tune": (TUNE_NAMES, TUNE_PLACES), "fresh": (FRESH_NAMES, FRESH_PLACES)}
"""Names and places of a part; other parts take those of ``test``."""


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """A table and what a data protection officer expects of each of its columns."""

    name: str
    """File name, without extension: no two tables share one."""
    split: str
    """``tune``, ``test``, ``reserve`` or ``fresh``."""
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    expected: tuple[str, ...]
    """By column: ``none``, a kind, ``public:<family>`` or ``either``."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a design."""

    label: str
    expected: str
    make: Maker


@dataclass(frozen=True, slots=True)
class Design:
    """One table, not yet made."""

    name: str
    count: int
    columns: tuple[Column, ...]
    note: str = ""


def design(name: str, count: int, *columns: tuple[str, str, Maker], note: str = "") -> Design:
    """Return a design; a column is (label, expected, maker)."""
    return Design(name, count, tuple(Column(*column) for column in columns), note)


def made(plan: Design, split: str) -> LabelledTable:
    """Return the table of a design, always the same."""
    names, places = _ORIGINS.get(split, (TEST_NAMES, TEST_PLACES))
    world = World(f"{split}/{plan.name}", names, places)
    rows = []
    for row in range(plan.count):
        world.turn(row)
        rows.append(tuple(column.make(world) for column in plan.columns))
    labels = tuple(column.label for column in plan.columns)
    return LabelledTable(
        plan.name, split, labels, tuple(rows), tuple(column.expected for column in plan.columns), plan.note
    )


def as_csv(table: LabelledTable) -> bytes:
    """Return the table as a CSV file in UTF-8, semicolons between cells."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.labels)
    writer.writerows(table.rows)
    return stream.getvalue().encode()
