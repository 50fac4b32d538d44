"""Decides whether a file keeps, beside what it shows, traces of those who wrote it."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.checks.texts import plain
from opendata_check.model.facts import ContentFacts, TraceFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list, plural

_SHOWN = 3


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per kind of trace; questions where the trace may be wanted; else one a file read whole."""
    facts = facts_of(case)
    traces = facts.traces if facts else None
    if facts is None or traces is None:
        return
    found = [*_written(traces), *_asked(facts, traces)]
    if found:
        yield from found
    elif not traces.partly_read and not facts.fault:
        yield Verdict(Outcome.COMPLIANT)


def _written(traces: TraceFacts) -> Iterable[Verdict]:
    """Yield what the writing left: changes and comments, then names."""
    left = traces.tracked_changes + traces.comments
    if left:
        parts = []
        if traces.tracked_changes:
            parts.append(plural(traces.tracked_changes, "modification suivie", "modifications suivies"))
        if traces.comments:
            parts.append(plural(traces.comments, "commentaire"))
        yield Verdict(Outcome.NON_COMPLIANT, case="changes", rule="changes", count=left,
                      values={"what": join_list(parts)})  # fmt: skip
    if traces.author or traces.last_author:
        yield Verdict(Outcome.NON_COMPLIANT, case="author", rule="author")


def _asked(facts: ContentFacts, traces: TraceFacts) -> Iterable[Verdict]:
    """Yield what may be wanted: places of photographs, hidden parts, files carried along."""
    if traces.positions:
        kind = "photograph" if facts.image is not None else "photographs"
        yield Verdict(Outcome.UNVERIFIABLE, case=kind, rule="positions", count=traces.positions,
                      values={"count": plural(traces.positions, "image")})  # fmt: skip
    sheets = len(facts.spreadsheet.hidden_sheets) if facts.spreadsheet else 0
    if traces.hidden_count > sheets:  # hidden sheets alone are told by the check of workbooks
        shown = [plain(place, 80) for place in traces.hidden_places[:_SHOWN]]
        where = f" : {join_list(shown)}" if shown else ""
        more = "…" if traces.hidden_count > _SHOWN else ""
        yield Verdict(Outcome.UNVERIFIABLE, case="hidden", rule="hidden", count=traces.hidden_count,
                      values={"where": f"{where}{more}"})  # fmt: skip
    if traces.embedded_files and facts.image is None:
        yield Verdict(Outcome.UNVERIFIABLE, case="embedded", rule="embedded", count=traces.embedded_files,
                      values={"count": plural(traces.embedded_files, "autre fichier", "autres fichiers")})  # fmt: skip
