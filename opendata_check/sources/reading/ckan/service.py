"""Tells when a CKAN resource is a geographic service, from its format or from its URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from opendata_check.model.catalog import ServiceOffer
from opendata_check.sources.reading import values

_OGC_FORMAT = re.compile(r"(?:ogc)?[\s:_.-]*(wfs|wmts|wms|wcs|csw|wps|sos)(?![a-z])")
_OTHER_FORMATS = (
    (re.compile(r"ogc[\s:_-]*api|oapif"), "ogc-api-features"),
    (re.compile(r"esri[\s:_-]*rest|arcgis|geoservices rest|featureserver|mapserver"), "esri-rest"),
    (re.compile(r"(?:inspire[\s:_-]*)?atom(?![a-z])"), "atom"),
)
# Cheap test first: most URLs are files.
_MAYBE = re.compile(r"service=|/(?:wfs|wms|wmts|wcs|csw)\b|server\b|/collections/", re.IGNORECASE)
_PARAMETER = re.compile(r"[?&]service=(wfs|wmts|wms|wcs|csw)(?![a-z])", re.IGNORECASE)
_PATH = re.compile(r"/(wfs|wmts|wms|wcs|csw)/?$", re.IGNORECASE)
_ESRI = re.compile(r"/(?:feature|map|image)server(?:/(\d+))?(?:/|$)", re.IGNORECASE)
_COLLECTION = re.compile(r"/collections/([^/]+)/items/?$", re.IGNORECASE)
_LAYER = re.compile(r"[\w.-]{1,100}:[\w.-]{1,200}")
_LAYER_PARAMETERS = ("typenames", "typename", "layers", "layer", "coverageid", "coverage")


def service_of(declared_format: str, url: str, title: str) -> tuple[ServiceOffer | None, bool]:
    """Return what the service is, None when it is none, and whether the format itself says it is one."""
    protocol = _protocol_of_format(declared_format)
    if not protocol and not _MAYBE.search(url):
        return None, False
    try:
        parts = urlsplit(url)
        asked = {
            name.lower(): value for name, value in parse_qsl(parts.query, max_num_fields=50) if len(name) < 40 and value
        }
    except ValueError:
        return (ServiceOffer(protocol), True) if protocol else (None, False)
    by_url, layer = _said_by_url(url, parts.path)
    if not protocol and not by_url:
        return None, False
    layer = layer or next((asked[name] for name in _LAYER_PARAMETERS if name in asked), "")
    if not layer and _LAYER.fullmatch(title):  # OneGeo names the resource after its layer
        layer = title
    return _offer(protocol or by_url, layer, asked), bool(protocol)


@lru_cache(maxsize=2_000)
def _protocol_of_format(declared: str) -> str:
    """Return the protocol a format names, "" for a file's."""
    found = _OGC_FORMAT.match(declared)
    if found:
        return found[1]
    return next((protocol for pattern, protocol in _OTHER_FORMATS if pattern.match(declared)), "")


def _said_by_url(url: str, path: str) -> tuple[str, str]:
    """Return the protocol and the layer that the shape of a URL tells."""
    found = _PARAMETER.search(url) or _PATH.search(path)
    if found:
        return found[1].lower(), ""
    esri = _ESRI.search(path)
    if esri:
        return "esri-rest", esri[1] or ""
    collection = _COLLECTION.search(path)
    return ("ogc-api-features", collection[1]) if collection else ("", "")


def _offer(protocol: str, layer: str, asked: Mapping[str, str]) -> ServiceOffer:
    """Return the offer, with what the URL asks for."""
    output = asked.get("outputformat") or asked.get("format") or ""
    crs = asked.get("srsname") or asked.get("crs") or asked.get("srs") or ""
    return ServiceOffer(
        protocol=protocol,
        layer=values.text(layer, 300),
        formats=(values.text(output, 100),) if output else (),
        crs=(values.text(crs, 100),) if crs else (),
        version=values.text(asked.get("version"), 20),
    )
