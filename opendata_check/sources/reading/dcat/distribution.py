"""Turns a dcat:Distribution, as a node of a graph, into a Distribution; every property may be missing or misspelt."""

from __future__ import annotations

import re

from opendata_check.model.catalog import Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.parts import licence_said
from opendata_check.sources.reading.dcat.services import protocol_of, service_of
from opendata_check.sources.reading.dcat.values import byte_size, checksum, file_format, media_type
from opendata_check.sources.reading.dcat.words import (
    Fields,
    address,
    addresses,
    identifier_of,
    nodes,
    text,
    web_address,
    worded,
)
from opendata_check.sources.reading.rdf.graph import Node
from opendata_check.vocabulary import format_of_extension

_STABLE = re.compile(r"/datasets/r/[0-9a-f-]{36}/?$")
_ON_REQUEST = re.compile(r"/api/download/v\d+/items/")
_PROFILE = re.compile(r"dcat-?ap|data\.europa\.eu/(?:r5r|930)\b|vocab-dcat|/ns/dcat", re.IGNORECASE)
"""Rules that the metadata follow, not the data."""
_PAGES = frozenset({"web page", "page web"})


def address_said(fields: Fields) -> str:
    """Return the address of a distribution as written: the file's, else the page's, else its service's."""
    found = address(fields, "downloadURL", "accessURL", "url")
    if found:
        return found
    return next((end for node in nodes(fields, "accessService") if (end := address(node.said(), "endpointURL"))), "")


def distribution_of(node: Node, fields: Fields, landing: str = "") -> Distribution:
    """Return a distribution; ``url`` is None when the node gives no web address."""
    services = [item.said() for item in nodes(fields, "accessService")]
    download = web_address(fields, "downloadURL")
    access = web_address(fields, "accessURL", "url")
    url = download or access or values.web_url(address_said(fields)) or _bare_file(node, fields)
    title = values.text(text(fields, "title", "name", "label"))
    standards = [found[:500] for found in addresses(fields, "conformsTo")]
    declared = _format(fields)
    kind = media_type(text(fields, "mediaType")[:500]) or _media_type_of_format(text(fields, "format")[:500])
    said = [*standards, declared]
    for service in services:
        said += (found[:500] for found in addresses(service, "conformsTo", "format"))
    offer = service_of(url, tuple(said), title)
    schemas = [found for found in standards if not protocol_of(found) and not _PROFILE.search(found)]
    schemas = schemas or [*addresses(fields, "describedBy")]
    name, found = licence_said(fields)
    page = declared in _PAGES or (kind == "text/html" and url == landing)
    return Distribution(
        id=identifier_of(node, fields) or url or title,
        title=title or url.rpartition("/")[2],
        url=url or None,
        declared_format=declared,
        media_type=kind,
        byte_size=byte_size(text(fields, "byteSize")),
        checksum=_checksum(fields),
        modified=values.day(text(fields, "modified", "updated")),
        schema_name=values.text(schemas[0]) if schemas else "",
        schema_version=_schema_version(fields) if schemas else "",
        description=values.prose(text(fields, "description", "abstract")),
        role="api" if offer or services or declared == "api" else "other" if page else "main",
        access_url=access if download and access != download else "",
        stable_url=next((found for found in (access, url) if _STABLE.search(found)), ""),
        issued=values.day(text(fields, "issued", "created")),
        license=name,
        license_url=found,
        asynchronous=_ON_REQUEST.search(url) is not None,
        service=offer,
    )


def _bare_file(node: Node, fields: Fields) -> str:
    """Return the address of a file that stands in place of a distribution: a node that nothing describes."""
    last = "" if fields or "#" in node.id else node.id.partition("?")[0].rpartition("/")[2]
    return values.web_url(node.id) if "." in last and format_of_extension(last.rpartition(".")[2]) else ""


def _format(fields: Fields) -> str:
    """Return the format declared: a label, a text, else the end of a vocabulary's IRI."""
    for item in fields.get("format", ()):
        found = file_format(worded(item)[1][:500])
        if found:
            return found
    return ""


def _media_type_of_format(written: str) -> str:
    """Return the media type that a format is, when it is one."""
    found = media_type(written) if "/" in written else ""
    return found if re.fullmatch(r"[a-z]{2,20}/[a-z0-9.+-]{1,100}", found) else ""


def _checksum(fields: Fields) -> str:
    """Return the first checksum that can be used."""
    for item in nodes(fields, "checksum"):
        said = item.said()
        algorithm = address(said, "algorithm") or text(said, "algorithm")
        found = checksum(algorithm, text(said, "checksumValue", "value"))
        if found:
            return found
    return ""


def _schema_version(fields: Fields) -> str:
    """Return the version of the schema a distribution follows, when its node tells."""
    for item in nodes(fields, "conformsTo", "describedBy"):
        found = values.text(text(item.said(), "version", "versionInfo"), 40)
        if found:
            return found
    return ""
