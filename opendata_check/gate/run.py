"""The gate's own flow: what is judged, what was kept of it, else the audit; then the verdict."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.gate import recalling
from opendata_check.gate.baseline import Baseline
from opendata_check.gate.findings import Found, concerns, found_in, weighed
from opendata_check.gate.keeping import State, key_of, program_digest, state_of
from opendata_check.gate.memory import Memory, Room
from opendata_check.gate.root import place_in_repository, top_of
from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import Settings
from opendata_check.gate.source import RepositorySource
from opendata_check.gate.verdict import Verdict, verdict

if TYPE_CHECKING:
    from opendata_check.examination import Examine
    from opendata_check.model.finding import Finding
    from opendata_check.model.organization import Organization
    from opendata_check.model.report import AuditReport, Progress

_EXTERNAL = "external"
ROOM = Room("gate", most=120, bytes=400_000_000)


@dataclass(frozen=True, slots=True)
class Request:
    """What to judge, and by what."""

    root: Path
    settings: Settings
    written: str
    """Text of the settings' file; "" without any."""
    selection: Selection
    on: date
    organization: Callable[[], Organization | None]
    """Whose files these are: asked only when they are read. It must depend on ``written`` alone."""
    baseline: Baseline = field(default_factory=Baseline)
    report: bool = False
    """True when reports are wanted too."""
    remember: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, what it rests on, and the report that tells the same."""

    verdict: Verdict
    found: Found
    report: AuditReport | None
    """What is let through is left out; None when no report was wanted."""
    remembered: bool
    """True when nothing was read again."""
    note: str = ""
    """Why nothing is remembered, when that is worth telling."""
    whole: AuditReport | None = None
    """The report with all it found, to keep in a store; None when no report was wanted."""


def judge(request: Request) -> Generator[Progress | Answer, None, None]:
    """Judge the files: yields progress, then the answer, always last. Raises what the audit raises."""
    repository = (request.root, top_of(request.root))
    memory = Memory(repository, ROOM, wanted=request.remember)
    state = state_of(request.root, request.selection.files)
    program = program_digest() if request.remember else ""
    key = _key(request, state, program)
    found: Found | None = memory.get(key, Found, "found")
    report: AuditReport | None = None
    if found is not None and request.report:
        from opendata_check.model.report import AuditReport as Report

        report = memory.get(key, Report, "report")
    remembered = found is not None and (report is not None or not request.report)
    if not remembered:
        files = Memory(repository, recalling.ROOM, wanted=request.remember)
        try:
            for event in _audited(request, recalling.Recall(request.root, state, files, program)):
                if not isinstance(event, _Read):
                    yield event
                    continue
                found, report = event.found, event.report
                if state.unchanged():
                    memory.put(key, found, "found")
                    if request.report:
                        memory.put(key, report, "report")
        finally:  # stopped half way, what was read is not read again
            files.prune()
            memory.prune()
    assert found is not None
    decided = verdict(found, request.settings, request.baseline, request.selection, request.on)
    shown = _filtered(report, decided, request) if report is not None and request.report else None
    yield Answer(decided, found, shown, remembered, memory.refused, report if request.report else None)


@dataclass(frozen=True, slots=True)
class _Read:
    found: Found
    report: AuditReport


def _key(request: Request, state: State, program: str) -> str:
    chosen = request.selection
    return key_of(
        program, str(request.root), request.written, request.settings.file, chosen.prefix, sorted(chosen.judged),
        sorted(chosen.excluded), chosen.whole, request.on.isoformat(), state.digest,
        [fault.line for fault in (*chosen.faults, *chosen.set_aside)],
    )  # fmt: skip


def _audited(request: Request, examine: Examine) -> Generator[Progress | _Read, None, None]:
    """Read the files and judge them. Nothing goes on line."""
    from opendata_check import audit as flow
    from opendata_check.fetching import open_fetcher
    from opendata_check.model.report import AuditReport as Report

    source = RepositorySource(request.selection, request.settings.schemas)
    with open_fetcher(cache_folder=None, offline=True) as fetcher:
        asked = flow.Request(
            request.root.name or "dépôt", request.on, request.organization(), (source,), examine=examine
        )
        for event in flow.audit(asked, fetcher):
            if not isinstance(event, Report):
                yield event
            elif event.interrupted:  # half a repository is not judged
                raise KeyboardInterrupt
            else:
                yield _Read(found_in(event, request.selection), event)


def _filtered(report: AuditReport, decided: Verdict, request: Request) -> AuditReport:
    """Return the report without what is let through nor what is not judged, its paths counted from the repository."""
    from opendata_check import scoring

    suppressed = tuple(_let_through(decided))
    through = {finding for finding, _kind, _why in suppressed}
    kept = tuple(
        finding
        for finding in weighed(report.findings, request.settings)
        if finding not in through and concerns(finding, request.selection)
    )
    place = place_in_repository(request.root)
    return replace(
        report,
        target=place,
        catalogs=tuple(replace(catalog, location=place) for catalog in report.catalogs),
        findings=kept,
        priorities=scoring.priorities(kept, report.duties),
        suppressed=suppressed,
    )


def _let_through(decided: Verdict) -> Iterable[tuple[Finding, str, str]]:
    """Yield what is let through, with SARIF's word for a decision taken outside the files, and the reason."""
    yield from ((one.finding, _EXTERNAL, one.why) for one in decided.exempted)
    yield from ((finding, _EXTERNAL, "constat déjà connu") for finding in decided.known)
