"""A real local server that speaks udata's API as its source, portals.md and the recordings describe it.

    with serve_udata(organizations=[…], datasets=[…], files={"bal.csv": b"…"}) as server:
        server.base_url

Organizations and datasets are API records (dicts). A dataset belongs to the organization whose id or slug its
``organization`` names. ``{base}`` in any URL of a record becomes the server's base URL; ``files`` are served under
``/files/<name>``. ``scripted`` puts replies before the real ones: path → list of Scripted, used one after the other.
API v2 counts the resources of the same records and lists them apart; ``X-Fields`` masks what is answered.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

_SORTS = {"title", "created", "last_update", "reuses", "followers", "views"}
_NOT_FOUND = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and "
    "try again. You have requested this URI [{path}] but did you mean /api/1/site/ ?"
)


@dataclass(frozen=True)
class Scripted:
    """A reply that is not the protocol's: a failure to simulate."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds_per_byte: float = 0.0
    keep: bool = False
    """True: every request gets it; False: one request only."""


@dataclass
class UdataServer:
    """The server as tests see it."""

    base_url: str
    seen: list[str]
    """Path and query of each request, in order."""
    statuses: list[int]
    masks: list[str]
    """``X-Fields`` of each request, "" when there was none."""
    keys: list[str]
    """``X-API-KEY`` of each request, "" when there was none."""


@dataclass
class _Portal:
    organizations: list[dict[str, Any]]
    datasets: list[dict[str, Any]]
    files: dict[str, bytes]
    scripted: dict[str, list[Scripted]]
    believed_host: str | None
    bare_lists: bool
    masking: str = "applied"
    members_key: str = ""
    searches: bool = True
    base_url: str = ""
    masks: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


def _named(record: Mapping[str, Any], key: str) -> bool:
    return key in (record.get("id"), record.get("slug"))


def _words_match(query: str, record: Mapping[str, Any]) -> bool:
    """Like the portal's full text search: every word must be there."""
    name = re.findall(r"\w+", f"{record.get('name', '')} {record.get('acronym') or ''}".casefold())
    return all(word in name for word in re.findall(r"\w+", query.casefold()))


class _ApiError(Exception):
    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


def _not_found(path: str) -> _ApiError:
    return _ApiError(404, {"message": _NOT_FOUND.format(path=path)})


def _page(portal: _Portal, path: str, query: dict[str, str], records: list[dict[str, Any]]) -> Any:
    """Page a list as flask-mongoengine does: 404 past the end, absolute links on the host the server believes in."""
    if portal.bare_lists:
        return records
    try:
        number, size = int(query.get("page", 1)), int(query.get("page_size", 20))
    except ValueError:
        raise _ApiError(
            400, {"message": "Input payload validation failed", "errors": {"page": "not a number"}}
        ) from None
    if number < 1 or size < 1:
        raise _ApiError(
            400, {"message": "Input payload validation failed", "errors": {"page": f"Invalid page: {number}"}}
        )
    start = (number - 1) * size
    if number > 1 and start >= len(records):
        raise _not_found(path)

    def link(other: int) -> str:
        host = portal.believed_host or portal.base_url
        return f"{host}{path}?{urlencode({**query, 'page_size': size, 'page': other})}"

    return {
        "data": records[start : start + size],
        "page": number,
        "page_size": size,
        "total": len(records),
        "next_page": link(number + 1) if start + size < len(records) else None,
        "previous_page": link(number - 1) if number > 1 else None,
    }


def _sorted(records: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    if not sort:
        return records
    key = sort.removeprefix("-")
    if key not in _SORTS:
        raise _ApiError(400, {"message": "Input payload validation failed", "errors": {"sort": "not a valid choice"}})
    column = {"created": "created_at"}.get(key, key)
    return sorted(records, key=lambda record: str(record.get(column) or ""), reverse=sort.startswith("-"))


def _filtered(portal: _Portal, query: dict[str, str]) -> list[dict[str, Any]]:
    """Return the public datasets that pass the filters of ``DatasetApiParser``."""
    if any(name in query for name in ("archived", "deleted", "private")):
        raise _ApiError(401, {"message": "The server could not verify that you are authorized to access the URL."})
    kept = [found for found in portal.datasets if not any(map(found.get, ("private", "archived", "deleted")))]
    if owner := query.get("organization"):
        if len(owner) != 24:
            raise _ApiError(400, {"message": "Organization arg must be an identifier"})
        kept = [found for found in kept if (found.get("organization") or {}).get("id") == owner]
    if zone := query.get("geozone"):
        kept = [found for found in kept if zone in ((found.get("spatial") or {}).get("zones") or ())]
    if tag := query.get("tag"):
        kept = [found for found in kept if tag in (found.get("tags") or ())]
    if words := query.get("q"):
        kept = [found for found in kept if _words_match(words, {"name": found.get("title", "")})]
    return kept


def _counted(portal: _Portal, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset as API v2 tells it: its resources are counted, and listed elsewhere."""
    href = f"{portal.believed_host or portal.base_url}/api/2/datasets/{record['id']}/resources/?page=1&page_size=50"
    link = {"rel": "subsection", "href": href, "type": "GET", "total": len(record.get("resources") or ())}
    return {**record, "resources": link}


def _visible(portal: _Portal, key: str, path: str) -> dict[str, Any]:
    """Return a dataset by id or slug; 410 for a deleted one."""
    dataset = next((found for found in portal.datasets if _named(found, key)), None)
    if dataset is None:
        raise _not_found(path)
    if dataset.get("deleted"):
        raise _ApiError(410, {"message": "Dataset has been deleted"})
    return dataset


def _answer_v2(portal: _Portal, parts: list[str], path: str, query: dict[str, str]) -> Any:
    """Return the JSON answer to a path of API v2. Raises _ApiError."""
    match parts:
        case ["datasets"] | ["datasets", "search"]:
            if parts[-1] == "search":
                if not portal.searches:
                    raise _ApiError(501, {"message": "Search endpoint not enabled"})
                if int(query.get("page", 1)) * int(query.get("page_size", 20)) > 10_000:
                    raise _ApiError(
                        400, {"message": "Result window is too large: page exceeds the maximum of 10000 results."}
                    )
            found = _page(portal, path, query, _sorted(_filtered(portal, query), query.get("sort", "")))
            return {**found, "data": [_counted(portal, record) for record in found["data"]]}
        case ["datasets", "resources", identifier]:
            for dataset in portal.datasets:
                for resource in dataset.get("resources") or ():
                    if resource.get("id") == identifier:
                        return {"resource": resource, "dataset_id": dataset["id"]}
            raise _ApiError(404, {"message": "Resource does not exist"})
        case ["datasets", key]:
            return _counted(portal, _visible(portal, key, path))
        case ["datasets", key, "resources"]:
            return _page(portal, path, query, list(_visible(portal, key, path).get("resources") or ()))
    raise _not_found(path)


def masked(value: Any, mask: str) -> Any:
    """Return what flask-restx leaves of ``value`` under a mask: ``id,resources{url,extras{check:available}}``.

    Raises _ApiError for an unclosed bracket.
    """
    fields, rest = _parsed(mask, 0)
    if rest != len(mask):
        raise _ApiError(400, {"message": "Mask parse error: Unexpected closing bracket"})
    return _kept(value, fields)


def _parsed(mask: str, place: int) -> tuple[dict[str, Any], int]:
    fields: dict[str, Any] = {}
    name = ""
    while place <= len(mask):
        char = mask[place] if place < len(mask) else ""
        place += 1
        if char == "{":
            fields[name], place = _parsed(mask, place)
            if place > len(mask) or mask[place - 1] != "}":
                raise _ApiError(400, {"message": "Mask parse error: Missing closing bracket"})
            name = ""
        elif char in ("", ",", "}"):
            if name:
                fields[name] = None
            name = ""
            if char != ",":
                return fields, place if char else len(mask)
        else:
            name += char
    return fields, place


def _kept(value: Any, fields: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_kept(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    known = {name: inner for name, inner in fields.items() if name in value}
    return {name: value[name] if inner is None else _kept(value[name], inner) for name, inner in known.items()}


def _organizations(portal: _Portal, path: str, query: dict[str, str]) -> Any:
    kept = [record for record in portal.organizations if not record.get("deleted")]
    if siret := query.get("business_number_id"):
        kept = [record for record in kept if record.get("business_number_id") == siret]
    if words := query.get("q"):
        kept = [record for record in kept if _words_match(words, record)]
    return _page(portal, path, query, kept)


def _organization(portal: _Portal, path: str, key: str) -> dict[str, Any]:
    record = next((record for record in portal.organizations if _named(record, key)), None)
    if record is None:
        raise _not_found(path)
    if record.get("deleted"):
        raise _ApiError(410, {"message": "Organization has been deleted"})
    return record


def _owned(portal: _Portal, organization: Mapping[str, Any]) -> list[dict[str, Any]]:
    def is_owner(dataset: Mapping[str, Any]) -> bool:
        owner = dataset.get("organization") or {}
        return any(owner.get(name) and owner.get(name) == organization.get(name) for name in ("id", "slug"))

    return [dataset for dataset in portal.datasets if is_owner(dataset)]


def _answer(portal: _Portal, path: str, query: dict[str, str]) -> Any:
    """Return the JSON answer to an API path. Raises _ApiError."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if parts[:2] == ["api", "2"]:
        return _answer_v2(portal, parts[2:], path, query)
    if parts[:2] != ["api", "1"]:
        raise _not_found(path)
    match parts[2:]:
        case ["site"]:
            return {"id": "default", "title": "udata de test", "version": "17.18.0", "metrics": {}}
        case ["organizations"]:
            return _organizations(portal, path, query)
        case ["organizations", key]:
            return _organization(portal, path, key)
        case ["organizations", key, "datasets"]:
            # Like udata: private ones are hidden but from members, archived and deleted ones are not.
            owned = _owned(portal, _organization(portal, path, key))
            if not portal.members_key or portal.keys[-1] != portal.members_key:
                owned = [found for found in owned if not found.get("private")]
            return _page(portal, path, query, _sorted(owned, query.get("sort", "")))
        case ["datasets"]:
            return _page(portal, path, query, _sorted(_filtered(portal, query), query.get("sort", "")))
        case ["datasets", key]:
            return _visible(portal, key, path)
    raise _not_found(path)


def _handler(portal: _Portal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "udata-de-test"

        def do_GET(self) -> None:
            portal.seen.append(self.path)
            portal.masks.append(self.headers.get("X-Fields", ""))
            portal.keys.append(self.headers.get("X-API-KEY", ""))
            parts = urlsplit(self.path)
            script = portal.scripted.get(parts.path)
            if script:
                reply = script[0] if script[0].keep else script.pop(0)
                self._send(reply.status, reply.body, dict(reply.headers), reply.seconds_per_byte)
                return
            query = {name: found[-1] for name, found in parse_qs(parts.query).items()}
            if parts.path.startswith("/files/"):
                self._file(unquote(parts.path.removeprefix("/files/")))
            elif parts.path.startswith("/api/1/datasets/r/"):
                self._latest(parts.path.strip("/").rpartition("/")[2])
            else:
                self._api(parts.path, query)

        def _api(self, path: str, query: dict[str, str]) -> None:
            try:
                mask = portal.masks[-1]
                if mask and portal.masking == "refused":
                    raise _ApiError(400, {"message": "Mask parse error: Unexpected token"})
                status, value = 200, _answer(portal, path, query)
                if mask and portal.masking == "applied":
                    value = masked(value, mask)
                elif mask and portal.masking == "emptied":
                    value = {**value, "data": [{} for _ in value["data"]]} if "data" in value else {}
            except _ApiError as error:
                status, value = error.status, error.body
            body = json.dumps(value).replace("{base}", portal.base_url).encode()
            self._conditional(status, body, "application/json")

        def _file(self, name: str) -> None:
            if name in portal.files:
                self._conditional(200, portal.files[name], "application/octet-stream")
            else:
                self._send(404, b"<html>404</html>", {"Content-Type": "text/html"})

        def _latest(self, resource_id: str) -> None:
            found = (item for dataset in portal.datasets for item in dataset.get("resources") or ())
            url = next((item["url"] for item in found if item.get("id") == resource_id), None)
            if url is None:
                self._send(404, b'{"message": "not found"}', {"Content-Type": "application/json"})
            else:
                self._send(302, b"", {"Location": url.replace("{base}", portal.base_url)})

        def _conditional(self, status: int, body: bytes, media_type: str) -> None:
            etag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                self._send(304, b"", {"ETag": etag})
            else:
                headers = {"Content-Type": media_type} | ({"ETag": etag} if status == 200 else {})
                self._send(status, body, headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str], seconds_per_byte: float = 0.0) -> None:
            portal.statuses.append(status)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                if seconds_per_byte:
                    for byte in body:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        time.sleep(seconds_per_byte)
                else:
                    self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def serve_udata(
    organizations: Iterable[Mapping[str, Any]] = (),
    datasets: Iterable[Mapping[str, Any]] = (),
    *,
    files: Mapping[str, bytes] | None = None,
    scripted: Mapping[str, list[Scripted]] | None = None,
    believed_host: str | None = None,
    bare_lists: bool = False,
    masking: str = "applied",
    members_key: str = "",
    searches: bool = True,
) -> Iterator[UdataServer]:
    """Serve a portal on 127.0.0.1 until the block ends.

    ``believed_host`` is the scheme and host written in ``next_page`` (default: the real one). ``bare_lists`` answers
    lists as udata did in 2017, without pages. ``masking`` is what becomes of ``X-Fields``: ``applied``, ``refused``,
    ``ignored`` or ``emptied`` (entries lose everything). ``members_key`` is the ``X-API-KEY`` that shows private datasets.
    ``searches`` False answers 501 to API v2's search.
    """
    portal = _Portal(
        organizations=[dict(record) for record in organizations],
        datasets=[dict(record) for record in datasets],
        files=dict(files or {}),
        scripted={path: list(replies) for path, replies in (scripted or {}).items()},
        believed_host=believed_host,
        bare_lists=bare_lists,
        masking=masking,
        members_key=members_key,
        searches=searches,
    )

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(portal))
    portal.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield UdataServer(portal.base_url, portal.seen, portal.statuses, portal.masks, portal.keys)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def recorded_portal(udata_folder: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the recordings of ``shared/portals/udata`` as organizations and datasets for ``serve_udata``.

    The organization is Sixt-sur-Aff's, with its own datasets; the real datasets of the site's list come with theirs.
    """

    def load(name: str) -> Any:
        return json.loads((udata_folder / name).read_text(encoding="utf-8"))

    datasets: dict[str, dict[str, Any]] = {}
    for name in ("live-org-datasets.json", "live-datasets-p1.json", "live-datasets-p3-last.json"):
        for record in load(name)["data"]:
            datasets.setdefault(record["id"], record)
    organizations = {
        record["id"]: record for record in (load("live-org.json"), load("client-organization_metadata.json"))
    }
    for record in datasets.values():
        owner = record.get("organization")
        if owner:
            organizations.setdefault(owner["id"], owner)
    return {"organizations": list(organizations.values()), "datasets": list(datasets.values())}
