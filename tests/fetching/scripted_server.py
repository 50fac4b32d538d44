"""A real local HTTP server that answers each path with scripted replies, one after the other; the last one repeats.

HEAD is answered as GET without the body, unless the script has « HEAD /path ».
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """One answer. ``announce`` is the Content-Length sent (None: none is sent and the connection is closed)."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    announce: int | None = -1
    seconds_per_byte: float = 0.0
    endless: bool = False
    etag: str = ""
    ranges: bool = False
    """True for a server that honours Range and If-Range."""
    cut_after: int | None = None
    """Bytes of the body after which the server dies."""
    delay: float = 0.0
    """Seconds before anything is sent."""


@dataclass
class Scripted:
    """The server as tests see it."""

    base_url: str
    seen: list[tuple[str, dict[str, str]]]
    """Paths (with query) and headers of each request, in order."""
    methods: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    clients: set[int] = field(default_factory=set)
    """Ports the requests came from: as many as there were connections."""
    times: list[float] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    """Most requests answered at once."""

    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]


def _handler(script: dict[str, list[Reply]], known: Scripted) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                known.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                known.methods.append(self.command)
                known.bodies.append(body)
                known.clients.add(self.client_address[1])
                known.times.append(time.monotonic())
                known.busy += 1
                known.most_busy = max(known.most_busy, known.busy)
                path = self.path.partition("?")[0]
                replies = script.get(f"{self.command} {path}") or script.get(path)
                reply = replies.pop(0) if replies and len(replies) > 1 else replies[0] if replies else Reply(404)
            if reply.etag and self.headers.get("If-None-Match") == reply.etag:
                reply = Reply(304, headers={"ETag": reply.etag})
            try:
                time.sleep(reply.delay)
                self._send(reply)
            except OSError:
                self.close_connection = True
            finally:
                with lock:
                    known.busy -= 1

        do_HEAD = do_GET  # noqa: N815
        do_POST = do_GET  # noqa: N815
        do_CONNECT = do_GET  # noqa: N815

        def _send(self, reply: Reply) -> None:
            body, status, headers = reply.body, reply.status, dict(reply.headers)
            if reply.etag:
                headers.setdefault("ETag", reply.etag)
            if reply.ranges:
                headers["Accept-Ranges"] = "bytes"
                found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
                condition = self.headers.get("If-Range", "")
                if found and condition in ("", headers.get("ETag"), headers.get("Last-Modified")):
                    first, last = int(found[1]), min(int(found[2] or len(body)), len(body) - 1)
                    if first >= len(body):
                        status, headers["Content-Range"], body = 416, f"bytes */{len(body)}", b""
                    else:
                        status, headers["Content-Range"] = 206, f"bytes {first}-{last}/{len(body)}"
                        body = body[first : last + 1]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            announced = len(body) if reply.announce == -1 else reply.announce
            if announced is None or reply.endless:
                self.send_header("Connection", "close")
                self.close_connection = True
            else:
                self.send_header("Content-Length", str(announced))
            self.end_headers()
            if self.command == "HEAD":
                return
            if announced is not None and announced > len(body):
                self.close_connection = True
            if reply.cut_after is not None:
                self.close_connection = True
                body = body[: reply.cut_after]
            self._send_body(reply, body)

        def _send_body(self, reply: Reply, body: bytes) -> None:
            if reply.endless:
                while True:
                    self.wfile.write(b"0123456789abcdef" * 4096)
            elif reply.seconds_per_byte:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(reply.seconds_per_byte)
            else:
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, *args: object) -> None:
        """Clients that leave in the middle are what these tests are about."""


@contextmanager
def scripted_server(
    script: dict[str, Reply | list[Reply]], *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Scripted]:
    """Serve ``script`` on 127.0.0.1 until the block ends; its address names ``host``."""
    replies = {path: [answer] if isinstance(answer, Reply) else list(answer) for path, answer in script.items()}
    known = Scripted("", [])
    server = _Server(("127.0.0.1", 0), _handler(replies, known))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    known.base_url = f"{'https' if tls else 'http'}://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
