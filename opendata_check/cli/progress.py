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


class LotProgress:
    """How far many audits are, with the time left: one line on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int, *, silent: bool = False) -> None:
        self._total = total
        self._silent = silent
        self._live = not silent and sys.stderr.isatty()
        self._start = time.monotonic()
        self._last = self._start
        self._every = max(1, total // _LINES)
        self._done = 0
        self._shown = False

    def show(self, done: int, failed: int, last: str) -> None:
        """Tell that ``done`` audits ended, ``failed`` of which failed; ``last`` names the last one."""
        if self._silent:
            return
        now = time.monotonic()
        if self._live:
            if now - self._last < _EVERY and done < self._total:
                return
            self._last = now
            self._draw(f"{self._text(done, failed, now)} · {last}")
        elif done - self._done >= self._every or now - self._last >= _MINUTE or done == self._total:
            self._last, self._done = now, done
            sys.stderr.write(f"{self._text(done, failed, now)}\n")
            sys.stderr.flush()

    def clear(self) -> None:
        """Erase the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def _text(self, done: int, failed: int, now: float) -> str:
        from opendata_check.wording import french_number

        lost = f" · {failed} en échec" if failed else ""
        left = (now - self._start) / done * (self._total - done) if done else 0.0
        wait = f" · reste {duration(left)}" if 0 < done < self._total else ""
        return f"{french_number(done)}/{french_number(self._total)} audits{lost}{wait}"

    def _draw(self, text: str) -> None:
        encoding = sys.stderr.encoding or "ascii"
        shown = "".join(c for c in text if c.isprintable())[:78].encode(encoding, "replace").decode(encoding)
        sys.stderr.write(f"\r\x1b[2K{shown}")
        sys.stderr.flush()
        self._shown = True


_LINES = 20
"""Lines that tell a whole lot where no terminal shows it."""
_MINUTE = 60.0


def duration(seconds: float) -> str:
    """Return a time left as a person says it: « moins d'une minute », « 12 min », « 3 h 05 »."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "moins d'une minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"
