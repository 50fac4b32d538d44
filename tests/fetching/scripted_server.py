"""A real local HTTP server that answers each path with scripted replies, one after the other; the last one repeats."""

from __future__ import annotations

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


@dataclass
class Scripted:
    """The server as tests see it."""

    base_url: str
    seen: list[tuple[str, dict[str, str]]]
    """Paths (with query) and headers of each request, in order."""

    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]


def _handler(script: dict[str, list[Reply]], seen: list[tuple[str, dict[str, str]]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            replies = script.get(self.path.partition("?")[0])
            if not replies:
                self.send_error(404)
                return
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            if reply.etag and self.headers.get("If-None-Match") == reply.etag:
                reply = Reply(304, headers={"ETag": reply.etag})
            try:
                self._send(reply)
            except OSError:
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.etag and "ETag" not in reply.headers:
                self.send_header("ETag", reply.etag)
            if reply.announce is None or reply.endless:
                self.send_header("Connection", "close")
                self.close_connection = True
            else:
                self.send_header("Content-Length", str(len(reply.body) if reply.announce < 0 else reply.announce))
            self.end_headers()
            if reply.announce is not None and reply.announce > len(reply.body):
                self.close_connection = True
            if reply.endless:
                while True:
                    self.wfile.write(b"0123456789abcdef" * 4096)
            elif reply.seconds_per_byte:
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(reply.seconds_per_byte)
            else:
                self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def scripted_server(script: dict[str, Reply | list[Reply]]) -> Iterator[Scripted]:
    """Serve ``script`` on 127.0.0.1 until the block ends."""
    seen: list[tuple[str, dict[str, str]]] = []
    replies = {path: [answer] if isinstance(answer, Reply) else list(answer) for path, answer in script.items()}

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(replies, seen))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Scripted(f"http://127.0.0.1:{server.server_address[1]}", seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
