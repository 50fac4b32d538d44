"""The whole flow: who is it, what binds it, what it publishes, what the bytes say, is it lawful, what first."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from opendata_check import __version__, checks, completeness, law, peer_scores, scoring
from opendata_check.examination import Examine, examine, examined, not_read, unread
from opendata_check.fetching import Fetcher
from opendata_check.gathering import gathered, not_asked, one_list
from opendata_check.known_numbers import with_unknown_numbers
from opendata_check.links import Links
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.inspected import Evidence, InspectedDataset
from opendata_check.model.organization import Organization
from opendata_check.model.report import AuditReport, Progress
from opendata_check.sources import Source

_STOPPED = Fault("l'examen a été interrompu : ce qui suit n'a pas été lu", remedy="Relancez-le.")


@dataclass(frozen=True, slots=True)
class Request:
    """What to audit, for whom, on which date."""

    target: str
    on: date
    organization: Organization | None
    sources: tuple[Source, ...]
    register: Path | None = None
    """An extract of Sirene, where the SIRET and SIREN of the files are looked for."""
    examine: Examine = examine
    """How each file is examined: whoever remembers what a file said gives its own way, with the same answers."""


def audit(request: Request, fetcher: Fetcher) -> Generator[Progress | AuditReport, None, None]:
    """Audit one body: yields progress events, then the report, always last.

    A fault in one file, dataset or source becomes a Fault or an ``error`` finding; the audit goes on. Ctrl-C (thrown
    in, or met on the way) ends the reading: what came before is judged, and the report is ``partial``.
    """
    organization = law.with_doubts_noted(request.organization)
    duties = law.scope(organization, request.on)
    catalogs: list[Catalog] = []
    try:
        for event in gathered(request.sources, fetcher):
            if isinstance(event, Catalog):
                catalogs.append(event)
            else:
                yield event
    except KeyboardInterrupt:
        catalogs += not_asked(request.sources[len(catalogs) :])
    interrupted = any(catalog.interrupted for catalog in catalogs)
    listed = one_list(catalogs)
    datasets: list[InspectedDataset] = []
    links = Links(datasets, not_read)
    try:
        for read in () if interrupted else examined(listed, fetcher, request.examine):
            if isinstance(read, Progress):
                yield read
            else:
                datasets.append(read)
        if not interrupted:
            yield from links.tried(fetcher)
    except KeyboardInterrupt:
        interrupted = True
    datasets = links.datasets()
    unreadable: tuple[Fault, ...] = ()
    if request.register is not None and not interrupted:
        yield Progress(f"Recherche des SIRET dans {request.register.name}")
        datasets, unreadable = with_unknown_numbers(datasets, request.register)
    if interrupted:
        catalogs = [replace(catalog, complete=False) for catalog in catalogs]
        datasets += [unread(item) for item in listed[len(datasets) :]]

    total = sum(len(item.dataset.distributions) for item in listed)
    yield Progress("Contrôles", total, total)
    own = tuple(item for item in datasets if not item.dataset.about_others)
    looked = tuple(catalog for catalog in catalogs if not catalog.about_others)
    evidence = Evidence(organization, request.on, duties, looked, own)
    findings = checks.run(evidence)
    by_others = tuple(item for item in datasets if item.dataset.about_others)
    already_open = law.open_elsewhere(organization, request.on)
    yield AuditReport(
        target=request.target,
        on=request.on,
        organization=organization,
        duties=duties,
        catalogs=tuple(catalogs),
        datasets=own,
        findings=findings,
        scores=scoring.score(findings),
        priorities=scoring.priorities(findings, duties),
        faults=tuple(fault for catalog in catalogs for fault in catalog.faults)
        + tuple(file.fault for dataset in own for file in dataset.files if file.fault)
        + unreadable
        + ((_STOPPED,) if interrupted else ()),
        tool_version=__version__,
        already_open=already_open,
        by_others=by_others,
        interrupted=interrupted,
        others_scores=peer_scores.scores(own, request.on),
        expected=completeness.expected(evidence, by_others, already_open, findings),
    )
