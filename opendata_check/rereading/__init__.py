"""Reads back an audit's JSON, whoever wrote it or edited it, and rebuilds the report that every format is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata_check.rereading.errors import RereadingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from opendata_check.model.report import AuditReport

__all__ = ["RereadingError", "read", "report_from"]


def report_from(payload: Mapping[str, Any]) -> AuditReport:
    """Return the report that ``reports.json.payload`` gave these values of; facts they do not hold stay empty.

    Raises RereadingError, which names the place of what cannot be used.
    """
    from opendata_check.rereading.document import Document

    document = Document()
    for key, value in payload.items():
        document.take(key, value)
    return document.report()


def read(path: Path | None, notes: list[str] | None = None) -> AuditReport:
    """Return the report of a JSON file (or ``.json.gz``), of the standard input when ``path`` is None.

    What the user must know of it (an older form, read all the same) is appended to ``notes``. Raises RereadingError,
    one French line, for what is no audit of ours or cannot be used.
    """
    from opendata_check.rereading.document import Document
    from opendata_check.rereading.opening import opened
    from opendata_check.rereading.stream import members

    with opened(path) as stream:
        document = Document(stream.name)
        for key, value, rank in members(stream):
            document.take(key, value, rank)
    report = document.report()
    if notes is not None:
        notes.extend(document.notes)
    return report
