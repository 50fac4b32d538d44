"""A real local server that speaks CKAN's action API as a live CKAN 2.12 answered it, and as its imitations do.

    with serve_ckan([package(1), …], organizations=[…], manners=Manners(rows_max=10)) as server:
        server.base_url

Packages are API records (dicts). ``{base}`` in a record becomes the server's base URL. ``Manners`` says what the server
does otherwise than CKAN; ``scripted`` puts replies before the real ones: action → list of Scripted, used in turn.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

CKAN_ACTIONS = frozenset(
    {
        "package_search", "package_show", "package_list", "current_package_list_with_resources", "organization_show",
        "group_show", "status_show", "license_list",
    }
)  # fmt: skip
DKAN_ACTIONS = frozenset({"package_show", "package_list", "current_package_list_with_resources", "site_read"})
ONEGEO_ACTIONS = frozenset({"package_search", "package_show"})
HOME = """<!DOCTYPE html><html lang="fr"><head><meta name="generator" content="ckan 2.10.4" />
<link href="/webassets/base/1c87a999_main.css" rel="stylesheet"/></head>
<body data-site-root="{base}/" data-locale-root="{base}/fr/"><a href="/dataset/">Jeux de données</a></body></html>"""
DRUPAL = (
    '<!DOCTYPE html><html><head><meta name="Generator" content="Drupal 7"></head><body>Page introuvable</body></html>'
)


@dataclass(frozen=True)
class Scripted:
    """A reply that is not the protocol's: a failure to simulate."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json;charset=utf-8"
    keep: bool = False
    """True: every request gets it; False: one request only."""


@dataclass(frozen=True)
class Manners:
    """What a server does otherwise than a plain CKAN."""

    rows_max: int = 1000
    seconds: float = 0.0
    """Time each answer takes."""
    actions: frozenset[str] = CKAN_ACTIONS
    prefix: str = ""
    """Path before ``/api/3/action``."""
    hidden_version: bool = False
    sorts: tuple[str, ...] = ("id asc", "name asc", "metadata_modified desc", "")
    """Orders it accepts; another one is a 400."""
    filters: tuple[str, ...] = ("fq", "q")
    """Parameters by which it filters; others are ignored."""
    start_ignored: bool = False
    count: Callable[[int], Any] = lambda real: real
    """What it says it has."""
    lists: bool = False
    """True: package_show answers with a list, as DKAN does."""
    drupal: bool = False
    """True: what it does not know is answered by a web page."""
    key: str = ""
    """When set, nothing is shown without it."""
    home: str = HOME
    shrinks_after: int = 0
    """When set, the first record disappears after so many searches."""


@dataclass
class CkanServer:
    """The server as tests see it."""

    base_url: str
    """With the prefix of the API."""
    seen: list[str]
    """Path and query of each request, in order."""
    keys: list[str]
    """``Authorization`` of each request, "" for none."""

    def searches(self) -> list[dict[str, str]]:
        """Return the parameters of each search."""
        queries = (urlsplit(path).query for path in self.seen if "/package_search" in path)
        return [{name: found[-1] for name, found in parse_qs(query).items()} for query in queries]


@dataclass
class _Portal:
    packages: list[dict[str, Any]]
    organizations: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    manners: Manners
    scripted: dict[str, list[Scripted]]
    pages: dict[str, bytes]
    origin: str = ""
    seen: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


class _ApiError(Exception):
    def __init__(self, status: int, kind: str, **error: Any) -> None:
        super().__init__(kind)
        self.status, self.error = status, {"__type": kind, **error}


def _terms(query: str) -> list[tuple[str, str]]:
    """Cut a query in (field, value), the field "" for a bare word."""
    found = re.findall(r'\+?(?:(\w+):)?(?:"((?:[^"\\]|\\.)*)"|\(?([^\s"()]+)\)?)', query)
    return [(name, re.sub(r"\\(.)", r"\1", phrase) or word) for name, phrase, word in found]


def _matches(record: Mapping[str, Any], name: str, value: str) -> bool:
    if not name:
        return value.casefold() in f"{record.get('title')} {record.get('notes')}".casefold()
    if name == "organization":
        return (record.get("organization") or {}).get("name") == value
    if name == "groups":
        return any(group.get("name") == value for group in record.get("groups") or ())
    if name == "tags":
        return any(tag.get("name") == value for tag in record.get("tags") or ())
    return record.get(name) == value


def _natural(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit():
        raise _ApiError(409, "Validation Error", **{name: ["Nombre entier invalide"]})
    return int(text)


def _search(portal: _Portal, query: dict[str, str]) -> Any:
    manners = portal.manners
    if query.get("sort", "") not in manners.sorts:
        raise _ApiError(400, "Search Query Error", message="Search Query is invalid: 'Invalid \"sort\" parameter'")
    done = sum("/package_search" in path for path in portal.seen)
    shown = portal.packages[1:] if 0 < manners.shrinks_after < done else portal.packages
    visible = [record for record in shown if record.get("private") is not True or record.get("type") == "Dataset"]
    terms = [term for name in manners.filters for term in _terms(query.get(name, ""))]
    found = [record for record in visible if all(_matches(record, *term) for term in terms)]
    if query.get("sort"):
        key, _, direction = query["sort"].partition(" ")
        found.sort(key=lambda record: str(record.get(key)), reverse=direction == "desc")
    start = 0 if manners.start_ignored else _natural(query, "start", 0)
    rows = min(_natural(query, "rows", 10), manners.rows_max)
    return {
        "count": manners.count(len(found)),
        "results": found[start : start + rows],
        "facets": {},
        "sort": query.get("sort", ""),
    }


def _show(records: Iterable[dict[str, Any]], key: str) -> dict[str, Any]:
    for record in records:
        if key and key in (record.get("id"), record.get("name")):
            return record
    raise _ApiError(404, "Not Found Error", message="Indisponible")


def _result(portal: _Portal, action: str, query: dict[str, str]) -> Any:
    manners = portal.manners
    match action:
        case "package_search":
            return _search(portal, query)
        case "package_show":
            record = _show(portal.packages, query.get("id", ""))
            if record.get("private") is True and record.get("type") != "Dataset":
                raise _ApiError(403, "Authorization Error", message="Access denied")
            return [record] if manners.lists else record
        case "package_list":
            return [record["name"] for record in portal.packages if record.get("private") is not True or manners.lists]
        case "current_package_list_with_resources":
            start, size = _natural(query, "offset", 0), min(_natural(query, "limit", 10), manners.rows_max)
            page = portal.packages[start : start + size]
            return [page] if manners.lists else page
        case "organization_show":
            return _show(portal.organizations, query.get("id", ""))
        case "group_show":
            return _show(portal.groups, query.get("id", ""))
        case "status_show":
            version = {} if manners.hidden_version else {"ckan_version": "2.10.4"}
            return {
                "site_title": "Données d'Exempleville",
                "site_url": portal.origin,
                "locale_default": "fr",
                **version,
            }
    return True


def _handler(portal: _Portal) -> type[BaseHTTPRequestHandler]:
    manners = portal.manners

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "ckan-de-test"

        def do_GET(self) -> None:
            portal.seen.append(self.path)
            portal.keys.append(self.headers.get("Authorization", ""))
            time.sleep(manners.seconds)
            parts = urlsplit(self.path)
            query = {name: found[-1] for name, found in parse_qs(parts.query).items()}
            path = unquote(parts.path)
            action = re.fullmatch(re.escape(manners.prefix) + r"/api/(?:3/)?action/(\w+)", path)
            if action:
                self._action(action[1], query)
            elif path in portal.pages:
                self._send(200, portal.pages[path], "application/octet-stream")
            elif path == f"{manners.prefix}/api/3" and "status_show" in manners.actions:
                self._json(200, {"version": 3})
            elif path == "/" or path.startswith(("/dataset", "/organization", "/fr/", "/group", "/explorer/")):
                self._send(200, manners.home.replace("{base}", portal.origin).encode(), "text/html; charset=utf-8")
            else:
                self._send(404, DRUPAL.encode(), "text/html; charset=utf-8")

        def _action(self, action: str, query: dict[str, str]) -> None:
            script = portal.scripted.get(action)
            if script:
                reply = script[0] if script[0].keep else script.pop(0)
                self._send(reply.status, reply.body, reply.media_type)
                return
            if action not in manners.actions and manners.drupal:
                self._send(404, DRUPAL.encode(), "text/html; charset=utf-8")
                return
            if action not in manners.actions:
                self._json(400, f"Bad request: Action name not known: {action}")
                return
            answer: dict[str, Any] = {"help": f"{portal.origin}/api/3/action/help_show?name={action}"}
            try:
                if manners.key and self.headers.get("Authorization") != manners.key:
                    raise _ApiError(403, "Authorization Error", message="Access denied")
                self._json(200, {**answer, "success": True, "result": _result(portal, action, query)})
            except _ApiError as error:
                self._json(error.status, {**answer, "error": error.error, "success": False})

        def _json(self, status: int, value: Any) -> None:
            body = json.dumps(value).replace("{base}", portal.origin + manners.prefix).encode()
            self._send(status, body, "application/json;charset=utf-8")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def serve_ckan(
    packages: Iterable[Mapping[str, Any]] = (),
    *,
    organizations: Iterable[Mapping[str, Any]] = (),
    groups: Iterable[Mapping[str, Any]] = (),
    manners: Manners = Manners(),
    scripted: Mapping[str, list[Scripted]] | None = None,
    pages: Mapping[str, bytes] | None = None,
) -> Iterator[CkanServer]:
    """Serve a portal on 127.0.0.1 until the block ends. ``pages`` are other documents, by path."""
    portal = _Portal(
        packages=[dict(record) for record in packages],
        organizations=[dict(record) for record in organizations],
        groups=[dict(record) for record in groups],
        manners=manners,
        scripted={action: list(replies) for action, replies in (scripted or {}).items()},
        pages=dict(pages or {}),
    )

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(portal))
    portal.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield CkanServer(portal.origin + manners.prefix, portal.seen, portal.keys)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


TOWN: dict[str, Any] = {
    "id": "0c9d45fa-919f-4b16-995a-a1b4a42e1f58",
    "name": "exempleville",
    "title": "Ville d'Exempleville",
    "type": "organization",
    "state": "active",
}


def package(number: int, **more: Any) -> dict[str, Any]:
    """Return a package as CKAN 2.10 shows it; ``more`` replaces or adds fields."""
    identifier = f"{number:08x}-4f8b-4505-b2a9-{number:012x}"
    name = f"jeu-{number:05}"
    return {
        "author": "Service des données",
        "author_email": None,
        "id": identifier,
        "isopen": True,
        "license_id": "lov2",
        "license_title": "Licence Ouverte 2.0",
        "license_url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        "maintainer": "Service des données",
        "maintainer_email": "opendata@exempleville.example",
        "metadata_created": "2022-01-15T22:05:51.178000",
        "metadata_modified": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}T22:05:51.178000",
        "name": name,
        "notes": f"Le jeu **{number}** : tout ce qu'il faut savoir, sur plusieurs lignes.\n\nEt davantage.",
        "num_resources": 2,
        "num_tags": 2,
        "organization": TOWN,
        "owner_org": TOWN["id"],
        "private": False,
        "state": "active",
        "title": f"Jeu {number}",
        "type": "dataset",
        "url": "",
        "version": None,
        "extras": [
            {"key": "frequency", "value": "annual"},
            {"key": "spatial", "value": '{"type":"Polygon","coordinates":[[[-2,47],[-2,48],[-1,48],[-1,47],[-2,47]]]}'},
            {"key": "temporal_start", "value": "2024-01-01"},
            {"key": "temporal_end", "value": "2024-12-31"},
        ],
        "groups": [{"id": "21", "name": "vie-municipale", "title": "Vie municipale", "display_name": "Vie municipale"}],
        "tags": [
            {"name": "budget", "display_name": "budget", "state": "active"},
            {"name": "eau", "display_name": "eau"},
        ],
        "resources": [
            resource(number, 0),
            resource(number, 1, format="PDF", mimetype="application/pdf", name="Notice"),
        ],
        **more,
    }


def resource(number: int, rank: int, **more: Any) -> dict[str, Any]:
    """Return a resource of ``package(number)``."""
    identifier = f"{number:08x}-0000-4000-8000-{rank:012x}"
    return {
        "id": identifier,
        "name": f"jeu-{number}.csv",
        "description": "Le fichier",
        "format": "CSV",
        "mimetype": "text/csv",
        "size": 1024 + number,
        "hash": f"{number:032x}",
        "created": "2022-01-15T22:05:51.317914",
        "last_modified": "2024-02-01T08:00:00",
        "metadata_modified": "2024-02-01T08:00:00",
        "state": "active",
        "position": rank,
        "resource_type": None,
        "datastore_active": False,
        "url": f"{{base}}/dataset/jeu-{number:05}/resource/{identifier}/download/jeu-{number}.csv",
        "url_type": "upload",
        **more,
    }


def generated(count: int) -> list[dict[str, Any]]:
    """Return a catalogue of ``count`` packages."""
    return [package(number) for number in range(count)]
