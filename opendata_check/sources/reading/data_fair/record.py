"""Turns what data-fair's API says of a dataset into a Dataset; every field may be missing or of another type.

Source: data-fair/data-fair, ``api/types/dataset/schema.js`` and ``api/src/catalog/operations.ts``. A record gives no
address for its files: they follow from it, as in the portal's DCAT (``/raw``, ``/convert``), and as it offers the rows
of a dataset that has no file (``/lines?format=csv``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from opendata_check.model.catalog import Dataset, Distribution, FieldDescription
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.vocabulary import format_of_extension, formats

MOST_ROWS = 10_000
"""Rows of one answer of ``/lines``."""
MAPPING: dict[str, str] = {
    "dataset.id": "id | slug",
    "dataset.title": "title | slug",
    "dataset.description": "description | summary",
    "dataset.license": "license.title | license.href",
    "dataset.license_url": "license.href",
    "dataset.frequency": "frequency",
    "dataset.issued": "createdAt",
    "dataset.modified": "modified | dataUpdatedAt | updatedAt",
    "dataset.metadata_modified": "updatedAt",
    "dataset.keywords": "keywords[]",
    "dataset.themes": "topics[].title",
    "dataset.spatial": "spatial",
    "dataset.bbox": "bbox",
    "dataset.temporal": "temporal.start | temporal.end | timePeriod.startDate | timePeriod.endDate",
    "dataset.publisher": "owner.name | creator",
    "dataset.landing_page": "page",
    "dataset.harvested_from": "origin",
    "dataset.identifiers": "id | slug | href | page",
    "dataset.access_rights": "visibility",
    "dataset.conforms_to": "conformsTo.url | conformsTo.title",
    "dataset.fields": "schema[]",
    "dataset.declared_quality": "completeness.score",
    "distribution.id": "href",
    "distribution.url": "href | storage.dataFiles[].url | attachments[].url",
    "distribution.title": "originalFile.name | file.name | storage.dataFiles[].name | attachments[].title",
    "distribution.declared_format": "originalFile.name | file.name | storage.dataFiles[].name | attachments[].name",
    "distribution.media_type": "originalFile.mimetype | file.mimetype | attachments[].mimetype",
    "distribution.byte_size": "originalFile.size | file.size | storage.dataFiles[].size | attachments[].size",
    "distribution.checksum": "originalFile.md5",
    "distribution.modified": "modified | dataUpdatedAt | attachments[].updatedAt",
    "distribution.description": "attachments[].description",
    "distribution.row_count": "count",
    "distribution.also_at": "remoteFile.url",
}
"""What each field is read from, the first that says something prevailing. A file's address is made from that of the
record (``/raw``, ``/convert``, ``/full``, ``/lines?format=csv``)."""

_CALCULATED = frozenset({"_id", "_i", "_rand", "_updatedAt", "_updatedByName", "_geoshape", "_geopoint", "_geocorners"})
_STORED_ELSEWHERE = frozenset({"original", "normalized", "full"})
_MAX_FIELDS = 1_000
_MAX_FILES = 1_000
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the records come from."""

    api: str
    """``https://…/data-fair/api/v1``."""
    site: str = ""
    """The public site, whose pages are ``/datasets/<slug>``; "" for the back office."""
    owner: str = ""
    """Name of the organization whose portal it is, where records do not tell theirs."""
    contact: str = ""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def id_of(record: Any) -> str:
    """Return the id of an entry of a list, "" for what is no dataset."""
    known = mapping(record)
    return values.text(known.get("id"), 100) or values.text(known.get("slug"), 200)


def left_out(record: Mapping[str, Any]) -> str:
    """Return why a dataset is not public (``private``, ``draft``), "" when it is."""
    if record.get("visibility") in ("private", "protected") or record.get("public") is False:
        return "private"
    return "draft" if record.get("status") == "draft" else ""


def dataset_of(record: Mapping[str, Any], portal: Portal) -> Dataset:
    """Return the dataset of an API record. Its owner's name is left out when the owner is a person."""
    slug, identifier = values.text(record.get("slug"), 200), id_of(record)
    changed = values.day(record.get("updatedAt"))
    updated = values.day(record.get("modified")) or values.day(record.get("dataUpdatedAt"))
    license_ = mapping(record.get("license"))
    href, page = values.web_url(record.get("href")), values.web_url(record.get("page"))
    names = (identifier, slug, href, page)
    return Dataset(
        id=identifier,
        title=values.text(record.get("title")) or values.readable_title(slug),
        distributions=distinct_ids(tuple(_distributions(record, portal, slug or identifier, updated))),
        description=values.prose(record.get("description")) or values.prose(record.get("summary")),
        license=values.text(license_.get("title")) or values.web_url(license_.get("href")),
        license_url=values.web_url(license_.get("href")),
        frequency=values.text(record.get("frequency"), 60),
        issued=values.day(record.get("createdAt")),
        modified=updated or changed,
        keywords=values.words(record.get("keywords")),
        themes=values.words([mapping(topic).get("title") for topic in _items(record.get("topics"))]),
        spatial=values.text(record.get("spatial")),
        temporal=_temporal(record),
        publisher=_publisher(record, portal),
        contact=portal.contact,
        landing_page=page or (f"{portal.site}/datasets/{quote(slug or identifier, safe='')}" if portal.site else ""),
        described=True,
        harvested_from=_origin(record, portal),
        identifiers=tuple(dict.fromkeys(name for name in names if name)),
        metadata_modified=changed,
        access_rights=values.text(record.get("visibility"), 60),
        bbox=_bbox(record.get("bbox")),
        conforms_to=_conforms_to(mapping(record.get("conformsTo"))),
        fields=tuple(_fields(record.get("schema"))),
        declared_quality=_quality(mapping(record.get("completeness"))),
    )


def _items(value: Any) -> list[Any]:
    """Return ``value`` when it is a list, else an empty one."""
    return value[:_MAX_FILES] if isinstance(value, list) else []


def _extension(name: str) -> str:
    """Return what follows the last dot of a file's name, lower case."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower()[:20] if dot and stem else ""


def _distributions(record: Mapping[str, Any], portal: Portal, ref: str, updated: date | None) -> Iterator[Distribution]:
    """Yield the forms in which a dataset can be had: its files, its rows when it has none, what is attached."""
    url = f"{portal.api}/datasets/{quote(ref, safe='')}"
    held = mapping(record.get("file"))
    rows = values.size(record.get("count"))
    if held or record.get("originalFile"):
        yield from _files(record, held, url, updated, rows)
    elif not record.get("isMetaOnly") and (record.get("isRest") or record.get("isVirtual") or rows):
        yield Distribution(
            id="lines",
            title="Lignes au format CSV",
            url=f"{url}/lines?format=csv&size={MOST_ROWS}",
            declared_format="csv",
            media_type="text/csv",
            modified=updated,
            description=f"Les {MOST_ROWS} premières lignes." if rows and rows > MOST_ROWS else "",
            synthesised=True,
            row_count=rows,
        )
    for stored in _items(mapping(record.get("storage")).get("dataFiles")):
        key = values.text(mapping(stored).get("key"), 60)
        if key == "full" and _has_extensions(record):
            yield _file(key, mapping(stored), f"{url}/full", updated, rows)
        elif key not in _STORED_ELSEWHERE and values.web_url(mapping(stored).get("url")):
            yield _file(key or "file", mapping(stored), values.web_url(stored["url"]), updated, rows)
    for number, attached in enumerate(_items(record.get("attachments"))):
        found = _attachment(mapping(attached), number, url)
        if found is not None:
            yield found


def _files(
    record: Mapping[str, Any], held: Mapping[str, Any], url: str, updated: date | None, rows: int | None
) -> Iterator[Distribution]:
    """Yield the file as it was given, and the one the portal made of it when it is of another type."""
    original = mapping(record.get("originalFile")) or held
    remote = values.web_url(mapping(record.get("remoteFile")).get("url"))
    yield _file("raw", original, f"{url}/raw", updated, rows, (remote,) if remote else ())
    if held and held.get("mimetype") != original.get("mimetype"):
        yield _file("convert", held, f"{url}/convert", updated, rows)


def _file(
    identifier: str,
    said: Mapping[str, Any],
    url: str,
    updated: date | None,
    rows: int | None,
    also_at: tuple[str, ...] = (),
) -> Distribution:
    """Return one data file."""
    name = values.text(said.get("name")) or values.text(said.get("title"))
    md5 = values.text(said.get("md5"), 40)
    return Distribution(
        id=identifier,
        title=name or identifier,
        url=url,
        declared_format=_extension(name),
        media_type=values.text(said.get("mimetype"), 100).lower(),
        byte_size=values.size(said.get("size")),
        checksum=f"md5:{md5}" if md5 else "",
        modified=values.day(said.get("updatedAt")) or updated,
        row_count=rows,
        also_at=also_at,
    )


def _attachment(said: Mapping[str, Any], number: int, url: str) -> Distribution | None:
    """Return a file or a link attached to the description; one that holds data counts as data."""
    name = values.text(said.get("name"))
    address = values.web_url(said.get("url"))
    if not address and name:
        address = f"{url}/metadata-attachments/{quote(name)}"
    if not address:
        return None
    kind = _extension(name or urlsplit(address).path.rpartition("/")[2])
    known = formats().get(format_of_extension(kind))
    role = "main" if known is not None and known.role == "data" else "documentation" if name else "other"
    return Distribution(
        id=f"attachment-{number + 1}",
        title=values.text(said.get("title")) or name or address,
        url=address,
        declared_format=kind if known is not None or name else "",
        media_type=values.text(said.get("mimetype"), 100).lower(),
        byte_size=values.size(said.get("size")),
        modified=values.day(said.get("updatedAt")),
        description=values.prose(said.get("description")),
        role=role,
    )


def _has_extensions(record: Mapping[str, Any]) -> bool:
    """Return True when columns were added to the file: the full one then holds more than it."""
    return any(mapping(extension).get("active") for extension in _items(record.get("extensions")))


def _fields(schema: Any) -> Iterator[FieldDescription]:
    """Yield the columns that the data hold, without those the portal calculates."""
    for field in schema[:_MAX_FIELDS] if isinstance(schema, list) else ():
        if not isinstance(field, dict) or field.get("x-calculated"):
            continue
        key = values.text(field.get("key"), 200)
        name = values.text(field.get("x-originalName"), 200) or key
        if name and key not in _CALCULATED:
            label, description = field.get("title"), field.get("description")
            yield FieldDescription(
                name,
                values.text(label, 300) if label else "",
                values.text(field.get("format") or field.get("type"), 60),
                values.prose(description, 2_000) if description else "",
            )


def _publisher(record: Mapping[str, Any], portal: Portal) -> str:
    """Return the owner's name (a person's is not kept), else the portal's owner's, else the producer's as written."""
    owner = mapping(record.get("owner"))
    name = values.text(owner.get("name")) if owner.get("type") != "user" else ""
    return name or portal.owner or ("" if owner.get("type") == "user" else values.text(record.get("creator")))


def _origin(record: Mapping[str, Any], portal: Portal) -> str:
    """Return where the original data are found, when that is elsewhere."""
    origin = values.web_url(record.get("origin"))
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return ""
    return origin if host and host not in (urlsplit(portal.api).hostname, urlsplit(portal.site).hostname) else ""


def _temporal(record: Mapping[str, Any]) -> str:
    """Return the period covered, as described, else as the rows have it."""
    covered, found = mapping(record.get("temporal")), mapping(record.get("timePeriod"))
    return values.period(covered.get("start"), covered.get("end")) or values.period(
        found.get("startDate"), found.get("endDate")
    )


def _bbox(value: Any) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north in degrees, None for anything else."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in value):
        return None
    west, south, east, north = value
    fits = abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90
    return (float(west), float(south), float(east), float(north)) if fits else None


def _conforms_to(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the schema the dataset says it follows: its URL, else its title."""
    found = values.web_url(value.get("url")) or values.text(value.get("title"))
    return (found,) if found else ()


def _quality(block: Mapping[str, Any]) -> tuple[tuple[str, bool | float], ...]:
    """Return the portal's own score of the description, between 0 and 100."""
    score = block.get("score")
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 100:
        return ()
    return (("completeness", float(score)),)
