"""What one fetcher may take in all, bytes and time, whatever the number of threads."""

from __future__ import annotations

import threading
import time

from opendata_check.fetching.errors import TotalLimitError
from opendata_check.fetching.limits import Limits

_REMEDY = "Contrôlez moins d'adresses à la fois."
_UNITS = ((1 << 30, "Gio"), (1 << 20, "Mio"), (1 << 10, "Kio"))


class Budget:
    """Counts what was received, from the first exchange on."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._bytes = 0
        self._end: float | None = None

    def seconds_left(self) -> float:
        """Return the seconds left; the first call starts the clock."""
        with self._lock:
            if self._end is None:
                self._end = time.monotonic() + self._limits.total_seconds
            return max(0.0, self._end - time.monotonic())

    def check(self, where: str) -> None:
        """Raise TotalLimitError when nothing more may be asked."""
        if self._bytes >= self._limits.total_bytes:
            most = _size(self._limits.total_bytes)
            raise TotalLimitError(f"la limite de {most} reçus en tout est atteinte", where=where, remedy=_REMEDY)
        if self.seconds_left() <= 0:
            most = _duration(self._limits.total_seconds)
            raise TotalLimitError(f"la limite de {most} en tout est atteinte", where=where, remedy=_REMEDY)

    def spend(self, size: int, where: str) -> None:
        """Count bytes received. Raises TotalLimitError when that is too many."""
        with self._lock:
            self._bytes += size
            over = self._bytes > self._limits.total_bytes
        if over:
            self.check(where)


def _size(count: int) -> str:
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count // unit} {name}"
    return f"{count} octets"


def _duration(seconds: float) -> str:
    for unit, name in ((3600, "heures"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{int(seconds // unit)} {name}"
    return f"{seconds:g} s"
