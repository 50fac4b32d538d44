"""A catalogue judged alone: what portals say of their datasets and whether their links answer; no file is opened."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date

from opendata_check import __version__, checks
from opendata_check.examination import unread
from opendata_check.fetching import Fetcher
from opendata_check.gathering import gathered, not_asked, one_list
from opendata_check.links import Links
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.finding import Axis, Finding
from opendata_check.model.identification import KnownSource
from opendata_check.model.inspected import Evidence, InspectedDataset
from opendata_check.model.report import Progress
from opendata_check.model.survey import Survey
from opendata_check.sources import Source

_STOPPED = Fault("la lecture a été interrompue : une partie des liens n'a pas été essayée", remedy="Relancez-la.")


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """What to read, and on which date it is judged."""

    target: str
    on: date
    sources: tuple[Source, ...]
    told: tuple[KnownSource, ...]
    """How each source was recognised, in the same order."""
    check_links: bool = True


def survey(request: SurveyRequest, fetcher: Fetcher) -> Generator[Progress | Survey, None, None]:
    """Yield progress events, then the survey, always last.

    Ctrl-C (thrown in, or met on the way) ends the reading: what came before is judged. A second one stops everything.
    Raises SourceError when the only source shows nothing.
    """
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
    faults = [fault for catalog in catalogs for fault in catalog.faults]
    links = Links([unread(item) for item in one_list(catalogs)])
    if request.check_links and not interrupted:
        try:
            yield from links.tried(fetcher)
        except KeyboardInterrupt:
            interrupted = True
            faults.append(_STOPPED)
    datasets = tuple(links.datasets())
    yield Survey(
        target=request.target,
        on=request.on,
        sources=request.told,
        catalogs=tuple(catalogs),
        datasets=datasets,
        findings=_findings(request, catalogs, datasets),
        links_checked=request.check_links,
        faults=tuple(faults),
        tool_version=__version__,
        interrupted=interrupted,
    )


def _findings(
    request: SurveyRequest, catalogs: list[Catalog], datasets: tuple[InspectedDataset, ...]
) -> tuple[Finding, ...]:
    """Return what metadata and links suffice to judge; whether all that is owed is there asks for the files too."""
    evidence = Evidence(None, request.on, (), tuple(catalogs), datasets)
    return tuple(finding for finding in checks.run(evidence) if finding.axis is not Axis.PUBLISHED)
