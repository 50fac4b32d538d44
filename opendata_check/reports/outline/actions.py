"""What to do first: five actions at most, each with all it takes to start on Monday."""

from __future__ import annotations

from opendata_check.model.legal import Applicability
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Priority
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.outline.values import Action, Actions
from opendata_check.reports.outline.verdict import OPENING
from opendata_check.wording import french_number, join_list, plural

_FIRST = 5
_SHOWN_FILES = 4
_SHOWN_COLUMNS = 12


def actions(report: AuditReport, lookup: Lookup) -> Actions:
    """Return the priorities as actions, in the order given."""
    answers = {duty.obligation: duty.applicability for duty in report.duties}
    exempt = _free(answers, OPENING)
    every = tuple(_action(priority, report, answers, lookup) for priority in report.priorities)
    rest = len(every) - _FIRST
    return Actions(
        heading=say("actions_exempt" if exempt else "actions"),
        first=every[:_FIRST],
        others=every[_FIRST:],
        others_title=phrases.say_count("more_actions", rest) if rest > 0 else "",
        others_where=say("more_actions_where") if rest > 0 else "",
        nothing="" if every else _nothing(report),
    )


def _free(answers: dict[str, Applicability], obligation: str) -> bool:
    return obligation in answers and answers[obligation].binds_not


def _nothing(report: AuditReport) -> str:
    judged = any(axis.compliant for axis in report.scores.axes)
    return say("no_action") if judged else phrases.level(report.scores.level)[1]


def _action(priority: Priority, report: AuditReport, answers: dict[str, Applicability], lookup: Lookup) -> Action:
    free = _free(answers, priority.obligation)
    files = _files(priority, report, lookup) or priority.files
    flag = say("blocker") if priority.blocker else say("free_choice") if free else ""
    return Action(
        rank=priority.rank,
        title=priority.title,
        flag=flag,
        blocker=priority.blocker,
        gesture=_facts(
            ("why", priority.why),
            ("remedy", priority.remedy),
            ("ask", _request(priority, report)),
        ),
        practical=_facts(
            ("time", phrases.effort(priority.effort)),
            ("holder", priority.holder),
            ("software", priority.software),
            ("frequency", priority.frequency),
            ("file" if len(files) == 1 else "files", phrases.listed(files, _SHOWN_FILES)),
            ("gain", _gain(priority.gain)),
        ),
        articles=phrases.main_citations(priority.legal_basis),
    )


def _files(priority: Priority, report: AuditReport, lookup: Lookup) -> tuple[str, ...]:
    """Return the files of an action, told from their namesakes; none when it is about the body itself."""
    wanted = set(priority.findings)
    found = (finding for finding in report.findings if finding.fingerprint in wanted and finding.dataset)
    return tuple(dict.fromkeys(file for finding in found for file in lookup.files(finding)))


def _facts(*texts: tuple[str, str]) -> tuple[Fact, ...]:
    """Return the texts under their labels, empty ones left out."""
    return tuple(Fact(say(label), text) for label, text in texts if text)


def _gain(points: float) -> str:
    if points <= 0:
        return ""
    if points < 1:
        return say("gain_little")
    return say("gain_points", points=plural(round(points), "point"))


def _request(priority: Priority, report: AuditReport) -> str:
    """Return the sentence to send to the supplier, when the action is theirs; with the columns when they are known."""
    if priority.effort != phrases.ASK_SUPPLIER:
        return ""
    what, columns = say("ask_this"), ""
    wanted = set(priority.files)
    for item in report.datasets:
        matching = [file for file in item.files if file.name in wanted]
        if not matching:
            continue
        what = say("ask_title", title=item.dataset.title) if len(wanted) == 1 else what
        schema = next((file.schema.schema for file in matching if file.schema), None)
        if schema is not None and len(wanted) == 1:
            names = [field.name for field in schema.fields]
            rest = len(names) - _SHOWN_COLUMNS
            columns = join_list([*names[:_SHOWN_COLUMNS], *([french_number(rest) + " autres"] if rest > 0 else [])])
        break
    return say("ask_supplier_columns", what=what, columns=columns) if columns else say("ask_supplier", what=what)
