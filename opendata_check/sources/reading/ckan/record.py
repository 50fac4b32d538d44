"""Turns a CKAN package into a Dataset: core fields, extras, ckanext-scheming and ckanext-dcat, DKAN, OneGeo."""

from __future__ import annotations

import re

from opendata_check.model.catalog import Dataset
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan import fields as read
from opendata_check.sources.reading.ckan.fields import KEYS
from opendata_check.sources.reading.ckan.resource import distribution_of, fields_of, license_of
from opendata_check.sources.reading.ckan.values import (
    Record,
    first,
    items,
    listed,
    local,
    moment,
    prose,
    unpacked,
    with_extras,
)
from opendata_check.sources.reading.collecting import LeftOut
from opendata_check.sources.reading.described import distinct_ids


def _or(field: str, *more: str) -> str:
    """Return the names a field goes by, and others read after them."""
    return " | ".join((*KEYS.get(field, ()), *more))


_PERIODS = " | ".join(key for pair in read.PERIODS for key in pair)

MAPPING: dict[str, str] = {
    "dataset.id": "id | name",
    "dataset.title": "title | title_translated | name",
    "dataset.description": "notes | notes_translated | description",
    "dataset.license": _or("license"),
    "dataset.license_url": "license_url | licence_url",
    "dataset.frequency": _or("frequency"),
    "dataset.issued": _or("issued", "dataset-reference-date[].value", "metadata_created"),
    "dataset.modified": _or("modified", "resources[].last_modified", "metadata_modified"),
    "dataset.keywords": _or("keywords"),
    "dataset.themes": _or("themes", "groups[].title"),
    "dataset.spatial": _or("spatial", "spatial_coverage[].text"),
    "dataset.temporal": f"temporal_coverage[].start | {_PERIODS} | temporal",
    "dataset.publisher": _or("publisher", "publisher[].name", "organization.title", "organization.name"),
    "dataset.contact": _or("contact", "contact[].email", "contact[].url"),
    "dataset.landing_page": "url | name",
    "dataset.harvested_from": _or("harvested_from", "harvest_object_id", "guid"),
    "dataset.identifiers": _or("identifiers", "id"),
    "dataset.metadata_modified": "metadata_modified",
    "dataset.language": _or("language"),
    "dataset.access_rights": _or("access_rights"),
    "dataset.publisher_siren": _or("publisher_siren"),
    "dataset.bbox": "spatial | spatial_coverage[].bbox | spatial_coverage[].geom | bbox-west-long",
    "dataset.series": _or("series"),
    "dataset.conforms_to": _or("conforms_to"),
    "dataset.applicable_legislation": _or("applicable_legislation"),
    "dataset.hvd_categories": _or("hvd_categories"),
    "dataset.fields": "resources[].schema.fields[].name",
    "dataset.declared_quality": "isopen | openness_score",
    "dataset.inspire": "resource-type | spatial-reference-system | metadata-language",
    "distribution.id": "id | url",
    "distribution.title": "name | title | url",
    "distribution.url": "download_url | url | access_url",
    "distribution.access_url": "access_services[].endpoint_url | datastore_active",
    "distribution.declared_format": "format",
    "distribution.media_type": "mimetype | mimetype_inner",
    "distribution.byte_size": "size",
    "distribution.checksum": "hash",
    "distribution.modified": "modified | last_modified",
    "distribution.issued": "issued | created",
    "distribution.schema_name": "schema_name | schema | schema_url | conforms_to",
    "distribution.schema_version": "schema_version | schema.version",
    "distribution.description": "description",
    "distribution.role": "resource_type | resource_locator_function",
    "distribution.available": "archiver.is_broken",
    "distribution.license": "license | license_id | license_title",
    "distribution.license_url": "license_url",
    "distribution.service": "format (WFS, OGC:WMS…) | url (service=…)",
}  # fmt: skip
"""What each field is read from, best first; a dataset's names are those of the record or of its extras."""

_OTHER_TYPES = {"dataservice": "service", "data-service": "service", "dataset_series": "series"}
_MAX_RESOURCES = 5_000


def left_out(record: Record) -> LeftOut | None:
    """Return why a record is not a public dataset, None when it is one.

    DKAN writes types and states with a capital, and ``private: true`` for what anybody sees.
    """
    kind = values.text(record.get("type"), 40)
    if kind != "Dataset" and record.get("private") in (True, "true", "True"):
        return LeftOut("private")
    state = values.text(record.get("state"), 20).lower() or "active"
    if state != "active":
        return LeftOut(state if state in ("deleted", "draft") else "inactive")
    kind = kind.lower() or "dataset"
    if "dataset" in kind and kind not in _OTHER_TYPES:
        return None
    return LeftOut(_OTHER_TYPES.get(kind) or (kind if re.fullmatch(r"[a-z][a-z0-9_-]{0,29}", kind) else "other"))


def identifier_of(record: Record) -> str:
    """Return the record's id, else its name, "" when it has neither."""
    return values.text(record.get("id"), 100) or values.text(record.get("name"), 200)


def dataset_of(record: Record, base_url: str) -> Dataset:
    """Return the dataset of a record of the portal at ``base_url``; it must have an id or a name."""
    said = with_extras(record)
    resources = [item for item in items(record.get("resources"), _MAX_RESOURCES) if isinstance(item, dict)]
    distributions = distinct_ids(tuple(distribution_of(item, base_url) for item in resources))
    harvested_from = read.harvested_from(said, base_url)
    landing_page = read.landing_page(said, base_url)
    license_name, license_url = license_of(said, *KEYS["license"])
    return Dataset(
        id=identifier_of(record),
        title=_title(said),
        distributions=distributions,
        description=prose(first(said, "notes", "notes_translated", "description")),
        license=license_name,
        license_url=license_url,
        frequency=values.text(local(unpacked(read.said_of(said, "frequency"))), 200),
        issued=read.issued(said),
        modified=read.modified(said, distributions),
        keywords=read.all_listed(said, "keywords"),
        themes=read.themes(said),
        spatial=read.spatial(said),
        temporal=read.temporal(said),
        publisher=read.publisher(said),
        contact=read.contact(said),
        landing_page=landing_page,
        described=True,
        harvested_from=harvested_from,
        identifiers=read.identifiers(said, landing_page, base_url, harvested=bool(harvested_from)),
        metadata_modified=moment(said.get("metadata_modified")),
        language=", ".join(listed(read.said_of(said, "language")))[:100],
        access_rights=", ".join(listed(read.said_of(said, "access_rights")))[:500],
        publisher_siren=read.publisher_siren(said),
        bbox=read.bbox(said),
        series=next(iter(listed(read.said_of(said, "series"))), ""),
        conforms_to=read.all_listed(said, "conforms_to"),
        applicable_legislation=read.all_listed(said, "applicable_legislation"),
        hvd_categories=read.all_listed(said, "hvd_categories"),
        fields=next(filter(None, map(fields_of, resources)), ()),
        declared_quality=read.quality(said),
        inspire=read.inspire(said),
    )


def _title(said: Record) -> str:
    """Return the title, else one made from the name."""
    title = values.text(local(first(said, "title", "title_translated")))
    return title or values.readable_title(values.text(said.get("name"), 200))
