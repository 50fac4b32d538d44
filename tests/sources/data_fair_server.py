"""A real local server that speaks data-fair's API as its source and portals.md describe it.

    with serve_data_fair([record(1), record(2)]) as server:
        server.site

Records are what MongoDB holds; ``href``, ``page``, ``visibility``, ``public`` and the addresses of attachments are added
as ``datasetUtils.clean`` does. A publication site has ``/catalog``, whose list tells no owner; the back office has not.
Errors are plain text, as data-fair's. ``scripted`` puts replies before the real ones, by path.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_API = "/data-fair/api/v1"
_PUBLIC = [{"operations": [], "classes": ["list", "read"]}]
OWNER = {"type": "organization", "id": "exempleville", "name": "Ville d'Exempleville"}
_ALWAYS = ("id", "owner", "slug", "permissions")
_BACK_OFFICE = "catalog API can only be used from a publication site, not the back-office"


@dataclass(frozen=True)
class Scripted:
    """A reply that is not the protocol's: a failure to simulate."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/plain; charset=utf-8"})
    keep: bool = False
    """True: every request gets it; False: one request only."""


@dataclass
class DataFairServer:
    """The server as tests see it."""

    site: str
    """Scheme, host and port."""
    seen: list[str]
    """Path and query of each request, in order."""
    keys: list[str]
    """``x-apiKey`` of each request."""

    @property
    def api(self) -> str:
        return self.site + _API


class _HttpError(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


@dataclass
class _Portal:
    records: list[dict[str, Any]]
    back_office: bool
    key: str
    selects: bool
    window: int
    capped: int | None
    files: dict[str, bytes]
    scripted: dict[str, list[Scripted]]
    site: str = ""
    seen: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def record(number: int, **more: Any) -> dict[str, Any]:
    """Return a dataset made from a CSV file, public, of the portal's organization."""
    slug = f"jeu-{number}"
    return {
        "id": f"id{number:012x}",
        "slug": slug,
        "title": f"Jeu {number}",
        "description": f"Ce que dit le jeu **{number}**.",
        "createdAt": f"2024-01-{number % 28 + 1:02}T10:00:00.000Z",
        "updatedAt": "2026-02-03T10:00:00.000Z",
        "dataUpdatedAt": "2026-01-02T10:00:00.000Z",
        "finalizedAt": "2026-01-02T10:00:05.000Z",
        "status": "finalized",
        "owner": OWNER,
        "permissions": _PUBLIC,
        "license": {"title": "Licence Ouverte / Open Licence version 2.0", "href": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
        "frequency": "annual",
        "file": {"name": f"{slug}.csv", "size": 1000 + number, "encoding": "UTF-8", "mimetype": "text/csv"},
        "originalFile": {"name": f"{slug}.csv", "size": 1000 + number, "mimetype": "text/csv", "md5": f"{number:032x}"},
        "count": 10 + number,
        "schema": [
            {"key": "nom", "type": "string", "x-originalName": "Nom", "title": "Nom usuel", "description": ""},
            {"key": "date", "type": "string", "format": "date", "x-originalName": "Date"},
            {"key": "_id", "type": "string", "format": "uri-reference", "x-calculated": True},
            {"key": "_i", "type": "integer", "x-calculated": True},
            {"key": "_rand", "type": "integer", "x-calculated": True},
        ],
        "attachments": [],
        **more,
    }  # fmt: skip


def generated(count: int) -> list[dict[str, Any]]:
    """Return ``count`` datasets."""
    return [record(number) for number in range(count)]


def _visibility(found: Mapping[str, Any]) -> str:
    return "public" if any("list" in right["classes"] for right in found.get("permissions") or ()) else "private"


def _clean(portal: _Portal, found: dict[str, Any]) -> dict[str, Any]:
    """Add what the API adds, take what it hides."""
    cleaned = copy.deepcopy(found)
    reference = quote(str(cleaned["id"] if portal.back_office else cleaned.get("slug")))
    cleaned["href"] = f"{portal.site}{_API}/datasets/{reference}"
    page = "data-fair/dataset" if portal.back_office else "datasets"
    cleaned["page"] = f"{portal.site}/{page}/{reference}"
    cleaned["visibility"] = _visibility(cleaned)
    cleaned["public"] = cleaned["visibility"] == "public"
    cleaned["userPermissions"] = ["list", "readDescription"]
    for attached in cleaned.get("attachments") or ():
        if isinstance(attached, dict) and attached.get("type") in ("file", "remoteFile"):
            attached["url"] = (
                f"{portal.site}{_API}/datasets/{cleaned['id']}/metadata-attachments/{attached.get('name', 'undefined')}"
            )
            attached.pop("targetUrl", None)
    cleaned.pop("permissions", None)
    return cleaned


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(query[name])
    except (KeyError, ValueError):
        return default


def _window(portal: _Portal, query: Mapping[str, str]) -> tuple[int, int]:
    size = _number(query, "size", 12)
    skip = _number(query, "skip", (_number(query, "page", 1) - 1) * size)
    if size + skip > portal.window:
        raise _HttpError(400, f'"size + skip" cannot be more than {portal.window}')
    return skip, size if portal.capped is None else min(size, portal.capped)


def _found(portal: _Portal, query: Mapping[str, str], *, is_member: bool) -> list[dict[str, Any]]:
    """Return what the caller may list and the query filters, sorted."""
    kept = [found for found in portal.records if is_member or _visibility(found) == "public"]
    if wanted := query.get("visibility"):
        kept = [found for found in kept if _visibility(found) in wanted.split(",")]
    if wanted := query.get("owner"):
        kept = [found for found in kept if f"{found['owner']['type']}:{found['owner']['id']}" in wanted.split(",")]
    if wanted := query.get("keywords"):
        kept = [found for found in kept if set(wanted.split(",")) & set(found.get("keywords") or ())]
    if words := query.get("q"):
        kept = [found for found in kept if words.casefold() in found["title"].casefold()]
    for criterion in reversed((query.get("sort") or "createdAt:-1").split(",")):
        name, _, way = criterion.partition(":")
        kept.sort(key=lambda found: str(found.get(name.lstrip("-")) or ""), reverse=way == "-1" or name[:1] == "-")
    return kept


def _listed(portal: _Portal, query: Mapping[str, str], *, is_member: bool, is_catalog: bool) -> dict[str, Any]:
    kept = _found(portal, query, is_member=is_member)
    skip, size = _window(portal, query)
    if query.get("select") and not portal.selects:
        raise _HttpError(400, "bad select")
    names = query["select"].split(",") if query.get("select") else None
    results = []
    for found in kept[skip : skip + size]:
        held = {name: value for name, value in found.items() if names is None or name in (*names, *_ALWAYS)}
        cleaned = _clean(portal, held)
        if is_catalog:
            cleaned.pop("owner", None)
        results.append(cleaned)
    answer: dict[str, Any] = {"count": len(kept), "results": results}
    if query.get("facets") == "owner":
        owners = {found["owner"]["id"]: found["owner"] for found in kept}
        answer["facets"] = {"owner": [{"count": 1, "value": owner} for owner in owners.values()]}
    return answer


def _dcat(portal: _Portal) -> dict[str, Any]:
    """Return the JSON-LD of the site, as ``buildDcatCatalog`` makes it."""
    described = []
    for found in _found(portal, {}, is_member=False):
        url = f"{portal.site}/datasets/{found['id']}"
        dataset = {
            "@id": url,
            "@type": "Dataset",
            "identifier": found["slug"],
            "landingPage": url,
            "title": found["title"],
        }
        if found.get("file"):
            base = f"{portal.site}{_API}/datasets/{found['slug']}"
            forms = [("raw", found["originalFile"])]
            if found["file"]["mimetype"] != found["originalFile"]["mimetype"]:
                forms.append(("convert", found["file"]))
            dataset["distribution"] = [
                {"@type": "Distribution", "identifier": f"{found['slug']}/{form}", "downloadURL": f"{base}/{form}", "mediaType": said["mimetype"], "bytesSize": said["size"]}
                for form, said in forms
            ]  # fmt: skip
        described.append(dataset)
    return {"@type": "Catalog", "dataset": described}


def _one(portal: _Portal, reference: str, *, is_member: bool) -> dict[str, Any]:
    found = next((one for one in portal.records if reference in (one["id"], one.get("slug"))), None)
    if found is None:
        raise _HttpError(404, "Jeu de données non trouvé.")
    if not is_member and _visibility(found) != "public":
        raise _HttpError(403, 'Permission manquante pour l\'opération "readDescription" ou la catégorie "read".')
    return found


def _answer(portal: _Portal, path: str, query: Mapping[str, str], *, is_member: bool) -> Any:
    """Return the JSON answer to an API path. Raises _HttpError."""
    match [unquote(part) for part in path.removeprefix(_API).strip("/").split("/")]:
        case ["ping"]:
            return "ok"
        case ["catalog", *rest]:
            if portal.back_office:
                raise _HttpError(400, _BACK_OFFICE)
            if rest == ["datasets"]:
                return _listed(portal, query, is_member=is_member, is_catalog=True)
            if rest == ["dcat"]:
                return _dcat(portal)
            if rest == ["api-docs.json"]:
                contact = {"name": "Jeanne Dupont", "email": "opendata@exempleville.fr"}
                return {
                    "openapi": "3.1.0",
                    "info": {"title": "API de catalogue", "version": "5.9.0", "contact": contact},
                }
        case ["datasets"]:
            return _listed(portal, query, is_member=is_member, is_catalog=False)
        case ["datasets", reference]:
            return _clean(portal, _one(portal, reference, is_member=is_member))
        case ["datasets", reference, *form] if f"{reference}/{'/'.join(form)}" in portal.files:
            _one(portal, reference, is_member=is_member)
            return portal.files[f"{reference}/{'/'.join(form)}"]
    raise _HttpError(404, f"Cannot GET {path}")


def _handler(portal: _Portal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            portal.seen.append(self.path)
            portal.keys.append(self.headers.get("x-apiKey", ""))
            parts = urlsplit(self.path)
            script = portal.scripted.get(parts.path)
            if script:
                reply = script[0] if script[0].keep else script.pop(0)
                self._send(reply.status, reply.body, dict(reply.headers))
                return
            if not parts.path.startswith(_API):
                page = b'<!DOCTYPE html><html><head><link rel="preload" href="/portal/api/x"></head></html>'
                self._send(200, page, {"Content-Type": "text/html"})
                return
            is_member = bool(portal.key) and portal.keys[-1] == portal.key
            try:
                value = _answer(portal, parts.path, dict(parse_qsl(parts.query)), is_member=is_member)
            except _HttpError as error:
                self._send(error.status, error.text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
                return
            if isinstance(value, bytes):
                self._send(200, value, {"Content-Type": "application/octet-stream"})
            else:
                self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8"})

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
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
def serve_data_fair(
    records: Iterable[Mapping[str, Any]] = (),
    *,
    back_office: bool = False,
    key: str = "",
    selects: bool = True,
    window: int = 10_000,
    capped: int | None = None,
    files: Mapping[str, bytes] | None = None,
    scripted: Mapping[str, list[Scripted]] | None = None,
) -> Iterator[DataFairServer]:
    """Serve a portal on 127.0.0.1 until the block ends.

    ``key`` is the ``x-apiKey`` that shows everything. ``selects`` False refuses ``select``. ``window`` is the most that
    ``size + skip`` may be, ``capped`` the most entries of a slice whatever the size asked. ``files`` are served under
    ``datasets/<reference>/<form>``.
    """
    portal = _Portal(
        records=[dict(found) for found in records],
        back_office=back_office,
        key=key,
        selects=selects,
        window=window,
        capped=capped,
        files=dict(files or {}),
        scripted={path: list(replies) for path, replies in (scripted or {}).items()},
    )

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(portal))
    portal.site = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield DataFairServer(portal.site, portal.seen, portal.keys)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
