"""A server that sends the very bytes it is given, whatever is asked: what no HTTP library would send."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def raw_server(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """Give the address of a server that calls ``answer`` with each connection and the head of each request."""

    def serve(opened: socket.socket) -> None:
        head = b""
        with opened:
            try:
                while piece := opened.recv(65_536):
                    head += piece
                    while b"\r\n\r\n" in head:
                        first, _, head = head.partition(b"\r\n\r\n")
                        answer(opened, first)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                opened = listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=serve, args=(opened,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
