"""Turns what udata's API says of a dataset into a Dataset; every field may be missing or of another type.

Source: opendatateam/udata, ``udata/core/dataset/api_fields.py``; older portals say less, or the same otherwise. API v1
holds the resources in the record; API v2 only counts them, and they are put back there before this is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.udata.details import bounds, contact, high_value, identifiers, quality, service

MAX_RESOURCES = 5_000
MAPPING: dict[str, str] = {
    "dataset.id": "id | slug",
    "dataset.title": "title | slug",
    "dataset.description": "description | description_short",
    "dataset.license": "license | license.id",
    "dataset.license_url": "license.url",
    "dataset.frequency": "frequency | frequency.id",
    "dataset.issued": "created_at | harvest.issued_at | harvest.created_at",
    "dataset.modified": "last_update | last_modified",
    "dataset.metadata_modified": "last_modified",
    "dataset.keywords": "tags[]",
    "dataset.themes": "badges[].kind",
    "dataset.spatial": "spatial.zones[] | spatial.granularity",
    "dataset.bbox": "spatial.geom",
    "dataset.temporal": "temporal_coverage.start | temporal_coverage.end",
    "dataset.publisher": "organization.name",
    "dataset.publisher_siren": "organization.business_number_id",
    "dataset.contact": "contact_points[].email | contact_points[].contact_form",
    "dataset.landing_page": "page",
    "dataset.harvested_from": "harvest.domain | harvest.remote_url | harvest.source_url",
    "dataset.identifiers": "id | slug | page | uri | doi | harvest.remote_id | harvest.remote_url | harvest.uri"
    " | harvest.dct_identifier | harvest.doi | extras.inspire:identifier | extras.inspire:resource_identifier"
    " | extras.transport:url | extras.datafairDatasetId",
    "dataset.access_rights": "access_type",
    "dataset.conforms_to": "schema.name | schema.url",
    "dataset.declared_quality": "quality",
    "distribution.id": "resources[].id | resources[].url",
    "distribution.title": "resources[].title | resources[].url",
    "distribution.description": "resources[].description",
    "distribution.role": "resources[].type",
    "distribution.url": "resources[].url",
    "distribution.stable_url": "resources[].latest",
    "distribution.declared_format": "resources[].format",
    "distribution.media_type": "resources[].mime",
    "distribution.byte_size": "resources[].filesize | resources[].extras.analysis:content-length"
    " | resources[].extras.check:headers:content-length",
    "distribution.checksum": "resources[].checksum.value | resources[].extras.analysis:checksum",
    "distribution.issued": "resources[].created_at | resources[].harvest.issued_at | resources[].published",
    "distribution.modified": "resources[].last_modified | resources[].published",
    "distribution.schema_name": "resources[].schema.name | resources[].schema.url",
    "distribution.schema_version": "resources[].schema.version",
    "distribution.available": "resources[].extras.check:available | resources[].extras.check:status",
}
"""What each field is read from, the first that says something prevailing. ``dataset.applicable_legislation`` and
``dataset.hvd_categories`` follow from the badge ``hvd`` and from the tags, as in udata's own DCAT;
``distribution.service`` from the format."""

_ROLES = {"main": "main", "update": "main", "documentation": "documentation", "api": "api", "code": "code"}
_NO_FORMAT = frozenset({"null", "none", "n/a", "undefined"})
_NOTHING: Mapping[str, Any] = {}


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def id_of(record: Any) -> str:
    """Return the id of an entry of a list, "" for what is no dataset."""
    known = mapping(record)
    return values.text(known.get("id"), 100) or values.text(known.get("slug"), 200)


def left_out(record: Mapping[str, Any]) -> str:
    """Return why a dataset is not public (``deleted``, ``archived``, ``private``), "" when it is.

    An organization's list holds the archived and deleted ones, and the private ones for who may see them.
    """
    return next((reason for reason in ("deleted", "archived", "private") if record.get(reason)), "")


def dataset_of(record: Mapping[str, Any], siren: str | None = None, *, about_others: bool = False) -> Dataset:
    """Return the dataset of an API record. Its owner's name and e-mail are left out when the owner is a person.

    ``siren`` is its organization's, when it is known from elsewhere: a dataset's record seldom tells.
    """
    license_name, license_url = _license(record.get("license"))
    harvest = mapping(record.get("harvest"))
    organization = mapping(record.get("organization"))
    tags = values.words(record.get("tags"))
    badges = values.words([mapping(badge).get("kind") for badge in _items(record.get("badges"))])
    legislation, categories = high_value(badges, tags)
    schema = _schema(record.get("schema"))
    updated, changed = values.day(record.get("last_update")), values.day(record.get("last_modified"))
    spatial = mapping(record.get("spatial"))
    return Dataset(
        id=id_of(record),
        title=values.text(record.get("title")) or values.readable_title(values.text(record.get("slug"))),
        distributions=_distributions(record.get("resources"), schema),
        description=values.prose(record.get("description")) or values.prose(record.get("description_short")),
        license=license_name,
        license_url=license_url,
        frequency=_id_or_text(record.get("frequency")),
        issued=values.day(record.get("created_at"))
        or values.day(harvest.get("issued_at"))
        or values.day(harvest.get("created_at")),
        modified=updated or changed,
        keywords=tags,
        themes=badges,
        spatial=_spatial(spatial),
        temporal=_temporal(record.get("temporal_coverage")),
        publisher=values.text(organization.get("name")),
        contact=contact(_items(record.get("contact_points")), of_a_person=not organization),
        landing_page=values.web_url(record.get("page")),
        described=True,
        harvested_from=values.text(harvest.get("domain"))
        or values.web_url(harvest.get("remote_url"))
        or values.web_url(harvest.get("source_url")),
        identifiers=identifiers(record, harvest, mapping(record.get("extras"))),
        metadata_modified=changed,
        access_rights=values.text(record.get("access_type"), 60),
        publisher_siren=values.siren_of(organization.get("business_number_id")) or siren,
        bbox=bounds(spatial.get("geom")),
        conforms_to=(schema[0],) if schema[0] else (),
        applicable_legislation=legislation,
        hvd_categories=categories,
        declared_quality=quality(mapping(record.get("quality"))),
        about_others=about_others,
    )


def _items(value: Any) -> list[Any]:
    """Return ``value`` when it is a list, else an empty one."""
    return value[:1000] if isinstance(value, list) else []


def _distributions(resources: Any, schema: tuple[str, str]) -> tuple[Distribution, ...]:
    """Return the resources that are objects, at most MAX_RESOURCES."""
    listed = [item for item in resources if isinstance(item, dict)] if isinstance(resources, list) else []
    return distinct_ids(tuple(_distribution(item, schema) for item in listed[:MAX_RESOURCES]))


def _distribution(resource: Mapping[str, Any], dataset_schema: tuple[str, str]) -> Distribution:
    """Return one resource; a schema said of the whole dataset is that of its main resources."""
    extras = mapping(resource.get("extras"))
    role = _ROLES.get(values.text(resource.get("type"), 40) or "main", "other")
    own_schema = _schema(resource.get("schema"))
    schema_name, schema_version = own_schema if own_schema[0] or role != "main" else dataset_schema
    url = values.text(resource.get("url"), 2000)
    declared = values.text(resource.get("format"), 60).lower()
    published = values.day(resource.get("published"))
    return Distribution(
        id=values.text(resource.get("id"), 100) or url,
        title=values.text(resource.get("title")) or url.rpartition("/")[2],
        url=url or None,
        declared_format="" if declared in _NO_FORMAT else declared,
        media_type=values.text(resource.get("mime"), 100).lower(),
        byte_size=_byte_size(resource, extras),
        checksum=_checksum(resource, extras),
        modified=values.day(resource.get("last_modified")) or published,
        schema_name=schema_name,
        schema_version=schema_version,
        description=values.prose(resource.get("description")),
        role=role,
        available=_available(extras),
        stable_url=values.web_url(resource.get("latest")),
        issued=values.day(resource.get("created_at"))
        or values.day(mapping(resource.get("harvest")).get("issued_at"))
        or published,
        service=service(declared, url),
    )


def _byte_size(resource: Mapping[str, Any], extras: Mapping[str, Any]) -> int | None:
    """Return the size declared, else that which the portal's crawler measured."""
    declared = (
        resource.get("filesize"),
        extras.get("analysis:content-length"),
        extras.get("check:headers:content-length"),
    )
    return next((size for size in map(values.size, declared) if size is not None), None)


def _checksum(resource: Mapping[str, Any], extras: Mapping[str, Any]) -> str:
    """Return ``algorithm:hex`` as declared, else the crawler's SHA-1, else ""."""
    checksum = mapping(resource.get("checksum"))
    value = values.text(checksum.get("value"), 200)
    if value:
        return f"{values.text(checksum.get('type'), 20).lower() or 'sha1'}:{value}"
    measured = values.text(extras.get("analysis:checksum"), 200)
    return f"sha1:{measured}" if measured else ""


def _available(extras: Mapping[str, Any]) -> bool | None:
    """Return what the portal's last check found; 429 says nothing (hydra's own rule)."""
    status = extras.get("check:status")
    if status == 429:
        return None
    said = extras.get("check:available")
    if isinstance(said, bool):
        return said
    return 200 <= status < 400 if isinstance(status, int) and not isinstance(status, bool) else None


def _schema(value: Any) -> tuple[str, str]:
    """Return the name (else URL) and version of a schema; an object whose fields are all null is none."""
    if isinstance(value, str):
        return values.text(value), ""
    schema = mapping(value)
    name = values.text(schema.get("name")) or values.web_url(schema.get("url"))
    return name, values.text(schema.get("version"), 40) if name else ""


def _license(value: Any) -> tuple[str, str]:
    """Return the licence's id and URL. ``notspecified`` is what udata writes when nobody chose one: none."""
    name = _id_or_text(value)
    return "" if name == "notspecified" else name, values.web_url(mapping(value).get("url"))


def _id_or_text(value: Any) -> str:
    """Return a vocabulary's term, given as its id or as a whole object."""
    term = mapping(value)
    return values.text(term.get("id") or term.get("label") or term.get("title") if term else value, 200)


def _spatial(spatial: Mapping[str, Any]) -> str:
    """Return the zones' ids or names, else the granularity (``other`` is what udata writes when nobody chose one)."""
    zones = [mapping(zone).get("id") or mapping(zone).get("name") or zone for zone in _items(spatial.get("zones"))]
    granularity = _id_or_text(spatial.get("granularity"))
    return ", ".join(values.words(zones))[:500] or ("" if granularity == "other" else granularity)


def _temporal(value: Any) -> str:
    """Return the period covered."""
    covered = mapping(value)
    return values.period(covered.get("start"), covered.get("end")) if covered else values.text(value, 100)
