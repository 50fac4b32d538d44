"""Names the folder of each body: the same at each run, whatever the order of the list, fit for any disk."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from opendata_check.folding import fold
from opendata_check.model.organization import Organization

_LONGEST = 60


def key_of_body(body: Organization) -> str:
    """Return the folder of a body: its code and its name (``54395-nancy``)."""
    code = (body.insee_code or body.siren or body.kind.value).lower()
    return f"{code}-{_slug(body.name)}".rstrip("-")


def key_of_place(target: str) -> str:
    """Return the folder of an address or of a local folder: its words, and a mark of the whole."""
    parts = urlsplit(target) if "://" in target else None
    words = f"{parts.hostname or ''} {parts.path}" if parts else re.split(r"[/\\]", target.rstrip("/\\"))[-1]
    return f"{_slug(words) or 'lieu'}-{hashlib.sha256(target.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:_LONGEST].rstrip("-")
