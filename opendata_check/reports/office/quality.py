"""What a quality graph speaks of: an IRI for the catalogue, each dataset and file, and the findings of each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from opendata_check.model.finding import Finding
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.report import AuditReport
from opendata_check.reports.office.plan import stable_key
from opendata_check.reports.office.turtle import web_address


@dataclass(frozen=True, slots=True)
class Thing:
    """A file (dcat:Distribution) of a dataset."""

    iri: str
    title: str
    address: str
    """IRI of its URL, or ""."""
    byte_size: int | None
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Described:
    """A dataset (dcat:Dataset), its files, and what was found of it as a whole."""

    iri: str
    item: InspectedDataset
    page: str
    files: tuple[Thing, ...]
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Graph:
    """All that is described."""

    catalog: str
    audit: str
    datasets: tuple[Described, ...]
    general: list[Finding]
    """Findings about the body or the whole."""


def graph(report: AuditReport) -> Graph:
    """Return what the graph speaks of; IRIs are the addresses of pages and files, else ``urn:`` that stay the same.

    An address that several datasets or files give (a portal's home page) names none of them.
    """
    pages = Counter(web_address(item.dataset.landing_page) for item in report.datasets)
    pages.update({one for item in report.datasets for d in item.dataset.distributions for one in [web_address(d.url)]})
    urls = Counter(web_address(d.url) for item in report.datasets for d in item.dataset.distributions)
    used: Counter[str] = Counter()
    found = tuple(_described(item, report, pages, urls, used) for item in report.datasets)
    by_key = {one.item.key: one for one in reversed(found)}
    names = {(one.item.key, name): file for one in reversed(found) for name, file in _named(one)}
    general = []
    for finding in report.findings:
        about = by_key.get(finding.dataset)
        if about is None:
            general.append(finding)
            continue
        files = {place.file for place in finding.locations if place.file}
        file = names.get((finding.dataset, next(iter(files)))) if len(files) == 1 else None
        (file or about).findings.append(finding)
    return Graph(_urn(report, "catalogue"), _urn(report, "audit", report.on.isoformat()), found, general)


def _urn(report: AuditReport, kind: str, *parts: str) -> str:
    return f"<urn:opendata-check:{kind}:{stable_key(report, kind, *parts)}>"


def _described(
    item: InspectedDataset, report: AuditReport, pages: Counter[str], urls: Counter[str], used: Counter[str]
) -> Described:
    page = web_address(item.dataset.landing_page)
    iri = page if page and pages[page] == 1 else _urn(report, "dataset", item.dataset.landing_page, item.key)
    files = []
    for one in item.dataset.distributions:
        address = web_address(one.url)
        own = address if address and urls[address] == 1 and pages[address] == 1 else ""
        name = own or _urn(report, "distribution", item.dataset.landing_page, item.key, one.id)
        files.append(Thing(_once(name, used), one.title or one.id, address, one.byte_size))
    return Described(_once(iri, used), item, page, tuple(files))


def _once(iri: str, used: Counter[str]) -> str:
    """Return an IRI that no other thing bears: two records that nothing tells apart are numbered from 2."""
    name = iri
    while used[name]:
        used[iri] += 1
        name = f"{iri[:-1]}:{used[iri]}>"
    used[name] = 1
    return name


def _named(one: Described) -> list[tuple[str, Thing]]:
    """Return the files by the names that findings use; a member of an archive stands for its archive."""
    things = {d.id: thing for d, thing in zip(one.item.dataset.distributions, one.files, strict=True)}
    return [(file.name, things[file.distribution.id]) for file in one.item.files if file.distribution.id in things]
