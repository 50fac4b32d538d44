"""The gate's answer for a log: one line a problem (`fichier:ligne: [contrôle] constat → remède`), then the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from opendata_check.gate.findings import JudgedSchema
from opendata_check.gate.run import Answer
from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import Exemption, Settings
from opendata_check.gate.verdict import Shortfall, Verdict
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Finding, Outcome, Severity
from opendata_check.reports.safety import without_orders
from opendata_check.wording import french_date, french_number, plural, word

_MOST = 1000
_FEW = 20


def lines(answer: Answer, settings: Settings, selection: Selection, baseline_name: str) -> Iterator[str]:
    """Yield the lines of the log, in an order that depends on what was found alone. Not yet made safe to print."""
    decided = answer.verdict
    yield from _block("À corriger", [*_failures(decided, settings)], _MOST)
    yield from _block("Signalé, sans bloquer", [problem(one) for one in decided.told], _FEW)
    yield from _block("Ignoré", [*_ignored(decided, baseline_name)], _MOST)
    yield from _block("Non contrôlé", [*_unseen(answer, settings, selection)], _MOST)
    yield from _block("À ranger", [*_tidying(decided, settings, baseline_name)], _FEW)
    yield from _block("Version du schéma jugée", [_schema(one) for one in answer.found.schemas], _MOST)
    if answer.note:
        yield f"Note : {answer.note}."
    if decided.failing:
        yield f"Pas à pas : opendata-check explain {decided.failing[0].check} (ou un autre nom entre crochets)."
    yield _counts(answer, selection)
    yield _conclusion(decided, selection)


def short_lines(answer: Answer, settings: Settings, selection: Selection) -> Iterator[str]:
    """Yield what stops the files, and nothing when nothing does."""
    if answer.verdict.exit_code:
        yield from _block("À corriger", [*_failures(answer.verdict, settings)], _MOST)
        unread = [fault.line for fault in _distinct(answer.found.faults)]
        yield from _block("Non contrôlé", [*unread, *map(problem, answer.verdict.broken)], _MOST)
        yield _conclusion(answer.verdict, selection)


def problem(finding: Finding) -> str:
    """Return a finding on one line: where, which check, what was seen, what to do."""
    gesture = finding.action or finding.remedy
    remedy = f" → {gesture}" if gesture and finding.outcome is Outcome.NON_COMPLIANT else ""
    return f"{_place(finding)}: [{finding.check}] {finding.message}{remedy}"


def _block(title: str, entries: Sequence[str], most: int) -> Iterator[str]:
    if not entries:
        return
    yield f"{title} ({french_number(len(entries))})"
    for entry in entries[:most]:
        yield f"  {entry}"
    if len(entries) > most:
        yield f"  … et {french_number(len(entries) - most)} de plus"
    yield ""


def _place(finding: Finding) -> str:
    """Return « fichier:ligne », the file alone, the dataset, or the catalogue; and how many other files there are."""
    files = list(dict.fromkeys(one.file for one in finding.locations if one.file))
    if not files:
        return finding.dataset_title or "catalogue"
    first = next(one for one in finding.locations if one.file)
    line = f":{first.rows[0][0]}" if first.rows else ""
    others = f" (et {plural(len(files) - 1, 'autre fichier', 'autres fichiers')})" if len(files) > 1 else ""
    return f"{first.file}{line}{others}"


def _failures(decided: Verdict, settings: Settings) -> Iterator[str]:
    ordered = sorted(decided.failing, key=lambda one: (list(Severity).index(one.severity), _place_key(one)))
    yield from map(problem, ordered)
    for exemption in decided.expired:
        yield (
            f"{_at(settings, exemption)}: [exemption] L'exemption de {_exempted(exemption)} a pris fin le "
            f"{french_date(exemption.until)}. → Corrigez les données, ou demandez à {exemption.owner} "
            "une nouvelle date, puis écrivez-la."
        )
    yield from (_shortfall(one, settings) for one in decided.shortfalls)


def _place_key(finding: Finding) -> tuple[str, int, str, str]:
    first = next((one for one in finding.locations if one.file), None)
    rows = first.rows if first else ()
    return first.file if first else "", rows[0][0] if rows else 0, finding.check, finding.fingerprint


def _shortfall(one: Shortfall, settings: Settings) -> str:
    what = "Le score d'ensemble" if one.axis is None else f"Le score de l'axe « {word('axes', one.axis.value)} »"
    key = "min-score" if one.axis is None else "min-axis"
    asked = f"les réglages demandent {french_number(one.asked)}"
    if one.reached is None:
        return f"{settings.file}: [{key}] {what} n'a pas pu être établi ; {asked}."
    reached = french_number(one.reached, 0 if one.reached.is_integer() else 1)
    return f"{settings.file}: [{key}] {what} est de {reached} ; {asked}."


def _ignored(decided: Verdict, baseline_name: str) -> Iterator[str]:
    for one in decided.exempted:
        yield f"{_place(one.finding)}: [{one.finding.check}] ignoré parce que : {one.why}"
    for finding in decided.known:
        yield f"{_place(finding)}: [{finding.check}] ignoré parce que déjà dans {baseline_name}"


def _unseen(answer: Answer, settings: Settings, selection: Selection) -> Iterator[str]:
    yield from (fault.line for fault in _distinct(answer.found.faults))
    yield from map(problem, answer.verdict.broken)
    if not selection.whole:
        beyond = f" ({plural(answer.found.beyond, 'constat')} de côté)" if answer.found.beyond else ""
        yield f"Ce qui touche tout le catalogue{beyond} : {selection.why}."
        if settings.min_score is not None or settings.min_axis:
            yield f"Les scores demandés (min-score, min-axis) : {selection.why}."
    if answer.found.unverifiable:
        yield f"{plural(answer.found.unverifiable, 'point')} à confirmer par vous : opendata-check audit les détaille."


def _distinct(faults: Iterable[Fault]) -> Iterable[Fault]:
    return dict.fromkeys(faults)


def _tidying(decided: Verdict, settings: Settings, baseline_name: str) -> Iterator[str]:
    for exemption in decided.useless:
        yield f"{_at(settings, exemption)}: l'exemption de {_exempted(exemption)} ne sert plus : retirez-la."
    if decided.mended:
        gone = plural(len(decided.mended), "constat qui n'est plus vu", "constats qui ne sont plus vus")
        stays = "reste" if len(decided.mended) == 1 else "restent"
        yield f"{baseline_name}: {gone} y {stays} : lancez opendata-check baseline update."


def _at(settings: Settings, exemption: Exemption) -> str:
    return f"{settings.file}:{exemption.line}" if exemption.line else settings.file


def _exempted(exemption: Exemption) -> str:
    return f"« {exemption.check} »" + (f" pour {exemption.files}" if exemption.files else "")


def _schema(one: JudgedSchema) -> str:
    how = "" if one.declared else " (reconnu à ses colonnes)"
    return f"{one.file} : {one.id} {one.version}{how}"


def _counts(answer: Answer, selection: Selection) -> str:
    decided = answer.verdict
    score = answer.found.scores.overall if answer.found.scores else None
    told = [
        plural(answer.found.files, "fichier contrôlé", "fichiers contrôlés"),
        f"{french_number(answer.found.compliant)} contrôles réussis",
        f"{french_number(len(decided.failing) + len(decided.expired) + len(decided.shortfalls))} à corriger",
        f"{french_number(len(decided.told))} sans bloquer",
        plural(len(decided.exempted) + len(decided.known), "ignoré"),
        *([f"score {french_number(score)}/100"] if score is not None else []),
        *(["rien n'a changé depuis la dernière fois"] if answer.remembered and selection.judged else []),
    ]
    return f"Bilan : {', '.join(told)}."


def _conclusion(decided: Verdict, selection: Selection) -> str:
    if decided.unseen:
        return "Résultat : incomplet, quelque chose n'a pas pu être lu (code 3)."
    if not decided.passes:
        return "Résultat : à corriger avant de publier (code 1)."
    if not selection.judged:
        return "Résultat : rien à contrôler (code 0)."
    return "Résultat : conforme sur les points contrôlés (code 0)."


def inert(line: str) -> str:
    """Return a line that no chain takes for an order: GitHub obeys « ::error » at its start and « ##[error] » anywhere.

    Azure obeys « ##vso[ », TeamCity « ##teamcity[ »: a file may bear any of these names.
    """
    plain = without_orders(line)
    start = plain.lstrip()
    return f"{plain[: len(plain) - len(start)]}./{start}" if start.startswith("::") else plain
