"""The sheets of the workbook: summary, what to do, the law, the findings axis by axis, what was found, questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opendata_check.model.finding import Axis, Outcome
from opendata_check.model.legal import Duty
from opendata_check.model.report import AuditReport
from opendata_check.reports.office import findings, plan_table
from opendata_check.reports.office.phrases import tell
from opendata_check.reports.office.plan import plan
from opendata_check.reports.office.tables import Cell, Column, Kind
from opendata_check.reports.office.workbook import Sheet
from opendata_check.reports.outline import law
from opendata_check.reports.outline.board import board
from opendata_check.reports.outline.phrases import citations, say, sentence, versions
from opendata_check.reports.outline.states import state_of
from opendata_check.reports.outline.verdict import body as body_of
from opendata_check.reports.outline.verdict import place_name
from opendata_check.reports.outline.verdict import verdict as verdict_of
from opendata_check.wording import french_date, word

Row = tuple[Cell, ...]

_SUMMARY = (Column("topic", width=16), Column("information", Kind.LONG, 34), Column("value", Kind.LONG, 60),
            Column("detail", Kind.LONG, 50))  # fmt: skip
_DUTIES = (
    Column("rule", Kind.LONG, 36),
    Column("state", Kind.LONG, 20),
    Column("applies", Kind.LONG, 20),
    Column("reason", Kind.LONG, 50),
    Column("what", Kind.LONG, 54),
    Column("event", Kind.LONG, 30),
    Column("since", Kind.DATE, 14),
    Column("delay", Kind.LONG, 28),
    Column("rhythm", Kind.LONG, 24),
    Column("article", Kind.LONG, 46),
    Column("certainty", Kind.LONG, 20),
    Column("sanction", Kind.LONG, 40),
    Column("holder", Kind.LONG, 26),
    Column("id", width=26),
)
_QUESTIONS = (Column("question", Kind.LONG, 60), Column("answer", width=20), Column("stakes", Kind.LONG, 50),
              Column("write", Kind.LONG, 50))  # fmt: skip


def sheets(report: AuditReport) -> Iterator[Sheet]:
    """Yield the sheets in the order they are read."""
    from opendata_check.reports.office.holdings import DATASETS, FILES, datasets, files

    yield Sheet(tell("sheet_summary"), _SUMMARY, _summary(report))
    work = plan(report)
    to_do = (*plan_table.COLUMNS[:10], *plan_table.TO_FILL, *plan_table.COLUMNS[10:])
    blank: Row = (None,) * len(plan_table.TO_FILL)
    yield Sheet(tell("sheet_actions"), to_do, ((*row[:10], *blank, *row[10:]) for row in plan_table.rows(work)))
    yield Sheet(tell("sheet_duties"), _DUTIES, _duties(report))
    for axis in Axis:
        own = [finding for finding in report.findings if finding.axis is axis]
        yield Sheet(word("axes", axis), findings.COLUMNS, findings.rows(report, own), len(own))
    yield Sheet(tell("sheet_datasets"), DATASETS, datasets(report), len(report.datasets))
    yield Sheet(tell("sheet_files"), FILES, files(report), sum(len(item.files) for item in report.datasets))
    yield Sheet(tell("sheet_questions"), _QUESTIONS, _questions(report))


def _summary(report: AuditReport) -> Iterator[Row]:
    answer, day = verdict_of(report.organization, report.duties, report.on), french_date(report.on)
    verdict, body = tell("topic_verdict"), tell("topic_body")
    yield (verdict, tell("verdict"), answer.sentence, None)
    yield (verdict, tell("why"), answer.reason, versions(answer.articles))
    for figure in answer.figures:
        yield (verdict, tell("figure"), figure.text, None)
    for fact in body_of(report):
        yield (body, fact.label, report.on if fact.label == say("date") else fact.text, None)
    scores, told = tell("topic_scores"), board(report.scores, report.datasets)
    for gauge in (told.overall, *told.axes):
        yield (scores, gauge.title, gauge.score if gauge.score is not None else gauge.text,
               " ".join(filter(None, (gauge.word, gauge.share))))  # fmt: skip
    counts = Counter(finding.outcome for finding in report.findings)
    topic = tell("topic_counts")
    yield (topic, tell("count_findings"), len(report.findings), None)
    for outcome in Outcome:
        yield (topic, sentence(word("outcomes", outcome, "short")).rstrip("."), counts[outcome], None)
    yield (topic, tell("count_datasets"), len(report.datasets), None)
    yield (topic, tell("count_files"), sum(not f.member for item in report.datasets for f in item.files), None)
    limits = tell("topic_limits")
    yield (limits, tell("count_unseen"), len(report.faults), None)
    for catalog in report.catalogs:
        if not catalog.complete:
            yield (limits, tell("partial"), say("partial_place", name=place_name(catalog)), None)
    for fault in report.faults:
        yield (limits, tell("unseen"), fault.line, None)
    yield (tell("topic_reserve"), tell("tool"), say("made_by", version=report.tool_version, day=day), say("reserve"))


def _duties(report: AuditReport) -> Iterator[Row]:
    for duty in sorted(report.duties, key=_order):
        free = duty.applicability.binds_not
        yield (
            duty.title,
            word("outcomes", state_of(duty, report.findings, report.datasets)),
            word("applicability", duty.applicability),
            sentence(duty.reason),
            sentence(duty.what),
            duty.event if duty.event_happened is None else "",
            duty.since,
            "" if free else duty.delay,
            duty.frequency,
            versions(citations(duty.legal_basis)),
            word("certainty", duty.certainty),
            "" if free else duty.sanction,
            duty.holder,
            duty.obligation,
        )


def _order(duty: Duty) -> tuple[int, int, str]:
    rank = {"applies": 0, "unknown": 1}
    return (rank.get(duty.applicability.value, 2), -duty.weight, duty.obligation)


def _questions(report: AuditReport) -> Iterator[Row]:
    for one in law.questions(report):
        yield (
            one.text,
            None,
            " ".join((one.stakes, *one.what_if)).strip(),
            "\n".join((f"[{one.table}]", *one.answers)),
        )
    if more := law.more_questions(report):
        yield (more, None, None, None)
