"""Turns an item of ArcGIS Hub's search interfaces (OGC API Records, or the older v3) into a Dataset.

Source: hub.js, and the items that koopjs/koop-provider-hub-search-ogc reads. Addresses of files are not written there:
they are made as that provider makes them. An item's owner is an account, often a person's: its name is never kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution, FieldDescription, ServiceOffer
from opendata_check.sources.reading import values
from opendata_check.sources.reading.arcgis.record import KEY, key_in, mapping
from opendata_check.sources.reading.dcat.values import box, licence
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.markup import plain_text

ITEM_MAPPING = {
    "dataset.id": "id",
    "dataset.title": "title | name",
    "dataset.description": "description | snippet | searchDescription",
    "dataset.license": "structuredLicense.text | licenseInfo",
    "dataset.license_url": "structuredLicense.url",
    "dataset.issued": "created",
    "dataset.modified": "modified | layer.editingInfo.lastEditDate",
    "dataset.metadata_modified": "itemModified",
    "dataset.keywords": "tags",
    "dataset.themes": "categories",
    "dataset.bbox": "extent | itemExtent",
    "dataset.publisher": "orgName | source",
    "dataset.contact": "orgContactEmail",
    "dataset.language": "culture",
    "dataset.access_rights": "access",
    "dataset.fields": "fields",
    "distribution.service": "url",
    "distribution.row_count": "recordCount",
}
"""Where an item of the search interfaces says each field, in its ``properties`` (OGC API) or ``attributes`` (v3)."""

_SERVICE = re.compile(r"/(feature|map|image)server(?:/(\d{1,5}))?$", re.IGNORECASE)
_DESCRIPTIONS = ("description", "snippet", "searchDescription")
_FILES = frozenset(
    {
        "csv", "csv collection", "microsoft excel", "microsoft word", "microsoft powerpoint", "pdf", "shapefile",
        "geojson", "kml", "kml collection", "file geodatabase", "geopackage", "image", "image collection",
        "cad drawing", "sqlite geodatabase", "code sample", "parquet",
    }
)  # fmt: skip
"""Types of items that are a file, which the portal gives as it is."""
_DOWNLOADS = (("csv", "CSV"), ("geojson", "GeoJSON"), ("kml", "KML"), ("shapefile", "Shapefile"))
_NO_MAP = frozenset({"kml", "shapefile"})
"""Made for layers that have a geometry only."""
_MAX_FIELDS = 2_000


def item_dataset(attributes: Mapping[str, Any], site: str, identifier: Any = "") -> Dataset:
    """Return the dataset of an item shown by the site at ``site`` (scheme and host)."""
    written = values.text(identifier, 100) or values.text(attributes.get("id"), 100)
    key = key_in(written) or written
    structured = mapping(attributes.get("structuredLicense"))
    terms = attributes.get("licenseInfo")
    name, address = licence(terms) if isinstance(terms, str) else ("", "")
    edited = mapping(mapping(attributes.get("layer")).get("editingInfo")).get("lastEditDate")
    slug = values.text(attributes.get("slug"), 200)
    page = f"{site}/datasets/{slug or key}"
    return Dataset(
        id=key,
        title=values.text(attributes.get("title")) or values.text(attributes.get("name")) or key,
        distributions=distinct_ids(tuple(_of_item(attributes, site, key, page))),
        description=next(filter(None, (plain_text(attributes.get(field)) for field in _DESCRIPTIONS)), ""),
        license=values.text(structured.get("text")) or name or _license_id(attributes.get("license")),
        license_url=values.web_url(structured.get("url")) or address,
        issued=_day(attributes.get("created")),
        modified=_day(edited) or _day(attributes.get("modified")),
        metadata_modified=_day(attributes.get("itemModified")),
        keywords=values.words(attributes.get("tags")),
        themes=values.words([str(item).rpartition("/")[2] for item in _items(attributes.get("categories"))]),
        bbox=box(attributes.get("extent")) or box(attributes.get("itemExtent")),
        publisher=_source(attributes),
        contact=values.email(attributes.get("orgContactEmail")),
        landing_page=values.web_url(page),
        described=True,
        identifiers=tuple(dict.fromkeys(filter(None, (key, _item_page(key))))),
        language=values.text(attributes.get("culture"), 20),
        access_rights=values.text(attributes.get("access"), 40),
        fields=tuple(_fields(attributes)),
    )


def _items(value: Any) -> list[Any]:
    return value[:1000] if isinstance(value, list) else []


def _day(value: Any) -> date | None:
    """Return the day of a number of milliseconds since 1970, or of a date that is written; no odd year."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not -2_208_988_800_000 <= value < 7_289_654_400_000:  # 1900 to 2200
            return None
        return datetime.fromtimestamp(value / 1000, UTC).date()
    found = values.day(value)
    return found if found and 1900 <= found.year <= 2200 else None


def _license_id(value: Any) -> str:
    """Return the licence's id, unless it says that there is none or one of the publisher's own."""
    written = values.text(value, 200)
    return "" if written.casefold() in ("none", "custom") else written


def _source(attributes: Mapping[str, Any]) -> str:
    """Return who publishes: the organization, never the account that owns the item."""
    if attributes.get("sourceProvenance") == "item.owner" or attributes.get("source") == attributes.get("owner"):
        return values.text(attributes.get("orgName"))
    return values.text(attributes.get("source")) or values.text(attributes.get("orgName"))


def _item_page(key: str) -> str:
    """Return the address that the feed gives as an item's identifier."""
    found = KEY.fullmatch(key)
    layer = f"&sublayer={found[2]}" if found and found[2] else ""
    return f"https://www.arcgis.com/home/item.html?id={found[1]}{layer}" if found else ""


def _fields(attributes: Mapping[str, Any]) -> Iterator[FieldDescription]:
    """Yield the columns; a description is a JSON text of its own."""
    for item in _items(attributes.get("fields"))[:_MAX_FIELDS]:
        field = mapping(item)
        name = values.text(field.get("name"), 200)
        if name:
            yield FieldDescription(
                name,
                label=values.text(field.get("alias"), 200),
                type=values.text(field.get("type"), 60).removeprefix("esriFieldType").lower(),
                description=_field_description(field.get("description")),
            )


def _field_description(written: Any) -> str:
    if not isinstance(written, str) or not written.startswith("{"):
        return values.prose(written, 1000)
    try:
        return values.prose(mapping(json.loads(written[:20_000])).get("value"), 1000)
    except (ValueError, RecursionError):
        return ""


def _of_item(attributes: Mapping[str, Any], site: str, key: str, page: str) -> Iterator[Distribution]:
    """Yield the page, then the service with the files that the Hub makes of it, or the item's own file or address."""
    yield Distribution("page", "Page du jeu de données", url=page, declared_format="web page", role="other")
    kind = values.text(attributes.get("type"), 60)
    url = values.web_url(attributes.get("url"))
    item, _, number = key.partition("_")
    service = _SERVICE.search(url.partition("?")[0].rstrip("/"))
    if service:
        layer = number or service[2] or ""
        offer = _offer(attributes, layer)
        yield Distribution(
            "service",
            "Service ArcGIS",
            url=url,
            declared_format=kind.lower(),
            role="api",
            service=offer,
            row_count=offer.count,
        )
        if number or service[1].lower() == "feature":
            yield from _downloads(attributes, site, item, layer or _first_layer(attributes))
    elif kind.lower() in _FILES and KEY.fullmatch(item):
        yield Distribution(
            "data",
            values.text(attributes.get("name")) or kind,
            url=f"https://www.arcgis.com/sharing/rest/content/items/{item}/data",
            declared_format=kind.lower(),
            byte_size=values.size(attributes.get("size")) or None,
            synthesised=True,
        )
    elif url:
        role = "main" if kind == "Document Link" else "other"
        yield Distribution("url", kind or url, url=url, declared_format=kind.lower(), role=role)
    for resource in map(mapping, _items(attributes.get("additionalResources"))[:100]):
        if link := values.web_url(resource.get("url")):
            title = values.text(resource.get("name")) or link.rpartition("/")[2]
            yield Distribution(link, title, url=link, role="documentation")


def _offer(attributes: Mapping[str, Any], layer: str) -> ServiceOffer:
    """Return what the service offers."""
    references = (attributes.get("serviceSpatialReference"), mapping(attributes.get("server")).get("spatialReference"))
    codes = [mapping(found).get("latestWkid") or mapping(found).get("wkid") for found in references]
    code = next((code for code in codes if isinstance(code, int) and not isinstance(code, bool)), None)
    return ServiceOffer(
        "esri-rest",
        layer=layer,
        formats=values.words(attributes.get("supportedQueryFormats")),
        crs=(f"{'EPSG' if code < 32768 else 'ESRI'}:{code}",) if code else (),
        count=values.size(attributes.get("recordCount")),
        version=values.text(attributes.get("currentVersion"), 20),
    )


def _first_layer(attributes: Mapping[str, Any]) -> str:
    """Return the number of a service's first layer."""
    layers = _items(attributes.get("layers")) or _items(mapping(attributes.get("server")).get("layers"))
    return values.text(mapping(layers[0] if layers else None).get("id"), 5) or "0"


def _downloads(attributes: Mapping[str, Any], site: str, item: str, layer: str) -> Iterator[Distribution]:
    """Yield the files that the Hub makes of a layer on request."""
    is_table = attributes.get("type") == "Table" or "table" in values.text(attributes.get("hubType")).lower()
    for ending, title in _DOWNLOADS:
        if not (is_table and ending in _NO_MAP):
            yield Distribution(
                ending,
                title,
                url=f"{site}/api/download/v1/items/{item}/{ending}?layers={layer}",
                declared_format=ending,
                asynchronous=True,
                synthesised=True,
                row_count=values.size(attributes.get("recordCount")),
            )
