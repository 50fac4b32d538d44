"""Adds one audit to the store: all of it or nothing, and once only."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from opendata_check.model.finding import Axis
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.store import packing

_HEAD = ("check", "axis", "severity", "outcome", "title", "obligation")


@contextmanager
def together(connection: sqlite3.Connection) -> Iterator[None]:
    """Do several writings as one; whatever is raised undoes them all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def add(
    connection: sqlite3.Connection,
    summary: AuditSummary,
    marks: Sequence[FindingMark],
    report: bytes | None,
    run: str,
) -> bool:
    """Keep an audit. Return False when it was there already (its report is then added if it lacked one)."""
    packed = None if report is None else (len(report), zlib.compress(report, 6))
    with together(connection):
        return add_within(connection, summary, marks, packed, run)


def add_within(
    connection: sqlite3.Connection,
    summary: AuditSummary,
    marks: Sequence[FindingMark],
    report: tuple[int, bytes] | None,
    run: str,
) -> bool:
    """Keep an audit inside a writing already begun; ``report`` is (size, packed)."""
    told = [packing.mark_fields(one) for one in marks]
    form = packing.told_form(summary)
    digest = packing.content_digest(form, told)
    body = _body(connection, summary)
    known = connection.execute(
        "SELECT id FROM audit WHERE body = ? AND day = ? AND digest = ?", (body, summary.on.isoformat(), digest)
    ).fetchone()
    number = known[0] if known else _new(connection, body, summary, form, told, digest, run)
    if report is not None:
        connection.execute("INSERT OR IGNORE INTO report VALUES (?, ?, ?)", (number, *report))
    return known is None


def _new(
    connection: sqlite3.Connection,
    body: int,
    summary: AuditSummary,
    form: tuple[str, str],
    marks: Sequence[packing.MarkFields],
    digest: int,
    run: str,
) -> int:
    day = summary.on.isoformat()
    latest = connection.execute("SELECT max(day) FROM audit WHERE body = ?", (body,)).fetchone()[0]
    late = latest is not None and day < latest
    if not late:
        _tell_body(connection, body, summary)
    scores: dict[Axis, int | None] = {one.axis: tenths(one.score) for one in summary.axes}
    row = (
        body, day, digest, text_number(connection, packing.storable(run)), int(summary.partial), summary.datasets,
        len(marks), summary.newest.isoformat() if summary.newest else None, tenths(summary.overall),
        *(scores.get(axis) for axis in Axis), int(late),
    )  # fmt: skip
    places = ", ".join("?" * len(row))
    number = connection.execute(f"INSERT INTO audit VALUES (NULL, {places})", row).lastrowid  # noqa: S608 - marks only
    assert number is not None
    name, target = packing.storable(summary.name), packing.storable(summary.target)
    folded = packing.folder_of(packing.shared_words(summary.on, target, name))
    numbers = packing.packed_numbers(mark_number(connection, one, folded) for one in marks)
    content = (number, text_number(connection, form[0]), packing.packed_measures(form[1]), numbers)
    connection.execute("INSERT INTO content VALUES (?, ?, ?, ?)", content)
    return number


def tenths(score: float | None) -> int | None:
    """Return a score as trends read it."""
    return None if score is None else round(score * 10)


def _body(connection: sqlite3.Connection, summary: AuditSummary) -> int:
    key = packing.storable(summary.body)
    known = connection.execute("SELECT id FROM body WHERE key = ?", (key,)).fetchone()
    if known:
        return int(known[0])
    made = connection.execute("INSERT INTO body VALUES (NULL, ?, '', '', '', '', '')", (key,)).lastrowid
    assert made is not None
    return made


def _tell_body(connection: sqlite3.Connection, body: int, summary: AuditSummary) -> None:
    """Note the name and the places of a body as its latest audit tells them."""
    told = (summary.name or summary.target, summary.departement_code, summary.departement_name, summary.epci_siren,
            summary.epci_name)  # fmt: skip
    connection.execute(
        "UPDATE body SET name = ?, departement = ?, departement_name = ?, epci = ?, epci_name = ? WHERE id = ?",
        (*map(packing.storable, told), body),
    )


def text_number(connection: sqlite3.Connection, text: str) -> int:
    """Return the number of a text, noting it when it is new."""
    digest = packing.text_digest(text)
    for number, value in connection.execute("SELECT id, value FROM text WHERE digest = ?", (digest,)):
        if value == text:
            return int(number)
    made = connection.execute("INSERT INTO text VALUES (NULL, ?, ?)", (digest, text)).lastrowid
    assert made is not None
    return made


def mark_number(connection: sqlite3.Connection, one: packing.MarkFields, folded: Callable[[str], str]) -> int:
    """Return the number of an open finding, noting it when it is new.

    It is recognised by 63 bits over its content and by its own fingerprint: most are known, and read no text.
    """
    told = dict(zip(packing.MARK_FIELDS, one, strict=True))
    told["message"] = folded(str(told["message"]))
    digest = packing.fields_digest(tuple(told.values()))
    fingerprint = packing.fingerprint_form(str(told["fingerprint"]))
    known = connection.execute("SELECT id FROM mark WHERE digest = ? AND fingerprint = ?", (digest, fingerprint))
    for (number,) in known:
        return int(number)
    head = json.dumps([told[name] for name in _HEAD], ensure_ascii=False, separators=(",", ":"))
    texts = (head, told["message"], told["dataset"], told["file"])
    numbers = (text_number(connection, str(text)) for text in texts)
    row = (digest, fingerprint, *numbers, told["count"])
    made = connection.execute("INSERT INTO mark VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid
    assert made is not None
    return made
