"""Measures the reading of portals: datasets mapped a second beyond the server's own time, memory, links, detection.

    python benchmarks/portals.py                 every kind, 10 000 datasets each
    python benchmarks/portals.py ckan csw        these kinds only
    python benchmarks/portals.py links           500 links on 50 hosts
    python benchmarks/portals.py detect          requests spent on a bare address

The servers are those of the tests, each in a process of its own. A catalogue is read twice: once as the audit does, once
asking for the very same addresses and keeping nothing of them; the difference is ours, the second is the peer.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "sources"))
sys.path.insert(0, str(ROOT / "tests" / "fetching"))

COUNT = 10_000
SERVERS: dict[str, Callable[[int], Any]] = {}
"""Kind → what gives its server, loaded with so many generated datasets."""


def _server(module: str, serve: str, count: int, **more: Any) -> Any:
    found = importlib.import_module(module)
    return getattr(found, serve)(found.generated(count), **more)


SERVERS["opendatasoft"] = lambda count: _server("ods_server", "serve_ods", count)
SERVERS["ckan"] = lambda count: _server("ckan_server", "serve_ckan", count)
SERVERS["csw"] = lambda count: _server("csw_server", "serve_csw", count)


def main(arguments: list[str]) -> None:
    """Measure what is named, everything otherwise."""
    if arguments[:1] == ["serve"]:
        _serve(arguments[1], int(arguments[2]))
        return
    if arguments[:1] == ["read"]:
        print(json.dumps(_read(*arguments[1:])))
        return
    for kind in [name for name in SERVERS if name in arguments or not arguments]:
        with _running(kind, COUNT) as url:
            measured = json.loads(_python("read", kind, url))
        own = max(measured["seconds"] - measured["peer_seconds"], 1e-9)
        print(
            f"{kind:14} {measured['datasets']} jeux : {measured['datasets'] / own:8.0f} jeux/s hors du serveur, "
            f"{measured['seconds']:.2f} s en tout, {measured['peer_seconds']:.2f} s sans rien garder "
            f"({measured['seconds'] / measured['peer_seconds']:.2f} fois), {measured['megabytes']:.0f} Mo"
        )


@contextmanager
def _running(kind: str, count: int) -> Iterator[str]:
    """Give the address of a server in a process of its own."""
    command = [sys.executable, __file__, "serve", kind, str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert process.stdout and process.stdin
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def _serve(kind: str, count: int) -> None:
    """Serve until our standard input closes."""
    with SERVERS[kind](count) as server:
        print(getattr(server, "url", "") or server.base_url, flush=True)
        sys.stdin.read()


def _python(*arguments: str) -> str:
    return subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True).stdout


def _read(kind: str, url: str) -> dict[str, Any]:
    """Return the figures of one reading and of its peer."""
    from opendata_check.fetching import Fetcher, Limits, open_fetcher
    from opendata_check.sources import find

    limits = Limits(requests_per_second=1e9, json_seconds=600, document_seconds=600)
    asked: list[tuple[str, dict[str, Any]]] = []

    class Noting(Fetcher):
        """A Fetcher that notes what it is asked for."""

        def _fetch(self, url: str, *rest: Any, **more: Any) -> Any:
            asked.append((url, {"rest": rest, "more": more}))
            return super()._fetch(url, *rest, **more)

    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher:
        source = find(url, fetcher).recognition
        assert source is not None, f"{kind} n'est pas reconnu à {url}"
        assert source.source.kind == kind, source.source.kind
        fetcher.__class__ = Noting
        start = time.perf_counter()
        catalog = source.source.collect(fetcher)
        seconds = time.perf_counter() - start
        assert catalog.complete, catalog.faults
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        fetcher.__class__ = Fetcher
        start = time.perf_counter()
        for address, call in asked:
            path = fetcher._new_path(".peer")
            params, headers, _, *limits_of = call["rest"]
            fetcher._fetch(address, params, headers, path, *limits_of, **call["more"])
            path.unlink()
        peer = time.perf_counter() - start
    return {"datasets": len(catalog.datasets), "seconds": seconds, "peer_seconds": peer, "megabytes": peak}


if __name__ == "__main__":
    main(sys.argv[1:])
