"""Reads audits back, exactly as they were given; what does not decode raises StoreDamagedError."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from opendata_check.model.history import KnownBody, StoredAudit
from opendata_check.model.summary import FindingMark
from opendata_check.store import packing
from opendata_check.store.failures import damaged, told

LARGEST_REPORT = 1_000_000_000
"""Bytes of a report, unpacked."""
_ROW = """
SELECT audit.id, body.key, audit.day, identity.value, content.measures, audit.points, run.value, audit.late
FROM audit JOIN body ON body.id = audit.body LEFT JOIN content ON content.audit = audit.id
LEFT JOIN text AS identity ON identity.id = content.identity LEFT JOIN text AS run ON run.id = audit.run
"""
_PAGE = 500
"""Audits read at once: between two pages, others may write."""
_TEXTS_OF_A_MARK = 10
_KEPT_MARKS = 50_000


@contextmanager
def decoded(path: Path) -> Iterator[None]:
    """Turn what hand-made or damaged content raises into an error about the store."""
    try:
        with told(path):
            yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, zlib.error, RecursionError) as error:
        raise damaged(path) from error


def _audit(row: tuple[Any, ...]) -> StoredAudit:
    number, key, day, identity, measures, points, run, late = row
    if not (isinstance(key, str) and isinstance(run, str) and isinstance(points, int)):
        raise TypeError("audit")
    return StoredAudit(number, packing.summary_of(key, day, identity, measures), points, run, bool(late))


def audits_of(connection: sqlite3.Connection, path: Path, body: str) -> tuple[StoredAudit, ...]:
    """Return the audits of a body, by date then by arrival."""
    with decoded(path):
        rows = connection.execute(f"{_ROW} WHERE body.key = ? ORDER BY audit.day, audit.id", (packing.storable(body),))
        return tuple(map(_audit, rows.fetchall()))


def audit_numbered(connection: sqlite3.Connection, path: Path, number: int) -> StoredAudit:
    """Return the audit of an order of arrival. Raises StoreDamagedError when it does not decode."""
    with decoded(path):
        return _audit(connection.execute(f"{_ROW} WHERE audit.id = ?", (number,)).fetchone())


def last_audit(connection: sqlite3.Connection, path: Path, body: str, before: date | None) -> StoredAudit | None:
    """Return the audit with the latest date (the last to arrive among those), strictly ``before`` a day when given."""
    until = "9999-99" if before is None else before.isoformat()
    with decoded(path):
        row = connection.execute(
            f"{_ROW} WHERE body.key = ? AND audit.day < ? ORDER BY audit.day DESC, audit.id DESC LIMIT 1",
            (packing.storable(body), until),
        ).fetchone()
        return _audit(row) if row else None


def every_audit(
    connection: sqlite3.Connection, path: Path, bodies: str, places: tuple[str, ...]
) -> Iterator[StoredAudit]:
    """Yield the audits in order of arrival; what arrives meanwhile is left out. ``bodies`` is a condition on body."""
    with decoded(path):
        last = connection.execute("SELECT max(id) FROM audit").fetchone()[0] or 0
    done = 0
    while True:
        with decoded(path):
            rows = connection.execute(
                f"{_ROW} WHERE audit.id > ? AND audit.id <= ? AND {bodies} ORDER BY audit.id LIMIT {_PAGE}",
                (done, last, *places),
            ).fetchall()
            found = list(map(_audit, rows))
        if not found:
            return
        yield from found
        done = found[-1].number


def known_bodies(connection: sqlite3.Connection, path: Path) -> tuple[KnownBody, ...]:
    """Return the bodies of the store, by key."""
    with decoded(path):
        rows = connection.execute(
            "SELECT key, name, count(*), min(day), max(day) FROM audit JOIN body ON body.id = audit.body"
            " GROUP BY audit.body ORDER BY key"
        ).fetchall()
        return tuple(
            KnownBody(str(key), str(name), count, date.fromisoformat(first), date.fromisoformat(last))
            for key, name, count, first, last in rows
        )


def mark_reader(connection: sqlite3.Connection, path: Path) -> Callable[[StoredAudit], tuple[FindingMark, ...]]:
    """Return a function that gives the open findings of an audit; it remembers those that many audits share."""

    @lru_cache(maxsize=_KEPT_MARKS)
    def stored(number: int) -> tuple[Any, ...]:
        row = connection.execute(
            "SELECT mark.fingerprint, head.value, message.value, dataset.value, file.value, mark.count FROM mark"
            " JOIN text AS head ON head.id = mark.head JOIN text AS message ON message.id = mark.message"
            " JOIN text AS dataset ON dataset.id = mark.dataset JOIN text AS file ON file.id = mark.file"
            " WHERE mark.id = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise ValueError("mark")
        fingerprint, head, *texts, count = row
        told = (packing.fingerprint_of(fingerprint), *json.loads(head), *texts)
        if len(told) != _TEXTS_OF_A_MARK or not all(isinstance(one, str) for one in told) or not isinstance(count, int):
            raise TypeError("mark")
        return (*told, count)

    def marks(audit: StoredAudit) -> tuple[FindingMark, ...]:
        with decoded(path):
            row = connection.execute("SELECT marks FROM content WHERE audit = ?", (audit.number,)).fetchone()
            summary, numbers = audit.summary, packing.unpacked_numbers(row[0])
            if len(numbers) != audit.points:
                raise ValueError("marks")
            unfolded = packing.unfolder_of(packing.shared_words(summary.on, summary.target, summary.name))
            found = []
            for number in numbers:
                fingerprint, check, axis, severity, outcome, title, obligation, message, dataset, file, count = stored(
                    number
                )
                told_here = unfolded(message)
                found.append(
                    FindingMark(
                        fingerprint, check, axis, severity, outcome, title, told_here, dataset, file, obligation, count
                    )
                )
            return tuple(found)

    return marks


def report_of(connection: sqlite3.Connection, path: Path, number: int) -> bytes | None:
    """Return the whole report kept with an audit, or None when none was kept."""
    with decoded(path):
        row = connection.execute("SELECT size, packed FROM report WHERE audit = ?", (number,)).fetchone()
        if row is None:
            return None
        size, packed = row
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, min(size, LARGEST_REPORT) + 1)
        if not unpacker.eof or len(content) != size:
            raise ValueError("report")
        return content
