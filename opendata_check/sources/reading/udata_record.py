"""Turns what udata's API (v1) says of a dataset into a Dataset; every field may be missing or of another type.

Source: opendatateam/udata, ``udata/core/dataset/api_fields.py``; older portals say less, or the same otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids

_MAX_RESOURCES = 5_000
_ROLES = {"main": "main", "update": "main", "documentation": "documentation", "api": "api", "code": "code"}
_NO_FORMAT = frozenset({"null", "none", "n/a", "undefined"})
_NOTHING: Mapping[str, Any] = {}


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def is_public(record: Mapping[str, Any]) -> bool:
    """Return False for a dataset that is archived, deleted or private: an organization's list holds them too."""
    return not (record.get("archived") or record.get("deleted") or record.get("private"))


def dataset_of(record: Mapping[str, Any]) -> Dataset:
    """Return the dataset of an API record. Its owner's name is left out when the owner is a person."""
    resources = record.get("resources")
    listed = [item for item in resources if isinstance(item, dict)] if isinstance(resources, list) else []
    schema = _schema(record.get("schema"))
    license_name, license_url = _license(record.get("license"))
    harvest = mapping(record.get("harvest"))
    identifier = values.text(record.get("id"), 100) or values.text(record.get("slug"), 200)
    return Dataset(
        id=identifier,
        title=values.text(record.get("title")) or values.readable_title(values.text(record.get("slug"))),
        distributions=distinct_ids(tuple(_distribution(item, schema) for item in listed[:_MAX_RESOURCES])),
        description=values.prose(record.get("description")),
        license=license_name,
        license_url=license_url,
        frequency=_id_or_text(record.get("frequency")),
        issued=values.day(record.get("created_at")),
        modified=values.day(record.get("last_update")) or values.day(record.get("last_modified")),
        keywords=values.words(record.get("tags")),
        themes=values.words([mapping(badge).get("kind") for badge in _items(record.get("badges"))]),
        spatial=_spatial(record.get("spatial")),
        temporal=_temporal(record.get("temporal_coverage")),
        publisher=values.text(mapping(record.get("organization")).get("name")),
        contact=_contact(record.get("contact_points")),
        landing_page=values.web_url(record.get("page")),
        described=True,
        harvested_from=values.text(harvest.get("domain")) or values.web_url(harvest.get("remote_url")),
    )


def _items(value: Any) -> list[Any]:
    """Return ``value`` when it is a list, else an empty one."""
    return value[:1000] if isinstance(value, list) else []


def _distribution(resource: Mapping[str, Any], dataset_schema: tuple[str, str]) -> Distribution:
    """Return one resource; a schema said of the whole dataset is that of its main resources."""
    extras = mapping(resource.get("extras"))
    role = _ROLES.get(values.text(resource.get("type"), 40) or "main", "other")
    own_schema = _schema(resource.get("schema"))
    schema_name, schema_version = own_schema if own_schema[0] or role != "main" else dataset_schema
    url = values.text(resource.get("url"), 2000)
    declared = values.text(resource.get("format"), 60).lower()
    return Distribution(
        id=values.text(resource.get("id"), 100) or url,
        title=values.text(resource.get("title")) or url.rpartition("/")[2],
        url=url or None,
        declared_format="" if declared in _NO_FORMAT else declared,
        media_type=values.text(resource.get("mime"), 100).lower(),
        byte_size=_byte_size(resource, extras),
        checksum=_checksum(resource, extras),
        modified=values.day(resource.get("last_modified")) or values.day(resource.get("published")),
        schema_name=schema_name,
        schema_version=schema_version,
        description=values.prose(resource.get("description")),
        role=role,
        available=_available(extras),
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


def _spatial(value: Any) -> str:
    """Return the zones' ids or names, else the granularity."""
    spatial = mapping(value)
    zones = [mapping(zone).get("id") or mapping(zone).get("name") or zone for zone in _items(spatial.get("zones"))]
    return ", ".join(values.words(zones))[:500] or _id_or_text(spatial.get("granularity"))


def _temporal(value: Any) -> str:
    """Return the period covered."""
    covered = mapping(value)
    return values.period(covered.get("start"), covered.get("end")) if covered else values.text(value, 100)


def _contact(value: Any) -> str:
    """Return the first contact point's address or form; its name, often a person's, is not read."""
    for point in map(mapping, _items(value)):
        found = values.email(point.get("email")) or values.web_url(point.get("contact_form"))
        if found:
            return found
    return ""
