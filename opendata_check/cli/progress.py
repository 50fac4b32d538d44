"""Shows what is going on, on the error stream, when a human is looking and the wait passes a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from opendata_check.model.report import Progress

_AFTER = 1.0  # seconds
_EVERY = 0.1


class Step(NamedTuple):
    """What is going on, where no count can be told."""

    step: str
    done: int = 0
    total: int = 0


class ProgressLine:
    """One line rewritten in place; silent when the error stream is not a terminal."""

    def __init__(self, *, silent: bool = False) -> None:
        self._shown = False
        self._live = not silent and sys.stderr.isatty()
        self._start = time.monotonic()
        self._last = 0.0

    def show(self, event: Progress | Step) -> None:
        """Show one event."""
        now = time.monotonic()
        if not self._live or now - self._start < _AFTER or now - self._last < _EVERY:
            return
        self._last = now
        count = f" ({event.done}/{event.total})" if event.total else ""
        step = "".join(c for c in event.step if c.isprintable())[: 70 - len(count)]
        encoding = sys.stderr.encoding or "ascii"
        text = f"{step}{count}…".encode(encoding, "replace").decode(encoding)
        sys.stderr.write(f"\r\x1b[2K{text}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Erase the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
