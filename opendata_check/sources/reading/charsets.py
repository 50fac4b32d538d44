"""Which of the encodings that servers and documents name may be used to read a text."""

from __future__ import annotations

import codecs
from functools import lru_cache

_PLAIN = bytes(range(32, 127)) + rb" \u0041.xn--nxa."
"""What idna and unicode_escape would read as something else."""


@lru_cache(maxsize=64)
def text_encoding(name: str) -> str:
    """Return Python's name of an encoding that writes plain letters as ASCII does, "" for any other.

    Python has codecs that no document is written in, and that a server may still name: zlib and rot13 are no encodings
    of texts, idna refuses most of them, punycode takes hours for a few megabytes.
    """
    try:
        found = codecs.lookup(name).name
        return found if _PLAIN.decode(found) == _PLAIN.decode("ascii") else ""
    except (LookupError, ValueError):
        return ""
