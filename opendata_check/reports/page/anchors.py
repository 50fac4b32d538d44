"""Addresses within the page: the same finding has the same from one report to the next."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

_PLAIN = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Anchors:
    """Gives each id once, whatever a report written by hand holds."""

    def __init__(self, told: Iterable[str]) -> None:
        self._told = frozenset(told)
        self._given: set[str] = set()

    def of(self, fingerprints: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of findings told together, those given already left out."""
        found = tuple(dict.fromkeys(f"c-{_plain(one)}" for one in fingerprints))
        fresh = tuple(one for one in found if one not in self._given)
        self._given.update(fresh)
        return fresh

    def known(self, fingerprints: Sequence[str]) -> str:
        """Return the id of the first finding among those that the page tells, "" when it tells none of them."""
        return next((f"c-{_plain(one)}" for one in fingerprints if one in self._told), "")


def _plain(text: str) -> str:
    """Return what an address may hold: the text itself, or its digest when it is no plain word."""
    return text if _PLAIN.fullmatch(text) else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
