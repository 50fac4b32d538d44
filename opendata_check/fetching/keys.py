"""Keys to portals that ask for one: read from the environment, sent to their own host only, never written anywhere."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

_PREFIX = "OPENDATA_CHECK_KEY_"


def variable_of(host: str) -> str:
    """Return the environment variable that holds a host's key: ``data.ma-ville.fr`` → …KEY_DATA_MA__VILLE_FR.

    A dot becomes one underscore and a hyphen two: two hosts that differ never share a key.
    """
    return _PREFIX + re.sub(r"[^A-Z0-9]", lambda sign: "__" if sign[0] == "-" else "_", host.upper())


def key_for(url: str) -> str:
    """Return the key the user gave for the host of ``url``, "" when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return os.environ.get(variable_of(host), "").strip() if host else ""


def secrets() -> tuple[str, ...]:
    """Return every key the environment holds, longest first: what must never reach a file or a screen."""
    found = {value.strip() for name, value in os.environ.items() if name.startswith(_PREFIX)}
    return tuple(sorted((value for value in found if len(value) >= 4), key=lambda value: (-len(value), value)))
