"""What to do first: five actions at most, each with all it takes to start on Monday."""

from __future__ import annotations

from opendata_check.model.finding import Axis, Finding
from opendata_check.model.legal import Applicability
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Priority
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.holders import Holders
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.outline.values import Action, Actions
from opendata_check.reports.outline.verdict import OPENING
from opendata_check.wording import french_number, join_list, plural

_FIRST = 5
_SHOWN_FILES = 4
_SHOWN_COLUMNS = 12
_TABLES = frozenset({"csv", "xlsx", "xls", "xlsb", "ods"})


def actions(report: AuditReport, lookup: Lookup) -> Actions:
    """Return the priorities as actions, in the order given."""
    answers = {duty.obligation: duty.applicability for duty in report.duties}
    exempt = _free(answers, OPENING)
    holders = Holders(report)
    by_fingerprint = {finding.fingerprint: finding for finding in report.findings}
    every = tuple(
        _action(priority, report, answers, lookup, holders,
                [by_fingerprint[one] for one in priority.findings if one in by_fingerprint])
        for priority in report.priorities
    )  # fmt: skip
    rest = len(every) - _FIRST
    return Actions(
        heading=say("actions_exempt" if exempt else "actions"),
        first=every[:_FIRST],
        others=every[_FIRST:],
        others_title=phrases.say_count("more_actions", rest) if rest > 0 else "",
        others_where=say("more_actions_where") if rest > 0 else "",
        nothing="" if every else _nothing(report),
    )


def first_told(report: AuditReport) -> dict[str, int]:
    """Return, by fingerprint, the rank of the first action that mends a finding: said there, not said again."""
    return {one: action.rank for action in report.priorities[:_FIRST] for one in action.findings}


def _free(answers: dict[str, Applicability], obligation: str) -> bool:
    return obligation in answers and answers[obligation].binds_not


def _nothing(report: AuditReport) -> str:
    judged = any(axis.compliant for axis in report.scores.axes)
    return say("no_action") if judged else phrases.level(report.scores.level)[1]


def _action(
    priority: Priority,
    report: AuditReport,
    answers: dict[str, Applicability],
    lookup: Lookup,
    holders: Holders,
    findings: list[Finding],
) -> Action:
    free = _free(answers, priority.obligation)
    about_files = [finding for finding in findings if finding.dataset]
    files = tuple(dict.fromkeys(file for finding in about_files for file in lookup.files(finding))) or priority.files
    named = phrases.listed(files, _SHOWN_FILES)
    holder = priority.holder or holders.holder(about_files)
    software = priority.software or holders.software(about_files)
    time, gain = phrases.effort(priority.effort), _gain(priority.gain)
    flag = say("blocker") if priority.blocker else say("free_choice") if free else ""
    return Action(
        rank=priority.rank,
        title=priority.title,
        flag=flag,
        blocker=priority.blocker,
        gesture=_facts(
            ("why", priority.why),
            ("remedy", priority.remedy),
            ("ask", _request(priority, report, about_files, lookup)),
        ),
        practical=_facts(
            ("time", time),
            ("holder", holder),
            ("software", software),
            ("frequency", priority.frequency),
            ("file" if len(files) == 1 else "files", named),
            ("gain", gain),
        ),
        articles=phrases.main_citations(priority.legal_basis),
        check=priority.check,
        time=time,
        holder=holder,
        gain=gain,
        files=named,
        findings=priority.findings,
    )


def _facts(*texts: tuple[str, str]) -> tuple[Fact, ...]:
    """Return the texts under their labels, empty ones left out."""
    return tuple(Fact(say(label), text) for label, text in texts if text)


def _gain(points: float) -> str:
    if points <= 0:
        return ""
    if points < 1:
        return say("gain_little")
    return say("gain_points", points=plural(round(points), "point"))


def _is_export(findings: list[Finding], lookup: Lookup) -> bool:
    """Return whether making the tables anew mends it: then the supplier of the software can be asked."""
    if not findings or any(finding.axis is not Axis.USABLE for finding in findings):
        return False
    kinds = [lookup.kinds(finding) for finding in findings]
    return all(found and found <= _TABLES for found in kinds)


def _request(priority: Priority, report: AuditReport, findings: list[Finding], lookup: Lookup) -> str:
    """Return the sentence to send to the supplier, when they can help; with the columns when they are known."""
    if priority.effort != phrases.ASK_SUPPLIER and not _is_export(findings, lookup):
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
