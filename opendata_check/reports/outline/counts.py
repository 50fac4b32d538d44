"""What stands in counts: duties by state, documents told from data, and what each check found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from opendata_check.model.finding import Finding, Outcome
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import EvidenceKind
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.counted import CheckCount, Documents, Tally
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.outline.unread import listed
from opendata_check.reports.outline.values import Rule
from opendata_check.wording import french_number, word

_TALLY = {
    "compliant": "met", "nothing_seen": "clear", "non_compliant": "unmet", "error": "unknown",
    "unverifiable": "unknown", "not_found": "not_found", "not_applicable": "out", "already_open": "met",
}  # fmt: skip
_ORDER = ("met", "declared", "clear", "unmet", "not_found", "unknown", "unseen", "out")
_NAMED = 4


def tally_of(rule: Rule, declared: frozenset[str]) -> str:
    """Return a key of the table of words « tallies »: where a duty stands, and whether only the body says so."""
    found = _TALLY.get(rule.state, "unknown")
    return "declared" if found == "met" and rule.obligation in declared else found


def declared(findings: Sequence[Finding]) -> frozenset[str]:
    """Return the duties met by what the body declares alone: nothing observed says so."""
    kinds: dict[str, set[EvidenceKind]] = defaultdict(set)
    for finding in findings:
        if finding.obligation and finding.outcome is Outcome.COMPLIANT:
            kinds[finding.obligation].add(finding.evidence_kind)
    return frozenset(duty for duty, found in kinds.items() if found == {EvidenceKind.DECLARED})


def tallies(report: AuditReport, rules: Sequence[Rule]) -> tuple[Tally, ...]:
    """Return how many of all the known duties stand in each state, none left out; empty states are not told."""
    said = declared(report.findings)
    counts = Counter(tally_of(rule, said) for rule in rules)
    shown = {rule.obligation for rule in rules}
    for duty in report.duties:
        if duty.obligation not in shown:
            unseen = "unseen" if duty.applicability is Applicability.APPLIES else "unknown"
            counts["out" if duty.applicability.binds_not else unseen] += 1
    return tuple(
        Tally(state, counts[state], f"{french_number(counts[state])} {_worded(state, counts[state])}")
        for state in _ORDER
        if counts[state]
    )


def _worded(state: str, count: int) -> str:
    return word("tallies", state, "one" if count == 1 else "many")


def documents(report: AuditReport) -> Documents:
    """Return which files are there to read and how many hold data, by the format found in their bytes."""
    from opendata_check.vocabulary import formats

    roles = {name: known.role for name, known in formats().items()}
    seen = [(file.name, roles.get(file.facts.envelope.detected, "")) for file in listed(report.datasets) if file.facts]
    texts = tuple(dict.fromkeys(name for name, role in seen if role == "document"))
    tables = sum(role == "data" for _, role in seen)
    names = phrases.listed(texts, _NAMED)
    return Documents(
        documents=phrases.say_count("documents_found", len(texts), names=names) if texts else "",
        data=phrases.say_count("data_found", tables) if tables else "",
    )


def checks(report: AuditReport) -> tuple[CheckCount, ...]:
    """Return what each check found, in the order of the findings (by axis); what concerns nothing is not counted."""
    outcomes: dict[str, Counter[Outcome]] = defaultdict(Counter)
    first: dict[str, Finding] = {}
    for finding in report.findings:
        outcomes[finding.check][finding.outcome] += 1
        first.setdefault(finding.check, finding)
    return tuple(
        CheckCount(
            check=check,
            title=first[check].title,
            axis=word("axes", first[check].axis),
            good=found[Outcome.COMPLIANT],
            faults=found[Outcome.NON_COMPLIANT],
            open=found[Outcome.UNVERIFIABLE] + found[Outcome.ERROR],
        )
        for check, found in outcomes.items()
    )


def said(tallies: Sequence[Tally]) -> str:
    """Return the tallies in one sentence: « Sur 36 règles connues : 2 respectées, 5 à améliorer… »."""
    total = sum(tally.count for tally in tallies)
    counts = ", ".join(tally.text for tally in tallies)
    return say("tallies", total=french_number(total), counts=counts) if total else ""
