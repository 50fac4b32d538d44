"""What a lot keeps of itself: ``lot.json`` for the whole, ``resume.json`` for each body, both versioned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from opendata_check import __version__
from opendata_check.model.catalog import Fault
from opendata_check.model.lot import LotResult
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.rereading import RereadingError
from opendata_check.rereading.summaries import mark_from, summary_from

SCHEMA_VERSION = "1.0"
"""The first number when a reader must change, the second for additions."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One body as its folder tells it."""

    digest: str
    """Mark of the row that asked for it."""
    turn: int
    """Which run of the lot wrote it, from 1."""
    summary: AuditSummary | None
    """None when it could not be audited."""
    marks: tuple[FindingMark, ...] = ()
    fault: Fault | None = None
    unseen: tuple[str, ...] = ()
    """Fingerprints of the last audit's findings that are gone though what they are about was not looked at again."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was asked."""

    on: date
    turn: int
    options: tuple[tuple[str, str], ...]
    """Options that change what is found: (option, value), sorted."""
    finished: bool = False
    tool_version: str = __version__


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def summary_file(kept: Kept) -> str:
    """Return the text of ``resume.json`` (or ``echec.json`` when there is only a fault)."""
    return _dump(
        {
            "schema_version": SCHEMA_VERSION,
            "row": kept.digest,
            "turn": kept.turn,
            "summary": None if kept.summary is None else _plain(kept.summary),
            "marks": [_plain(mark) for mark in kept.marks],
            "fault": None if kept.fault is None else _plain(kept.fault),
            "unseen": list(kept.unseen),
        }
    )


def _plain(value: Any) -> Any:
    """Return a frozen value as JSON can hold it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def read_summary(data: bytes | None) -> Kept | None:
    """Return what ``resume.json`` says; None when it is absent, damaged, changed by hand or of another version."""
    if data is None:
        return None
    try:
        found = json.loads(data)
        if found["schema_version"].split(".")[0] != SCHEMA_VERSION.split(".")[0]:
            return None
        summary, fault = found["summary"], found["fault"]
        return Kept(
            digest=str(found["row"]),
            turn=int(found["turn"]),
            summary=None if summary is None else summary_from(summary),
            marks=tuple(map(mark_from, found["marks"])),
            fault=None if fault is None else Fault(*(str(fault[name]) for name in ("what", "where", "remedy"))),
            unseen=tuple(map(str, found.get("unseen", ()))),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RereadingError):
        return None


def lot_file(run: Run, title: str, rows: Sequence[LotResult], remarks: Sequence[str]) -> str:
    """Return the text of ``lot.json``: what was asked, and what became of each row (its summary is in its folder)."""
    return _dump(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "opendata-check", "version": run.tool_version},
            "title": title,
            "on": run.on.isoformat(),
            "turn": run.turn,
            "finished": run.finished,
            "options": dict(run.options),
            "remarks": list(remarks),
            "rows": [_row(result) for result in rows],
        }
    )


def _row(result: LotResult) -> dict[str, Any]:
    entry = result.entry
    return {
        "line": entry.line,
        "typed": entry.typed,
        "key": entry.key,
        "extra": [{"label": label, "value": value} for label, value in entry.extra],
        "state": result.state.value,
        "fault": None if result.fault is None else _plain(result.fault),
    }


def read_run(data: bytes | None) -> tuple[Run, frozenset[str]] | None:
    """Return what the last run was asked and the keys it had; None when the file says nothing that can be used."""
    if data is None:
        return None
    try:
        found = json.loads(data)
        if found["schema_version"].split(".")[0] != SCHEMA_VERSION.split(".")[0]:
            return None
        options: Mapping[str, str] = found["options"]
        run = Run(
            on=date.fromisoformat(found["on"]),
            turn=int(found["turn"]),
            options=tuple(sorted((str(name), str(value)) for name, value in options.items())),
            finished=bool(found["finished"]),
            tool_version=str(found["tool"]["version"]),
        )
        rows = found["rows"]
        return run, frozenset(str(row["key"]) for row in rows if row["state"] not in ("unknown", "duplicate"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
