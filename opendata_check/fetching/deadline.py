"""A limit on the whole time of an exchange: then the connection is cut, even if bytes still drip."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

_WAKE = 0.5
"""On Windows, Ctrl-C comes to whoever waits only when the wait ends."""


class Deadline:
    """The end of one exchange. Watches its sockets and shuts them down when its time is over.

    A socket's own timeout only bounds a silence. Each watched socket is duplicated, because TLS and ``http.client``
    take the original away; shutting the duplicate down ends the connection they share.
    """

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.thread = threading.get_ident()
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._cut = threading.Event()
        self.interrupted = False
        """True when the exchange was ended before its time, by us."""

    @property
    def expired(self) -> bool:
        """Return True once the connection was cut."""
        return self._cut.is_set()

    def remaining(self) -> float:
        """Return the seconds left, 0 when the time is over."""
        return 0.0 if self.expired else max(0.0, self.end - time.monotonic())

    def extend(self, seconds: float) -> None:
        """Give back time that was spent waiting for our own turn."""
        self.end += seconds

    def sleep(self, seconds: float) -> None:
        """Wait, unless the exchange is cut in the meantime."""
        end = time.monotonic() + min(seconds, self.remaining())
        while (left := end - time.monotonic()) > 0 and not self._cut.wait(min(left, _WAKE)):
            pass

    def watch(self, opened: socket.socket) -> None:
        """Watch one more socket."""
        copy = socket.socket(opened.family, opened.type, opened.proto, fileno=socket.dup(opened.fileno()))
        with self._lock:
            self._watched.append(copy)
            if self.expired:
                _shut(copy)

    def forget(self) -> None:
        """Let go of the sockets watched so far: others may use their connections now."""
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def expire(self, *, interrupted: bool = False) -> None:
        """Cut every watched connection (runs in another thread)."""
        with self._lock:
            if not self.expired:
                self.interrupted = interrupted
            self._cut.set()
            for watched in self._watched:
                _shut(watched)


class Watchdog:
    """One thread that ends the exchanges of all the others when their time is over."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ends: list[tuple[float, int, Deadline]] = []
        self._active: set[Deadline] = set()
        self._order = itertools.count()
        self._here = threading.local()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def current(self) -> Deadline:
        """Return the deadline of the exchange this thread is in."""
        found: Deadline = self._here.deadline
        return found

    @contextmanager
    def running(self, seconds: float) -> Iterator[Deadline]:
        """Give the exchange inside the block ``seconds`` in all."""
        deadline = Deadline(seconds)
        with self._changed:
            self._active.add(deadline)
            heapq.heappush(self._ends, (deadline.end, next(self._order), deadline))
            if self._closed:
                deadline.expire(interrupted=True)
            elif self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif self._ends[0][2] is deadline:
                self._changed.notify()
        self._here.deadline = deadline
        try:
            yield deadline
        finally:
            with self._changed:
                self._active.discard(deadline)
            deadline.forget()

    def cut(self, threads: Collection[int]) -> None:
        """End at once the exchanges of these threads."""
        with self._changed:
            for deadline in self._active:
                if deadline.thread in threads:
                    deadline.expire(interrupted=True)

    def close(self) -> None:
        """End every exchange at once, now and from now on."""
        with self._changed:
            self._closed = True
            for deadline in self._active:
                deadline.expire(interrupted=True)
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                while self._ends and (self._ends[0][0] <= now or self._ends[0][2] not in self._active):
                    _, _, deadline = heapq.heappop(self._ends)
                    if deadline not in self._active:
                        continue
                    if deadline.end > now:  # it was extended
                        heapq.heappush(self._ends, (deadline.end, next(self._order), deadline))
                    else:
                        deadline.expire()
                self._changed.wait(self._ends[0][0] - now if self._ends else None)


def _shut(opened: socket.socket) -> None:
    """Shut a connection down, both ways; it may be closed already."""
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
