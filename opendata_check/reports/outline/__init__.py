"""Turns the report value into what a reader is told, in order: grouped, ordered and worded once for every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport
    from opendata_check.reports.outline.values import Outline

__all__ = ["outline"]


def outline(report: AuditReport) -> Outline:
    """Return the outline of a report made safe. Raises RulesError when a word or a level is missing from rules/."""
    from opendata_check.reports.outline import actions, board, closing, counts, files, further, law, verdict
    from opendata_check.reports.outline.lookup import Lookup
    from opendata_check.reports.outline.phrases import say
    from opendata_check.reports.outline.values import Outline
    from opendata_check.wording import french_date

    lookup = Lookup(report.datasets)
    rules = law.rules(report)
    already = actions.first_told(report)
    found = files.files(report, lookup, already)
    questions = law.questions(report)
    name = report.organization.name if report.organization else say("nobody")
    day = french_date(report.on)
    good = bool(report.findings) and not any(finding.outcome == "non_compliant" for finding in report.findings)
    judged = good and any(axis.compliant for axis in report.scores.axes)
    return Outline(
        title=say("document_title", name=name, day=day),
        name=name,
        day=day,
        verdict=verdict.verdict(report.organization, report.duties, report.on),
        body=verdict.body(report),
        partial=say("partial", section=say("limits")) if report.partial else "",
        credit=verdict.credit(report, rules, len(found.good)),
        actions=actions.actions(report, lookup),
        board=board.board(report.scores, report.datasets),
        rules=rules,
        others=law.others(report),
        questions=questions,
        more_questions=law.more_questions(report),
        files=found,
        personal=closing.personal(report, lookup, already),
        further=further.further(report),
        limits=closing.limits(report, lookup),
        reserve=" ".join([say("reserve_good")] * judged + [say("reserve")]),
        made_by=say("made_by", version=report.tool_version, day=day),
        tallies=counts.tallies(report, rules),
        answers=law.answers_file(questions),
        documents=counts.documents(report),
        checks=counts.checks(report),
    )
