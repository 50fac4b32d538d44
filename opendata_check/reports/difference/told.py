"""Words a comparison once, in order, for the screen and for Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from opendata_check.model.finding import Outcome
from opendata_check.model.summary import FindingMark
from opendata_check.reports.difference.comparison import AuditComparison, DutyChange, ScoreChange
from opendata_check.reports.difference.phrases import tell, tell_count
from opendata_check.reports.outline.phrases import listed, quoted, whole
from opendata_check.reports.safety import shorten
from opendata_check.wording import french_date, word

_SHOWN_POINTS = 15
"""Points of one block; the JSON has them all."""
_SHOWN_WHERE = 3
_SHOWN_DATASETS = 8
_TITLE = 80


@dataclass(frozen=True, slots=True)
class Block:
    """A title and what stands under it."""

    title: str
    intro: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The whole, in the order it is read."""

    title: str
    dates: str
    cautions: tuple[str, ...]
    summary: tuple[str, ...]
    scores: tuple[tuple[str, str, str, str], ...]
    """Name, before, after, change."""
    blocks: tuple[Block, ...]


def told(found: AuditComparison) -> Told:
    """Return the comparison in words."""
    return Told(
        title=tell("title", name=found.after.name or found.before.name or tell("nobody")),
        dates=tell("dates", before=french_date(found.before.on), after=french_date(found.after.on)),
        cautions=tuple(caution.text for caution in found.cautions),
        summary=tuple(_summary(found)),
        scores=tuple(map(_score, found.scores)),
        blocks=tuple(block for block in _blocks(found) if block.items),
    )


def _summary(found: AuditComparison) -> Iterator[str]:
    change = found.difference
    mended, settled = _split(change.mended)
    faults, questions = _split(change.new)
    counts = (
        ("mended", len(mended)),
        ("settled", len(settled)),
        ("new", len(faults)),
        ("asked", len(questions)),
        ("confirmed", len(found.confirmed)),
        ("stays", len(change.unchanged) - len(found.confirmed)),
        ("unseen", len(change.unseen)),
    )
    told = [tell_count(f"count_{key}", count) for key, count in counts if count]
    moved = any((change.mended, change.new, change.unseen, found.confirmed, found.appeared, found.vanished))
    if not moved and not found.duties and not found.unseen:
        yield tell("nothing")
    yield from told


def _split(marks: Iterable[FindingMark]) -> tuple[list[FindingMark], list[FindingMark]]:
    """Return the faults, then the questions and failures."""
    every = list(marks)
    faults = [one for one in every if one.outcome == Outcome.NON_COMPLIANT]
    return faults, [one for one in every if one.outcome != Outcome.NON_COMPLIANT]


def _blocks(found: AuditComparison) -> Iterator[Block]:
    change = found.difference
    mended, settled = _split(change.mended)
    faults, questions = _split(change.new)
    confirmed = {one.fingerprint for one in found.confirmed}
    stays = [one for one in change.unchanged if one.fingerprint not in confirmed]
    yield _points("mended", mended)
    yield _points("settled", settled)
    yield _points("new", faults)
    yield _points("confirmed", found.confirmed)
    yield _points("asked", questions)
    yield _points("unseen", change.unseen)
    yield Block(tell("law_title"), "", tuple(map(_duty, found.duties)))
    yield Block(tell("datasets"), "", tuple(_datasets(found)))
    yield _points("stays", stays)


def _points(key: str, marks: Sequence[FindingMark]) -> Block:
    """Return the points of one block: those that one gesture mends stand on one line."""
    together: dict[tuple[str, str, str], list[FindingMark]] = {}
    for mark in marks:
        together.setdefault((mark.check, mark.title, mark.obligation), []).append(mark)
    lines = [_point(same) for same in together.values()]
    rest = len(lines) - _SHOWN_POINTS
    if rest > 1:
        lines = [*lines[:_SHOWN_POINTS], tell("more", count=rest)]
    return Block(tell(f"{key}_title"), tell(f"{key}_intro"), tuple(lines))


def _point(marks: Sequence[FindingMark]) -> str:
    first = marks[0]
    places = tuple(dict.fromkeys(shorten(one.file or one.dataset, _TITLE) for one in marks if one.file or one.dataset))
    title = shorten(first.title.rstrip(". "), 2 * _TITLE)
    if places:
        title = tell("point_at", title=title, places=listed(places, _SHOWN_WHERE))
    if len(marks) == 1 and first.message and first.message.rstrip(". ") != first.title.rstrip(". "):
        return tell("point_seen", point=title, message=first.message)
    return f"{title}."


def _score(one: ScoreChange) -> tuple[str, str, str, str]:
    name = word("axes", one.axis) if one.axis else tell("overall")
    if one.before is None or one.after is None:
        return name, _points_of(one.before), _points_of(one.after), ""
    gained = whole(one.after) - whole(one.before)
    change = tell("same") if gained == 0 else f"{gained:+d}".replace("-", "\N{MINUS SIGN}")
    return name, _points_of(one.before), _points_of(one.after), change


def _points_of(score: float | None) -> str:
    return tell("no_score") if score is None else str(whole(score))


def _duty(one: DutyChange) -> str:
    if not one.before:
        return tell("duty_new", title=one.title, after=word("outcomes", one.after))
    if not one.after:
        return tell("duty_gone", title=one.title)
    return tell("duty", title=one.title, before=word("outcomes", one.before), after=word("outcomes", one.after))


def _datasets(found: AuditComparison) -> Iterator[str]:
    for key, every in (("appeared", found.appeared), ("vanished", found.vanished), ("not_met", found.unseen)):
        if every:
            titles = [shorten(one.title or one.key, _TITLE) for one in every]
            yield tell_count(key, len(every), titles=quoted(titles, _SHOWN_DATASETS))
