"""A real local server that speaks OGC API Records, OGC API Features and WFS as real ones do, faults included.

with serve_ogc(records={"jeux": [record(1), record(2)]}) as server:
    server.base_url   # landing page; the WFS is at <base_url>/wfs
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

_CONFORMS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/core"


@dataclass(frozen=True)
class Traits:
    """How the service behaves: everything right by default."""

    cap: int = 100
    """Items per page, at most."""
    next_link: str = "right"
    """``right``, ``absent`` (though there is more), ``loops`` (to the same page), ``elsewhere`` (another host believed)."""
    offset: str = "offset"
    """Name of the paging parameter."""
    matched: str = "right"
    """``right``, ``absent``, ``huge``."""
    repeats: bool = False
    """The offset is ignored."""
    formats: tuple[str, ...] = ("json",)
    """Values of ``f`` that give GeoJSON; for another one: 400, or Elasticsearch's own JSON when it is ``json``."""
    knows_f: bool = True
    """False: ``f`` is refused (400)."""
    fails_from: int | None = None
    """Offset from which pages answer 500."""
    version: str = "2.0.0"
    """Of WFS."""
    fees: str = "NONE"
    constraints: str = "NONE"


@dataclass
class OgcServer:
    """The server as tests see it."""

    base_url: str
    seen: list[str]


@dataclass
class _Service:
    records: dict[str, list[dict[str, Any]]]
    features: dict[str, int]
    layers: list[str]
    traits: Traits
    scripted: dict[str, tuple[int, bytes]]
    base: str = ""
    seen: list[str] = field(default_factory=list)


class _ApiError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def record(number: int, **changes: Any) -> dict[str, Any]:
    """Return a record of the standard; ``links`` and ``geometry`` replace its own, the rest goes into its properties."""
    identifier = f"jeu-{number:04d}"
    links = changes.pop("links", None)
    geometry = changes.pop("geometry", None)
    properties = {
        "type": "dataset",
        "title": f"Jeu de données {number:04d}",
        "description": "Une description.",
        "created": "2021-02-03T00:00:00Z",
        "updated": "2025-01-15T10:00:00Z",
        "modified": "2024-05-06",
        "keywords": ["urbanisme", "eau"],
        "themes": [{"concepts": [{"id": "environment", "title": "Environnement"}], "scheme": "iso"}],
        "language": {"code": "fr"},
        "license": "LO-2.0",
        "rights": "Accès libre",
        "updateFrequency": "annual",
        "contacts": [
            {
                "name": "Marie Durand",
                "organization": "Ville d'Exempleville",
                "emails": [{"value": "sig@exempleville.fr"}],
                "roles": ["publisher"],
            }
        ],
        "externalIds": [{"scheme": "default", "value": f"https://exempleville.fr/id/{identifier}"}],
        "formats": [{"name": "CSV", "mediaType": "text/csv"}],
        "spatial": "Exempleville",
        "parentIdentifier": "serie",
    }
    return {
        "id": identifier,
        "type": "Feature",
        "time": {"interval": ["2020-01-01", ".."]},
        "geometry": geometry or {"type": "Polygon", "coordinates": [[[7.2, 47.7], [7.4, 47.7], [7.4, 47.8], [7.2, 47.7]]]},
        "properties": properties | changes,
        "links": links
        if links is not None
        else [
            {"rel": "alternate", "type": "text/html", "href": f"https://exempleville.fr/fiche/{identifier}"},
            {"rel": "enclosure", "type": "text/csv", "title": "Données", "href": f"https://exempleville.fr/{identifier}.csv", "length": 2048},
            {"rel": "item", "type": "OGC:WFS", "title": f"ville:{identifier}", "href": "https://exempleville.fr/wfs"},
            {"rel": "license", "title": "Licence Ouverte 2.0", "href": "https://www.etalab.gouv.fr/lo"},
        ],
    }  # fmt: skip


def _collection(service: _Service, name: str) -> dict[str, Any]:
    url = f"{service.base}/collections/{quote(name)}"
    kind = "record" if name in service.records else "feature"
    return {
        "id": name,
        "title": f"Collection {name}",
        "description": "Une collection.",
        "keywords": ["ville"],
        "itemType": kind,
        "extent": {
            "spatial": {"bbox": [[7.2, 47.7, 7.4, 47.8]]},
            "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]},
        },
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/2154"],
        "storageCrs": "http://www.opengis.net/def/crs/EPSG/0/2154",
        "links": [
            {"rel": "items", "type": "application/geo+json", "href": f"{url}/items?f=json"},
            {"rel": "items", "type": "text/html", "href": f"{url}/items?f=html"},
            {"rel": "enclosure", "type": "application/geopackage+sqlite3", "href": f"https://exempleville.fr/{name}.gpkg", "length": 4096},
            {"rel": "license", "type": "text/html", "title": "Licence Ouverte 2.0", "href": "https://www.etalab.gouv.fr/lo"},
            {"rel": "canonical", "type": "text/html", "href": f"https://exempleville.fr/{name}"},
        ],
    }  # fmt: skip


def _items(service: _Service, name: str, query: dict[str, str]) -> dict[str, Any]:
    traits = service.traits
    found: list[dict[str, Any]]
    if name in service.records:
        words = query.get("q", "").casefold()
        found = [item for item in service.records[name] if words in json.dumps(item, ensure_ascii=False).casefold()]
    else:
        found = [
            {"id": n, "type": "Feature", "geometry": None, "properties": {}} for n in range(service.features[name])
        ]
    limit = query.get("limit", "10")
    if not limit.isdigit():
        raise _ApiError(400, "InvalidParameterValue")
    if query.get("f") == "json" and "json" not in traits.formats:
        return {"hits": {"total": {"value": len(found)}, "hits": []}}
    start = int(query.get(traits.offset, "0"))
    if traits.fails_from is not None and start >= traits.fails_from:
        raise _ApiError(500, "NoApplicableCode")
    first = 0 if traits.repeats else start
    page = found[first : first + min(int(limit), traits.cap)]
    end = first + len(page)
    host = "http://interne.example:8080/autre" if traits.next_link == "elsewhere" else service.base
    links = []
    if end < len(found) and traits.next_link != "absent":
        asked = {**query, traits.offset: str(start if traits.next_link == "loops" else end)}
        links = [{"rel": "next", "href": f"{host}/collections/{quote(name)}/items?{urlencode(asked)}"}]
    body: dict[str, Any] = {"type": "FeatureCollection", "features": page, "numberReturned": len(page), "links": links}
    if traits.matched != "absent":
        body["numberMatched"] = 10**8 if traits.matched == "huge" else len(found)
    return body


def _api(service: _Service, path: str, query: dict[str, str]) -> Any:
    if "f" in query and (not service.traits.knows_f or query["f"] not in {"json", "geojson"}):
        raise _ApiError(400, "InvalidParameterValue")
    known = [*service.records, *service.features]
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    match parts:
        case []:
            return {
                "title": "API d'Exempleville",
                "links": [{"rel": "conformance", "href": "x"}, {"rel": "data", "href": "x"}],
            }
        case ["conformance"]:
            return {"conformsTo": [_CONFORMS]}
        case ["collections"]:
            return {"collections": [_collection(service, name) for name in known]}
        case ["collections", name] if name in known:
            return _collection(service, name)
        case ["collections", name, "items"] if name in known:
            return _items(service, name, query)
        case ["collections", name, "items", identifier] if name in service.records:
            found = next((item for item in service.records[name] if item.get("id") == identifier), None)
            if found is not None:
                return found
    raise _ApiError(404, "NotFound")


def _layer(name: str, version: str) -> str:
    crs = "CRS" if version.startswith("2") else "SRS"
    return (
        f"<wfs:FeatureType><wfs:Name>ville:{name}</wfs:Name><wfs:Title>Couche {name}</wfs:Title>"
        f"<wfs:Abstract>La couche {name}.</wfs:Abstract><ows:Keywords><ows:Keyword>eau</ows:Keyword></ows:Keywords>"
        f"<wfs:Default{crs}>urn:ogc:def:crs:EPSG::2154</wfs:Default{crs}><wfs:Other{crs}>urn:ogc:def:crs:EPSG::4326</wfs:Other{crs}>"
        "<ows:WGS84BoundingBox><ows:LowerCorner>7.2 47.7</ows:LowerCorner><ows:UpperCorner>7.4 47.8</ows:UpperCorner></ows:WGS84BoundingBox>"
        f'<wfs:MetadataURL xlink:href="https://exempleville.fr/csw?request=GetRecordById&amp;id=jeu-{name}"/></wfs:FeatureType>'
    )


def capabilities(layers: Iterable[str], traits: Traits) -> bytes:
    """Return the GetCapabilities of a WFS."""
    ows = "http://www.opengis.net/ows/1.1" if traits.version.startswith("2") else "http://www.opengis.net/ows"
    wfs = "http://www.opengis.net/wfs/2.0" if traits.version.startswith("2") else "http://www.opengis.net/wfs"
    formats = ("application/gml+xml; version=3.2", "application/json", "csv", "SHAPE-ZIP")
    values = "".join(f"<ows:Value>{name}</ows:Value>" for name in formats)
    allowed = f"<ows:AllowedValues>{values}</ows:AllowedValues>" if traits.version.startswith("2") else values
    return (
        f'<wfs:WFS_Capabilities version="{traits.version}" xmlns:wfs="{wfs}" xmlns:ows="{ows}" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<ows:ServiceIdentification><ows:Title>WFS d'Exempleville</ows:Title><ows:Fees>{escape(traits.fees)}</ows:Fees>"
        f"<ows:AccessConstraints>{escape(traits.constraints)}</ows:AccessConstraints></ows:ServiceIdentification>"
        "<ows:ServiceProvider><ows:ProviderName>Ville d'Exempleville</ows:ProviderName><ows:ServiceContact>"
        "<ows:IndividualName>Marie Durand</ows:IndividualName><ows:ContactInfo><ows:Address>"
        "<ows:ElectronicMailAddress>sig@exempleville.fr</ows:ElectronicMailAddress></ows:Address></ows:ContactInfo>"
        "</ows:ServiceContact></ows:ServiceProvider><ows:OperationsMetadata>"
        f'<ows:Operation name="GetFeature"><ows:Parameter name="outputFormat">{allowed}</ows:Parameter></ows:Operation>'
        f"</ows:OperationsMetadata><wfs:FeatureTypeList>{''.join(_layer(name, traits.version) for name in layers)}"
        "</wfs:FeatureTypeList></wfs:WFS_Capabilities>"
    ).encode()


def _wfs(service: _Service, query: dict[str, str]) -> bytes:
    request = query.get("request", "").lower()
    if request == "getcapabilities":
        return capabilities(service.layers, service.traits)
    if request == "getfeature" and query.get("resulttype") == "hits":
        name = "numberMatched" if service.traits.version.startswith("2") else "numberOfFeatures"
        return f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" {name}="1234"/>'.encode()
    return (
        b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception '
        b'exceptionCode="OperationNotSupported"/></ows:ExceptionReport>'
    )


def _handler(service: _Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "ogc-de-test"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            service.seen.append(self.path)
            if parts.path in service.scripted:
                status, body = service.scripted[parts.path]
                self._send(status, body, "application/json")
            elif parts.path == "/wfs":
                self._send(200, _wfs(service, {name.lower(): value for name, value in query.items()}), "text/xml")
            else:
                try:
                    status, answer = 200, _api(service, parts.path, query)
                except _ApiError as error:
                    status, answer = (
                        error.status,
                        {"code": error.code, "type": error.code, "description": "secret words"},
                    )
                self._send(status, json.dumps(answer).encode(), "application/json")

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
def serve_ogc(
    records: Mapping[str, Iterable[dict[str, Any]]] | None = None,
    features: Mapping[str, int] | None = None,
    layers: Iterable[str] = (),
    traits: Traits | None = None,
    *,
    scripted: Mapping[str, tuple[int, bytes]] | None = None,
) -> Iterator[OgcServer]:
    """Serve catalogues of records, collections of features and the layers of a WFS until the block ends."""
    service = _Service(
        {name: list(items) for name, items in (records or {}).items()},
        dict(features or {}),
        list(layers),
        traits or Traits(),
        dict(scripted or {}),
    )

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(service))
    service.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield OgcServer(service.base, service.seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def generated(count: int) -> list[dict[str, Any]]:
    """Return ``count`` records."""
    return [record(number) for number in range(1, count + 1)]


def offsets(server: OgcServer) -> list[str]:
    """Return the offset of each page asked."""
    return re.findall(r"items\?(?:.*&)?(?:offset|startindex)=(\d+)", "\n".join(server.seen))
