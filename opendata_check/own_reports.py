"""Recognises the reports this program wrote, so that it never audits its own answer nor refuses to write it again."""

from __future__ import annotations

import zipfile
from pathlib import Path

_EDGE = 8192
"""Bytes looked at, at each end of a file."""
_SIGNED = b"\nopendata-check "
"""How the reports that people read end: « opendata-check 0.1.0, examen au… »."""
_SIGNS: dict[str, tuple[bytes, ...]] = {
    ".html": (b'content="opendata-check', b'generator" content="opendata-check'),
    ".json": (b'"name": "opendata-check"',),
    ".sarif": (b'"driver":{"name":"opendata-check"',),
    ".xml": (b'<testsuites name="opendata-check"',),
    ".ics": (b"PRODID:-//opendata-check//",),
    ".ttl": (b"prov:wasGeneratedBy <urn:opendata-check:audit:",),
    ".md": (_SIGNED,),
    ".txt": (_SIGNED,),
    ".csv": ("﻿Résultat;Gravité;Point contrôlé;".encode(), "﻿Qui;Échéance;Fait;Rang;".encode()),
}
"""What only our reports say, by the end of their names."""
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
    signs = _SIGNS.get(suffix)
    if signs is None:
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
    return any(sign in edges for sign in signs)


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
