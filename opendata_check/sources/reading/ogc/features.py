"""What an OGC API Features says of its collections, as service offers and as datasets.

Source: OGC 17-069r4 (part 1: core), 18-058 (part 2: CRS); ldproxy, GeoServer, pygeoapi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution, ServiceOffer
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.iso import rights as iso_rights
from opendata_check.sources.reading.iso.extent import Box, degrees
from opendata_check.sources.reading.ogc.answers import collection_url, items_of, links_of, mapping

_NOT_DATA = ("text/html", "application/ld+json")
_DEFAULT_CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_FORMATS = {
    "application/geo+json": "geojson",
    "application/json": "geojson",
    "text/csv": "csv",
    "application/gml+xml": "gml",
    "application/geopackage+sqlite3": "gpkg",
    "application/flatgeobuf": "fgb",
    "application/zip": "zip",
    "application/x-shapefile": "shp",
}


def feature_collections(answer: Any) -> list[Mapping[str, Any]]:
    """Return the collections of features that ``/collections`` lists."""
    listed = [mapping(item) for item in items_of(mapping(answer).get("collections"), 20_000)]
    return [item for item in listed if holds_features(item) and values.text(item.get("id"), 200)]


def holds_features(collection: Mapping[str, Any]) -> bool:
    """Return True for a collection of features: itemType says so, or says nothing and items are there."""
    kind = values.text(collection.get("itemType"), 40).lower()
    if kind:
        return kind == "feature"
    return any(link.get("rel") == "items" for link in links_of(collection))


def offer_of(collection: Mapping[str, Any]) -> ServiceOffer:
    """Return what a collection offers."""
    systems = [*items_of(collection.get("crs")), collection.get("storageCrs")]
    formats = [_kind(link) for link in links_of(collection) if link.get("rel") == "items"]
    return ServiceOffer(
        protocol="ogc-api-features",
        layer=values.text(collection.get("id"), 200),
        formats=values.words([kind for kind in formats if kind != "text/html"]),
        crs=values.words([found for found in systems if isinstance(found, str) and not found.startswith("#")])
        or (_DEFAULT_CRS,),
    )


def _kind(link: Mapping[str, Any]) -> str:
    """Return the media type of a link, without its parameters."""
    return values.text(link.get("type"), 100).partition(";")[0].strip().lower()


def dataset_of(collection: Mapping[str, Any], base: str, service: Mapping[str, Any]) -> Dataset:
    """Return a collection as a dataset. ``service`` is the landing page's JSON, whose licence holds for all."""
    identifier = values.text(collection.get("id"), 200)
    extent = mapping(collection.get("extent"))
    licence, licence_url = _license(collection, service)
    return Dataset(
        id=identifier,
        title=values.text(collection.get("title")) or identifier,
        distributions=distinct_ids(tuple(_distributions(collection, base))),
        description=values.prose(collection.get("description")),
        license=licence,
        license_url=licence_url,
        keywords=values.words(items_of(collection.get("keywords"))),
        temporal=_temporal(mapping(extent.get("temporal"))),
        publisher=values.text(collection.get("attribution") or service.get("attribution"), 300),
        landing_page=_page(collection),
        described=True,
        bbox=_bbox(mapping(extent.get("spatial"))),
    )


def _license(collection: Mapping[str, Any], service: Mapping[str, Any]) -> tuple[str, str]:
    """Return the licence of a collection, else the service's."""
    for holder in (collection, service):
        for link in links_of(holder):
            if link.get("rel") == "license" and values.web_url(link.get("href")):
                url = values.web_url(link.get("href"))
                return values.text(link.get("title")) or url, url
        said = values.text(holder.get("license"))
        if said:
            return said, values.web_url(said)
    words = values.text(service.get("termsOfService"))
    return (words, iso_rights.address_in(words)) if iso_rights.names_licence(words) else ("", "")


def _distributions(collection: Mapping[str, Any], base: str) -> Iterator[Distribution]:
    """Yield the interface, then the files the collection links to."""
    offer = offer_of(collection)
    title = values.text(collection.get("title")) or offer.layer
    own = (link for link in links_of(collection) if link.get("rel") == "items" and _kind(link) not in _NOT_DATA)
    items = next(filter(None, (values.web_url(link.get("href")) for link in own)), "")
    yield Distribution(
        id=f"items:{offer.layer}",
        title=title,
        url=items or f"{collection_url(base, offer.layer)}/items",
        declared_format="ogcapi",
        role="api",
        service=offer,
    )
    for link in links_of(collection):
        url, kind = values.web_url(link.get("href")), _kind(link)
        if url and link.get("rel") in ("enclosure", "download"):
            yield Distribution(
                id=url,
                title=values.text(link.get("title")) or title,
                url=url,
                declared_format=_FORMATS.get(kind, ""),
                media_type=kind,
                byte_size=values.size(link.get("length")),
            )


def _temporal(temporal: Mapping[str, Any]) -> str:
    """Return the first interval of a temporal extent."""
    for interval in items_of(temporal.get("interval"), 1):
        if isinstance(interval, list) and len(interval) == 2:
            return values.period(interval[0], interval[1])
    return ""


def _bbox(spatial: Mapping[str, Any]) -> Box | None:
    """Return the first box of a spatial extent, when it is in degrees."""
    for box in items_of(spatial.get("bbox"), 1):
        if isinstance(box, list) and len(box) in (4, 6):
            half = len(box) // 2
            return degrees(*(values.text(box[side], 40) for side in (0, 1, half, half + 1)))
    return None


def _page(collection: Mapping[str, Any]) -> str:
    """Return the page where a person reads of the collection."""
    for rel in ("canonical", "describedby", "alternate"):
        for link in links_of(collection):
            if link.get("rel") == rel and _kind(link) == "text/html" and values.web_url(link.get("href")):
                return values.web_url(link.get("href"))
    return ""
