"""The report as a job summary of GitHub: the verdict, the scores, what to improve first, and the rest folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opendata_check.model.finding import Outcome, Severity
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci import unseen
from opendata_check.reports.ci.grouping import Gesture, gestures, subject
from opendata_check.reports.ci.markdown import code, plain, row
from opendata_check.reports.ci.phrases import doubts, faults_phrase, say
from opendata_check.reports.ci.places import Places
from opendata_check.reports.ci.problems import Models, Problem, gravest_first, one_line, severity_word, where
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline.board import board
from opendata_check.reports.outline.phrases import say as say_report
from opendata_check.reports.outline.phrases import sentence, whole
from opendata_check.reports.safety import shorten
from opendata_check.wording import french_date, french_number, plural

EXTENSION = "md"
SUMMARY = "le résumé d'un workflow GitHub"
_MOST_BYTES = 1_000_000
"""GitHub refuses the whole summary of a step beyond 1 MiB (1 024 kB)."""
_ROOM = 2_000
"""Bytes kept for the last lines."""
_SHOWN = 30
_PLACES = 3
_SEEN = 200
_FEW = 100


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the page, within 1 000 000 bytes; a line that finds no room is counted, and the page says how many."""
    problems = gravest_first(report, Places(report))
    room = _MOST_BYTES - _ROOM
    left = 0
    for piece, counts in _pieces(report, problems):
        size = len(piece.encode("utf-8"))
        if counts and size > room:
            left += 1
            continue
        room -= size
        yield piece
    if left:
        yield f"\n> {plain(say('summary_left', count=french_number(left)))}\n"
    made = say_report("made_by", version=report.tool_version, day=french_date(report.on))
    yield f"\n{plain(say('summary_page'))} {plain(say_report('reserve'))} {plain(made)}\n"


def _pieces(report: AuditReport, problems: list[Problem]) -> Iterator[tuple[str, bool]]:
    """Yield the page in pieces, each with whether it may be left out for want of room."""
    name = report.organization.name if report.organization else say_report("nobody")
    yield f"## {plain(say('summary_title', name=name))}\n\n", False
    yield f"**{plain(_verdict(report, problems))}**\n\n", False
    for line in unseen.incomplete(report):
        yield f"> {plain(line)}\n\n", False
    yield _scores(report), False
    if problems:
        groups = gestures(problems)
        yield f"### {say('summary_faults')}\n\n{_table(groups)}\n", False
        yield _opened(say("summary_how", count=french_number(len(problems)))), False
        models = Models(report)
        for group in groups:
            yield _how(group), True
            for problem in group.problems:
                yield _item(problem, group.first.finding.remedy, models), True
        yield "\n</details>\n\n", False
    yield from _confirm(report)
    lost = [f.message or f.title for f in report.findings if f.outcome is Outcome.ERROR]
    yield from _folded(say("unseen_suite"), [plain(one_line(line)) for line in (*lost, *unseen.unread(report))])


def _verdict(report: AuditReport, problems: list[Problem]) -> str:
    """Return « 45 points à améliorer, dans 14 endroits. À traiter d'abord : 2. 62 points à confirmer. »."""
    outcomes = Counter(finding.outcome for finding in report.findings)
    unknown, failed = outcomes[Outcome.UNVERIFIABLE], outcomes[Outcome.ERROR]
    if not outcomes[Outcome.COMPLIANT] and not problems:
        told = say("summary_blind")
    elif not problems:
        told = say("summary_good")
    else:
        urgent = sum(one.finding.blocker or one.finding.severity is Severity.CRITICAL for one in problems)
        places = plural(len({subject(problem) for problem in problems}), "endroit")
        told = say(
            "summary_verdict_urgent" if urgent else "summary_verdict",
            faults=faults_phrase(len(problems)),
            places=places,
            urgent=french_number(urgent),
        )
    others = doubts(unknown, failed)
    return f"{told} {sentence(', '.join(others))}" if others else told


def _scores(report: AuditReport) -> str:
    """Return the table of scores, the whole first."""
    told, scores = board(report.scores, report.datasets), report.scores
    shares = (scores.confidence, *(axis.confidence for axis in scores.axes))
    heads = (say(f"summary_{head}") for head in ("axis", "score", "state", "share"))
    lines = [
        row(plain(gauge.title), plain(gauge.text), plain(gauge.word), say("share", share=whole(100 * share)))
        for gauge, share in zip((told.overall, *told.axes), shares, strict=True)
    ]
    notes = " ".join(filter(None, (plain(told.note), plain(told.partial))))
    title = f"### {say('summary_scores')}\n\n"
    return f"{title}{row(*heads)}{row('---', '---', '---', '---')}{''.join(lines)}\n{notes}\n\n"


def _table(groups: tuple[Gesture, ...]) -> str:
    """Return the gestures, the gravest first: one a line, with its first places."""
    heads = ("severity", "gesture", "where", "seen", "check")
    lines = [row(*(say(f"summary_{head}") for head in heads)), row(*["---"] * len(heads))]
    for group in groups[:_SHOWN]:
        finding = group.first.finding
        shown = _files(group)
        seen = plain(shorten(one_line(finding.message or finding.title), _SEEN))
        action = plain(one_line(finding.action or finding.title))
        lines.append(row(plain(severity_word(finding)), action, "<br>".join(shown), seen, code(finding.check)))
    if len(groups) > _SHOWN:
        lines.append(f"\n{say('summary_more', count=french_number(len(groups) - _SHOWN))}\n")
    return "".join(lines)


def _files(group: Gesture) -> list[str]:
    """Return the first files of a gesture, each once with where in it."""
    found: dict[str, list[str]] = {}
    for problem in group.problems:
        inside = found.setdefault(_name(problem), [])
        inside.append(plain(where(problem.finding, problem.place.location)))
    lines = [", ".join([name, *_few([text for text in dict.fromkeys(inside) if text], " ; ")])
             for name, inside in found.items()]  # fmt: skip
    return _few(lines)


def _few(texts: list[str], joined: str = "") -> list[str]:
    """Return the first texts and how many more there are; all in one with ``joined``."""
    more = len(texts) - _PLACES
    shown = [*texts[:_PLACES], *([say("more", count=french_number(more))] if more > 0 else [])]
    return [joined.join(shown)] if joined and shown else shown


def _name(problem: Problem) -> str:
    return code(subject(problem)) if problem.place.own else plain(subject(problem))


def _where(problem: Problem) -> str:
    """Return the file between back-ticks, with the column and the rows."""
    inside = where(problem.finding, problem.place.location)
    return f"{_name(problem)}, {plain(inside)}" if inside else _name(problem)


def _how(group: Gesture) -> str:
    """Return a gesture, why, and how."""
    finding = group.first.finding
    texts = [finding.why, say("remedy", remedy=finding.remedy) if finding.remedy else ""]
    told = " ".join(plain(one_line(text)) for text in texts if text)
    return f"\n**{plain(one_line(finding.action or finding.title))}** ({code(finding.check)}). {told}\n\n"


def _item(problem: Problem, said: str, models: Models) -> str:
    """Return a fault in its place, with how to mend it when that was not ``said`` above."""
    finding = problem.finding
    schema, version = models.of(finding)
    texts = [finding.message or finding.title, say("schema", id=schema, version=version) if schema else ""]
    if finding.remedy not in ("", said):
        texts.append(say("remedy", remedy=finding.remedy))
    return f"- {_where(problem)} : {' '.join(plain(one_line(text)) for text in texts if text)}\n"


def _confirm(report: AuditReport) -> Iterator[tuple[str, bool]]:
    """Yield what could not be told, a line a check: « La licence est indiquée : 12 »."""
    asked: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        if finding.outcome is Outcome.UNVERIFIABLE:
            asked[finding.title, finding.check] += 1
    lines = [f"{plain(one_line(title))} ({code(check)}) : {french_number(n)}" for (title, check), n in asked.items()]
    yield from _folded(say("summary_confirm", count=french_number(asked.total())), lines)


def _folded(title: str, lines: list[str]) -> Iterator[tuple[str, bool]]:
    if lines:
        yield _opened(title), False
        for line in lines[:_FEW]:
            yield f"- {line}\n", True
        if len(lines) > _FEW:
            yield f"- {say('more', count=french_number(len(lines) - _FEW))}\n", False
        yield "\n</details>\n\n", False


def _opened(title: str) -> str:
    return f"<details><summary>{title}</summary>\n\n"
