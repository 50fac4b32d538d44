"""Every audit of the store as a table, one line each: CSV, workbook, Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from opendata_check.model.finding import Axis
from opendata_check.model.history import StoredAudit
from opendata_check.reports.office.tables import Cell, Column, Kind, csv_pieces
from opendata_check.reports.safety import clean
from opendata_check.reports.store.blocks import bound_word, say, told_or
from opendata_check.wording import word

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_ROWS = 1_000_000
"""Lines of a sheet: Excel stops at 1 048 576."""
_TEXTS = (
    "body", "name", "kind", "insee_code", "siren", "departement_code", "departement_name", "epci_siren", "epci_name",
    "bound", "level", "first_action", "tool_version",
)  # fmt: skip
_WHOLES = ("population", "datasets", "files", "duties_met", "duties_unmet", "duties_unknown", "actions", "faults")
COLUMNS = (
    Column("kept_arrival", Kind.WHOLE, 10),
    Column("kept_on", Kind.DATE, 12),
    *(Column(f"kept_{name}") for name in _TEXTS),
    *(Column(f"kept_{name}", Kind.WHOLE, 12) for name in _WHOLES),
    Column("kept_points", Kind.WHOLE, 12),
    Column("kept_overall", Kind.NUMBER, 12),
    *(Column(f"kept_{axis.value}", Kind.NUMBER, 12) for axis in Axis),
    Column("kept_newest", Kind.DATE, 12),
    Column("kept_partial"),
    Column("kept_late"),
    Column("kept_run"),
)


def csv(audits: Iterable[StoredAudit]) -> Iterator[str]:
    """Yield the table as CSV for Excel in French, a few lines at a time; no cell is run as a formula."""
    return csv_pieces(COLUMNS, map(_shown, audits))


def workbook(audits: Iterable[StoredAudit], on: date) -> bytes:
    """Return the table as a workbook, a sheet for each million lines; one line at a time is held."""
    from opendata_check.reports.office.workbook import Sheet
    from opendata_check.reports.office.workbook import workbook as written

    rows = iter(map(_shown, audits))

    def sheets() -> Iterator[Sheet]:
        number, first = 1, next(rows, None)
        while first is not None or number == 1:
            name = say("sheet") if number == 1 else f"{say('sheet')} {number}"
            yield Sheet(name, COLUMNS, _part(first, rows), size=_MAX_ROWS)
            number, first = number + 1, next(rows, None)

    return written(sheets(), say("export_title"), on)


def _part(first: list[Cell] | None, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    """Yield one sheet's lines: the one already read, then the next ones."""
    if first is None:
        return
    yield first
    for _ in range(_MAX_ROWS - 1):
        row = next(rows, None)
        if row is None:
            return
        yield row


def parquet(audits: Iterable[StoredAudit]) -> bytes:
    """Return the table as Parquet: English names, values as they are; written by groups of lines."""
    from opendata_check.reports.lot.parquet import Table

    table = Table(_schema())
    for one in audits:
        table.add(_row(one))
    return table.bytes()


def _row(one: StoredAudit) -> dict[str, Any]:
    """Return one audit as a program reads it."""
    summary = one.summary
    scores: dict[Axis, float | None] = {axis.axis: axis.score for axis in summary.axes}
    return {
        "arrival": one.number,
        "on": summary.on,
        **{name: clean(getattr(summary, name)) or None for name in _TEXTS},
        **{name: getattr(summary, name) for name in _WHOLES},
        "points": one.points,
        "overall": summary.overall,
        **{axis.value: scores.get(axis) for axis in Axis},
        "newest": summary.newest,
        "partial": summary.partial,
        "late": one.late,
        "run": clean(one.run) or None,
    }


def _shown(one: StoredAudit) -> list[Cell]:
    """Return one audit as a person reads it: French words in place of codes."""
    row = _row(one)
    for name, words in (("kind", _kind), ("bound", _bound), ("level", _level)):
        row[name] = words(row[name] or "")
    row["partial"], row["late"] = (say("yes") if row[name] else say("no") for name in ("partial", "late"))
    return list(row.values())


@cache
def _kind(kind: str) -> str:
    return told_or(kind, lambda: word("kinds", kind))


@cache
def _bound(bound: str) -> str:
    return bound_word(bound)


@cache
def _level(level: str) -> str:
    from opendata_check.reports.outline.phrases import level as words

    return told_or(level, lambda: words(level)[0])


def _schema() -> pa.Schema:
    import pyarrow as pa

    text, whole, number, repeated = pa.string(), pa.int64(), pa.float64(), pa.dictionary(pa.int32(), pa.string())
    unique = ("body", "name", "insee_code", "siren")
    return pa.schema(
        [
            pa.field("arrival", whole, nullable=False),
            pa.field("on", pa.date32(), nullable=False),
            *((name, text if name in unique else repeated) for name in _TEXTS),
            *((name, whole) for name in _WHOLES),
            ("points", whole),
            ("overall", number),
            *((axis.value, number) for axis in Axis),
            ("newest", pa.date32()),
            ("partial", pa.bool_()),
            ("late", pa.bool_()),
            ("run", repeated),
        ]
    )
