"""Reads what an ISO record of a service says: where it is, and the datasets it serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from opendata_check.model.catalog import Dataset, Distribution, ServiceOffer
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.iso import online as iso_online
from opendata_check.sources.reading.iso.record import french_locale, record_id
from opendata_check.sources.reading.iso.text import HREF, down, objects, said, text_of
from opendata_check.sources.reading.ogc import services as ogc_services
from opendata_check.sources.reading.xml_safe import Element

_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the catalogue, and what it operates on."""

    id: str
    title: str
    url: str
    said: str
    """Protocol and version, as written."""
    serves: tuple[tuple[str, str], ...]
    """(identifier of a dataset or of its record, layer or "")."""


def service_of(record: Element) -> Service | None:
    """Return the service a record describes, None when it gives no address or serves nothing of the catalogue."""
    french = french_locale(record)
    found = next(
        (item for item in objects(record, "identificationInfo") if item.tag == "SV_ServiceIdentification"), None
    )
    if found is None:
        return None
    layers = dict(_coupled(found))
    serves = tuple((known, layers.get(known, "")) for known in dict.fromkeys(_served(found, layers)))
    link = next(iter(_links(record, found, french)), None)
    if link is None or not serves:
        return None
    kind = text_of(found, "serviceType")
    if kind == "discovery":  # it finds the datasets, it does not serve them
        return None
    return Service(
        id=record_id(record) or link.url,
        title=values.text(text_of(down(found, "citation"), "title", french)),
        url=link.url,
        said=f"{link.protocol} {kind} {text_of(found, 'serviceTypeVersion')}".strip()[:200],
        serves=serves,
    )


def _links(record: Element, found: Element, french: str) -> Iterator[iso_online.Link]:
    """Yield the addresses of a service, those that are surely a service first, pages about it left out."""
    known = list(iso_online.links(record, french))
    known += [
        iso_online.Link(url, text_of(point, "protocol"), text_of(point, "name"), "", "", "", None)
        for operation in objects(found, "containsOperations")
        for point in objects(operation, "connectPoint")
        if (url := values.web_url(text_of(point, "linkage")))
    ]
    yield from (link for link in known if ogc_services.protocol_of(link.protocol, link.url, link.name))
    yield from (link for link in known if link.function not in ("information", "search", "order"))


def _served(found: Element, layers: Iterable[str]) -> Iterator[str]:
    """Yield the identifiers of the datasets a service operates on, as its links and its coupled resources tell them."""
    for holder in found.findall("operatesOn")[:_MOST]:
        written = values.text(holder.get("uuidref"), 300)
        if written:
            yield written
        link = holder.get(HREF, "")
        for identifier in (ogc_services.query_of(link).get("id", ""), ogc_services.record_in(link)):
            if identifier:
                yield values.text(identifier, 300)
    yield from layers


def _coupled(found: Element) -> Iterator[tuple[str, str]]:
    """Yield (dataset, layer) of the coupled resources."""
    for coupled in objects(found, "coupledResource"):
        identifier = values.text(text_of(coupled, "identifier"), 300)
        scoped = coupled.find("ScopedName")
        layer = (scoped.text or "") if scoped is not None else said(coupled.find("scopedName"))
        if identifier:
            yield identifier, values.text(layer, 300)


def attached(datasets: tuple[Dataset, ...], services: Iterable[Service]) -> tuple[Dataset, ...]:
    """Return the datasets, each with the services that operate on it and that its own record does not name."""
    place: dict[str, int] = {}
    for number, dataset in enumerate(datasets):
        for known in (dataset.id, *dataset.identifiers):
            place.setdefault(known, number)
    more: dict[int, list[Distribution]] = {}
    for service in services:
        for known, layer in service.serves:
            number = place.get(known, -1)
            if number >= 0 and not _has(datasets[number].distributions + tuple(more.get(number, ())), service):
                more.setdefault(number, []).append(_distribution(service, layer))
    if not more:
        return datasets
    return tuple(
        replace(dataset, distributions=distinct_ids(dataset.distributions + tuple(more[number])))
        if number in more
        else dataset
        for number, dataset in enumerate(datasets)
    )


def _has(distributions: tuple[Distribution, ...], service: Service) -> bool:
    """Return True when one of the distributions is this very service."""
    own = ogc_services.same_service(service.url)
    protocol = ogc_services.protocol_of(service.said, service.url)
    return any(
        found.service is not None
        and found.service.protocol == protocol
        and ogc_services.same_service(found.url or "") == own
        for found in distributions
    )


def _distribution(service: Service, layer: str) -> Distribution:
    """Return a service as one more distribution of a dataset."""
    known = ogc_services.offer(service.said, service.url, layer)
    protocol = known.protocol if known else "service"
    return Distribution(
        id=f"service:{service.id}",
        title=service.title,
        url=service.url,
        declared_format=iso_online.format_of(protocol),
        role="api",
        service=known or ServiceOffer(protocol, layer),
    )
