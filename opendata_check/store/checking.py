"""Reads a store from end to end: the database's own check, then every audit decoded and compared with its digest."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from opendata_check.model.history import Health
from opendata_check.store import packing, reading, schema
from opendata_check.store.failures import StoreDamagedError, StoreError

_SHOWN = 20
_COUNT = "SELECT count(*) FROM {table}"


def health(connection: sqlite3.Connection, path: Path) -> Health:
    """Return what the store holds, and its faults; never raises for damaged content."""
    faults = _structure(connection)
    counts = {}
    for table in ("body", "audit", "mark", "report"):
        try:
            counts[table] = connection.execute(_COUNT.format(table=table)).fetchone()[0]
        except sqlite3.Error:
            counts[table] = 0
            faults.append(f"La table « {table} » ne se lit pas.")
    faults += _audits(connection, path)
    shown = tuple(faults[:_SHOWN])
    if len(faults) > _SHOWN:
        shown += (f"Et {len(faults) - _SHOWN} autres.",)
    return Health(
        version=schema.VERSION,
        size=path.stat().st_size,
        bodies=counts["body"],
        audits=counts["audit"],
        marks=counts["mark"],
        reports=counts["report"],
        faults=shown,
    )


def _structure(connection: sqlite3.Connection) -> list[str]:
    try:
        told = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_SHOWN})")]
        loose = connection.execute("PRAGMA foreign_key_check").fetchmany(_SHOWN)
    except sqlite3.Error as error:
        return [f"La base ne se lit pas jusqu'au bout ({getattr(error, 'sqlite_errorname', 'erreur')})."]
    faults = [] if told == ["ok"] else [f"La base dit : {' '.join(line.split())[:200]}." for line in told]
    return faults + [f"Une ligne de « {table} » ne tient plus à rien." for table, *_ in loose]


def _audits(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Return a fault for each audit that does not decode, or no longer holds what was kept."""
    faults: list[str] = []
    marks = reading.mark_reader(connection, path)
    try:
        rows = connection.execute(
            "SELECT audit.id, audit.digest, body.key, audit.day FROM audit JOIN body ON body.id = audit.body"
        ).fetchall()
    except sqlite3.Error:
        return ["La liste des audits ne se lit pas."]
    for number, digest, key, day in rows:
        try:
            audit = reading.audit_numbered(connection, path, number)
            found = marks(audit)
            whole = (
                len(found) == audit.points
                and packing.content_digest(packing.told_form(audit.summary), map(packing.mark_fields, found)) == digest
            )
            reading.report_of(connection, path, number)
        except (StoreDamagedError, StoreError):
            whole = False
        if not whole:
            faults.append(f"L'audit n° {number} ({key}, {day}) est abîmé.")
    return faults
