"""Takes together the findings that one gesture mends, so that nothing is said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from opendata_check.model.finding import Finding, Outcome, Severity
from opendata_check.model.organization import EvidenceKind
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.lookup import Example, Lookup
from opendata_check.reports.outline.phrases import effort, main_citations, place, say
from opendata_check.reports.outline.values import Group, Item
from opendata_check.wording import word

_SEVERITIES = list(Severity)
_PARTS = re.compile(r" ; |, | \(")
_WORDS = re.compile(r"\w+")
Key = tuple[object, ...]


def key_of(finding: Finding) -> Key:
    """Return what two findings share when one gesture mends both."""
    return (finding.check, finding.title, finding.remedy, finding.effort, finding.legal_basis, finding.outcome)


def gathered(
    findings: Iterable[Finding], lookup: Lookup, told: Mapping[str, int] = MappingProxyType({})
) -> tuple[Group, ...]:
    """Return the findings in groups: blockers, then the gravest, then as given.

    ``told``: rank, by fingerprint, of the action that says already why and how to mend.
    """
    by_key: dict[Key, list[Finding]] = {}
    for finding in sorted(findings, key=_gravity):
        by_key.setdefault(key_of(finding), []).append(finding)
    return tuple(_group(group, lookup, told) for group in by_key.values())


def _gravity(finding: Finding) -> tuple[bool, int]:
    return (not finding.blocker, _SEVERITIES.index(finding.severity))


def _group(findings: list[Finding], lookup: Lookup, told: Mapping[str, int]) -> Group:
    first = findings[0]  # the gravest
    actions = {told.get(finding.fingerprint, 0) for finding in findings}
    return Group(
        check=first.check,
        title=_title(first),
        state=first.outcome.value,
        severity=word("severities", first.severity),
        blocker=first.blocker,
        why=first.why,
        remedy=first.remedy,
        time=effort(first.effort) if first.remedy else "",
        articles=main_citations(first.legal_basis),
        files=tuple(dict.fromkeys(file for finding in findings for file in lookup.files(finding))),
        items=_items(findings, lookup),
        axis=first.axis.value,
        action=actions.pop() if len(actions) == 1 else 0,
    )


def _title(finding: Finding) -> str:
    """Return the gesture for a fault (« ✗ La licence est indiquée » would read as its contrary), else the question."""
    if finding.outcome is Outcome.NON_COMPLIANT:
        return finding.action or finding.title
    state = word("outcomes", finding.outcome)
    return say("undecided", state=state[0].upper() + state[1:], title=finding.title)


def _items(findings: list[Finding], lookup: Lookup) -> tuple[Item, ...]:
    """Return one item a finding; findings that say the same thing of several files are one item."""
    merged: dict[Item, list[Finding]] = {}
    for finding in findings:
        merged.setdefault(_item(finding, lookup.example(finding)), []).append(finding)
    return tuple(
        replace(
            item,
            files=tuple(dict.fromkeys(file for finding in same for file in lookup.files(finding))),
            fingerprints=tuple(dict.fromkeys(finding.fingerprint for finding in same)),
        )
        for item, same in merged.items()
    )


def _item(finding: Finding, example: Example | None) -> Item:
    alone = len(finding.locations) == 1
    several = len({location.file for location in finding.locations}) > 1
    places = []
    for location in finding.locations:
        text = place(location, finding.count if alone else 0)
        if text and (location.column or location.letter or location.rows):  # a sheet alone is the file over again
            places.append(f"{location.file}, {text}" if several and location.file else text)
    evidence = None
    if finding.evidence and not _told(finding.evidence, finding.message):
        observed = finding.evidence_kind is EvidenceKind.OBSERVED
        evidence = Fact(say("seen" if observed else "said"), finding.evidence)
    where = " ; ".join(dict.fromkeys(places))
    return Item(
        message=finding.message or finding.title,
        files=(),
        place="" if _told(where, f"{finding.message} {finding.evidence}") else where,
        evidence=evidence,
        example=_example(example, finding.message),
    )


def _told(text: str, message: str) -> bool:
    """Return True when the message says all the parts of ``text`` (« colonne A (ville), lignes 2 à 5 ») already."""
    return all(_plain(part) in _plain(message) for part in _PARTS.split(text))


def _plain(text: str) -> str:
    """Return the words between spaces, without signs: « ligne 1 » is not found in « ligne 12 ».

    In one column, twelve cells are twelve rows.
    """
    return f" {' '.join(_WORDS.findall(text.casefold().replace('cellule', 'ligne')))} "


def _example(example: Example | None, message: str) -> str:
    if example is None or (example.before or example.after) in message:
        return ""
    if example.before and example.after:
        return say("example_change", before=example.before, after=example.after)
    if example.after:
        return say("example_after", after=example.after)
    return say("example_before", before=example.before)
