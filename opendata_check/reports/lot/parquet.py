"""Scores and findings as Parquet files: typed columns, written by row groups, the same bytes for the same lot."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from opendata_check.model.finding import Axis
from opendata_check.model.lot import Lot, LotResult
from opendata_check.model.summary import FindingMark
from opendata_check.reports.lot.phrases import short

if TYPE_CHECKING:
    import pyarrow as pa

_WHO = ("body", "name", "insee_code", "siren", "departement_code")
_GROUP = 20_000
"""Rows a group: what stays in memory."""


def scores(lot: Lot) -> bytes:
    """Return one row a line of the list: what was found, the score by axis, the families published."""
    table = Table(_score_schema())
    for result in lot.results:
        table.add(_score(result))
    return table.bytes()


class Table:
    """A Parquet file being written: rows wait until they make a group."""

    def __init__(self, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._schema = schema
        self._sink = io.BytesIO()
        self._writer = pq.ParquetWriter(self._sink, schema, compression="zstd", write_statistics=True)
        self._columns: list[list[Any]] = [[] for _ in schema]

    def add(self, row: Mapping[str, Any]) -> None:
        """Add one row, keyed by column; what it lacks is empty."""
        for name, column in zip(self._schema.names, self._columns, strict=True):
            column.append(row.get(name))
        if len(self._columns[0]) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._columns[0]:
            return
        arrays = [pa.array(column, type=field.type) for column, field in zip(self._columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=_GROUP)
        for column in self._columns:
            column.clear()

    def bytes(self) -> bytes:
        """Close the file and return it."""
        self._flush()
        self._writer.close()
        return self._sink.getvalue()


def findings_table() -> Table:
    """Return the table of findings, empty: one row for each thing not met."""
    return Table(_finding_schema())


def finding_rows(result: LotResult, marks: Iterable[FindingMark]) -> Iterable[Mapping[str, Any]]:
    """Yield the rows of one body's findings."""
    summary = result.summary
    body: dict[str, Any] = {"key": result.entry.key}
    if summary is not None:
        body |= {name: short(getattr(summary, name), 200) or None for name in _WHO} | {"on": summary.on}
    for one in marks:
        yield body | {
            "fingerprint": one.fingerprint,
            "check": one.check,
            "axis": one.axis,
            "severity": one.severity,
            "outcome": one.outcome,
            "title": short(one.title, 300),
            "message": short(one.message, 300),
            "dataset": short(one.dataset, 300) or None,
            "file": short(one.file, 300) or None,
            "obligation": one.obligation or None,
            "count": one.count,
        }


@cache
def _finding_schema() -> pa.Schema:
    import pyarrow as pa

    text, repeated = pa.string(), pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            pa.field("key", text, nullable=False), ("body", text), ("name", text), ("insee_code", text),
            ("siren", text), ("departement_code", text), ("on", pa.date32()),
            pa.field("fingerprint", text, nullable=False), ("check", repeated), ("axis", repeated),
            ("severity", repeated), ("outcome", repeated), ("title", text), ("message", text), ("dataset", text),
            ("file", text), ("obligation", repeated), ("count", pa.int64()),
        ]
    )  # fmt: skip


@cache
def _score_schema() -> pa.Schema:
    import pyarrow as pa

    text, number, whole = pa.string(), pa.float64(), pa.int64()
    axes = [(f"{name}_{axis.value}", number) for axis in Axis for name in ("score", "confidence")]
    return pa.schema(
        [
            pa.field("line", whole, nullable=False), pa.field("key", text, nullable=False), ("typed", text),
            ("state", text), ("fault", text), ("body", text), ("name", text), ("kind", text), ("insee_code", text),
            ("siren", text), ("departement_code", text), ("departement_name", text), ("epci_siren", text),
            ("epci_name", text), ("population", whole), ("bound", text), ("on", pa.date32()), ("tool_version", text),
            ("partial", pa.bool_()), ("overall", number), ("confidence", number), ("level", text), *axes,
            ("datasets", whole), ("files", whole), ("duties_met", whole), ("duties_unmet", whole),
            ("duties_unknown", whole), ("families", pa.list_(text)), ("first_action", text), ("actions", whole),
            ("newest", pa.date32()), ("mended", whole), ("new", whole), ("previous_on", pa.date32()),
            ("previous_overall", number),
        ]
    )  # fmt: skip


_SAME = (
    "kind", "siren", "insee_code", "departement_code", "epci_siren", "bound", "on", "partial", "overall", "confidence",
    "level", "population", "datasets", "files", "duties_met", "duties_unmet", "duties_unknown", "actions", "newest",
)  # fmt: skip
_CUT = ("body", "name", "departement_name", "epci_name", "tool_version", "first_action")


def _score(result: LotResult) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "line": result.entry.line,
        "key": result.entry.key,
        "typed": short(result.entry.typed, 1000),
        "state": result.state.value,
        "fault": short(result.fault.line, 1000) if result.fault else None,
    }
    if result.change is not None:
        row |= {"mended": result.change.mended, "new": result.change.new}
    if result.previous is not None:
        row |= {"previous_on": result.previous.on, "previous_overall": result.previous.overall}
    summary = result.summary
    if summary is None:
        return row
    row |= {name: value if (value := getattr(summary, name)) != "" else None for name in _SAME}
    row |= {name: short(getattr(summary, name)) or None for name in _CUT}
    row |= {f"score_{axis.axis.value}": axis.score for axis in summary.axes}
    row |= {f"confidence_{axis.axis.value}": axis.confidence for axis in summary.axes}
    row["families"] = list(summary.families)
    return row
