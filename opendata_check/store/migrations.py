"""Brings a store of an older version to this one, in place: a whole copy beside it first, then all or nothing."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from opendata_check.model.finding import Axis
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.store import schema
from opendata_check.store.failures import damaged
from opendata_check.store.writing import add_within, together


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the store up to date; the copy stays as ``audits.db.version-1``. Raises StoreDamagedError."""
    with together(connection):
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version >= schema.VERSION:  # another program did it while we waited for our turn
            return
        if version not in _STEPS:
            raise damaged(path)
        _copy(connection, path.with_name(f"{path.name}.version-{version}"))
        try:
            while version < schema.VERSION:
                _STEPS[version](connection)
                version += 1
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise damaged(path) from error
        schema.mark_as_ours(connection)
    with contextlib.suppress(sqlite3.Error):  # the room of the old tables is given back when nobody reads
        connection.execute("VACUUM")


def _copy(connection: sqlite3.Connection, copy: Path) -> None:
    """Write the store as it stands to ``copy``, whole or not at all; nobody else can write meanwhile."""
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    try:
        reader = sqlite3.connect(part)
        try:
            source = sqlite3.connect(f"{_file_of(connection).as_uri()}?mode=ro", uri=True)
            try:
                source.backup(reader)
            finally:
                source.close()
        finally:
            reader.close()
        part.replace(copy)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _file_of(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])


def _from_1(connection: sqlite3.Connection) -> None:
    """Version 1 kept each audit and each of its findings as JSON; what was the same was told each time."""
    connection.execute("ALTER TABLE audit RENAME TO audit_1")
    connection.execute("ALTER TABLE finding RENAME TO finding_1")
    connection.execute("ALTER TABLE report RENAME TO report_1")
    connection.execute("DROP INDEX IF EXISTS audit_of_body")
    for statement in schema.TABLES:
        connection.execute(statement)
    for number, run, told in connection.execute("SELECT id, run, summary FROM audit_1 ORDER BY id"):
        report = connection.execute("SELECT size, packed FROM report_1 WHERE audit = ?", (number,)).fetchone()
        add_within(connection, _summary_1(json.loads(told)), tuple(_marks_1(connection, number)), report, run)
    for table in ("finding_1", "report_1", "audit_1"):
        connection.execute(f"DROP TABLE {table}")


def _summary_1(told: dict[str, Any]) -> AuditSummary:
    axes = tuple(AxisScore(**{**one, "axis": Axis(one["axis"])}) for one in told["axes"])
    pairs = {name: tuple((str(key), int(count)) for key, count in told[name]) for name in ("counts", "severities")}
    newest = date.fromisoformat(told["newest"]) if told["newest"] else None
    more = {"axes": axes, "families": tuple(told["families"]), "newest": newest, "on": date.fromisoformat(told["on"])}
    return AuditSummary(**{**told, **pairs, **more})


def _marks_1(connection: sqlite3.Connection, number: int) -> Iterator[FindingMark]:
    for (told,) in connection.execute("SELECT mark FROM finding_1 WHERE audit = ? ORDER BY rank", (number,)):
        yield FindingMark(**json.loads(told))


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1}
"""What brings a store from a version to the next."""
