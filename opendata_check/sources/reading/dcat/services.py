"""Which geographic service a distribution leads to, from what the catalogue says of it and from its address."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from opendata_check.model.catalog import ServiceOffer
from opendata_check.sources.reading import values

_NAMES = (
    (re.compile(r"\bwmts\b"), "wmts"),
    (re.compile(r"\bwms\b|\bwms_srvc\b"), "wms"),
    (re.compile(r"\bwfs\b|\bwfs_srvc\b"), "wfs"),
    (re.compile(r"\bwcs\b"), "wcs"),
    (re.compile(r"\bcsw\b"), "csw"),
    (re.compile(r"\bsos\b"), "sos"),
    (re.compile(r"ogc[-_ ]?api[-_ ]?feat|ogcapi-features|\bogcfeat\b"), "ogc-api-features"),
    (re.compile(r"ogc[-_ ]?api[-_ ]?rec|ogcapi-records"), "ogc-api-records"),
    (re.compile(r"\bogc[-_ ]?api\b|\bogcapi\b"), "ogc-api"),
    (re.compile(r"esri[: ]?rest|arcgis (?:geo)?service|arcgis[-_ ]rest|/(?:feature|map|image)server\b"), "esri-rest"),
    (re.compile(r"\binspire[-_ ]atom\b|^atom$|/atom$"), "atom"),
)
"""Words of a standard, a format or an address → protocol; the first that fits."""
_ARCGIS = re.compile(r"/rest/services/.*/(?:feature|map|image)server(?:/(\d+))?/?(?:$|\?)", re.IGNORECASE)
_FEATURES = re.compile(r"/collections/([^/?]+)/items/?(?:$|\?)")
_PATH = re.compile(r"/(wms|wfs|wmts|wcs)/?$", re.IGNORECASE)
_LAYER = re.compile(r"[^\s/]{0,200}[_:][^\s/]{0,200}")
_VERSION = re.compile(r"\d\.\d(\.\d)?")


@lru_cache(maxsize=2048)
def protocol_of(said: str) -> str:
    """Return the protocol that a standard or a format names (``OGC:WMS``, ``…/standards/wfs``), "" when none."""
    lower = said.lower()
    return next((protocol for pattern, protocol in _NAMES if pattern.search(lower)), "")


def service_of(url: str, said: tuple[str, ...] = (), title: str = "") -> ServiceOffer | None:
    """Return the service an address leads to; ``said`` are its standards and formats, ``title`` the distribution's.

    None for a file, one that a service makes on request (GetFeature) included.
    """
    query = {}
    if "?" in url:
        try:
            pairs = parse_qsl(urlsplit(url).query, max_num_fields=100)
        except ValueError:
            return None
        query = {key.lower(): value for key, value in pairs}
        if query.get("request", "").lower() in ("getfeature", "getmap", "getcoverage"):
            return None
    protocol = next(filter(None, map(protocol_of, said)), "")
    arcgis = _ARCGIS.search(url) if "/rest/services/" in url else None
    features = _FEATURES.search(url) if "/collections/" in url else None
    if arcgis:
        protocol = "esri-rest"
    elif not protocol:
        path = _PATH.search(url.partition("?")[0])
        asked = query.get("service", "").lower()
        protocol = "ogc-api-features" if features else protocol_of(asked) or (path[1].lower() if path else "")
    if not protocol:
        return None
    layer = query.get("layers") or query.get("layer") or query.get("typenames") or query.get("typename") or ""
    if arcgis:
        layer = arcgis[1] or layer
    elif features:
        layer = features[1]
    elif not layer and _LAYER.fullmatch(title):  # GeoNetwork: the layer's name is the distribution's
        layer = title
    version = query.get("version", "")
    return ServiceOffer(protocol, layer=values.text(layer, 200), version=version if _VERSION.fullmatch(version) else "")
