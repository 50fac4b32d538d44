"""What the rules ask of communes: whether a code is one, what it became, its official name and its extent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

CODE = r"(?:[0-9]{2}|2[AB])[0-9]{3}"
_CODE = re.compile(CODE)

NOWHERE, CURRENT, FORMER = range(3)
"""What a code is: no commune's, a commune's, a former or partial commune's."""

Extent = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
_MEMO = 50_000
"""Codes remembered: the country has fewer, a hostile file has more."""


@dataclass(frozen=True, slots=True)
class Communes:
    """What the caller knows of communes; what it does not know is not judged."""

    known: Callable[[str], bool] | None = None
    """Whether a code is a commune's of today (municipal arrondissements included)."""
    current_of: Callable[[str], str | None] | None = None
    """The commune of today that a former or delegated commune is now part of; None when the code is neither."""
    delegated: Callable[[str], bool] | None = None
    """Whether a code is a delegated commune's."""
    official_name: Callable[[str], str | None] | None = None
    extent_of: Callable[[str], Extent | None] | None = None
    _memo: dict[str, tuple[int, str]] = field(default_factory=dict)

    def status(self, code: str) -> int:
        """Return NOWHERE, CURRENT or FORMER; by its shape alone when the caller knows no commune."""
        return self._look_up(code)[0]

    def successor(self, code: str) -> str:
        """Return the commune of today that ``code`` is or is part of, "" when unknown."""
        return self._look_up(code)[1]

    def padded(self, code: str) -> str:
        """Return the commune whose code lost its first zero, as a spreadsheet does; "" when it is none."""
        whole = f"0{code}"
        return whole if self.known and len(code) == 4 and self.status(whole) == CURRENT else ""

    def name(self, code: str) -> str:
        """Return the official name of a commune, "" when unknown."""
        asked = self.official_name(code) if self.official_name and self.status(code) != NOWHERE else None
        return asked or ""

    def extent(self, code: str) -> Extent | None:
        """Return the box of a commune, None when unknown."""
        return self.extent_of(code) if self.extent_of and self.status(code) != NOWHERE else None

    def _look_up(self, code: str) -> tuple[int, str]:
        found = self._memo.get(code)
        if found is None:
            found = self._asked(code)
            if len(self._memo) < _MEMO:
                self._memo[code] = found
        return found

    def _asked(self, code: str) -> tuple[int, str]:
        if not _CODE.fullmatch(code):
            return NOWHERE, ""
        current = self.current_of(code) if self.current_of else None
        if self.known is None:
            return CURRENT, current or code
        if self.known(code):
            return CURRENT, code
        return (FORMER, current) if current else (NOWHERE, "")
