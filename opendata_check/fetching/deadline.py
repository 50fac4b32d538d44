"""A limit on the whole time of an exchange: then the connection is cut, even if bytes still drip."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Deadline:
    """Watches the sockets of one exchange at a time and shuts them down when its time is over.

    A socket's own timeout only bounds a silence. Each watched socket is duplicated, because TLS and ``http.client``
    take the original away; shutting the duplicate down ends the connection they share.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._end = 0.0
        self.expired = False

    @contextmanager
    def running(self, seconds: float) -> Iterator[None]:
        """Give the exchange inside the block ``seconds`` in all."""
        self.expired = False
        self._end = time.monotonic() + seconds
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                for watched in self._watched:
                    watched.close()
                self._watched.clear()

    def remaining(self) -> float:
        """Return the seconds left, 0 when the time is over."""
        return 0.0 if self.expired else max(0.0, self._end - time.monotonic())

    def watch(self, opened: socket.socket) -> None:
        """Watch one more socket until the exchange ends."""
        copy = socket.socket(opened.family, opened.type, opened.proto, fileno=socket.dup(opened.fileno()))
        with self._lock:
            self._watched.append(copy)
            if self.expired:
                _shut(copy)

    def _expire(self) -> None:
        """Cut every watched connection (runs in the timer's thread)."""
        with self._lock:
            self.expired = True
            for watched in self._watched:
                _shut(watched)


def _shut(opened: socket.socket) -> None:
    """Shut a connection down, both ways; it may be closed already."""
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
