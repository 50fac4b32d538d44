"""The whole report in Markdown: readable as it is, and shown well by GitHub, GitLab and wikis; no HTML in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opendata_check.model.report import AuditReport
from opendata_check.reports.explain.phrases import phrase
from opendata_check.reports.explain.standing import summary
from opendata_check.reports.interface import Layout
from opendata_check.reports.office.actions import action
from opendata_check.reports.office.marks import block, bullets, fact, facts, heading, links, paragraph, table, text
from opendata_check.reports.office.phrases import tell
from opendata_check.reports.outline import outline
from opendata_check.reports.outline.basics import Citation, VerdictBlock
from opendata_check.reports.outline.phrases import listed, say, sentence
from opendata_check.reports.outline.values import (
    Action,
    Actions,
    Board,
    Brief,
    DatasetBlock,
    Files,
    Further,
    Group,
    Limits,
    OtherRules,
    Outline,
    Personal,
    Question,
    Rule,
)
from opendata_check.wording import glossary, word

EXTENSION = "md"
SUMMARY = "un texte pour un wiki ou GitHub"
_SHOWN_FILES = 40
"""Files named for one gesture; the others are counted, and the format csv names them all."""


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the report in pieces, headings in order, everything unfolded."""
    told = outline(report)
    yield heading(1, told.title)
    yield from _verdict(told.verdict)
    yield "".join(fact(one.label, one.text) for one in told.body) + "\n"
    if told.partial:
        yield paragraph(f"{_sign('error')} {told.partial}", strong=True)
    credit = say("stated", label=say("credit"), text=told.credit.text)
    yield paragraph(f"{_sign(told.credit.state)} {credit}.")
    yield from _actions(told.actions)
    yield from _board(told.board)
    yield from _rules(told.rules)
    yield from _others(told.others)
    yield from _questions(told.questions, told.more_questions)
    yield from _files(told.files)
    yield from _personal(told.personal)
    yield from _further(told.further)
    yield from _limits(told.limits)
    if peers := summary(report.others_scores):
        yield heading(2, phrase("scores_heading"))
        yield bullets(peers)
    yield from _closing(told)


def _sign(state: str) -> str:
    return word("outcomes", state, "sign")


def _verdict(verdict: VerdictBlock) -> Iterator[str]:
    yield paragraph(verdict.sentence, strong=True)
    yield paragraph(verdict.reason)
    yield bullets(verdict.what_if)
    for words in verdict.more:
        yield paragraph(words)
    yield bullets(f"{_sign(one.state)} {one.text}" if one.state else one.text for one in verdict.figures)
    yield _articles(verdict.articles, dated=True)


def _articles(articles: Sequence[Citation], *, dated: bool = False) -> str:
    if not articles:
        return ""
    return f"{text(say('article'))}\N{NO-BREAK SPACE}: {links(articles, dated=dated)}\n\n"


def _actions(actions: Actions) -> Iterator[str]:
    yield heading(2, actions.heading)
    yield paragraph(actions.nothing)
    for one in actions.first:
        yield action(one, 3)
    if actions.others:
        yield heading(3, sentence(actions.others_title).rstrip("."))
        yield table(
            [tell("column_rank"), tell("column_action"), tell("column_effort"), say("gain")],
            ([str(one.rank), text(one.title), text(_practical(one, "time")), text(_practical(one, "gain"))]
             for one in actions.others),
        )  # fmt: skip
        yield paragraph(tell("others_where"))


def _practical(one: Action, label: str) -> str:
    return next((fact.text for fact in one.practical if fact.label == say(label)), "")


def _board(board: Board) -> Iterator[str]:
    yield heading(2, say("scores"))
    yield table(
        [tell("column_axis"), tell("column_score"), tell("column_state"), tell("column_share")],
        ([text(one.title), text(one.text), text(f"{_sign(one.state)} {one.word}"), text(one.share)]
         for one in (board.overall, *board.axes)),
    )  # fmt: skip
    yield paragraph(board.next)
    if board.partial:
        yield paragraph(f"{_sign('error')} {board.partial}")
    yield paragraph(board.note)


def _rules(rules: Sequence[Rule]) -> Iterator[str]:
    yield heading(2, say("law"))
    if not rules:
        yield paragraph(say("law_none"))
        return
    yield table(
        [say("rule"), say("state"), say("article")],
        ([text(one.title), text(f"{_sign(one.state)} {one.state_word}"), links(one.articles, dated=True)]
         for one in rules),
    )  # fmt: skip
    for one in rules:
        yield heading(3, one.title)
        yield paragraph(" ".join(filter(None, (one.reason, one.since, one.doubt))))
        if lines := facts((*one.facts, *one.more)):
            yield f"{lines}\n"


def _others(others: OtherRules) -> Iterator[str]:
    if others.binding or others.unknown or others.out:
        yield heading(2, say("law_others"))
    for told, briefs in (("law_others_binding", others.binding), ("law_others_unknown", others.unknown)):
        if briefs:
            yield paragraph(say(told))
            yield bullets(_brief(one) for one in briefs)
    if others.out:
        yield paragraph(say("law_others_out", titles=others.out))
    if others.elsewhere:
        yield heading(2, say("law_elsewhere"))
        yield paragraph(say("law_elsewhere_how"))
        yield bullets(f"{one}." for one in others.elsewhere)


def _brief(one: Brief) -> str:
    return " ".join(filter(None, (one.title, f"({one.article})", one.condition)))


def _questions(questions: Sequence[Question], more: str) -> Iterator[str]:
    if not questions:
        return
    yield heading(2, say("questions"))
    yield paragraph(say("questions_how"))
    for number, one in enumerate(questions, start=1):
        yield heading(3, f"{number}. {one.text}")
        for words in (one.stakes, *one.what_if):
            yield paragraph(words)
        lines = "".join(f"    {line}\n" for line in (f"[{one.table}]", *one.answers))
        yield f"{lines}\n"
    yield paragraph(more)


def _files(files: Files) -> Iterator[str]:
    yield heading(2, say("found"))
    yield paragraph(files.nothing)
    for title, groups in ((say("found_general"), files.general), (say("found_repeated"), files.repeated)):
        if groups:
            yield heading(3, title)
            for group in groups:
                yield from _group(group, 4)
    alone = [one for one in files.datasets if not (one.groups or one.notes)]
    for one in files.datasets:
        if one.groups or one.notes:
            yield from _dataset(one)
    if alone:
        yield heading(3, say("found_alone"))
        yield bullets(say("stated", label=_titled(one), text=" ".join(one.also)) for one in alone)
    if files.good:
        yield heading(3, say("found_good"))
        yield paragraph(f"{_sign('compliant')} {', '.join(files.good)}.")


def _titled(one: DatasetBlock) -> str:
    return one.title if one.files == one.title else f"{one.title} ({one.files})"


def _dataset(one: DatasetBlock) -> Iterator[str]:
    yield heading(3, _titled(one))
    for words in (*one.notes, *one.also):
        yield paragraph(words)
    for group in one.groups:
        yield from _group(group, 4)


def _group(group: Group, level: int) -> Iterator[str]:
    yield heading(level, f"{_sign(group.state)} {group.title} ({group.severity})")
    several, files = len(group.items) > 1, len(group.files) > 1
    for item in group.items:
        named = several and files and item.files
        message = say("stated", label=listed(item.files, _SHOWN_FILES), text=item.message) if named else item.message
        yield f"- {block(message)}\n"
        yield fact(say("where"), item.place, indent=2)
        yield fact(say("example"), item.example, indent=2)
        if item.evidence is not None:
            yield fact(item.evidence.label, item.evidence.text, indent=2)
    yield "\n"
    yield fact(say("why"), group.why)
    yield fact(say("remedy"), group.remedy)
    yield fact(say("time"), group.time)
    if not (several and files):  # else each line has named its own
        yield fact(say("file" if len(group.files) == 1 else "files"), listed(group.files, _SHOWN_FILES))
    check = f"`{group.check}`" if group.check.replace("-", "").isalnum() else text(group.check)
    yield f"- **{text(say('article'))}**\N{NO-BREAK SPACE}: {links(group.articles)} ({check})\n\n"


def _personal(personal: Personal) -> Iterator[str]:
    if not personal.sentence:
        return
    yield heading(2, say("personal"))
    yield paragraph(personal.sentence)
    for group in personal.groups:
        yield from _group(group, 3)
    if personal.facts:
        yield f"{facts(personal.facts)}\n"
    yield _articles(personal.articles, dated=True)


def _further(further: Further) -> Iterator[str]:
    if not (further.usual or further.years or further.others):
        return
    yield heading(2, say("further"))
    yield bullets(further.usual)
    for words in (further.years, further.others, further.like):
        yield paragraph(words)


def _limits(limits: Limits) -> Iterator[str]:
    yield heading(2, say("limits"))
    if not (limits.undecided or limits.faults):
        yield paragraph(say("limits_none"))
    for one in limits.undecided:
        for point in one.points:
            yield heading(3, f"{_sign(one.state)} {point.label}")
            yield paragraph(point.text)
        named = fact(say("file" if len(one.files) == 1 else "files"), listed(one.files, _SHOWN_FILES))
        yield f"{named}\n" if named else ""
    if limits.faults:
        yield heading(3, tell("not_read"))
        yield bullets(limits.faults)


def _closing(told: Outline) -> Iterator[str]:
    yield heading(2, say("risk"))
    yield paragraph(say("risk_text"))
    yield heading(2, say("help"))
    yield bullets(say(helper) for helper in ("help_epci", "help_supplier", "help_data_gouv"))
    yield heading(2, say("glossary"))
    yield "".join(fact(term, meaning) for term, meaning in glossary()) + "\n"
    yield heading(2, say("method"))
    yield paragraph(f"{say('method_text')} {told.reserve}")
    yield paragraph(told.made_by).rstrip("\n") + "\n"
