"""A real local server that speaks Opendatasoft's API as the OpenAPI of Explore v2.1, portals.md and the recordings say.

    with serve_ods(generated(250)) as server:
        server.base_url

Datasets are records of Explore v2.1 (dicts); the same are told in the words of v2.0 and of v1. ``old`` are records of
v1 to serve as they are. ``{base}`` in a record becomes the server's base URL.

- ``versions``: which APIs are there; asking another gives the portal's HTML 404;
- ``prefix``: what stands before v1's paths (``/d4c``: Data4Citizen, which has no v2);
- ``window``: ``offset + limit`` may not go beyond, 400 otherwise; ``most``: the largest ``limit``;
- ``quota``: requests accepted before 429; each answer tells what is left, as the real headers do;
- ``key``: the portal is private, only ``Authorization: Apikey <key>`` opens it;
- ``export``: what ``catalog/exports/json`` does: ``whole``, ``absent``, ``error`` (200 and an error object), ``cut``
  (the connection ends within the list), ``late error`` (an error object within the list);
- ``latency``: seconds before each answer; ``scripted``: replies put before the real ones, by path;
- ``changes``: functions of (path, JSON value) that alter answers: portals that lie.

Without ``order_by``, v2 gives another order at each request, as an index may: a reader that does not ask for an order
misses datasets.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from udata_server import Scripted

Change = Callable[[str, Any], Any]

RESET = "2026-11-27 00:00:00+00:00"
_FACETS = ("publisher", "keyword", "theme", "territory", "language", "license")
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_TERM = re.compile(
    r'\s*\(?\s*(?:(?P<name>\w+)\s*(?:=|:)\s*"(?P<value>(?:[^"\\]|\\.)*)"|search\("(?P<words>(?:[^"\\]|\\.)*)"\))\s*\)?\s*'
)


@dataclass
class OdsServer:
    """The server as tests see it."""

    base_url: str
    seen: list[str]
    """Path and query of each request, in order."""
    statuses: list[int]
    authorizations: list[str]
    """Authorization header of each request."""


@dataclass
class _Portal:
    datasets: list[dict[str, Any]]
    old: list[dict[str, Any]] | None
    versions: frozenset[str]
    prefix: str
    window: int
    most: int
    quota: int | None
    key: str
    export: str
    latency: float
    scripted: dict[str, list[Scripted]]
    changes: list[Change]
    home: str
    told_old: list[dict[str, Any]] = field(default_factory=list)
    """The records in the words of v1, made once."""
    base_url: str = ""
    seen: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)


class _RefusedError(Exception):
    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


def _bad(code: str, message: str) -> _RefusedError:
    return _RefusedError(400, {"error_code": code, "message": message})


def _default(record: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (record.get("metas") or {}).get("default")
    return found if isinstance(found, dict) else record.get("metas") or {}


def _has(record: Mapping[str, Any], facet: str, value: str) -> bool:
    if facet not in _FACETS:
        return False
    held = _default(record).get(facet)
    return value in held if isinstance(held, list) else held == value


def _mentions(record: Mapping[str, Any], words: str) -> bool:
    text = json.dumps(_default(record), ensure_ascii=False).casefold()
    return all(word in text for word in words.casefold().split())


def _where(records: list[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    for part in re.split(r"\s+and\s+", where):
        term = _TERM.fullmatch(part)
        if term is None:
            raise _bad("ODSQLSyntaxError", f"ODSQL syntax exception: unexpected token in {part}.")
        plain = re.sub(r"\\(.)", r"\1", term["value"] if term["name"] else term["words"])
        if term["name"]:
            records = [record for record in records if _has(record, term["name"], plain)]
        else:
            records = [record for record in records if _mentions(record, plain)]
    return records


def _chosen(portal: _Portal, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Return the datasets of a v2 request, filtered and in the order asked for."""
    records = portal.datasets
    for name, wanted in (("refine", True), ("exclude", False)):
        for text in query.get(name, []):
            facet, sign, value = text.partition(":")
            if not sign:
                raise _bad("InvalidRESTParameterError", f"Invalid value for {name} API parameter: {text}")
            records = [record for record in records if _has(record, facet, value.strip('"')) is wanted]
    for where in query.get("where", []):
        records = _where(records, where)
    order = query.get("order_by", [""])[-1]
    if not order:
        return random.Random(len(portal.seen)).sample(records, len(records))
    name, _, way = order.partition(" ")
    if name not in ("dataset_id", "title", "modified") or way not in ("", "asc", "desc"):
        raise _bad("ODSQLError", f"ODSQL query is malformed: {order}")

    def rank(record: dict[str, Any]) -> str:
        return str(record.get("dataset_id") or _default(record).get(name) or "")

    return sorted(records, key=rank, reverse=way == "desc")


def _number(query: Mapping[str, list[str]], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, [str(default)])[-1]
    try:
        number = int(text)
    except ValueError:
        raise _bad("InvalidRESTParameterError", f"Invalid value for {name} API parameter: {text}") from None
    if not least <= number <= most:
        raise _bad(
            "InvalidRESTParameterError",
            f"Invalid value for {name} API parameter: {number} was found but {least} <= {name} <= {most} is expected.",
        )
    return number


def _new_list(portal: _Portal, version: str, query: Mapping[str, list[str]]) -> Any:
    limit = _number(query, "limit", 10, -1, portal.most)
    offset = _number(query, "offset", 0, 0, 10**9)
    limit = portal.most if limit == -1 else limit
    if offset + limit > portal.window:
        raise _bad(
            "InvalidRESTParameterError",
            f"Invalid value for offset API parameter: {offset} was found but offset + limit <= {portal.window}"
            " is expected.",
        )
    records = _chosen(portal, query)
    page = records[offset : offset + limit]
    if version == "v2.1":
        return {"total_count": len(records), "results": page}
    return {"total_count": len(records), "links": [], "datasets": [{"links": [], "dataset": record} for record in page]}


def _as_old(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record in the words of v1: ``default`` flat, the other templates in two groups."""
    metas = record.get("metas") or {}
    told = {name: value for name, value in record.items() if name not in ("dataset_id", "dataset_uid", "metas")}
    told |= {"datasetid": record["dataset_id"], "metas": {k: v for k, v in _default(record).items() if v is not None}}
    groups = {
        "interop_metas": {name: metas[name] for name in ("dcat", "inspire") if name in metas},
        "extra_metas": {name: value for name, value in metas.items() if name not in ("default", "dcat", "inspire")},
    }
    return told | {name: held for name, held in groups.items() if held}


def _asked_for(record: dict[str, Any], query: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a record of v1 without the groups that v1 gives on demand only."""
    unasked = {name for name in ("interop_metas", "extra_metas") if query.get(name.replace("_", "")) != ["true"]}
    return {name: value for name, value in record.items() if name not in unasked}


def _old_records(portal: _Portal) -> list[dict[str, Any]]:
    if not portal.told_old:
        portal.told_old = portal.old if portal.old is not None else [_as_old(record) for record in portal.datasets]
    return portal.told_old


def _old_list(portal: _Portal, query: Mapping[str, list[str]]) -> Any:
    rows, start = _number(query, "rows", 10, -1, 1000), _number(query, "start", 0, 0, 10**9)
    if start + rows > portal.window:
        raise _RefusedError(400, {"errorcode": 10007, "error": f"start+rows must be lower than {portal.window}"})
    records = _old_records(portal)
    for name, values in query.items():
        kind, sign, facet = name.partition(".")
        if sign and kind in ("refine", "exclude"):
            for value in values:
                records = [record for record in records if _has(record, facet, value) is (kind == "refine")]
    for words in query.get("q", []):
        records = [record for record in records if _mentions(record, words)]
    parameters = {"timezone": "UTC", "rows": rows, "format": "json", "staged": False}
    page = [_asked_for(record, query) for record in records[start : start + rows]]
    return {"nhits": len(records), "parameters": parameters, "datasets": page}


def _not_found(identifier: str) -> _RefusedError:
    body = {"error_code": "NotFoundResource", "message": f"The requested dataset {identifier} does not exist."}
    return _RefusedError(404, body)


def _rows(record: Mapping[str, Any], name: str) -> tuple[bytes, str]:
    """Return the export of a dataset of two rows: v2.1 writes CSV with « ; » and a BOM."""
    columns = [item.get("label") or item["name"] for item in record.get("fields") or ()] or ["valeur"]
    if name == "csv":
        lines = [";".join(columns), *(";".join(f"{column} {row}" for column in columns) for row in (1, 2))]
        return ("﻿" + "\r\n".join(lines) + "\r\n").encode(), "text/csv; charset=utf-8"
    return json.dumps([dict.fromkeys(columns, row) for row in (1, 2)]).encode(), "application/json; charset=utf-8"


def _answer(portal: _Portal, path: str, query: Mapping[str, list[str]]) -> Any:
    """Return the JSON answer to an API path, or raw (bytes, media type). Raises _RefusedError; None: no such API."""
    inside = path.removeprefix(portal.prefix) if path.startswith(portal.prefix) else ""
    parts = [unquote(part) for part in inside.strip("/").split("/")]
    match parts:
        case ["api", "datasets", "1.0", "search"] if "v1" in portal.versions:
            return _old_list(portal, query)
        case ["api", "datasets", "1.0", identifier] if "v1" in portal.versions:
            found = [record for record in _old_records(portal) if record["datasetid"] == identifier]
            if not found:
                raise _RefusedError(404, {"errorcode": 10003, "error": "Unknown dataset"})
            return _asked_for(found[0], query)
        case ["api", "v2", *rest] if "v2" in portal.versions:
            return _new(portal, "v2", rest, query)
        case ["api", "explore", version, *rest] if version in portal.versions:
            return _new(portal, version, rest, query)
    return None


def _new(portal: _Portal, version: str, rest: list[str], query: Mapping[str, list[str]]) -> Any:
    match rest:
        case ["catalog", "datasets"]:
            return _new_list(portal, version, query)
        case ["catalog", "datasets", identifier, *more]:
            record = next((record for record in portal.datasets if record.get("dataset_id") == identifier), None)
            if record is None:
                raise _not_found(identifier)
            match more:
                case []:
                    return record if version == "v2.1" else {"links": [], "dataset": record}
                case ["exports", name] if record.get("has_records"):
                    if record.get("data_visible") is False:
                        raise _RefusedError(
                            403, {"error_code": "ForbiddenAccess", "message": "You do not have access."}
                        )
                    return _rows(record, name)
                case ["attachments" | "alternative_exports", _]:
                    return b"%PDF-1.4\n%%EOF\n", "application/pdf"
        case ["catalog", "exports"]:
            return {"links": [{"rel": name} for name in ("csv", "json", "dcat")]}
    raise _RefusedError(404, {"error_code": "NotFoundResource", "message": "Unknown resource"})


def _handler(portal: _Portal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "openresty"

        def do_GET(self) -> None:
            portal.seen.append(self.path)
            portal.authorizations.append(self.headers.get("Authorization", ""))
            if portal.latency:
                time.sleep(portal.latency)
            parts = urlsplit(self.path)
            script = portal.scripted.get(parts.path)
            if script:
                reply = script[0] if script[0].keep else script.pop(0)
                self._send(reply.status, reply.body, dict(reply.headers))
            elif parts.path.startswith(f"{portal.prefix}/api/"):
                self._api(parts.path, parse_qs(parts.query))
            elif parts.path == "/" or parts.path.startswith(("/explore", "/pages")):
                self._send(200, portal.home.replace("{base}", portal.base_url).encode(), _HTML)
            else:
                self._send(404, b"<!DOCTYPE html><title>404</title>", _HTML)

        def _api(self, path: str, query: dict[str, list[str]]) -> None:
            headers = _JSON | self._rate()
            if portal.quota is not None and len(portal.seen) > portal.quota:
                body = {
                    "errorcode": 10002,
                    "reset_time": RESET.replace(" ", "T").replace("+00:00", "Z"),
                    "limit_time_unit": "day",
                    "call_limit": portal.quota,
                    "error": "Too many requests on the domain. Please contact the domain administrator.",
                }
                self._send(429, json.dumps(body).encode(), headers)
                return
            if portal.key and self.headers.get("Authorization") != f"Apikey {portal.key}":
                body = {"error_code": "Unauthorized", "message": "Authentication is required"}
                self._send(401, json.dumps(body).encode(), headers)
                return
            if re.fullmatch(r"/api/(?:explore/v2\.\d|v2)/catalog/exports/json/?", path) and portal.export != "absent":
                self._export(query, headers)
                return
            try:
                status, value = 200, _answer(portal, path, query)
            except _RefusedError as error:
                status, value = error.status, error.body
            if value is None:
                self._send(404, b"<!DOCTYPE html><title>Page introuvable</title>", _HTML)
                return
            if isinstance(value, tuple):
                self._send(status, value[0], headers | {"Content-Type": value[1]})
                return
            for change in portal.changes:
                value = change(path, value)
            body = json.dumps(value, ensure_ascii=False).replace("{base}", portal.base_url).encode()
            self._send(status, body, headers)

        def _rate(self) -> dict[str, str]:
            limit = portal.quota if portal.quota is not None else 5000
            return {
                "X-RateLimit-Limit": str(limit),
                "X-RateLimit-Remaining": str(max(0, limit - len(portal.seen))),
                "X-RateLimit-Reset": RESET,
            }

        def _export(self, query: dict[str, list[str]], headers: dict[str, str]) -> None:
            try:
                records = _chosen(portal, query)
                limit, offset = _number(query, "limit", -1, -1, 10**9), _number(query, "offset", 0, 0, 10**9)
            except _RefusedError as error:
                self._send(error.status, json.dumps(error.body).encode(), headers)
                return
            records = records[offset:] if limit == -1 else records[offset : offset + limit]
            failure = json.dumps({"error_code": "InternalServerError", "message": "Something went wrong"})
            if portal.export == "error":
                self._send(200, failure.encode(), headers)
                return
            if portal.export != "whole":
                records = records[: len(records) // 2]
            pieces = [json.dumps(record, ensure_ascii=False) for record in records]
            if portal.export == "late error":
                pieces.append(failure)
            body = ("[" + ",\n".join(pieces) + ("" if portal.export == "cut" else "]")).encode()
            self._send(200, body, headers | {"Content-Disposition": 'attachment; filename="datasets.json"'})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            portal.statuses.append(status)
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


HOME = """<!DOCTYPE html><html lang="fr"><head><title>Données ouvertes</title>
<link rel="stylesheet" href="/static/ods/css/front.css"></head>
<body ng-app="ods.core"><ods-front-header></ods-front-header><a href="/explore/?sort=modified">Catalogue</a></body></html>"""
D4C_HOME = """<!DOCTYPE html><html lang="fr"><head><title>Données ouvertes</title></head>
<body><d4c-domain-statistics></d4c-domain-statistics><script>fetch("/d4c/api/datasets/1.0/search/")</script></body></html>"""


@contextmanager
def serve_ods(
    datasets: Iterable[Mapping[str, Any]] = (),
    *,
    old: Iterable[Mapping[str, Any]] | None = None,
    versions: Iterable[str] = ("v2.1", "v2.0", "v2", "v1"),
    prefix: str = "",
    window: int = 10_000,
    most: int = 100,
    quota: int | None = None,
    key: str = "",
    export: str = "whole",
    latency: float = 0.0,
    scripted: Mapping[str, list[Scripted]] | None = None,
    changes: Iterable[Change] = (),
    home: str = HOME,
) -> Iterator[OdsServer]:
    """Serve a portal on 127.0.0.1 until the block ends."""
    portal = _Portal(
        datasets=[dict(record) for record in datasets],
        old=None if old is None else [dict(record) for record in old],
        versions=frozenset(versions),
        prefix=prefix,
        window=window,
        most=most,
        quota=quota,
        key=key,
        export=export,
        latency=latency,
        scripted={path: list(replies) for path, replies in (scripted or {}).items()},
        changes=list(changes),
        home=home,
    )

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(portal))
    portal.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield OdsServer(portal.base_url, portal.seen, portal.statuses, portal.authorizations)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_PLACES = ("Exempleville", "Modèle-sur-Loire", "Test-en-Bresse", "Essai-les-Bains")
_SUBJECTS = ("Budget primitif", "Délibérations", "Arbres d'alignement", "Équipements publics", "Marchés publics")


def generated(count: int) -> Iterator[dict[str, Any]]:
    """Yield so many records of Explore v2.1, of every sort a portal holds, the same at each call."""
    for number in range(count):
        yield generated_one(number)


def generated_one(number: int, **default: Any) -> dict[str, Any]:
    """Return one record; ``default`` replaces values of its default template."""
    place, subject = _PLACES[number % 4], _SUBJECTS[number % 5]
    geographic, empty = number % 5 in (2, 3), number % 25 == 24
    fields = [
        {"name": f"colonne_{rank}", "label": f"Colonne {rank}", "type": "text", "description": None, "annotations": {}}
        for rank in range(10)
    ]
    if geographic:
        fields.append({"name": "geo", "label": "Point", "type": "geo_point_2d", "description": None, "annotations": {}})
    return {
        "dataset_id": f"jeu-{number:06}",
        "dataset_uid": f"da_{number:06}",
        "visibility": "domain",
        "has_records": not empty,
        "data_visible": True,
        "features": ["analyze", *(["geo"] if geographic else [])],
        "attachments": [
            {"id": "notice_pdf", "title": "Notice.pdf", "mimetype": "application/pdf", "url": "odsfile://notice.pdf"}
        ][: number % 2],
        "alternative_exports": [],
        "fields": [] if empty else fields,
        "metas": {
            "default": {
                "title": f"{subject} de {place} ({number})",
                "description": f"<p>{subject} de la commune de <b>{place}</b>, publiés par le service compétent.</p>"
                '<ul><li>mise à jour régulière</li><li>voir la <a href="https://example.org/">notice</a></li></ul>'
                f"<p>{'Ces données décrivent le territoire. ' * 10}</p>",
                "license": "Licence Ouverte v2.0 (Etalab)",
                "license_url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
                "keyword": ["commune", subject],
                "theme": ["Administration, Gouvernement, Finances publiques, Citoyenneté"],
                "modified": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T08:00:00+00:00",
                "data_processed": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T09:00:00+00:00",
                "metadata_processed": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T10:00:00.123000+00:00",
                "publisher": f"Commune de {place}",
                "references": "https://example.org/source/" if empty else None,
                "records_count": 0 if empty else number * 7 % 5000,
                "language": "fr",
                "metadata_languages": ["fr"],
                "territory": [place],
                "geographic_reference": ["fr_60_00000"],
                "federated": False,
                "source_domain": None,
                "source_dataset": None,
            }
            | default,
            "dcat": {
                "created": "2024-01-15T00:00:00+00:00",
                "issued": "2024-02-01T00:00:00+00:00",
                "accrualperiodicity": "Annuelle",
                "contact_name": "Service des données",
                "contact_email": "donnees@example.org",
                "temporal_coverage_start": "2024-01-01",
                "temporal_coverage_end": "2024-12-31",
            },
        },
    }
