"""Measures the reading of portals: datasets mapped a second beyond the server's own time, memory, links, detection.

    python benchmarks/portals.py                 every kind, 10 000 datasets each
    python benchmarks/portals.py ckan csw        these kinds only
    python benchmarks/portals.py links           500 links on 50 hosts
    python benchmarks/portals.py detect          requests spent on a bare address

The servers are those of the tests, each in a process of its own. A catalogue is read twice: once as the audit does, once
asking for the very same addresses and keeping nothing of them: this is the peer, and the difference of the two processor
times is what mapping costs beyond the server's own time and the transport.
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
_WORDS = ("arbres", "nature", "espaces verts", "patrimoine", "voirie", "environnement")


def _server(module: str, serve: str, count: int, **more: Any) -> Any:
    found = importlib.import_module(module)
    return getattr(found, serve)(found.generated(count), **more)


def _dcat_record(number: int) -> dict[str, Any]:
    """Return one dataset of a DCAT catalogue, with three files."""
    base = f"https://data.exemple.fr/datasets/jeu-{number}"
    return {
        "id": f"jeu-{number}", "title": f"Jeu de données numéro {number}", "description": "Ce que contient le jeu. " * 12,
        "issued": "2021-03-04", "modified": "2026-02-03", "keywords": [_WORDS[number % 6], _WORDS[(number + 2) % 6]],
        "landing_page": base, "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL", "publisher": "Exempleville",
        "email": "opendata@exemple.fr", "period": ("2020-01-01", "2025-12-31"),
        "files": [
            {"title": f"Fichier {one}", "url": f"{base}/{one}.csv", "format": "csv", "media_type": "text/csv", "size": "1234"}
            for one in range(3)
        ],
    }  # fmt: skip


def _dcat(syntax: str, count: int) -> Any:
    found = importlib.import_module("dcat_server")
    return found.serve_dcat(map(_dcat_record, range(count)), syntax=syntax)


def _udata(count: int) -> Any:
    organization = {"id": "5" * 24, "slug": "ville", "name": "Exempleville", "business_number_id": "21350328700019"}

    def record(number: int) -> dict[str, Any]:
        url = f"https://data.exemple.fr/{number}"
        return {
            "id": f"{number:024x}", "slug": f"jeu-{number}", "title": f"Jeu {number}", "description": "Ce qu'il contient. " * 12,
            "organization": organization, "license": "lov2", "frequency": "annual", "tags": list(_WORDS[:4]),
            "created_at": "2021-03-04T10:00:00+00:00", "last_update": "2026-02-03T10:00:00+00:00",
            "last_modified": "2026-02-03T10:00:00+00:00", "spatial": {"zones": ["fr:commune:35032"], "granularity": "fr:commune"},
            "page": f"https://www.data.gouv.fr/datasets/jeu-{number}/",
            "quality": {"license": True, "score": 0.7}, "contact_points": [{"email": "opendata@exemple.fr", "role": "contact"}],
            "resources": [
                {"id": f"{number}-{one}", "title": f"Fichier {one}", "url": f"{url}/{one}.csv", "format": "csv", "type": "main",
                 "filesize": 1234, "checksum": {"type": "sha1", "value": "00ff"}, "latest": f"{url}/r/{one}",
                 "last_modified": "2026-02-03T10:00:00+00:00", "extras": {"check:available": True, "check:status": 200}}
                for one in range(3)
            ],
        }  # fmt: skip

    return importlib.import_module("udata_server").serve_udata([organization], map(record, range(count)))


def _ogc(count: int) -> Any:
    found = importlib.import_module("ogc_server")
    return found.serve_ogc({"jeux": found.generated(count)})


SERVERS: dict[str, tuple[str, Callable[[int], Any]]] = {
    "udata": ("/organizations/ville/", _udata),
    "opendatasoft": ("", lambda count: _server("ods_server", "serve_ods", count)),
    "ckan": ("", lambda count: _server("ckan_server", "serve_ckan", count)),
    "rdf-xml": ("", lambda count: _dcat("rdf/xml", count)),
    "turtle": ("", lambda count: _dcat("turtle", count)),
    "json-ld": ("", lambda count: _dcat("json-ld", count)),
    "csw": ("", lambda count: _server("csw_server", "serve_csw", count)),
    "ogc_records": ("/", _ogc),
    "arcgis_hub": ("", lambda count: _server("arcgis_server", "serve_arcgis", count)),
    "data_fair": ("", lambda count: _server("data_fair_server", "serve_data_fair", count)),
}
"""Name → the path to give, and what gives the server, loaded with so many generated datasets."""


def main(arguments: list[str]) -> None:
    """Measure what is named, everything otherwise."""
    if arguments[:1] == ["serve"]:
        _serve(arguments[1], int(arguments[2]))
        return
    if arguments[:1] == ["read"]:
        print(json.dumps(_read(arguments[1])))
        return
    for kind in [name for name in SERVERS if name in arguments or not arguments]:
        with _running(kind, COUNT) as url:
            measured = json.loads(_python("read", url))
        own = max(measured["cpu"] - measured["peer_cpu"], 1e-9)
        print(
            f"{kind:14} {measured['datasets']} jeux : {measured['datasets'] / own:8.0f} jeux/s hors du serveur ; "
            f"{measured['cpu']:.2f} s de processeur, {measured['peer_cpu']:.2f} s sans rien garder "
            f"({measured['cpu'] / measured['peer_cpu']:.2f} fois) ; {measured['seconds']:.1f} s d'attente, "
            f"{measured['peer_seconds']:.1f} s sans rien garder ; {measured['megabytes']:.0f} Mo",
            flush=True,
        )
    if "links" in arguments or not arguments:
        _links()
    if "detect" in arguments or not arguments:
        _detect()


def _links() -> None:
    """500 links on 50 hosts, against the longest host's own chain (10 links), with our usual manners."""
    hosts = importlib.import_module("many_hosts")
    for latency in (0.0, 0.2):
        with hosts.serve_hosts(latency) as port:
            alone = hosts.seconds_of_checks(port, 1, 10)
            together = hosts.seconds_of_checks(port, 50, 10)
        print(
            f"liens, {latency * 1000:3.0f} ms : 500 sur 50 serveurs en {together:.2f} s ; les 10 d'un seul en {alone:.2f} s "
            f"({together / alone:.2f} fois)"
        )


def _detect() -> None:
    """Requests spent on a bare address, for each kind and for a site of none."""
    from opendata_check.fetching import Limits, open_fetcher
    from opendata_check.sources.finding.probing import identify

    plain = importlib.import_module("test_sources_finding").plain_site
    spent = {}
    with open_fetcher(cache_folder=None, allow_private=True, limits=Limits(requests_per_second=1e9)) as fetcher:
        for kind, (path, serve) in SERVERS.items():
            with serve(3) as server:
                found = identify(_address(server, path), fetcher)
            spent[kind] = found.requests if found.recognition else None
        with plain() as (base, _):
            spent["aucun type"] = identify(base, fetcher).requests
    print("demandes : " + ", ".join(f"{kind} {number}" for kind, number in spent.items()))


def _address(server: Any, path: str) -> str:
    return str(getattr(server, "url", "") or getattr(server, "base_url", "") or server.site) + path


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
        process.wait(timeout=60)


def _serve(kind: str, count: int) -> None:
    """Serve until our standard input closes."""
    path, serve = SERVERS[kind]
    with serve(count) as server:
        print(_address(server, path), flush=True)
        sys.stdin.read()


def _python(*arguments: str) -> str:
    return subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True).stdout


def _read(url: str) -> dict[str, Any]:
    """Return the figures of one reading and of its peer."""
    from opendata_check.fetching import Fetcher, Limits, open_fetcher
    from opendata_check.sources import find

    limits = Limits(requests_per_second=1e9, json_seconds=600, document_seconds=600)
    asked: list[tuple[str, Any, dict[str, Any]]] = []

    class Noting(Fetcher):
        """A Fetcher that notes what it is asked for."""

        def json(self, url: str, params: Any = None, headers: Any = None) -> Any:
            asked.append((url, params, {"headers": headers}))
            return super().json(url, params, headers)

        def document(self, url: str, params: Any = None, **more: Any) -> Any:
            asked.append((url, params, more))
            return super().document(url, params, **more)

    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher:
        source = find(url, fetcher).recognition
        assert source is not None, f"rien n'est reconnu à {url}"
        fetcher.__class__ = Noting
        start, cpu = time.perf_counter(), time.process_time()
        catalog = source.source.collect(fetcher)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        assert catalog.complete, catalog.faults
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        fetcher.__class__ = Fetcher
        start, idle = time.perf_counter(), time.process_time()
        for address, params, more in asked:
            with fetcher.document(address, params, **more) as document:
                assert document.byte_size
        peer, idle = time.perf_counter() - start, time.process_time() - idle
    return {
        "datasets": len(catalog.datasets), "seconds": seconds, "peer_seconds": peer, "megabytes": peak,
        "cpu": cpu, "peer_cpu": idle,
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
