"""The gate's own flow: what is judged, what was kept of it, else the audit; then the verdict."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.gate.baseline import Baseline
from opendata_check.gate.findings import Found, concerns, found_in, weighed
from opendata_check.gate.keeping import Memory, State, key_of, state_of, unchanged
from opendata_check.gate.root import place_in_repository
from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import Settings
from opendata_check.gate.source import RepositorySource, real_names
from opendata_check.gate.verdict import Verdict, verdict

if TYPE_CHECKING:
    from opendata_check.model.organization import Organization
    from opendata_check.model.report import AuditReport, Progress


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


def judge(request: Request) -> Generator[Progress | Answer, None, None]:
    """Judge the files: yields progress, then the answer, always last. Raises what the audit raises."""
    memory = Memory(request.root, wanted=request.remember)
    files = sorted(real_names(request.selection).items())
    state = state_of(files)
    key = _key(request, state)
    found: Found | None = memory.get(key, Found, "found")
    report: AuditReport | None = None
    if found is not None and request.report:
        from opendata_check.model.report import AuditReport as Report

        report = memory.get(key, Report, "report")
    remembered = found is not None and (report is not None or not request.report)
    if not remembered:
        for event in _audited(request):
            if not isinstance(event, _Read):
                yield event
                continue
            found, report = event.found, event.report
            if unchanged(state, files):
                memory.put(key, report, "report")
                memory.put(key, found, "found")
    assert found is not None
    decided = verdict(found, request.settings, request.baseline, request.selection, request.on)
    shown = _filtered(report, decided, request) if report is not None and request.report else None
    yield Answer(decided, found, shown, remembered, memory.refused)


@dataclass(frozen=True, slots=True)
class _Read:
    found: Found
    report: AuditReport


def _key(request: Request, state: State) -> str:
    chosen = request.selection
    return key_of(
        str(request.root), request.written, request.settings.file, chosen.prefix, sorted(chosen.judged),
        sorted(chosen.excluded), chosen.whole, request.on.isoformat(), state.digest,
        [fault.line for fault in (*chosen.faults, *chosen.set_aside)],
    )  # fmt: skip


def _audited(request: Request) -> Generator[Progress | _Read, None, None]:
    """Read the files and judge them. Nothing goes on line."""
    from opendata_check import audit as flow
    from opendata_check.fetching import open_fetcher
    from opendata_check.model.report import AuditReport as Report

    source = RepositorySource(request.selection, request.settings.schemas)
    with open_fetcher(cache_folder=None, offline=True) as fetcher:
        asked = flow.Request(request.root.name or "dépôt", request.on, request.organization(), (source,))
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

    through = {one.finding.fingerprint for one in decided.exempted} | {one.fingerprint for one in decided.known}
    kept = tuple(
        finding
        for finding in weighed(report.findings, request.settings)
        if finding.fingerprint not in through and concerns(finding, request.selection)
    )
    place = place_in_repository(request.root)
    return replace(
        report,
        target=place,
        catalogs=tuple(replace(catalog, location=place) for catalog in report.catalogs),
        findings=kept,
        priorities=scoring.priorities(kept, report.duties),
    )
