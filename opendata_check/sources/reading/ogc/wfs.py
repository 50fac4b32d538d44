"""What a WFS says of its layers in GetCapabilities (1.1.0 and 2.0.0), streamed: a national service has thousands.

Source: OGC 04-094 and 09-025r2; GeoServer, MapServer, deegree and ArcGIS servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from opendata_check.model.catalog import Dataset, Distribution, ServiceOffer
from opendata_check.sources.reading import values
from opendata_check.sources.reading.iso import rights as iso_rights
from opendata_check.sources.reading.iso.extent import Box, degrees
from opendata_check.sources.reading.iso.text import HREF
from opendata_check.sources.reading.ogc import services as ogc_services
from opendata_check.sources.reading.ogc.exception import EXCEPTIONS, refusal_of
from opendata_check.sources.reading.ogc.services import endpoint
from opendata_check.sources.reading.xml_safe import Element, XmlRefused, pieces

_WANTED = (
    frozenset({"ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureType", "Service"}) | EXCEPTIONS
)
_NOTHING = frozenset({"none", "aucun", "aucune", "no", "n/a", "-", "null", "noconditionsapply", "unknown", ""})
_MOST_TYPES = 20_000
_FILES = (
    ("geojson", ("application/json", "json", "geojson", "application/geo+json", "application/json; subtype=geojson")),
    ("csv", ("csv", "text/csv")),
    ("shp", ("shape-zip", "shapezip", "application/zip", "application/x-zipped-shp")),
    ("gpkg", ("gpkg", "geopackage", "application/geopackage+sqlite3")),
)
"""Formats worth a direct address, with the names servers give them."""


class NotWfs(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """What came is no WFS capabilities; carries why, in French."""


@dataclass(frozen=True, slots=True)
class FeatureType:
    """One layer of a WFS."""

    name: str
    title: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    crs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    """Its own output formats; empty when it has the service's."""
    bbox: Box | None = None
    metadata: tuple[str, ...] = ()
    """Addresses of its records in a catalogue."""
    page: str = ""
    """The one a person can read."""


@dataclass(slots=True)
class Wfs:
    """A WFS, as it presents itself."""

    version: str = ""
    title: str = ""
    provider: str = ""
    contact: str = ""
    fees: str = ""
    constraints: str = ""
    formats: tuple[str, ...] = ()
    types: list[FeatureType] = field(default_factory=list)
    fault: str = ""
    """Why the end was not read, in French; "" when all was."""


def wfs_of(path: Path) -> Wfs:
    """Return what a GetCapabilities answer says; what breaks off keeps what came before. Raises NotWfs, OSError."""
    found = Wfs()
    is_wfs = False
    try:
        for piece in pieces(path, _WANTED.__contains__):
            if not piece.is_record:
                if piece.element.tag in ("WFS_Capabilities", "WFS_MS_Capabilities") and not is_wfs:
                    is_wfs, found.version = True, values.text(piece.element.get("version"), 20)
                continue
            if piece.element.tag in EXCEPTIONS:
                raise NotWfs(refusal_of(piece.element).words)
            if is_wfs and len(found.types) < _MOST_TYPES:
                _read(piece.element, found)
    except XmlRefused as error:
        if not is_wfs:
            raise NotWfs(error.what) from error
        found.fault = error.what
    if not is_wfs:
        raise NotWfs("la réponse n'est pas celle d'un service WFS")
    return found


def _read(element: Element, found: Wfs) -> None:
    """Add what one part of the capabilities says."""
    if element.tag == "FeatureType":
        layer = _feature_type(element)
        found.types += [layer] if layer.name else []
    elif element.tag in ("ServiceIdentification", "Service"):
        found.title = values.text(element.findtext("Title"))
        found.fees = _condition(element.findtext("Fees"))
        found.constraints = _condition(element.findtext("AccessConstraints"))
    elif element.tag == "ServiceProvider":
        found.provider = _condition(element.findtext("ProviderName"), 300)
        emails = (values.email((item.text or "").strip()) for item in element.iter("ElectronicMailAddress"))
        found.contact = next(filter(None, emails), "")
    elif element.tag == "OperationsMetadata":
        found.formats = _formats(element)


def _condition(written: str | None, longest: int = 2_000) -> str:
    """Return a text, "" for the words by which servers say « nothing »."""
    kept = values.text((written or "").strip(), longest)
    return "" if kept.lower() in _NOTHING else kept


def _formats(operations: Element) -> tuple[str, ...]:
    """Return the output formats of GetFeature."""
    for operation in operations.findall("Operation"):
        if operation.get("name") == "GetFeature":
            for parameter in operation.findall("Parameter"):
                if (parameter.get("name") or "").lower() == "outputformat":
                    return values.words([found.text for found in parameter.iter("Value")])
    return ()


def _feature_type(element: Element) -> FeatureType:
    """Return one layer."""
    words = [found.text for holder in element.findall("Keywords") for found in holder.iter("Keyword")]
    names = ("DefaultCRS", "DefaultSRS", "OtherCRS", "OtherSRS", "SRS")
    systems = [found.text for name in names for found in element.findall(name)]
    records = element.findall("MetadataURL")[:20]
    links = [values.web_url((found.text or "").strip() or found.get(HREF)) for found in records]
    return FeatureType(
        name=values.text((element.findtext("Name") or "").strip(), 300),
        title=values.text(element.findtext("Title")),
        abstract=values.prose(element.findtext("Abstract")),
        keywords=values.words(words),
        crs=values.words(systems, separators=" "),
        formats=values.words([found.text for holder in element.findall("OutputFormats") for found in holder]),
        bbox=_bbox(element),
        metadata=tuple(dict.fromkeys(filter(None, links))),
        page=next(
            (
                link
                for link, found in zip(links, records, strict=True)
                if link and "html" in (found.get("format") or found.get("type") or "").lower()
            ),
            "",
        ),
    )


def _bbox(element: Element) -> Box | None:
    """Return the box of a layer in degrees."""
    for found in element.findall("WGS84BoundingBox")[:1]:
        lower, upper = (found.findtext("LowerCorner") or "").split(), (found.findtext("UpperCorner") or "").split()
        if len(lower) == 2 and len(upper) == 2:
            return degrees(lower[0], lower[1], upper[0], upper[1])
    return None


def offers(found: Wfs) -> tuple[ServiceOffer, ...]:
    """Return what each layer offers."""
    return tuple(offer_of(found, layer) for layer in found.types)


def offer_of(found: Wfs, layer: FeatureType) -> ServiceOffer:
    """Return what one layer offers."""
    return ServiceOffer("wfs", layer.name, layer.formats or found.formats, layer.crs, None, found.version)


def datasets(found: Wfs, url: str, only: str = "") -> Iterator[Dataset]:
    """Yield the layers as datasets; ``url`` is the service's, ``only`` the layer asked for."""
    licence, licence_url = _license(found)
    for layer in found.types:
        if only and only not in (layer.name, layer.name.rpartition(":")[2]):
            continue
        yield Dataset(
            id=layer.name,
            title=layer.title or layer.name,
            distributions=(_service(found, layer, url), *_downloads(found, layer, url)),
            description=layer.abstract,
            license=licence,
            license_url=licence_url,
            keywords=layer.keywords,
            publisher=found.provider,
            contact=found.contact,
            landing_page=layer.page,
            described=True,
            identifiers=tuple(dict.fromkeys(_identifiers(layer))),
            access_rights="" if licence == found.constraints else values.text(found.constraints),
            bbox=layer.bbox,
        )


def _license(found: Wfs) -> tuple[str, str]:
    """Return the licence that the service's conditions name, else its fees when they are told in words."""
    for text in (found.constraints, found.fees):
        if iso_rights.names_licence(text):
            return values.text(text), iso_rights.address_in(text)
    return values.text(found.fees), iso_rights.address_in(found.fees)


def _identifiers(layer: FeatureType) -> Iterator[str]:
    """Yield what ties a layer to its record in a catalogue."""
    for link in layer.metadata:
        yield link
        query = ogc_services.query_of(link)
        identifier = query.get("id") or query.get("uuid") or ogc_services.record_in(link)
        if identifier:
            yield values.text(identifier, 300)


def _service(found: Wfs, layer: FeatureType, url: str) -> Distribution:
    """Return the service itself, as a distribution of a layer."""
    return Distribution(
        id=f"wfs:{layer.name}",
        title=layer.title or layer.name,
        url=_address(url, {"service": "WFS", "request": "GetCapabilities"}),
        declared_format="wfs",
        role="api",
        service=offer_of(found, layer),
    )


def _downloads(found: Wfs, layer: FeatureType, url: str) -> Iterator[Distribution]:
    """Yield the direct addresses of a layer, in the usual formats it is offered in."""
    offered = {written.lower(): written for written in layer.formats or found.formats}
    version = found.version or "2.0.0"
    for name, aliases in _FILES:
        written = next((offered[alias] for alias in aliases if alias in offered), "")
        if written:
            types = "typeNames" if version.startswith("2") else "typeName"
            asked = {"service": "WFS", "version": version, "request": "GetFeature", types: layer.name}
            yield Distribution(
                id=f"wfs:{layer.name}:{name}",
                title=f"{layer.title or layer.name} ({name})",
                url=_address(url, asked | {"outputFormat": written}),
                declared_format=name,
                synthesised=True,
                service=ServiceOffer("wfs", layer.name, (written,), layer.crs, None, found.version),
            )


def _address(url: str, asked: dict[str, str]) -> str:
    """Return an address of the service with the parameters of a request."""
    base = endpoint(url)
    return f"{base}{'&' if '?' in base else '?'}{urlencode(asked)}"


def hits(path: Path) -> int | None:
    """Return the count of a ``resultType=hits`` answer, None when it tells none. Raises OSError."""
    try:
        for piece in pieces(path, lambda name: name in EXCEPTIONS):
            if not piece.is_record:
                written = piece.element.get("numberMatched") or piece.element.get("numberOfFeatures")
                return values.size(written)
    except XmlRefused:
        return None
    return None
