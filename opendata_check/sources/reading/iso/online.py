"""The distributions of an ISO record: its onLine resources, sorted into downloads, services and pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opendata_check.model.catalog import Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.iso.text import code, objects, said, text_of
from opendata_check.sources.reading.ogc import services as ogc_services
from opendata_check.sources.reading.xml_safe import Element

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """One CI_OnlineResource, with the size its block announces."""

    url: str
    protocol: str
    name: str
    description: str
    function: str
    media_type: str
    byte_size: int | None


def links(record: Element, french: str = "") -> Iterator[Link]:
    """Yield the onLine resources of a record's distributionInfo."""
    left = _MOST
    for distribution in objects(record, "distributionInfo"):
        blocks = list(objects(distribution, "transferOptions"))
        for distributor in objects(distribution, "distributor"):
            blocks += objects(distributor, "distributorTransferOptions")
        for block in blocks:
            online = list(objects(block, "onLine"))[:left]
            left -= len(online)
            size = _megabytes(text_of(block, "transferSize")) if len(online) == 1 else None
            for found in online:
                yield from _link(found, size, french)


def _link(found: Element, size: int | None, french: str) -> Iterator[Link]:
    """Yield the link, when it has an http(s) address."""
    url = values.web_url(text_of(found, "linkage"))
    if not url:
        return
    holder = found.find("name")
    media_type = holder[0].get("type", "") if holder is not None and len(holder) else ""
    profile = text_of(found, "applicationProfile")
    yield Link(
        url=url,
        protocol=values.text(text_of(found, "protocol"), 100),
        name=values.text(said(holder, french)),
        description=values.prose(text_of(found, "description", french)),
        function=code(found, "function"),
        media_type=values.text(media_type or (profile if "/" in profile else ""), 100).lower(),
        byte_size=size,
    )


def distributions(record: Element, french: str = "") -> tuple[Distribution, ...]:
    """Return a record's distributions, thumbnails left out, ids that differ."""
    formats = _formats(record)
    declared = formats[0] if len(formats) == 1 else ""
    found = (distribution_of(link, declared) for link in links(record, french))
    return distinct_ids(tuple(item for item in found if item is not None))


def distribution_of(link: Link, declared: str) -> Distribution | None:
    """Return the distribution behind a link, None for a thumbnail. ``declared`` is the record's only format."""
    if ogc_services.is_picture(link.protocol, link.url) and not link.byte_size:
        return None
    service = None if ogc_services.is_metadata(link.url) else ogc_services.offer(link.protocol, link.url, link.name)
    if service is None:
        role = ogc_services.role_of(link.protocol, link.function, link.url, link.name)
        shown = declared if role == "main" else ""
    elif ogc_services.gives_features(link.url):
        role, shown = "main", (service.formats or (declared,))[0]
    else:
        role, shown = "api", format_of(service.protocol)
    return Distribution(
        id=link.url if service is None else f"{link.url}#{service.layer}",
        title=link.name or link.description[:200] or link.url.rstrip("/").rpartition("/")[2],
        url=link.url,
        declared_format=shown.lower(),
        media_type=link.media_type,
        byte_size=link.byte_size,
        description=link.description,
        role=role,
        service=service,
    )


def format_of(protocol: str) -> str:
    """Return a service's protocol as a declared format."""
    return "ogcapi" if protocol.startswith("ogc-api-") else protocol


def _formats(record: Element) -> list[str]:
    """Return the names of the distribution formats, each once."""
    found: dict[str, None] = {}
    for distribution in objects(record, "distributionInfo"):
        holders = list(objects(distribution, "distributionFormat"))
        for distributor in objects(distribution, "distributor"):
            holders += objects(distributor, "distributorFormat")
        for block in objects(distribution, "transferOptions"):
            holders += objects(block, "distributionFormat")
        for held in holders:
            name = values.text(text_of(held, "name") or _cited(held), 60)
            if name:
                found[name] = None
    return list(found)


def _cited(held: Element) -> str:
    """Return the name of a format as 19115-3 writes it, in a citation."""
    return next((text_of(citation, "title") for citation in objects(held, "formatSpecificationCitation")), "")


def _megabytes(written: str) -> int | None:
    """Return a transferSize, in megabytes, as bytes."""
    try:
        size = float(written.replace(",", "."))
    except ValueError:
        return None
    return values.size(size * 1_000_000) if size > 0 else None
