"""Turns what an Opendatasoft portal says of a dataset, in any version of its API, into a Dataset.

Source: the official OpenAPI of Explore v2.1 and answers of v1; every field may be missing or of another type.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from opendata_check.model.catalog import Dataset, Distribution, FieldDescription, Inspire
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.markup import plain_text
from opendata_check.sources.reading.ods import values as ods_values
from opendata_check.sources.reading.ods.places import Place
from opendata_check.sources.reading.ods.values import Group, first, group, items, line, texts

_GROUPS = ("default", "dcat", "inspire")
_SHAPES = frozenset({"geo_point_2d", "geo_shape"})
_DOCUMENTS = frozenset({"pdf", "doc", "docx", "odt", "rtf", "txt", "md", "html", "htm", "ppt", "pptx", "odp"})
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp"})
_EXTENSION = re.compile(r"\.([a-zA-Z0-9]{1,8})(?:[?#].*)?$")
_MEDIA = {
    "application/pdf": "pdf", "text/csv": "csv", "application/json": "json", "application/geo+json": "geojson",
    "application/vnd.geo+json": "geojson", "application/zip": "zip", "application/x-zip-compressed": "zip",
    "application/xls": "xls", "application/vnd.ms-excel": "xls", "text/plain": "txt", "text/xml": "xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx", "application/xml": "xml",
    "application/vnd.oasis.opendocument.spreadsheet": "ods", "image/jpeg": "jpg", "image/png": "png",
}  # fmt: skip


def dataset_of(entry: Any, place: Place) -> Dataset | None:
    """Return the dataset of one entry of a list, of an export or of a page of its own; None when it has no id."""
    record = group(entry)
    if isinstance(record.get("dataset"), dict):  # v2.0 wraps it beside its links
        record = record["dataset"]
    identifier = values.text(record.get("dataset_id") or record.get("datasetid") or record.get("dataset_uid"), 300)
    if not identifier:
        return None
    default, dcat, inspire, others = _groups(record)
    host, names = ods_values.origin(identifier, default, urlsplit(place.site).hostname or "")
    page = place.page(identifier)
    distributions = _distributions(record, default, identifier, place)
    known = (dcat, *others)
    licence, licence_url = _licence(default)
    return Dataset(
        id=identifier,
        title=values.text(default.get("title")) or values.readable_title(identifier),
        distributions=distributions,
        description=plain_text(default.get("description")),
        license=licence,
        license_url=licence_url,
        frequency=line(first((dcat, default, *others), "accrualperiodicity", "update_frequency", "frequency"), 200),
        issued=values.day(dcat.get("issued")) or values.day(dcat.get("created")),
        modified=_modified(default),
        keywords=texts(default.get("keyword"), ";,"),
        themes=texts(default.get("theme"), ";"),
        spatial=_spatial(default, dcat, inspire),
        temporal=_temporal(known),
        publisher=values.text(default.get("publisher")),
        contact=_contact(dcat, inspire),
        landing_page=page if distributions else ods_values.address_in(default.get("references")) or page,
        described=True,
        harvested_from=host,
        identifiers=_identifiers(record, page, names),
        metadata_modified=values.day(default.get("metadata_processed")),
        language=line(default.get("language"), 40),
        access_rights=_access(record, known),
        publisher_siren=ods_values.siren_in(identifier) or _siren(others),
        bbox=_bbox(default, inspire),
        conforms_to=texts(first(known, "conforms_to", "conformsto"), ";,"),
        applicable_legislation=texts(first(known, "applicable_legislation", "applicablelegislation"), ";,"),
        hvd_categories=texts(first(known, "hvd_category", "hvd_categories"), ";,"),
        fields=_fields(record.get("fields")),
        inspire=_inspire(inspire),
    )


def _groups(record: Group) -> tuple[Group, Group, Group, tuple[Group, ...]]:
    """Return the templates default, dcat and inspire, then all the others, wherever the version puts them.

    v2 sorts them by name under ``metas``; v1 lays ``default`` flat there, the rest in two groups of their own.
    """
    metas = group(record.get("metas"))
    if isinstance(metas.get("default"), dict):
        held = metas
        default: Group = metas["default"]
    else:
        held = {**group(record.get("extra_metas")), **group(record.get("interop_metas"))}
        default = metas
    others = [found for name, found in held.items() if isinstance(found, dict) and name not in _GROUPS]
    return default, group(held.get("dcat")), group(held.get("inspire")), tuple(others[:50])


def _modified(default: Group) -> Any:
    """Return the day the data changed.

    ``modified`` is what the publisher declares, and what data.gouv.fr reads; it prevails, because ``data_processed``
    moves each night on a portal that reloads a source that has not changed. But when the portal sets ``modified``
    whenever the record is edited, it no longer speaks of the data: then the last load does.
    """
    declared, loaded = values.day(default.get("modified")), values.day(default.get("data_processed"))
    if default.get("modified_updates_on_metadata_change") is True:
        return loaded or declared
    return declared or loaded


def _licence(default: Group) -> tuple[str, str]:
    """Return the licence as written and its address; one stands for the other when it is alone."""
    written, url = values.text(default.get("license"), 500), values.web_url(default.get("license_url"))
    return written or url, url or values.web_url(written)


def _identifiers(record: Group, page: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a dataset: its uid, which outlives its id, its page, and what it is called at its origin.

    The bare id is left out: portals that know nothing of each other call different datasets ``budget``.
    """
    uid = values.text(record.get("dataset_uid"), 100)
    return tuple(dict.fromkeys(name for name in (uid, page, *names) if name))


def _spatial(default: Group, dcat: Group, inspire: Group) -> str:
    """Return the territories named, else what else speaks of the place."""
    named = dict.fromkeys((*texts(default.get("territory"), ";"), *texts(dcat.get("spatial"))))
    if not named:
        named = dict.fromkeys(texts(default.get("geographic_reference"), ";,"))
    return ", ".join(named)[:500] or values.text(inspire.get("extend_description"))


def _temporal(known: tuple[Group, ...]) -> str:
    """Return the period covered: from its two ends when they are given, else as written."""
    ends = first(known, "temporal_coverage_start"), first(known, "temporal_coverage_end")
    return values.period(*ends) or line(first(known, "temporal"), 200)


def _contact(dcat: Group, inspire: Group) -> str:
    """Return the contact's address, unless it is that of the person who is named beside it."""
    for held, name in ((dcat, "contact_name"), (inspire, "contact_individual_name")):
        found = values.email(held.get("contact_email")) or values.web_url(held.get("contact_email"))
        if found and not ods_values.is_persons(found, values.text(held.get(name), 200)):
            return found
    return ""


def _access(record: Group, known: tuple[Group, ...]) -> str:
    """Return who may read the data: ``restricted`` when the portal shows only their description."""
    if record.get("data_visible") is False or record.get("visibility") == "restricted":
        return "restricted"
    return line(first(known, "accessRights", "access_rights", "accessrights"), 200)


def _siren(others: tuple[Group, ...]) -> str | None:
    """Return the SIREN that a template of the portal's own gives."""
    return values.siren_of(first(others, "siren", "siret", "siren_producteur", "siret_producteur", "publisher_siren"))


def _bbox(default: Group, inspire: Group) -> tuple[float, float, float, float] | None:
    """Return the extent: declared in the record, else computed from the data."""
    prefix = "extend_bounding_box_"
    ends = [
        inspire.get(prefix + name)
        for name in ("westbound_longitude", "southbound_latitude", "eastbound_longitude", "northbound_latitude")
    ]
    return ods_values.box(ends, default.get("geographic_area"), default.get("bbox"))


def _fields(value: Any) -> tuple[FieldDescription, ...]:
    """Return the columns that are described."""
    return tuple(
        FieldDescription(
            name,
            values.text(field.get("label"), 200),
            values.text(field.get("type"), 60),
            values.text(field.get("description"), 2000),
        )
        for field in items(value)
        if isinstance(field, dict) and (name := values.text(field.get("name"), 200))
    )


def _inspire(held: Group) -> Inspire | None:
    """Return what the INSPIRE template says, None when the portal has none or leaves it blank."""
    if not any(value not in (None, "", [], {}) for value in held.values()):
        return None
    named = first((held,), "contact_email", "contact_individual_name", "contact_position", "contact_address")
    return Inspire(
        hierarchy_level=line(first((held,), "hierarchy_level", "type"), 100),
        themes=texts(held.get("theme"), ";"),
        lineage=values.prose(held.get("lineage"), 5000),
        language=line(held.get("language"), 40),
        metadata_contact=named is not None,
        resource_identifier=values.text(held.get("file_identifier"), 300),
        spatial_resolution=line(held.get("spatial_resolution"), 200),
    )


def _distributions(record: Group, default: Group, identifier: str, place: Place) -> tuple[Distribution, ...]:
    """Return the files: those the API makes of the rows, CSV first, then those added by hand.

    A restricted dataset has rows that nobody may export: nothing is made up for it.
    """
    rows = values.size(default.get("records_count"))
    told = record.get("has_records")
    has_rows = told is True or (not isinstance(told, bool) and bool(rows))
    found: list[Distribution] = []
    if has_rows and record.get("data_visible") is not False:
        loaded = values.day(default.get("data_processed"))
        listed = place.exports(
            identifier, geographic=_is_geographic(record, default), rows=rows, resource=_table(record)
        )
        found = [
            Distribution(
                id=name,
                title=f"Export {name.upper()}",
                url=url,
                declared_format=name,
                media_type=media,
                modified=loaded,
                synthesised=True,
                row_count=rows,
            )
            for name, media, url in listed
        ]
    for kind in ("alternative_exports", "attachments"):
        for item in items(record.get(kind)):
            made = _added(group(item), kind, identifier, place, beside_rows=has_rows)
            if made is not None:
                found.append(made)
    return distinct_ids(tuple(found))


def _is_geographic(record: Group, default: Group) -> bool:
    """Return True when rows have a place: the portal says so, or a column is a point or a shape."""
    features = record.get("features") or default.get("features")
    if isinstance(features, str):
        features = features.split(",")
    if "geo" in items(features):
        return True
    return any(values.text(group(field).get("type"), 60) in _SHAPES for field in items(record.get("fields")))


def _table(record: Group) -> str:
    """Return the id of the table behind a dataset of Data4Citizen, "" elsewhere."""
    told = values.text(record.get("resourceCSVid"), 100)
    if told:
        return told
    tables = (
        item for item in map(group, items(record.get("resources"))) if item.get("format") in ("CSV", "XLS", "XLSX")
    )
    return values.text(next(tables, ods_values.NOTHING).get("id"), 100)


def _added(item: Group, kind: str, identifier: str, place: Place, *, beside_rows: bool) -> Distribution | None:
    """Return a file that was added to a dataset, None when nothing tells where it is.

    An attachment beside rows explains them when it is a text or a picture; alone, it is what is published.
    """
    said = {**group(item.get("metas")), **item}
    own = values.text(said.get("id"), 300)
    written = values.web_url(said.get("url")) or values.web_url(said.get("href"))
    url = written or (place.added(identifier, kind, own) if own else "")
    if not url:
        return None
    title = values.text(said.get("title")) or own
    media = values.text(said.get("mimetype") or said.get("mime-type"), 100).lower()
    declared = _format(title, values.text(said.get("url"), 2000), media)
    explains = kind == "attachments" and beside_rows and (declared in _DOCUMENTS or declared in _PICTURES)
    return Distribution(
        id=f"{kind}/{own or url}",
        title=title or url.rpartition("/")[2],
        url=url,
        declared_format=declared,
        media_type=media,
        description=plain_text(said.get("description")),
        role="documentation" if explains else "main",
    )


def _format(title: str, written: str, media: str) -> str:
    """Return an added file's format: its extension, else what its media type means."""
    for name in (written, title):
        found = _EXTENSION.search(name)
        if found:
            return found[1].lower()
    return _MEDIA.get(media.partition(";")[0].strip(), "")
