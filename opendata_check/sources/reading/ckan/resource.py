"""Turns one CKAN resource into a Distribution; DKAN's and OneGeo's ways of writing it are read alike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from opendata_check.model.catalog import Distribution, FieldDescription
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan.service import service_of
from opendata_check.sources.reading.ckan.values import (
    Record,
    bytes_of,
    first,
    items,
    listed,
    local,
    mapping,
    moment,
    prose,
    unpacked,
)

_NO_FORMAT = frozenset({"null", "none", "n/a", "undefined", "unknown", "inconnu"})
_ROLES = {
    "file": "main",
    "file.upload": "main",
    "main": "main",
    "update": "main",
    "api": "api",
    "service": "api",
    "documentation": "documentation",
    "code": "code",
    "image": "other",
    "visualization": "other",
    "metadata": "other",
    "other": "other",
}
_ALGORITHMS = {8: "crc32", 32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_AUTHORITY = re.compile(r"https?://(?:publications\.europa\.eu|www\.iana\.org)/\S+/([\w.+-]+)$", re.IGNORECASE)
_MOST_FIELDS = 500
_NO_LICENSE = re.compile(
    r"(licen[cs]e-)?(not-?specified|non-specifiee|non-precisee|none|aucune?(-licence)?|no-licen[cs]e)"
    r"|[\d-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""What says that no licence was chosen, or is a number in a table of the portal's."""
_HASH = re.compile(r"(?:([a-z]+-?\d+)[:=])?([0-9a-f]+)")
_ALGORITHM = re.compile(r"(md5|sha-?\d+|crc32)")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")
_IDENTIFIER = re.compile(r"[\w-]+")


def distribution_of(resource: Record, base_url: str) -> Distribution:
    """Return a resource of the portal at ``base_url``."""
    address = _address(first(resource, "download_url", "url", "access_url"), base_url)
    title = values.text(local(first(resource, "name", "title"))) or address.rpartition("/")[2][:200]
    declared = _format(resource.get("format"))
    service, said_by_format = service_of(declared, address, title)
    schema_name, schema_version = _schema(resource)
    license_name, license_url = license_of(resource, "license", "license_id", "license_title")
    return Distribution(
        id=values.text(resource.get("id"), 100) or address,
        title=title or declared,
        url=address or None,
        declared_format=declared,
        media_type=_media_type(first(resource, "mimetype", "mimetype_inner", "media_type")),
        byte_size=bytes_of(resource.get("size")),
        checksum=_checksum(resource),
        modified=moment(first(resource, "modified", "last_modified")),
        schema_name=schema_name,
        schema_version=schema_version,
        description=prose(resource.get("description")),
        role=_role(resource, bool(service) and (said_by_format or not declared)),
        available=_available(resource),
        access_url=_access_url(resource, address, base_url),
        issued=moment(first(resource, "issued", "created")),
        license=license_name,
        license_url=license_url,
        service=service,
    )


def fields_of(resource: Record) -> tuple[FieldDescription, ...]:
    """Return the columns that the resource's own Table Schema describes (ckanext-validation), if it holds one."""
    schema = mapping(unpacked(resource.get("schema"))) if resource.get("schema") else {}
    described = (
        FieldDescription(
            name=values.text(field.get("name"), 200),
            label=values.text(field.get("title"), 300),
            type=values.text(field.get("type"), 60),
            description=values.prose(field.get("description"), 2_000),
        )
        for field in map(mapping, items(schema.get("fields"), _MOST_FIELDS))
    )
    return tuple(field for field in described if field.name)


def license_of(record: Record, *keys: str) -> tuple[str, str]:
    """Return the licence (the first of ``keys`` that names one) and its URL; « not specified » is none."""
    url = values.web_url(first(record, "license_url", "licence_url"))
    for key in keys:
        value = first(record, key)
        if value is None:
            continue
        name = _license_name(value)
        if name:
            return name, url or values.web_url(name)
    return "", url


def _license_name(value: Any) -> str:
    """Return a licence's name, "" for what only says that none was chosen or is a number in a table."""
    value = local(unpacked(value))
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str) and item.strip()), "")
    return _chosen(values.text(value, 300))


@lru_cache(maxsize=1_000)
def _chosen(name: str) -> str:
    """Return a licence's name, "" when it names none; a portal has a dozen of them."""
    return "" if _NO_LICENSE.fullmatch(values.fold(name)) else name


def _address(value: Any, base_url: str) -> str:
    """Return a URL as written, made whole when the portal wrote only its path."""
    written = values.text(single(value), 2000)
    if written.startswith("/") and not written.startswith("//"):
        try:
            return urljoin(f"{base_url}/", written)
        except ValueError:
            return written
    return written


def single(value: Any) -> Any:
    """Return the first item of a list, else ``value``."""
    return next(iter(value), "") if isinstance(value, list) else value


def _access_url(resource: Record, address: str, base_url: str) -> str:
    """Return the page or service beside the file: declared, a DCAT access service, else the portal's datastore."""
    declared = _address(resource["access_url"], base_url) if resource.get("access_url") else ""
    if declared and declared != address and values.web_url(declared):
        return declared
    services = resource.get("access_services")
    for service in map(mapping, items(unpacked(services), 20)) if services else ():
        endpoint = values.web_url(single(service.get("endpoint_url")))
        if endpoint and endpoint != address:
            return endpoint
    identifier = values.text(resource.get("id"), 100) if resource.get("datastore_active") is True else ""
    known = _IDENTIFIER.fullmatch(identifier)
    return f"{base_url}/api/3/action/datastore_search?resource_id={identifier}" if known else ""


def _format(value: Any) -> str:
    """Return a format as written, in lower case; the last word of a term of a vocabulary."""
    written = values.text(local(value), 200)
    authority = _AUTHORITY.match(written) if written[:4] == "http" else None
    declared = (authority[1] if authority else written).lower()
    return "" if declared in _NO_FORMAT else declared[:100]


def _media_type(value: Any) -> str:
    """Return a media type; what is none (DKAN writes an extension there) is left out."""
    written = values.text(value, 200)
    if written[:4].lower() == "http":  # https://www.iana.org/assignments/media-types/text/csv
        written = "/".join(written.rstrip("/").split("/")[-2:])
    return written.lower() if _MEDIA_TYPE.fullmatch(written) else ""


def _checksum(resource: Record) -> str:
    """Return ``algorithm:hex``; CKAN keeps no algorithm, which the length then tells."""
    written = values.text(resource.get("hash"), 300)
    if not written:
        return ""
    named = _HASH.fullmatch(written.lower())
    if named is None or len(named[2]) not in _ALGORITHMS:
        return ""
    declared = _ALGORITHM.search(values.text(resource.get("hash_algorithm"), 200).lower())
    algorithm = named[1] or (declared[1] if declared else "") or _ALGORITHMS[len(named[2])]
    return f"{algorithm.replace('-', '')}:{named[2]}"


def _schema(resource: Record) -> tuple[str, str]:
    """Return the name (else URL) and the version of the schema: a URL, a Table Schema, or what it conforms to."""
    version = values.text(first(resource, "schema_version"), 40)
    value = unpacked(first(resource, "schema_name", "schema", "schema_url"))
    if isinstance(value, str):
        return values.text(value), version
    schema = mapping(value)
    name = values.text(schema.get("name")) or values.web_url(first(schema, "url", "path", "$schema", "homepage", "$id"))
    if name:
        return name, values.text(schema.get("version"), 40) or version
    followed = listed(resource.get("conforms_to")) if resource.get("conforms_to") else ()
    return (followed[0], version) if followed else ("", "")


def _role(resource: Record, is_service: bool) -> str:
    """Return the role; some portals put a file's name in ``resource_type``, which says nothing."""
    said = values.text(first(resource, "resource_type", "resource_locator_function"), 60).lower()
    role = _ROLES.get(said) or ("documentation" if said == "information" else "main")
    return "api" if is_service and role == "main" else role


def _available(resource: Record) -> bool | None:
    """Return what the portal's own link checker says (ckanext-archiver), None when there is none."""
    said = resource.get("archiver")
    broken = mapping(unpacked(said)).get("is_broken") if said else None
    return not broken if isinstance(broken, bool) else None
