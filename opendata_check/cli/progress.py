"""Shows what is going on, on the error stream, when a human is looking and the wait passes a second."""

from __future__ import annotations

import sys
import threading
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
    """One line rewritten in place; silent when the error stream is not a terminal.

    When ``telling``, every step is a line of its own with the seconds passed, terminal or not.
    """

    def __init__(self, *, silent: bool = False, telling: bool = False) -> None:
        self._shown = False
        self._telling = telling and not silent
        self._told = ""
        self._live = not silent and sys.stderr.isatty()
        self._start = time.monotonic()
        self._last = 0.0
        self._lock = threading.Lock()
        self._late: threading.Timer | None = None

    def show(self, event: Progress | Step) -> None:
        """Show one event, at once or when the wait reaches a second: what goes on for long may send no other."""
        if self._telling:
            self._tell(event)
            return
        if not self._live:
            return
        self._forget()
        wait = self._start + _AFTER - time.monotonic()
        if wait > 0:
            self._late = threading.Timer(wait, self._draw, (event,))
            self._late.daemon = True
            self._late.start()
        elif time.monotonic() - self._last >= _EVERY:
            self._draw(event)

    def _tell(self, event: Progress | Step) -> None:
        """Write a step with the time, once however often it is counted."""
        if event.step == self._told:
            return
        self._told = event.step
        seconds = f"{time.monotonic() - self._start:7.1f}".replace(".", ",")
        step = "".join(c for c in event.step if c.isprintable())[:200]
        sys.stderr.write(f"{seconds} s  {step}\n")

    def _forget(self) -> None:
        """Leave out the event that was waiting."""
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _draw(self, event: Progress | Step) -> None:
        with self._lock:
            self._write(event)

    def _write(self, event: Progress | Step) -> None:
        self._last = time.monotonic()
        count = f" ({event.done}/{event.total})" if event.total else ""
        step = "".join(c for c in event.step if c.isprintable())[: 70 - len(count)]
        encoding = sys.stderr.encoding or "ascii"
        text = f"{step}{count}…".encode(encoding, "replace").decode(encoding)
        sys.stderr.write(f"\r\x1b[2K{text}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Erase the line."""
        self._forget()
        with self._lock:
            if self._shown:
                sys.stderr.write("\r\x1b[2K")
                sys.stderr.flush()
