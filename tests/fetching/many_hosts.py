"""Fifty servers on 127.0.0.1 to 127.0.0.50, in a process of their own, with a latency; and how long checks of them take.

Run as a program, it serves until its standard input closes, after having printed its port.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opendata_check.fetching import Limits, open_fetcher
from opendata_check.fetching.availability import Asked, check_all

HOSTS = 50
BODY = b"x;y\n" * 300


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(latency)
            sent = b"" if head.startswith(b"HEAD") else BODY
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), sent)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


async def _serve(latency: float) -> None:
    port = 0
    for number in range(1, HOSTS + 1):
        listening = socket.create_server((f"127.0.0.{number}", port), backlog=64)
        port = listening.getsockname()[1]
        await asyncio.start_server(lambda reader, writer: _answer(reader, writer, latency), sock=listening)
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextmanager
def serve_hosts(latency: float) -> Iterator[int]:
    """Give the port of the fifty servers."""
    command = [sys.executable, __file__, str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def seconds_of_checks(port: int, hosts: int, by_host: int) -> float:
    """Return the seconds that the checks of ``by_host`` files on each of ``hosts`` servers take, with our usual manners."""
    asked = [
        Asked(f"http://127.0.0.{host}:{port}/{number}.csv", "csv", len(BODY))
        for number in range(by_host)
        for host in range(1, hosts + 1)
    ]
    with open_fetcher(cache_folder=None, allow_private=True, limits=Limits()) as fetcher:
        start = time.perf_counter()
        states = {found.state for _, found in check_all(fetcher, asked)}
        taken = time.perf_counter() - start
    assert states == {"available"}, states
    return taken


def figures(by_host: int = 10) -> dict[str, float]:
    """Return what benchmarks compare: seconds for one server and for fifty, without and with 200 ms of latency."""
    found: dict[str, float] = {}
    for latency in (0.0, 0.2):
        with serve_hosts(latency) as port:
            seconds_of_checks(port, 1, 1)  # what is imported is not counted
            found[f"one {latency:g}"] = seconds_of_checks(port, 1, by_host)
            found[f"all {latency:g}"] = seconds_of_checks(port, HOSTS, by_host)
    return found


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
