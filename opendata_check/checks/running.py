"""Runs every check over the evidence and turns each verdict into a Finding: law, place, words, fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from opendata_check.checks.interface import Case, Rule, Scope, Verdict
from opendata_check.checks.loading import Check, all_checks
from opendata_check.checks.subjects import place
from opendata_check.checks.texts import MESSAGE_LIMIT, VALUE_LIMIT, plain
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.inspected import Evidence
from opendata_check.model.legal import LegalReference, ReferenceKind

_AXES = list(Axis)
_SEVERITIES = list(Severity)
# What asks for a gesture comes first.
_OUTCOMES = [
    Outcome.NON_COMPLIANT,
    Outcome.UNVERIFIABLE,
    Outcome.ERROR,
    Outcome.COMPLIANT,
    Outcome.NOT_APPLICABLE,
]
_PLACE_LIMIT = 500
_FAILED = "Ce contrôle s'est arrêté sur une erreur de l'outil. Les autres contrôles ont continué."
_FAILED_REMEDY = (
    "Rien à corriger chez vous : signalez-le aux auteurs d'opendata-check, avec ce fichier si c'est possible."
)


def run(evidence: Evidence) -> tuple[Finding, ...]:
    """Return the findings of all checks, sorted by axis, outcome, severity, check, dataset and fingerprint.

    A check that fails on one subject gives one finding with outcome ``error`` for it; the others go on.
    """
    return run_checks(all_checks(), evidence)


def run_checks(checks: Iterable[Check], evidence: Evidence) -> tuple[Finding, ...]:
    """Return the findings of the given checks, in the order ``run`` promises."""
    findings = [
        finding
        for check in checks
        for case in _cases(check.rule, evidence)
        for finding in _judge(check, case)
    ]  # fmt: skip
    return tuple(sorted(_told_apart(findings), key=_rank))


def _cases(rule: Rule, evidence: Evidence) -> Iterator[Case]:
    if rule.scope is Scope.ORGANIZATION:
        yield Case(evidence, parameters=rule.parameters)
        return
    for dataset in evidence.datasets:
        if rule.scope is Scope.DATASET:
            yield Case(evidence, dataset, parameters=rule.parameters)
        else:
            for file in dataset.files:
                yield Case(evidence, dataset, file, rule.parameters)


def _judge(check: Check, case: Case) -> list[Finding]:
    try:
        return [_finding(check.rule, case, verdict) for verdict in check.decide(case)]
    except Exception:  # noqa: BLE001 - a check that fails on one file must not cost the report of all the others
        return [_error(check.rule, case)]


def _finding(rule: Rule, case: Case, verdict: Verdict) -> Finding:
    key = verdict.case or verdict.outcome.value
    values = {name: _filling(value) for name, value in verdict.values.items()}
    message = plain(rule.messages[key].format_map(values), MESSAGE_LIMIT)
    remedy = rule.remedies.get(key, rule.remedy if verdict.outcome is Outcome.NON_COMPLIANT else "")
    obligation = verdict.obligation or rule.obligation
    return Finding(
        check=rule.id,
        axis=rule.axis,
        outcome=verdict.outcome,
        severity=rule.severities.get(key, rule.severity),
        weight=rule.weight,
        title=rule.title,
        message=message,
        why=rule.why,
        remedy=plain(remedy.format_map(values), MESSAGE_LIMIT) if remedy else "",
        effort=rule.effort,
        legal_basis=_legal_basis(rule, case, obligation),
        obligation=obligation,
        dataset=_dataset_key(case),
        dataset_title=plain(case.dataset.dataset.title) if case.dataset else "",
        locations=tuple(_safe(where) for where in verdict.locations or _here(case)),
        evidence=plain(verdict.seen, MESSAGE_LIMIT) if verdict.seen else message,
        evidence_kind=verdict.evidence_kind,
        fingerprint=_fingerprint(rule, case, verdict),
        blocker=verdict.outcome is Outcome.NON_COMPLIANT and key in rule.blocker,
        count=verdict.count,
        action=rule.action,
        case=key,
    )


def _filling(value: str) -> str:
    """Return a value safe to print; its first space stays, since « (lignes 4 à 9) » may or may not be there."""
    return (" " if value.startswith(" ") else "") + plain(value, MESSAGE_LIMIT)


def _error(rule: Rule, case: Case) -> Finding:
    """Return the finding that says a check of ours failed; nothing of what it was reading is told."""
    verdict = Verdict(Outcome.ERROR)
    told = replace(
        rule, messages={Outcome.ERROR.value: _FAILED}, remedies={Outcome.ERROR.value: _FAILED_REMEDY}, severities={}
    )
    return _finding(told, case, verdict)


def _legal_basis(rule: Rule, case: Case, obligation: str) -> tuple[LegalReference, ...]:
    """Return what the finding cites; never empty.

    On the organization: all that founds the duty, then the rule's own references. On a dataset or a file: the rule's
    own articles are the ones at stake; the duty's other texts (who is bound, since when) stay with the duty.
    """
    duty = case.evidence.duty(obligation) if obligation else None
    own = obligation == rule.obligation and any(item.kind is ReferenceKind.LAW for item in rule.legal_basis)
    founding = () if duty is None or (own and rule.scope is not Scope.ORGANIZATION) else duty.legal_basis
    kept: dict[str, LegalReference] = {}
    for reference in (*founding, *rule.legal_basis):
        kept.setdefault(reference.label.casefold(), reference)
    return tuple(kept.values())


def _dataset_key(case: Case) -> str:
    return plain(case.dataset.key, _PLACE_LIMIT) if case.dataset else ""


def _here(case: Case) -> tuple[Location, ...]:
    """Return the subject itself as a place; nothing for the organization."""
    if case.file is not None:
        return place(case)
    return (Location(dataset=_dataset_key(case)),) if case.dataset else ()


def _safe(where: Location) -> Location:
    return replace(
        where,
        dataset=plain(where.dataset, _PLACE_LIMIT),
        file=plain(where.file, _PLACE_LIMIT),
        sheet=plain(where.sheet),
        column=plain(where.column, VALUE_LIMIT),
        letter=plain(where.letter, 8),
        url=plain(where.url, 2000),
    )


def _fingerprint(rule: Rule, case: Case, verdict: Verdict) -> str:
    """Return 16 hexadecimal characters over what names the finding; figures and lines stay out, since they move."""
    file = (case.file.distribution.id, case.file.name) if case.file else ("", "")
    parts = (rule.id, case.dataset.key if case.dataset else "", *file, verdict.column, verdict.rule)
    return _digest("\x1f".join(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _told_apart(findings: Sequence[Finding]) -> list[Finding]:
    """Give homonyms (two datasets of one id, two columns of one name) fingerprints of their own, in a fixed order."""
    seen: dict[str, int] = {}
    result = []
    for finding in sorted(findings, key=_rank):
        rank = seen.get(finding.fingerprint, 0)
        seen[finding.fingerprint] = rank + 1
        result.append(replace(finding, fingerprint=_digest(f"{finding.fingerprint}#{rank}")) if rank else finding)
    return result


def _rank(finding: Finding) -> tuple[int, int, int, str, str, str, str, str]:
    return (
        _AXES.index(finding.axis),
        _OUTCOMES.index(finding.outcome),
        _SEVERITIES.index(finding.severity),
        finding.check,
        finding.dataset,
        finding.fingerprint,
        finding.message,
        repr(finding.locations),
    )
