"""The report as JUnit XML: a suite an axis, a test a check and a file; what Jenkins, GitLab and their kin read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci import unseen
from opendata_check.reports.ci.grouping import subject
from opendata_check.reports.ci.phrases import say
from opendata_check.reports.ci.places import Places
from opendata_check.reports.ci.problems import Models, Problem, Unique, one_line, severity_word, told, where
from opendata_check.reports.interface import Layout
from opendata_check.wording import french_number, word

EXTENSION = "xml"
SUMMARY = "les contrôles comme des tests (JUnit, pour Jenkins ou GitLab)"
_FAILURE, _ERROR, _SKIPPED, _PASSED = "failure", "error", "skipped", ""
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2)."""
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


@dataclass(frozen=True, slots=True)
class _Case:
    """All the findings of one check about one file: one test."""

    check: str
    subject: str
    findings: tuple[Finding, ...]

    @property
    def state(self) -> str:
        """Return the element that tells how it went: a fault outweighs a failed check, which outweighs a doubt."""
        outcomes = {finding.outcome for finding in self.findings}
        if Outcome.NON_COMPLIANT in outcomes:
            return _FAILURE
        if Outcome.ERROR in outcomes:
            return _ERROR
        return _SKIPPED if Outcome.UNVERIFIABLE in outcomes or Outcome.COMPLIANT not in outcomes else _PASSED


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the suites, one test a piece; valid by the schema of Jenkins' xUnit plugin (junit-10.xsd)."""
    places, models = Places(report), Models(report)
    keyed = {axis: _keyed(report, axis, places) for axis in Axis}
    counts = {axis: Counter(case.state for case in _cases(keyed[axis])) for axis in Axis}
    through = {axis: [one for one in report.suppressed if one[0].axis is axis] for axis in Axis}
    for axis in Axis:
        counts[axis][_SKIPPED] += len(through[axis])
    lost, unread = list(unseen.incomplete(report)), list(unseen.unread(report))
    total = sum(counts.values(), Counter({_ERROR: len(lost), _SKIPPED: len(unread)}))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="opendata-check"{_totals(total)}>\n'
    for axis in Axis:
        if keyed[axis] or through[axis]:
            yield f'<testsuite name="{_xml(word("axes", axis))}"{_totals(counts[axis], skipped=True)}>\n'
            yield from _properties(report)
            names = Unique()
            for case in _cases(keyed[axis]):
                yield _testcase(axis, case, models, names)
            for finding, _kind, why in through[axis]:
                yield _let_through(finding, why, places, names)
            yield "</testsuite>\n"
    if lost or unread:
        yield from _unseen(lost, unread)
    yield "</testsuites>\n"


def _keyed(report: AuditReport, axis: Axis, places: Places) -> list[tuple[tuple[str, str, str], Finding]]:
    """Return the findings of an axis with what groups them: check, file, dataset; sorted."""
    found = [
        (
            (finding.check, subject(Problem(finding, places.first(finding))), finding.dataset or finding.obligation),
            finding,
        )
        for finding in report.findings
        if finding.axis is axis
    ]
    return sorted(found, key=lambda pair: pair[0])


def _cases(keyed: list[tuple[tuple[str, str, str], Finding]]) -> Iterator[_Case]:
    for (check, name, _dataset), pairs in groupby(keyed, key=lambda pair: pair[0]):
        yield _Case(check, name, tuple(finding for _key, finding in pairs))


def _totals(counts: Counter[str], skipped: bool = False) -> str:
    text = f' tests="{counts.total()}" failures="{counts[_FAILURE]}" errors="{counts[_ERROR]}"'
    return f'{text} skipped="{counts[_SKIPPED]}"' if skipped else text


def _properties(report: AuditReport) -> Iterator[str]:
    yield "<properties>"
    for name, value in (("version", report.tool_version), ("on", report.on.isoformat())):
        yield f'<property name="{name}" value="{_xml(value)}"/>'
    yield "</properties>\n"


def _testcase(axis: Axis, case: _Case, models: Models, names: Unique) -> str:
    start = _start(axis, case.check, case.subject, names)
    state = case.state
    if state == _PASSED:
        return f"{start}/>\n"
    wanted = {_FAILURE: Outcome.NON_COMPLIANT, _ERROR: Outcome.ERROR}.get(state)
    telling = [finding for finding in case.findings if wanted in (None, finding.outcome)]
    first = telling[0]
    message = one_line(first.message or first.title)
    if len(telling) > 1:
        message = f"{message} ({say('more', count=french_number(len(telling) - 1))})"
    others = [
        finding
        for finding in case.findings
        if wanted not in (None, finding.outcome) and finding.outcome is not Outcome.COMPLIANT
    ]
    body = "\n".join(_told(finding, models) for finding in (*telling, *others))
    kind = first.severity.value if state == _FAILURE else first.outcome.value
    return f'{start}><{state} type="{kind}" message="{_xml(message)}">{_xml_text(body)}</{state}></testcase>\n'


def _start(axis: Axis, check: str, name: str, names: Unique) -> str:
    """Return the opening of a test, not yet closed; two tests of one name are numbered."""
    rank = names.rank(f"{check}\0{name}")
    shown = f"{name} ({rank})" if rank > 1 else name
    return f'<testcase classname="{_xml(f"{axis.value}.{check}")}" name="{_xml(shown)}"'


def _let_through(finding: Finding, why: str, places: Places, names: Unique) -> str:
    """Return a fault that the gate lets through: a skipped test that says why."""
    start = _start(finding.axis, finding.check, subject(Problem(finding, places.first(finding))), names)
    reason, body = _xml(one_line(why)), _xml_text(one_line(finding.message or finding.title))
    return f'{start}><{_SKIPPED} type="suppressed" message="{reason}">{body}</{_SKIPPED}></testcase>\n'


def _told(finding: Finding, models: Models) -> str:
    """Return all that is known of one finding, one idea a line."""
    if finding.outcome is not Outcome.NON_COMPLIANT:
        key = {Outcome.ERROR: "not_checked", Outcome.UNVERIFIABLE: "to_confirm"}.get(finding.outcome)
        text = told(finding)
        return say(key, message=text) if key else f"{word('outcomes', finding.outcome)} : {text}"
    lines = [f"{severity_word(finding)} : {one_line(finding.message or finding.title)}"]
    lines += [say("place", place=place) for place in _distinct(finding)]
    if finding.remedy:
        lines.append(say("remedy", remedy=one_line(finding.remedy)))
    if finding.why:
        lines.append(say("why", why=one_line(finding.why)))
    schema, version = models.of(finding)
    if schema:
        lines.append(say("schema", id=schema, version=version))
    return "\n".join([*lines, f"[{finding.check}]"])


def _distinct(finding: Finding) -> list[str]:
    return list(dict.fromkeys(filter(None, (where(finding, location) for location in finding.locations))))


def _unseen(lost: list[str], unread: list[str]) -> Iterator[str]:
    """Yield a suite of what could not be looked at: an error when a whole place is concerned, else a skipped test."""
    counts = Counter({_ERROR: len(lost), _SKIPPED: len(unread)})
    yield f'<testsuite name="{_xml(say("unseen_suite"))}"{_totals(counts, skipped=True)}>\n'
    for state, lines in ((_ERROR, lost), (_SKIPPED, unread)):
        for rank, line in enumerate(lines, start=1):
            told_so = f'<{state} message="{_xml(one_line(line))}"/>'
            yield f'<testcase classname="unseen.{state}" name="{rank}">{told_so}</testcase>\n'
    yield "</testsuite>\n"


def _xml(text: str) -> str:
    """Return the value of an attribute."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text).translate(_ESCAPES)


def _xml_text(text: str) -> str:
    """Return the text of an element: line ends stay."""
    return _xml(text).replace("&#10;", "\n")
