"""The audits of one body, one line each, and what changed between two of them, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opendata_check.model.finding import Axis
from opendata_check.model.history import Comparison, StoredAudit
from opendata_check.model.summary import AuditSummary, Difference, FindingMark
from opendata_check.reports.outline.phrases import whole
from opendata_check.reports.store.blocks import Block, Grid, Points, Title, Words, bound_word, say, say_count
from opendata_check.wording import french_date, french_number, join_list, word

_SHOWN = 40
"""Points told one by one for each kind of change; JSON has all."""
_WIDTHS = (12, 4, *[4] * 7, 6, 10)


def history(audits: Sequence[tuple[StoredAudit, Difference | None]]) -> list[Block]:
    """Return the blocks for the audits of a body, by date; each with what changed since the one before."""
    last = audits[-1][0].summary
    blocks: list[Block] = [
        Title(say("history_title", name=name_of(last)), 1),
        Words(say_count("history_count", len(audits))),
        Grid(
            (say("c_date"), say("c_bound"), say("c_whole"), *(say(f"a_{axis.value}") for axis in Axis),
             say("c_points"), say("c_change")),
            tuple(_row(audit, change) for audit, change in audits),
            _WIDTHS,
        ),
    ]  # fmt: skip
    blocks += map(Words, _notes([audit for audit, _ in audits]))
    return blocks


def _row(audit: StoredAudit, change: Difference | None) -> tuple[str, ...]:
    summary = audit.summary
    signs = ("*" if audit.late else "") + ("°" if summary.partial else "")
    scores = {one.axis: one.score for one in summary.axes}
    moved = say("first") if change is None else say("moved", mended=len(change.mended), new=len(change.new))
    return (
        f"{summary.on:%d/%m/%Y}{signs}",
        bound_word(summary.bound),
        points(summary.overall),
        *(points(scores.get(axis)) for axis in Axis),
        french_number(audit.points),
        moved,
    )


def _notes(audits: Sequence[StoredAudit]) -> Iterator[str]:
    yield say("legend", axes=" ; ".join(f"{say(f'a_{axis.value}')} : {word('axes', axis)}" for axis in Axis))
    yield say("legend_change")
    if any(audit.late for audit in audits):
        yield say("legend_late")
    if any(audit.summary.partial for audit in audits):
        yield say("legend_partial")
    versions = list(dict.fromkeys(audit.summary.tool_version for audit in audits))
    if len(versions) > 1:
        yield say("versions", versions=join_list(versions))
    if len(audits) == 1:
        yield say("history_alone")


def comparison(found: Comparison) -> list[Block]:
    """Return the blocks for what changed between two audits."""
    before, after, change = found.before.summary, found.after.summary, found.change
    blocks: list[Block] = [
        Title(
            say("diff_title", name=name_of(after), before=french_date(before.on), after=french_date(after.on)), 1
        ),
        Words(
            say("diff_counts", mended=say_count("mended", len(change.mended)), new=say_count("new", len(change.new)),
                same=say_count("same", len(change.unchanged)))
        ),
        Grid((say("c_axis"), f"{before.on:%d/%m/%Y}", f"{after.on:%d/%m/%Y}"), tuple(_scores(before, after)),
             (28, 16, 16)),
    ]  # fmt: skip
    blocks += map(Words, _warnings(before, after))
    for title, marks in (("mended", change.mended), ("new", change.new), ("same", change.unchanged)):
        blocks.append(Title(say(f"{title}_title", count=french_number(len(marks)))))
        blocks += _listed(marks, details=title != "same")
    return blocks


def _scores(before: AuditSummary, after: AuditSummary) -> Iterator[tuple[str, ...]]:
    one, other = ({axis.axis: axis.score for axis in summary.axes} for summary in (before, after))
    yield say("whole"), on_hundred(before.overall), on_hundred(after.overall)
    for axis in Axis:
        yield word("axes", axis), on_hundred(one.get(axis)), on_hundred(other.get(axis))
    yield say("datasets"), french_number(before.datasets), french_number(after.datasets)


def _warnings(before: AuditSummary, after: AuditSummary) -> Iterator[str]:
    """Yield what makes a difference say less than it seems."""
    if after.partial or before.partial:
        yield say("warn_partial")
    if after.datasets < before.datasets:
        yield say_count("warn_fewer", before.datasets - after.datasets)
    if after.tool_version != before.tool_version:
        yield say("warn_version", before=before.tool_version, after=after.tool_version)


def _listed(marks: Sequence[FindingMark], *, details: bool) -> Iterator[Block]:
    """Yield the points, each title once with what it is about; at most _SHOWN titles."""
    if not marks:
        yield Words(say("none"))
        return
    titles: dict[str, list[FindingMark]] = {}
    for one in marks:
        titles.setdefault(one.title, []).append(one)
    items = []
    for title, group in list(titles.items())[:_SHOWN]:
        told = list(dict.fromkeys(one.message for one in group))
        more = say_count("others", len(told) - 1) if len(told) > 1 else ""
        count = f" ({french_number(len(group))})" if len(group) > 1 else ""
        items.append((f"{title}{count}", f"{told[0]} {more}".strip() if details else ""))
    yield Points(tuple(items))
    if len(titles) > _SHOWN:
        yield Words(say_count("left", len(titles) - _SHOWN))


def name_of(summary: AuditSummary) -> str:
    """Return how a body is called on a page."""
    return summary.name or summary.target or summary.body


def points(score: float | None) -> str:
    """Return a score cut downwards, for a column of scores on 100."""
    return "–" if score is None else str(whole(score))


def on_hundred(score: float | None) -> str:
    """Return « 83 sur 100 »."""
    return say("unverified") if score is None else say("on_hundred", score=whole(score))
