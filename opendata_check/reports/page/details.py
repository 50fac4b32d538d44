"""The second half of a screen's page: files, private life, what is left to confirm, what was not seen, the words."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.reports.explain.phrases import phrase
from opendata_check.reports.outline.basics import Citation, Fact
from opendata_check.reports.outline.counted import Documents
from opendata_check.reports.outline.phrases import labels, listed, say
from opendata_check.reports.outline.values import (
    DatasetBlock,
    Files,
    Further,
    Group,
    Limits,
    Outline,
    Personal,
    Undecided,
)
from opendata_check.reports.page.console import ScreenPage
from opendata_check.wording import glossary

_SHOWN_FILES = 12
_SHOWN_UNDECIDED = 6
"""Files named on a screen for one gesture, for one doubt; the page names all."""


def files(page: ScreenPage, block: Files, kinds: Documents) -> None:
    """Write what was seen in the files."""
    page.heading(say("found"))
    if block.nothing:
        page.line(block.nothing)
    for text in (kinds.documents, kinds.data):
        if text:
            page.line(text)
    _titled_groups(page, say("found_general"), block.general)
    _titled_groups(page, say("found_repeated"), block.repeated)
    alone: dict[tuple[str, ...], list[str]] = {}
    for dataset in block.datasets:
        if dataset.groups or dataset.notes:
            _dataset(page, dataset)
        else:
            alone.setdefault(dataset.also, []).append(_titled(dataset))
    if alone:
        page.gap()
        page.line(say("found_alone"), style="bold underline")
    for also, titles in alone.items():
        page.line(say("stated", label=" ; ".join(titles), text=" ".join(also)), margin=1, first="-")
    if block.good:
        page.gap()
        good = say("stated", label=say("found_good"), text=", ".join(block.good))
        page.line(good, first=page.sign("compliant"), style="green")


def _titled_groups(page: ScreenPage, title: str, groups: Sequence[Group]) -> None:
    if groups:
        page.gap()
        page.line(title, style="bold underline")
        for group in groups:
            _group(page, group)


def _dataset(page: ScreenPage, dataset: DatasetBlock) -> None:
    page.gap()
    page.line(_titled(dataset), style="bold underline")
    for text in (*dataset.notes, *dataset.also):
        page.line(text)
    for group in dataset.groups:
        _group(page, group)


def _titled(dataset: DatasetBlock) -> str:
    return dataset.title if dataset.files == dataset.title else f"{dataset.title} ({dataset.files})"


def _group(page: ScreenPage, group: Group) -> None:
    page.line(f"{group.title} ({group.severity})", margin=1, first=page.sign(group.state), style="bold")
    several, many_files = len(group.items) > 1, len(group.files) > 1
    for item in group.items:
        message = item.message
        if several and many_files:
            message = say("stated", label=listed(item.files, _SHOWN_FILES), text=message)
        page.line(message, margin=3, first="-" if several else "")
        for fact in (Fact(say("where"), item.place), Fact(say("example"), item.example), item.evidence):
            if fact is not None:
                page.fact(fact.label, fact.text, margin=5 if several else 3)
    if group.action:
        page.fact(say("remedy"), say("see_action_short", rank=group.action))
    else:
        page.fact(say("remedy"), group.remedy)
        page.fact(say("time"), group.time)
    if not (several and many_files):  # else each line has named its own
        page.fact(say("file" if len(group.files) == 1 else "files"), listed(group.files, _SHOWN_FILES))
    page.fact(say("article"), labels(group.articles))


def personal(page: ScreenPage, block: Personal) -> None:
    """Write the alerts about private life."""
    if not block.sentence:
        return
    page.heading(say("personal"))
    page.line(block.sentence)
    for group in block.groups:
        _group(page, group)
    if block.facts:
        page.gap()
    for fact in block.facts:
        page.line(say("stated", label=fact.label, text=fact.text), margin=1)
    _article(page, block.articles)


def _article(page: ScreenPage, articles: Sequence[Citation]) -> None:
    if articles:
        page.fact(say("article"), labels(articles), margin=1)


def further(page: ScreenPage, block: Further) -> None:
    """Write what could be published besides."""
    if not (block.usual or block.years or block.others):
        return
    page.heading(say("further"))
    for text in block.usual:
        page.line(text, first="-")
    for text in (block.years, block.others, block.like):
        if text:
            page.line(text)


def limits(page: ScreenPage, block: Limits) -> None:
    """Write what is left to confirm (questions), then what could not be seen (faults): two different things."""
    open_points = [one for one in block.undecided if one.open]
    unseen = [one for one in block.undecided if not one.open]
    if open_points:
        page.heading(say("to_check"))
        page.line(say("to_check_intro"))
        for one in open_points:
            page.gap()
            _undecided(page, one)
    page.heading(say("limits"))
    if not (unseen or block.faults):
        page.line(say("limits_none"))
    for one in unseen:
        _undecided(page, one)
        page.gap()
    for fault in block.faults:
        page.line(fault, first=page.sign("error"))


def _undecided(page: ScreenPage, undecided: Undecided) -> None:
    for point in undecided.points:
        page.line(point.label, first=page.sign(undecided.state), style="bold")
        page.line(point.text, margin=2)
    named = listed(undecided.files, _SHOWN_UNDECIDED)
    page.fact(say("file" if len(undecided.files) == 1 else "files"), named, margin=2)


def peers(page: ScreenPage, lines: Sequence[str]) -> None:
    """Write the scores that others would give."""
    if lines:
        page.heading(phrase("scores_heading"))
    for line in lines:
        page.line(line, first="-")


def closing(page: ScreenPage, told: Outline) -> None:
    """Write the risk, the help, the words and the method."""
    page.heading(say("risk"))
    page.line(say("risk_text"))
    page.heading(say("help"))
    for helper in ("help_epci", "help_supplier", "help_data_gouv"):
        page.line(say(helper), first="-")
    page.heading(say("glossary"))
    for term, meaning in glossary():
        page.line(say("stated", label=term, text=meaning), first="-")
    page.heading(say("method"))
    page.line(f"{say('method_text')} {told.reserve}")
    page.line(told.made_by, style="dim")
