"""Bytes on disk, within limits, with where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes ready to be inspected. ``path`` may be a temporary copy: ``name`` and ``origin`` are what users know."""

    path: Path
    name: str
    """File name with its extension, as published."""
    byte_size: int
    origin: str
    """Where it came from, as printed: relative path, URL, or ``archive.zip › dossier/a.csv``."""
    media_type: str = ""
    """Content-Type the server sent, without parameters; "" for local files."""
    truncated: bool = False
    """True when only the first bytes were kept because a limit was reached."""
