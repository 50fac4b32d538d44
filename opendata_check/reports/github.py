"""The report as GitHub workflow commands: annotations for the gravest gestures, then one line a fault in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opendata_check.model.finding import Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci import unseen
from opendata_check.reports.ci.grouping import Gesture, address, elsewhere, gestures
from opendata_check.reports.ci.phrases import counted, say
from opendata_check.reports.ci.places import Places
from opendata_check.reports.ci.problems import (
    ERROR,
    NOTE,
    WARNING,
    Models,
    Problem,
    flat,
    gravest_first,
    one_line,
    severity_word,
    told,
)
from opendata_check.reports.interface import Layout
from opendata_check.reports.safety import shorten
from opendata_check.wording import french_number

EXTENSION = "txt"
SUMMARY = "les annotations d'un workflow GitHub"
_COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
_EACH = 10
"""Annotations of each kind that GitHub shows for one step; it drops the others without a word."""
_LINES = 500
_TITLE = 200
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the commands, ten of a kind at most, then the log, folded, and how many there are in all."""
    problems = gravest_first(report, Places(report))
    yield from _annotations(report, gestures(problems))
    models = Models(report)
    lines = [_line(problem, models) for problem in problems[:_LINES]]
    yield from _folded(say("log_all", count=french_number(len(problems))), lines, len(problems) - _LINES)
    failed = [finding for finding in report.findings if finding.outcome is Outcome.ERROR]
    lost = [say("not_checked", message=one_line(finding.message or finding.title)) for finding in failed]
    lost += [*unseen.incomplete(report), *unseen.unread(report)]
    yield from _folded(say("unseen_suite"), lost[:_LINES], len(lost) - _LINES)
    unknown = sum(finding.outcome is Outcome.UNVERIFIABLE for finding in report.findings)
    yield _plain(say("log_end", counts=counted(len(problems), unknown, len(failed)))) + "\n"


def _folded(title: str, lines: list[str], left: int) -> Iterator[str]:
    """Yield lines under a title that opens; nothing when there is none."""
    if not lines:
        return
    yield f"::group::{_data(title)}\n"
    for line in lines:
        yield f"- {_plain(line)}\n"
    if left > 0:
        yield f"- {say('log_left', count=french_number(left))}\n"
    yield "::endgroup::\n"


def _annotations(report: AuditReport, groups: tuple[Gesture, ...]) -> Iterator[str]:
    """Yield the annotations, gravest first; the last notice counts the faults that have none."""
    room = {ERROR: _EACH, WARNING: _EACH, NOTE: _EACH}
    for text in unseen.incomplete(report):
        if room[WARNING] > _EACH // 2:
            room[WARNING] -= 1
            yield _command(WARNING, {}, text)
    counts = Counter(group.level for group in groups)
    if any(counts[kind] > room[kind] for kind in room):
        room[NOTE] -= 1
    left = 0
    for group in groups:
        if room[group.level]:
            room[group.level] -= 1
            yield _annotation(group)
        else:
            left += len(group.problems)
    if left:
        many = say("annotations_left", count=french_number(left)) if left > 1 else say("annotations_left_one")
        yield _command(NOTE, {"title": many}, say("annotations_where"))


def _annotation(group: Gesture) -> str:
    finding, place = group.first.finding, group.first.place
    properties: dict[str, object] = {}
    if place.own:  # without a file, GitHub pins the annotation to the workflow itself
        properties["file"] = place.path
        if place.first:
            properties["line"] = place.first
            if place.last > place.first:
                properties["endLine"] = place.last
    properties["title"] = shorten(group.title, _TITLE)
    more = elsewhere(group)
    return _command(group.level, properties, f"{told(finding)}\n{more}" if more else told(finding))


def _line(problem: Problem, models: Models) -> str:
    """Return « données/a.csv, colonne B (date), ligne 4 : important : … [valeurs-conformes] »."""
    schema, version = models.of(problem.finding)
    ids = [problem.finding.check, *([say("schema_short", id=schema, version=version)] if schema else [])]
    return f"{address(problem)} : {severity_word(problem.finding)} : {told(problem.finding)} [{', '.join(ids)}]"


def _command(level: str, properties: dict[str, object], message: str) -> str:
    """Return one workflow command, escaped as GitHub's toolkit does."""
    given = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS[level]}{' ' if given else ''}{given}::{_data(message)}\n"


def _data(text: str) -> str:
    return _escaped(text, _DATA)


def _escaped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for sign, code in table:
        text = text.replace(sign, code)
    return text


def _plain(text: str) -> str:
    """Return a line of the log that the runner takes for no command: « ##[…] » is the old way to write one."""
    return flat(text).replace("##[", "## [")
