"""One body, one line: what the table of the first page shows of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from opendata_check.model.compared import Change, Decay
from opendata_check.model.legal import Applicability
from opendata_check.model.lot import LotResult, LotState
from opendata_check.model.summary import AuditSummary
from opendata_check.reports.lot.phrases import french_date, name_of, points, say, say_count, short, sign

_FAMILIES_SHOWN = 4
_BOUND = frozenset(one.value for one in Applicability)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one body; the short keys are what the page filters and sorts by."""

    name: str
    link: str
    """Relative to the site's root."""
    place: str
    """« Meurthe-et-Moselle (54), Métropole du Grand Nancy »."""
    departement: str
    epci: str
    bound: str
    bound_word: str
    bound_sign: str
    state: str
    state_word: str
    datasets: int
    found: str
    duties: str
    action: str
    newest: str
    newest_key: str
    change: str
    change_word: str
    moves: int
    lost: str


def link(result: LotResult) -> str:
    """Return the address of a body's own page from the site's root."""
    return f"communes/{quote(result.entry.key, safe='')}/index.html"


def row(result: LotResult, summary: AuditSummary, change: Change | None) -> Row:
    """Return the line of an audited body."""
    bound = bound_of(summary)
    state = _state(result, summary)
    moved, lost = _moves(change), losses(change)
    return Row(
        name=name_of(summary.name, result.entry.typed),
        link=link(result),
        place=", ".join(part for part in (departement(summary), short(summary.epci_name, 80)) if part),
        departement=departement(summary),
        epci=short(summary.epci_name, 80),
        bound=bound,
        bound_word=say(f"bound_{bound}"),
        bound_sign=sign(f"bound_{bound}"),
        state=state,
        state_word=say(f"state_{state}"),
        datasets=summary.datasets,
        found=say("datasets_none") if not summary.datasets else say_count("datasets", summary.datasets),
        duties=_duties(summary),
        action=short(summary.first_action) or say("no_action"),
        newest=french_date(summary.newest) if summary.newest else (say("undated") if summary.datasets else "–"),
        newest_key=summary.newest.isoformat() if summary.newest else "",
        change=_change(change),
        change_word=moved,
        moves=change.mended - change.new if change else 0,
        lost=" ; ".join(lost),
    )


def bound_of(summary: AuditSummary) -> str:
    """Return a value of Applicability; « unknown » when nobody can tell."""
    return summary.bound if summary.bound in _BOUND else Applicability.UNKNOWN.value


def rows(results: Sequence[LotResult], changes: Mapping[str, Change]) -> list[Row]:
    """Return the lines of the audited bodies, in the order of the list."""
    return [row(one, one.summary, changes.get(one.entry.key)) for one in results if one.summary is not None]


def departement(summary: AuditSummary) -> str:
    """Return « Meurthe-et-Moselle (54) », or ""."""
    name, code = short(summary.departement_name, 60), short(summary.departement_code, 8)
    return f"{name} ({code})" if name and code else name or code


def _state(result: LotResult, summary: AuditSummary) -> str:
    if summary.partial or result.state is LotState.PARTIAL:
        return "partial"
    return "found" if summary.datasets else "nothing"


def _duties(summary: AuditSummary) -> str:
    counts = (("met", summary.duties_met), ("unmet", summary.duties_unmet), ("unknown", summary.duties_unknown))
    told = ", ".join(say_count(f"duties_{key}", count) for key, count in counts if count)
    return say("duties_short", text=told) if told else ""


def _change(change: Change | None) -> str:
    if change is None:
        return "first"
    if change.decays:
        return "lost"
    return "moved" if change.mended or change.new else "same"


def _moves(change: Change | None) -> str:
    if change is None:
        return say("changed_first")
    told = [
        say_count(f"changed_{key}", count) for key, count in (("mended", change.mended), ("new", change.new)) if count
    ]
    return ", ".join(told) if told else ("" if change.decays else say("changed_none"))


def losses(change: Change | None) -> list[str]:
    """Return what a body lost, a few words each."""
    return [_lost(decay) for decay in change.decays] if change else []


def _lost(decay: Decay) -> str:
    shown = ", ".join(decay.families[:_FAMILIES_SHOWN])
    if len(decay.families) > _FAMILIES_SHOWN:
        shown = f"{shown} {say('decay_more', count=len(decay.families) - _FAMILIES_SHOWN)}"
    return say(
        f"decay_{decay.kind.value}",
        before="" if decay.before is None else points(decay.before),
        after="" if decay.after is None else points(decay.after),
        families=shown,
    )
