"""Recognises the reports this program wrote, so that it never audits its own answer nor refuses to write it again."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_EDGE = 8192
"""Bytes looked at, at each end of a file."""
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_SIGNED = r"\nopendata-check [^\n]{0,60}, examen au [^\n]{1,40}\.\n\Z"
"""How the reports that people read end: « opendata-check 0.1.0, examen au… »."""
_SIGNS: dict[str, str] = {
    ".html": r"\A<!doctype html>\s<html lang=\"fr\"[^>]*>.*<meta name=\"generator\" content=\"opendata-check\">",
    ".json": r"\A\{.*\"tool\": ?\{\s*\"name\": ?\"opendata-check\"",
    ".sarif": r"\A\{\"\$schema\":.{1,200}\"driver\":\{\"name\":\"opendata-check\"",
    ".xml": r"\A<\?xml [^>]*>\s*<testsuites name=\"opendata-check\"",
    ".ics": r"\ABEGIN:VCALENDAR\r?\nVERSION:2\.0\r?\nPRODID:-//opendata-check//",
    ".ttl": r"\A@prefix dcat: .*<urn:opendata-check:audit:",
    ".md": _SIGNED,
    ".txt": _SIGNED,
    ".csv": rf"\A{_BOM}(?:Résultat;Gravité;Point contrôlé|Qui;Échéance;Fait;Rang);",
}
"""What only our reports say, where they say it, by the end of their names.

A file may say it on purpose, to be left out: the number of files left out is therefore always told in the report.
"""
_WORKBOOK_SIGNS = (
    b"<dc:creator>opendata-check</dc:creator>",
    "<dc:subject>Contrôle des données ouvertes</dc:subject>".encode(),
)
_DATABASES = frozenset({".db", ".sqlite", ".sqlite3"})
_HEADER = 100
_LARGEST_PROPERTIES = 100_000


def is_own_report(path: Path) -> bool:
    """Return whether a file is a report that this program wrote; False for what cannot be read."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _is_own_workbook(path)
    if suffix in _DATABASES:
        return _is_store(path)
    if suffix not in _SIGNS:
        return False
    try:
        with path.open("rb") as stream:
            edges = stream.read(_EDGE)
            size = path.stat().st_size
            if size > _EDGE:
                stream.seek(max(_EDGE, size - _EDGE))
                edges += stream.read(_EDGE)
    except (OSError, ValueError):
        return False
    return re.search(_SIGNS[suffix].encode(), edges, re.DOTALL) is not None


def _is_store(path: Path) -> bool:
    """Return whether a file is a store of audits: its SQLite header says so."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
    except (OSError, ValueError):
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == b"ODCA"


def _is_own_workbook(path: Path) -> bool:
    """Return whether a workbook's properties are those of a report: the files to fill in are the user's own data."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo("docProps/core.xml")
            if entry.file_size > _LARGEST_PROPERTIES:
                return False
            properties = archive.read(entry)
            return all(sign in properties for sign in _WORKBOOK_SIGNS)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False
