"""The whole flow: who is it, what binds it, what it publishes, what the bytes say, is it lawful, what first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from opendata_check import __version__, checks, law, matching, scoring
from opendata_check.examination import examine
from opendata_check.fetching import Fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile
from opendata_check.model.organization import Organization
from opendata_check.model.report import AuditReport, Progress
from opendata_check.sources import Source


@dataclass(frozen=True, slots=True)
class Request:
    """What to audit, for whom, on which date."""

    target: str
    on: date
    organization: Organization | None
    sources: tuple[Source, ...]


def audit(request: Request, fetcher: Fetcher) -> Iterator[Progress | AuditReport]:
    """Audit one body: yields progress events, then the report, always last.

    A fault in one file, dataset or source becomes a Fault or an ``error`` finding; the audit goes on.
    """
    organization = law.with_doubts_noted(request.organization)
    duties = law.scope(organization, request.on)
    catalogs: list[Catalog] = []
    for source in request.sources:
        yield Progress(f"Recherche des données : {source.label}")
        catalogs.append(source.collect(fetcher))

    datasets: list[InspectedDataset] = []
    total = sum(len(dataset.distributions) for catalog in catalogs for dataset in catalog.datasets)
    done = 0
    for catalog in catalogs:
        for dataset in catalog.datasets:
            files: list[InspectedFile] = []
            for distribution in dataset.distributions:
                yield Progress(f"Lecture de {distribution.title or distribution.id}", done, total)
                files += examine(distribution, catalog, fetcher)
                done += 1
            matches = matching.match(dataset, files)
            datasets.append(InspectedDataset(dataset, tuple(files), matches, catalog.location))

    yield Progress("Contrôles", total, total)
    evidence = Evidence(organization, request.on, duties, tuple(catalogs), tuple(datasets))
    findings = checks.run(evidence)
    yield AuditReport(
        target=request.target,
        on=request.on,
        organization=organization,
        duties=duties,
        catalogs=tuple(catalogs),
        datasets=tuple(datasets),
        findings=findings,
        scores=scoring.score(findings),
        priorities=scoring.priorities(findings, duties),
        faults=tuple(fault for catalog in catalogs for fault in catalog.faults)
        + tuple(file.fault for dataset in datasets for file in dataset.files if file.fault),
        tool_version=__version__,
        already_open=law.open_elsewhere(organization, request.on),
    )
