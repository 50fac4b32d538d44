"""Reads, one by one, the fields of a CKAN package that each portal writes in its own place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from opendata_check.model.catalog import Distribution, Inspire
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan.values import (
    Box,
    Record,
    box_of,
    checked_box,
    first,
    items,
    listed,
    local,
    mapping,
    moment,
    unpacked,
)

KEYS: dict[str, tuple[str, ...]] = {
    "license": ("license_id", "license_title", "license", "licence"),
    "frequency": (
        "frequency", "accrual_periodicity", "accrualPeriodicity", "frequency-of-update", "update_frequency",
        "update-frequency", "frequence", "maintenance_frequency",
    ),
    "issued": ("issued", "dcat_issued", "release_date", "publication_date"),
    "modified": ("modified", "dcat_modified", "date_updated", "last_update"),
    "keywords": ("tags", "keywords"),
    "themes": ("theme", "themes", "dcat_theme", "category", "topic-category", "topic_category"),
    "spatial": (
        "spatial-text", "spatial_text", "spatial-uri", "spatial_uri", "territoire", "territory", "geographic_coverage",
    ),
    "publisher": ("publisher_name", "dcat_publisher_name"),
    "contact": ("contact_email", "contact-email", "contact_uri", "contact_url", "maintainer_email", "author_email"),
    "harvested_from": ("harvest_source_url", "harvest_catalogue_url", "harvest_source_title", "harvest_source_id"),
    "identifiers": ("guid", "identifier", "uri", "alternate_identifier", "harvest_dataset_url", "doi"),
    "language": ("language", "dataset-language"),
    "access_rights": ("access_rights", "access_level", "public_access_level", "access_constraints"),
    "publisher_siren": ("siren", "siret", "publisher_identifier"),
    "series": ("in_series", "parent_identifier", "parent-identifier", "is_part_of"),
    "conforms_to": ("conforms_to", "conformsTo"),
    "applicable_legislation": ("applicable_legislation",),
    "hvd_categories": ("hvd_category", "hvd_categories"),
}  # fmt: skip
"""Where each field is looked for, best first: in the record itself or among its extras."""

_HARVESTED = ("harvest_object_id", "harvest_source_id", "harvest_source_title", "harvest_source_url", "guid")
_ISO = ("resource-type", "spatial-reference-system", "metadata-language")
PERIODS = (
    ("temporal_start", "temporal_end"),
    ("temporal-extent-begin", "temporal-extent-end"),
    ("temporal_coverage_from", "temporal_coverage_to"),
    ("temporal_coverage-from", "temporal_coverage-to"),
)
_PERSON = re.compile(r"person(?!al)|individual", re.IGNORECASE)


def said_of(said: Record, field: str) -> Any:
    """Return what the record says of a field, under the first of the names it goes by."""
    return first(said, *KEYS[field])


def all_listed(said: Record, field: str) -> tuple[str, ...]:
    """Return all that the record lists under the names of a field."""
    found = [item for key in KEYS[field] if key in said for item in listed(said[key])]
    return tuple(dict.fromkeys(found))


def _organization(said: Record) -> Record:
    """Return the organization; DKAN has none, and publishes under a group (named ``group/…``)."""
    found = mapping(said.get("organization"))
    if found:
        return found
    group = mapping(next(iter(items(said.get("groups"))), None))
    return group if values.text(group.get("name")).startswith("group/") else {}


def publisher(said: Record) -> str:
    """Return who publishes: the DCAT publisher when one is declared and is no person, else the organization."""
    for declared in map(mapping, items(unpacked(said.get("publisher")), 5)):
        name = values.text(local(declared.get("name")))
        if name and not _PERSON.search(values.text(declared.get("type"))):
            return name
    name = values.text(local(said_of(said, "publisher")))
    if name and not _PERSON.search(values.text(first(said, "publisher_type"))):
        return name
    organization = _organization(said)
    return values.text(local(first(organization, "title", "display_name", "name")))


def publisher_siren(said: Record) -> str | None:
    """Return the publisher's SIREN, when the record holds one."""
    publisher = mapping(next(iter(items(unpacked(said.get("publisher")))), None))
    candidates = [*(said.get(key) for key in KEYS["publisher_siren"]), publisher.get("identifier")]
    candidates += [_organization(said).get("siret"), _organization(said).get("siren")]
    numbers = (re.split(r"[/:]", values.text(value, 300))[-1] for value in candidates if value)
    return next(filter(None, map(values.siren_of, numbers)), None)


def contact(said: Record) -> str:
    """Return the first address or form declared; names, often a person's, are not read."""
    for declared in map(mapping, items(unpacked(said.get("contact")), 10)):
        found = values.email(declared.get("email")) or values.web_url(declared.get("url"))
        if found and not _PERSON.search(values.text(declared.get("type"))):
            return found
    addresses = (said.get(key) for key in KEYS["contact"])
    return next(filter(None, (values.email(value) or values.web_url(value) for value in addresses if value)), "")


def landing_page(said: Record, base_url: str) -> str:
    """Return the record's page: CKAN's own, unless ``url`` (free in CKAN) is a page of the same host (DKAN, OneGeo)."""
    url = values.web_url(said.get("url"))
    host = "/".join(base_url.split("/")[:3]) + "/"
    if len(url) > len(host) and url.startswith(host):
        return url
    name = values.text(said.get("name"), 200) or values.text(said.get("id"), 100)
    return f"{base_url}/dataset/{name}"


def harvested_from(said: Record, base_url: str) -> str:
    """Return where the record was harvested: an address if one is said, else a name; "" for a native record."""
    if first(said, *_HARVESTED) is None:
        return ""
    for key in ("harvest_source_url", "harvest_catalogue_url", "harvest_dataset_url"):
        if found := values.web_url(said.get(key)):
            return found
    url = values.web_url(first(said, "uri", "url"))
    if url and url.split("/")[2] != base_url.split("/")[2]:
        return url.split("/")[2].lower().rpartition("@")[2]
    return values.text(first(said, "harvest_source_title", "harvest_source_id", "harvest_object_id", "guid"), 300)


def identifiers(said: Record, landing_page: str, base_url: str, *, harvested: bool) -> tuple[str, ...]:
    """Return the names that only this dataset can have: short numbers, which other portals use too, are left out."""
    identifier = values.text(said.get("id"), 100)
    found = [identifier, landing_page, f"{base_url}/dataset/{identifier}" if identifier else ""]
    for key in KEYS["identifiers"]:
        if said.get(key):
            found += listed(said[key])
    url = values.web_url(said.get("url"))
    if harvested and len(url.rstrip("/").split("/")) > 4:  # a deep page; a bare site is shared by many records
        found.append(url)
    return tuple(dict.fromkeys(name for name in found if len(name) >= 8 and not name.isdigit()))


def _reference(said: Record, kind: str) -> date | None:
    """Return a date of the ISO record (ckanext-spatial), by its type: publication, revision…"""
    value = said.get("dataset-reference-date")
    for entry in map(mapping, items(unpacked(value), 20)) if value else ():
        if entry.get("type") == kind:
            return moment(entry.get("value"))
    return None


def issued(said: Record) -> date | None:
    """Return the first publication: declared, else that of the record."""
    declared = moment(said_of(said, "issued")) or _reference(said, "publication")
    return declared or moment(said.get("metadata_created"))


def modified(said: Record, distributions: tuple[Distribution, ...]) -> date | None:
    """Return the last change of the data: declared, else its newest file's, else the record's."""
    declared = moment(said_of(said, "modified")) or _reference(said, "revision")
    newest = max((found.modified for found in distributions if found.modified), default=None)
    return declared or newest or moment(said.get("metadata_modified"))


def themes(said: Record) -> tuple[str, ...]:
    """Return the themes; CKAN's groups are themes too, DKAN's are publishers."""
    groups = [mapping(group) for group in items(said.get("groups"), 100)]
    named = [
        values.text(local(first(group, "title", "display_name", "name")), 200)
        for group in groups
        if not values.text(group.get("name")).startswith("group/")
    ]
    return tuple(dict.fromkeys(filter(None, [*all_listed(said, "themes"), *named])))


def _zones(said: Record) -> list[Record]:
    """Return the zones that ckanext-dcat's fields describe."""
    value = said.get("spatial_coverage")
    return [mapping(zone) for zone in items(unpacked(value), 50)] if value else []


def spatial(said: Record) -> str:
    """Return the territory in words: zones' names, else their URIs."""
    zones = [values.text(local(first(zone, "text", "uri")), 200) for zone in _zones(said)]
    named = ", ".join(filter(None, zones))[:500] or values.text(local(said_of(said, "spatial")))
    if named:
        return named
    free = first(said, "spatial_coverage", "spatial")
    return values.text(free) if isinstance(unpacked(free), str) else ""


def bbox(said: Record) -> Box | None:
    """Return the box of the geometry, of the zones, or of the four bounds written apart."""
    for value in (said.get("spatial"), said.get("spatial_bbox"), said.get("bbox")):
        if value and (found := box_of(value)):
            return found
    for zone in _zones(said):
        for key in ("bbox", "geom", "centroid"):
            if zone.get(key) and (found := box_of(zone[key])):
                return found
    bounds = [said.get(f"bbox-{side}") for side in ("west-long", "south-lat", "east-long", "north-lat")]
    return checked_box(*bounds) if all(bounds) else None


def temporal(said: Record) -> str:
    """Return the period covered, whatever the fields that write it."""
    declared = said.get("temporal_coverage")
    periods = [mapping(period) for period in items(unpacked(declared), 20)] if declared else []
    for period in periods:
        if found := values.period(period.get("start"), period.get("end")):
            return found
    for start, end in PERIODS:
        if start in said or end in said:
            bounds = (next(iter(listed(said.get(key))), "") for key in (start, end))
            if found := values.period(*bounds):
                return found
    free = first(said, "temporal", "temporal_coverage")
    return values.text(free, 100) if isinstance(unpacked(free), str) else ""


def quality(said: Record) -> tuple[tuple[str, bool | float], ...]:
    """Return what the portal thinks of the record: an open licence (CKAN), the stars of openness (ckanext-qa)."""
    found: list[tuple[str, bool | float]] = []
    if isinstance(said.get("isopen"), bool):
        found.append(("isopen", said["isopen"]))
    stars = first(said, "openness_score") or mapping(unpacked(said.get("qa"))).get("openness_score")
    number = values.size(stars)
    if number is not None and number <= 5:
        found.append(("openness_score", float(number)))
    return tuple(found)


def inspire(said: Record) -> Inspire | None:
    """Return what ckanext-spatial kept of the ISO record it harvested, None for any other record."""
    if first(said, *_ISO) is None:
        return None
    resolution = values.text(said.get("spatial-resolution"), 60)
    return Inspire(
        hierarchy_level=values.text(said.get("resource-type"), 60),
        topic_categories=listed(first(said, "topic-category", "topic_category")),
        lineage=values.prose(said.get("lineage"), 5_000),
        access_constraints=listed(said.get("access_constraints")),
        use_constraints=listed(first(said, "use_constraints", "use-constraints", "licence")),
        reference_systems=listed(said.get("spatial-reference-system")),
        language=values.text(said.get("dataset-language"), 20),
        metadata_language=values.text(said.get("metadata-language"), 20),
        metadata_contact=bool(values.email(said.get("contact-email"))),
        spatial_resolution=f"{resolution} {values.text(said.get('spatial-resolution-units'), 20)}".strip(),
    )
