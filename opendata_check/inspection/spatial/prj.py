"""Reads the well-known text that names a coordinate system, as a .prj holds it."""

from __future__ import annotations

import re

from opendata_check.coordinates import crs_named

_NAME = re.compile(r'\s*[A-Za-z_0-9]+\s*\[\s*"([^"]{1,200})"')
_TOKEN = re.compile(r'"[^"]*"|\[|\]|(?:AUTHORITY|ID)(?=\s*\[\s*"EPSG"\s*,\s*"?(\d{4,6})\b)')


def crs_of_prj(text: str) -> str:
    """Return « EPSG:2154 » for a .prj whose name or authority is known, its own name otherwise, "" when it is empty.

    A .prj is well-known text (OGC 01-009): its first quoted string is the name, and an AUTHORITY at the outermost
    level, when present, is the code.
    """
    named = _NAME.match(text)
    if not named:
        return ""
    return _outermost_authority(text) or crs_named(named[1])


def _outermost_authority(text: str) -> str:
    """Return the code of the AUTHORITY (or ID) that belongs to the whole definition, not to one of its parts."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] == "[":
            depth += 1
        elif token[0] == "]":
            depth -= 1
        elif token[1] and depth == 1:
            return f"EPSG:{token[1]}"
    return ""
