"""The first page's sentences: how many, who is bound, who publishes, what changed and what was lost."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.model.compared import Compared, Counts
from opendata_check.model.lot import Lot, LotState
from opendata_check.reports.lot.phrases import french_date, noun, say, say_count, short
from opendata_check.wording import french_number


@dataclass(frozen=True, slots=True)
class Overview:
    """Sentences in reading order."""

    title: str
    told: tuple[str, ...]
    left: str
    """« 3 lignes de la liste sont à reprendre. », or ""."""
    since: str
    moved: str
    """What was mended and what is new, or that this is the first run."""
    alert: str
    """« 3 communes n'ont plus de fichier à jour. », or ""."""
    calm: str
    """That nothing was lost, or ""."""


def overview(lot: Lot, compared: Compared) -> Overview:
    """Return the sentences of the first page."""
    counts = compared.counts
    states = dict(counts.states)
    audited = states.get(LotState.DONE, 0) + states.get(LotState.PARTIAL, 0)
    left = counts.lines - states.get(LotState.DONE, 0) - states.get(LotState.PARTIAL, 0)
    total = counts.lines - states.get(LotState.DUPLICATE, 0)
    again = left - states.get(LotState.DUPLICATE, 0)
    return Overview(
        title=short(lot.title, 200) or say("title", count=french_number(total), noun=noun(compared, total)),
        told=tuple(_told(compared, audited, total, states.get(LotState.PARTIAL, 0))),
        left=say_count("left", again) if again else "",
        since=say("since", day=french_date(lot.previous_on)) if lot.previous_on else say("since_unknown"),
        moved=_moved(counts),
        alert=_alert(compared),
        calm=say("no_decay", noun=noun(compared, 1)) if counts.compared and not counts.decayed else "",
    )


def _told(compared: Compared, audited: int, total: int, partial: int) -> list[str]:
    counts = compared.counts
    if not audited:
        return [say("audited_none")]
    bound = dict(counts.bound)
    whole = "audited_all" if audited == total else "audited"
    lines = [say_count(whole, audited, noun=noun(compared, audited), total=french_number(total))]
    unknown = bound.get("unknown", 0) + bound.get("", 0)
    exempt = bound.get("exempt", 0) + bound.get("not_in_force", 0)
    told = [("applies", bound.get("applies", 0)), ("exempt", exempt), ("unknown", unknown)]
    lines.append(" ".join(say_count(key, count) for key, count in told if count))
    published = [("publishing", counts.publishing), ("silent", counts.silent)]
    lines.append(" ".join(say_count(key, count) for key, count in published if count))
    lines.append(say_count("old", counts.old) if counts.old else "")
    lines.append(say_count("partial", partial) if partial else "")
    return [line for line in lines if line]


def _moved(counts: Counts) -> str:
    if not counts.compared:
        return say("first_run")
    return say("moved", mended=_count("mended", counts.mended), new=_count("new", counts.new))


def _count(key: str, count: int) -> str:
    return say_count(key, count) if count else say(f"{key}_none")


def _alert(compared: Compared) -> str:
    counts = compared.counts
    lines = [
        say_count(key, count, noun=noun(compared, count))
        for key, count in (("outdated", counts.outdated), ("decayed", counts.decayed))
        if count
    ]
    return " ".join(lines)
