"""A real local server that speaks as an ArcGIS Hub site does, from portals.md, hub.js and Koop's own source.

    with serve_arcgis(generated(3)) as server:
        server.site

Items are what the Hub's index holds (``item(1)``); the feed is made of them as koop-output-dcat-us-11 makes it, with the
template that Esri ships; the search interfaces give them as they are. Files are made on request: ``not_ready`` times 202,
then the file. ``scripted`` puts replies before the real ones, by path. What is ours alone: everything fits in memory.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

FEED = "/api/feed/dcat-us/1.1.json"
SEARCH = "/api/search/v1"
ITEMS = f"{SEARCH}/collections/dataset/items"
OLD = "/api/v3/datasets"
_MOST = 100
LICENCE = (
    "<div>Données sous <a href='https://www.etalab.gouv.fr/licence-ouverte-open-licence' target='_blank'>"
    "<b>Licence Ouverte</b></a> : citez la source.</div>"
)


@dataclass(frozen=True)
class Scripted:
    """A reply that is not the protocol's: a failure to simulate."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    keep: bool = False
    """True: every request gets it; False: one request only."""
    announced: int = 0
    """Content-Length to claim, when it is not the body's: the server then dies midway."""


@dataclass
class ArcgisServer:
    """The server as tests see it."""

    site: str
    seen: list[str]
    """Path and query of each request, in order."""
    tokens: list[str]

    @property
    def base_url(self) -> str:
        return self.site


@dataclass
class _Site:
    items: list[dict[str, Any]]
    has_feed: bool
    has_search: bool
    has_old: bool
    believed_host: str | None
    not_ready: int
    links: bool
    scripted: dict[str, list[Scripted]]
    site: str = ""
    seen: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)


def item(number: int, **more: Any) -> dict[str, Any]:
    """Return a layer, as the Hub's index holds it."""
    name = f"Couche_{number}"
    return {
        "id": f"{number:032x}_0",
        "name": f"Couche {number}",
        "type": "Feature Layer",
        "collection": ["Dataset"],
        "access": "public",
        "description": f"<p>Ce que montre la couche <b>{number}</b>.</p><p>Deuxième paragraphe.</p>",
        "tags": ["arbres", "voirie"],
        "categories": ["/Categories/Environnement"],
        "created": 1_611_934_478_000,
        "modified": 1_627_417_519_723,
        "itemModified": 1_627_417_486_000,
        "layer": {"geometryType": "esriGeometryPoint", "editingInfo": {"lastEditDate": 1_767_225_600_000}},
        "licenseInfo": LICENCE,
        "structuredLicense": {"type": "custom", "text": None},
        "license": "custom",
        "owner": "jeanne.dupont",
        "source": "Ville d'Exempleville",
        "sourceProvenance": "org.name",
        "orgContactEmail": "sig@exempleville.fr",
        "culture": "fr-fr",
        "slug": f"exempleville::couche-{number}",
        "url": f"https://services.arcgis.com/abc/arcgis/rest/services/{name}/FeatureServer/0",
        "extent": {"type": "envelope", "coordinates": [[7.1, 48.2], [7.5, 48.6]]},
        "recordCount": 10 + number,
        "supportedQueryFormats": "JSON, geoJSON, PBF",
        "serviceSpatialReference": {"wkid": 102110, "latestWkid": 2154},
        "currentVersion": 11.2,
        "fields": [
            {"name": "OBJECTID", "alias": "OBJECTID", "type": "esriFieldTypeOID"},
            {"name": "ESSENCE", "alias": "Essence", "type": "esriFieldTypeString", "description": '{"value": "Nom latin"}'},
        ],
        **more,
    }  # fmt: skip


def generated(count: int) -> list[dict[str, Any]]:
    """Return ``count`` layers."""
    return [item(number) for number in range(count)]


def _iso(milliseconds: Any) -> Any:
    from datetime import UTC, datetime

    if not isinstance(milliseconds, int):
        return milliseconds
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def feed_record(one: Mapping[str, Any], site: str) -> dict[str, Any]:
    """Return a record of the feed, as the template makes it."""
    number, _, layer = str(one["id"]).partition("_")
    landing = f"{site}/datasets/{one.get('slug') or one['id']}"
    download = f"{site}/api/download/v1/items/{number}"
    distribution = [
        ("ArcGIS Hub Dataset", "Web Page", "text/html", landing),
        ("ArcGIS GeoService", "ArcGIS GeoServices REST API", "application/json", one.get("url")),
    ]
    if layer:
        distribution += [
            ("GeoJSON", "GeoJSON", "application/vnd.geo+json", f"{download}/geojson?layers={layer}"),
            ("CSV", "CSV", "text/csv", f"{download}/csv?layers={layer}"),
            ("KML", "KML", "application/vnd.google-earth.kml+xml", f"{download}/kml?layers={layer}"),
            ("Shapefile", "ZIP", "application/zip", f"{download}/shapefile?layers={layer}"),
        ]
    corners = (one.get("extent") or {}).get("coordinates")
    sublayer = f"&sublayer={layer}" if layer else ""
    return {
        "@type": "dcat:Dataset",
        "identifier": f"https://www.arcgis.com/home/item.html?id={number}{sublayer}",
        "landingPage": landing,
        "title": one["name"],
        "description": one.get("description"),
        "keyword": one.get("tags"),
        "issued": _iso(one.get("created")),
        "modified": _iso(one.get("modified")),
        "publisher": {"name": one.get("source")},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": one.get("owner"),
            "hasEmail": f"mailto:{one.get('orgContactEmail') or ''}",
        },
        "accessLevel": "public",
        "license": one.get("licenseInfo") or "",
        "distribution": [
            {"@type": "dcat:Distribution", "title": title, "format": kind, "mediaType": media, "accessURL": url}
            for title, kind, media, url in distribution
        ],
        **({"spatial": ",".join(str(part) for corner in corners for part in corner)} if corners else {}),
        "theme": ["geospatial"],
    }


def feed(items: Iterable[Mapping[str, Any]], site: str) -> dict[str, Any]:
    """Return the whole feed."""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": [feed_record(one, site) for one in items],
    }


def _found(site: _Site, query: Mapping[str, str]) -> list[dict[str, Any]]:
    kept = site.items
    if words := query.get("q"):
        kept = [one for one in kept if words.casefold() in str(one.get("name")).casefold()]
    if kind := query.get("type"):
        kept = [one for one in kept if one.get("type") == kind]
    if tag := query.get("tags"):
        kept = [one for one in kept if tag in one.get("tags", ())]
    return kept


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(query[name])
    except (KeyError, ValueError):
        return default


def _feature(one: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in one.items() if name != "name"} | {"title": one.get("name")}
    return {"id": one["id"], "type": "Feature", "geometry": None, "time": None, "links": [], "properties": properties}


def _searched(site: _Site, query: Mapping[str, str]) -> tuple[int, Any]:
    """Return a page of items, as the OGC search interface gives it."""
    limit, start = _number(query, "limit", 10), _number(query, "startindex", 1)
    if not 0 <= limit <= _MOST or start < 1:
        return 400, {"statusCode": 400, "message": "limit must not be greater than 100", "error": "Bad Request"}
    found = _found(site, query)
    page = found[start - 1 : start - 1 + limit]
    host = site.believed_host or site.site
    links = [{"rel": "self", "type": "application/geo+json", "title": "This document", "href": f"{host}{ITEMS}"}]
    if start - 1 + limit < len(found) and limit:
        asked = urlencode({**query, "limit": limit, "startindex": start + limit})
        links.append(
            {"rel": "next", "type": "application/geo+json", "title": "items (next)", "href": f"{host}{ITEMS}?{asked}"}
        )
    return 200, {
        "type": "FeatureCollection",
        "features": [_feature(one) for one in page],
        "timestamp": "2026-11-23T10:00:00.000Z",
        "numberMatched": len(found),
        "numberReturned": len(page),
        "links": links if site.links else [],
    }  # fmt: skip


def _old(site: _Site, query: Mapping[str, str]) -> tuple[int, Any]:
    """Return a page of the older search interface."""
    size, number = _number(query, "page[size]", 10), _number(query, "page[number]", 1)
    found = _found(site, query)
    if slug := query.get("filter[slug]"):
        found = [one for one in found if one.get("slug") == slug]
    page = found[(number - 1) * size : number * size]
    return 200, {
        "data": [{"id": one["id"], "type": "dataset", "attributes": dict(one)} for one in page],
        "meta": {"stats": {"count": len(page), "totalCount": len(found)}},
    }


def _answer(site: _Site, path: str, query: dict[str, str]) -> tuple[int, Any]:
    """Return the status and the JSON value of an answer."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    missing = {"statusCode": 404, "message": f"Cannot GET {path}", "error": "Not Found"}
    if path == FEED and site.has_feed:
        items = [one for one in site.items if not query.get("id") or str(one["id"]).startswith(query["id"])]
        return 200, feed(items, site.site)
    if path == SEARCH and site.has_search:
        return 200, {"title": "Exempleville", "links": [{"rel": "data", "href": f"{site.site}{SEARCH}/collections"}]}
    if parts[:4] == ["api", "search", "v1", "collections"] and parts[5:] == ["items"] and site.has_search:
        return _searched(site, query)
    if path == OLD and site.has_old:
        return _old(site, query)
    if path.startswith(f"{OLD}/") and site.has_old:
        one = next((one for one in site.items if one["id"] == parts[-1]), None)
        if one is not None:
            return 200, {"data": {"id": one["id"], "type": "dataset", "attributes": one}}
        return 404, {"errors": [{"status": "404", "title": "Not Found"}]}
    return 404, missing


def _handler(site: _Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            site.seen.append(self.path)
            self._send(404, b"", {"Content-Type": "application/json"})

        def do_GET(self) -> None:
            site.seen.append(self.path)
            site.tokens.append(self.headers.get("X-Esri-Authorization", ""))
            parts = urlsplit(self.path)
            script = site.scripted.get(parts.path)
            if script:
                reply = script[0] if script[0].keep else script.pop(0)
                self._send(reply.status, reply.body, dict(reply.headers), reply.announced)
                return
            if parts.path.startswith("/api/download/v1/items/") or parts.path.endswith("_0.csv"):
                self._download(parts.path)
                return
            if not parts.path.startswith("/api/"):
                page = b"<!DOCTYPE html><html><head><script src='https://hubcdn.arcgis.com/opendata-ui/assets/vendor.js'></script></head></html>"
                self._send(200, page, {"Content-Type": "text/html; charset=utf-8"})
                return
            status, value = _answer(site, parts.path, dict(parse_qsl(parts.query)))
            self._send(status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8"})

        def _download(self, path: str) -> None:
            site.asked[path] += 1
            if site.asked[path] <= site.not_ready:
                body = json.dumps({"status": "Pending", "progressInPercent": 0}).encode()
                self._send(202, body, {"Content-Type": "application/json"})
            else:
                self._send(200, b"OBJECTID,ESSENCE\n1,Quercus robur\n", {"Content-Type": "text/csv"})

        def _send(self, status: int, body: bytes, headers: dict[str, str], announced: int = 0) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(announced or len(body)))
            self.end_headers()
            if announced > len(body):
                self.close_connection = True
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def serve_arcgis(
    items: Iterable[Mapping[str, Any]] = (),
    *,
    has_feed: bool = True,
    has_search: bool = True,
    has_old: bool = True,
    believed_host: str | None = None,
    not_ready: int = 0,
    links: bool = True,
    scripted: Mapping[str, list[Scripted]] | None = None,
) -> Iterator[ArcgisServer]:
    """Serve a site on 127.0.0.1 until the block ends.

    ``believed_host`` is the scheme and host written in the links; ``links`` False writes none.
    """
    site = _Site(
        [dict(one) for one in items],
        has_feed,
        has_search,
        has_old,
        believed_host,
        not_ready,
        links,
        {path: list(replies) for path, replies in (scripted or {}).items()},
    )

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(site))
    site.site = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ArcgisServer(site.site, site.seen, site.tokens)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
