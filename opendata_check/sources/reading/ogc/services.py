"""Tells from what a catalogue writes of a link whether it is a service, a file or an explanation.

Protocols are free text in ISO records: ``OGC:WFS``, ``OGC:WFS-1.0.0-http-get-feature``, ``ESRI:REST``, ``atom``,
``WWW:DOWNLOAD-1.0-http--download``, ``OGC API Features``… (GeoNetwork's codelist, and habits).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from opendata_check.model.catalog import ServiceOffer
from opendata_check.sources.reading import values

_OURS = frozenset(
    {
        "service", "request", "version", "acceptversions", "outputschema", "outputformat", "typenames", "typename",
        "elementsetname", "elementname", "resulttype", "startposition", "maxrecords", "constraint", "sortby", "id",
        "any", "constraintlanguage", "constraint_language_version", "namespace", "sections",
        "srsname", "count", "maxfeatures", "bbox", "startindex", "propertyname", "filter",
    }
)  # fmt: skip
_API = re.compile(
    r"ogc[\s:_-]*api[\s:_-]*(?:-\s*)?(features|records|maps|tiles|coverages|processes|styles)?", re.IGNORECASE
)
_WORDS = (
    ("wmts", re.compile(r"\bwmts\b|web map tile service", re.IGNORECASE)),
    ("wms", re.compile(r"\bwms(?:-c)?\b|web map service", re.IGNORECASE)),
    ("wfs", re.compile(r"\bwfs(?:-g)?\b|web feature service", re.IGNORECASE)),
    ("wcs", re.compile(r"\bwcs\b|web coverage service", re.IGNORECASE)),
    ("csw", re.compile(r"\bcsw\b", re.IGNORECASE)),
    ("wps", re.compile(r"\bwps\b", re.IGNORECASE)),
    ("sos", re.compile(r"^(?:ogc:)?sos\b", re.IGNORECASE)),
    ("tms", re.compile(r"\btms\b", re.IGNORECASE)),
    (
        "esri-rest",
        re.compile(r"\besri:?[\s_-]*(?:rest|geoservices?)|arcgis:|arcgis[\s_-]*(?:rest|geoservice)", re.IGNORECASE),
    ),
    ("atom", re.compile(r"\batom\b", re.IGNORECASE)),
)
_PATHS = (
    ("esri-rest", re.compile(r"/(?:feature|map|image)server(?:/\d+)?/?$", re.IGNORECASE)),
    ("wmts", re.compile(r"/wmts/?$", re.IGNORECASE)),
    ("wms", re.compile(r"/(?:wms|wmsserver)/?$", re.IGNORECASE)),
    ("wfs", re.compile(r"/(?:wfs|wfsserver)/?$", re.IGNORECASE)),
    ("wcs", re.compile(r"/(?:wcs|wcsserver)/?$", re.IGNORECASE)),
    (
        "atom",
        re.compile(
            r"/atommetadata/|/atom(?:/|\.xml$)|\.atom$|/telechargement/(?:resource|capabilities)", re.IGNORECASE
        ),
    ),
    (
        "ogc-api-features",
        re.compile(r"/ogc/features(?:/v\d+)?(?:/collections(?:/[^/]+(?:/items)?)?)?/?$", re.IGNORECASE),
    ),
)
_MIXED = re.compile(r"/(?:wxs|ows|mapserv(?:\.exe|\.fcgi)?)/?$", re.IGNORECASE)
"""Addresses where several services answer: the link's name says which."""
_OF_QUERY = frozenset({"wms", "wfs", "wmts", "wcs", "csw", "wps", "sos"})
_LAYER_KEYS = ("layers", "layer", "typenames", "typename", "coverage", "coverageid")
_VERSION = re.compile(r"\b(\d\.\d(?:\.\d)?)\b")
_FILES = re.compile(
    r"\.(?:csv|tsv|txt|geojson|json|gpkg|shp|kml|kmz|gml|gpx|zip|7z|gz|tgz|xlsx?|ods|xml|parquet|dxf|dwg|tiff?|jp2|ecw|"
    r"asc|laz|las|mbtiles|sqlite|gtfs|tab|fgb|topojson|netcdf|nc)$",
    re.IGNORECASE,
)
_PAGES = re.compile(r"\.(?:pdf|html?|docx?|odt|pptx?|odp|aspx|php|do|md)$", re.IGNORECASE)
_PICTURES = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)$", re.IGNORECASE)
_METADATA = re.compile(
    r"request=getrecordbyid|catalog\.search#/metadata/|/metadata/[\w-]{8,}$|/api/records/|/datahub/dataset/|/formatters/",
    re.IGNORECASE,
)
_RECORD = re.compile(r"/(?:records|metadata|dataset)/([^/?#|]{3,300})")
_DOWNLOAD = re.compile(r"t[ée]l[ée]charg|\bdownload|export\b", re.IGNORECASE)
_EXPLAINS = frozenset({"information", "information.content", "completemetadata", "browsegraphic", "emailservice"})
_GIVES = frozenset({"download", "offlineaccess", "fileaccess"})
_ASIDE = frozenset({"order", "search", "upload", "browsing"})


def endpoint(url: str) -> str:
    """Return the address of an OGC service without the parameters of a request: its own (``map``…) remain."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if name.lower() not in _OURS]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme.lower(), host, parts.path, urlencode(kept), ""))


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address, names in lower case; {} when it cannot be read."""
    try:
        pairs = parse_qsl(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        return {}
    return {name.lower(): value for name, value in reversed(pairs)}


def path_of(url: str) -> str:
    """Return the path of an address, "" when it cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def protocol_of(said: str, url: str, name: str = "") -> str:
    """Return the service behind a link (``wfs``, ``wms``, ``ogc-api-features``…), "" when it is none.

    What the catalogue says comes first, then what the address itself shows, then the name of the link.
    """
    told = _told(said)
    if told:
        return told
    asked = query_of(url).get("service", "").lower()
    if asked in _OF_QUERY:
        return asked
    path = path_of(url)
    if _MIXED.search(path):
        named = name.lower()
        return next((service for service in ("wfs", "wms") if service in named), "")
    return next((service for service, pattern in _PATHS if pattern.search(path)), "")


@lru_cache(maxsize=512)
def _told(said: str) -> str:
    """Return the service that a protocol names: a catalogue writes the same few protocols over and over."""
    api = _API.search(said)
    if api:
        return f"ogc-api-{(api[1] or 'features').lower()}"
    return next((service for service, pattern in _WORDS if pattern.search(said)), "")


def offer(said: str, url: str, name: str) -> ServiceOffer | None:
    """Return the service behind a link, None when it is none. ``name`` is the link's, often the layer's."""
    protocol = protocol_of(said, url, name)
    if not protocol:
        return None
    query = query_of(url)
    layer = next((query[key] for key in _LAYER_KEYS if query.get(key)), "")
    if not layer and protocol not in ("atom", "csw", "ogc-api-records"):
        layer = name if name and " " not in name.strip() and "://" not in name else _collection(url)
    written = "" if said.upper().startswith("WWW:") else next(iter(_VERSION.findall(said)), "")
    version = query.get("version", "") or written
    formats = query.get("outputformat") or (query.get("format") if query.get("request", "").lower() != "getmap" else "")
    return ServiceOffer(
        protocol=protocol,
        layer=values.text(layer, 300),
        formats=(values.text(formats, 200),) if formats else (),
        version=values.text(version, 20),
    )


def _collection(url: str) -> str:
    """Return the collection an OGC API address names, or the layer number of an ArcGIS service."""
    found = re.search(r"/collections/([^/?#]+)|/(?:feature|map)server/(\d+)", path_of(url), re.IGNORECASE)
    return (found[1] or found[2]) if found else ""


def gives_features(url: str) -> bool:
    """Return True for a service's address that gives the data themselves: GetFeature, items of a collection."""
    if query_of(url).get("request", "").lower() in ("getfeature", "getcoverage"):
        return True
    return bool(re.search(r"/collections/[^/]+/items/?$", path_of(url)))


def role_of(said: str, function: str, url: str, name: str) -> str:
    """Return what a link that is no service is: ``main``, ``documentation`` or ``other``."""
    function = function.lower()
    path = path_of(url)
    if function in _EXPLAINS or _METADATA.search(url):
        return "documentation"
    if _FILES.search(path):
        return "main"
    if _PAGES.search(path):
        return "documentation"
    if function in _GIVES or "download" in said.lower() or _DOWNLOAD.search(name):
        return "main"
    return "other" if function in _ASIDE or function else "documentation"


def is_picture(said: str, url: str) -> bool:
    """Return True for a thumbnail: a picture that stands for the data."""
    return bool(_PICTURES.search(path_of(url))) and "download" not in said.lower()


def is_metadata(url: str) -> bool:
    """Return True for the address of a record, in a catalogue."""
    return bool(_METADATA.search(url))


def same_service(url: str) -> str:
    """Return an address without its query, to tell two links to one service: the ``map`` of MapServer counts."""
    mapfile = query_of(url).get("map", "")
    return f"{url.partition('?')[0].partition('#')[0].rstrip('/').lower()}?{mapfile}"


def record_in(url: str) -> str:
    """Return the identifier of a catalogue's record that a path or a fragment holds, "" when there is none."""
    found = _RECORD.search(url)
    return unquote(found[1]) if found else ""
