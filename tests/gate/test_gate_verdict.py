"""How findings are weighed, on values made by hand: what each rule of the settings lets through or stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from opendata_check.gate.baseline import Baseline, known
from opendata_check.gate.findings import Found
from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import Exemption, Settings
from opendata_check.gate.verdict import Verdict, verdict
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.organization import EvidenceKind
from opendata_check.model.score import AxisScore, Scores

DAY = date(2026, 11, 26)


def finding(check: str = "valeurs-conformes", *files: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(
        check=check, axis=Axis.USABLE, outcome=Outcome.NON_COMPLIANT, severity=severity, weight=1, title="t",
        message="m", why="w", remedy="r", effort="", legal_basis=(), obligation="", dataset="d", dataset_title="D",
        locations=tuple(Location(file=name) for name in files or ("a.csv",)), evidence="",
        evidence_kind=EvidenceKind.OBSERVED, fingerprint=f"{abs(hash((check, files))) % 16**16:016x}",
    )  # fmt: skip


def weigh(
    *findings: Finding, settings: Settings | None = None, baseline: Baseline | None = None, whole: bool = True,
    scores: Scores | None = None, faults: tuple[Fault, ...] = (), judged: tuple[str, ...] = ("a.csv",),
) -> Verdict:  # fmt: skip
    found = Found(findings, 0, 0, 0, scores, (), faults, len(judged))
    selection = Selection(Path(), "", (), frozenset(judged), frozenset(), whole, "")
    return verdict(found, settings or Settings(), baseline or Baseline(), selection, DAY)


def exemption(check: str = "valeurs-conformes", files: str = "", until: date = DAY) -> Exemption:
    return Exemption(check, files, "parce que", "moi", until)


@pytest.mark.parametrize("severity", list(Severity))
def test_what_is_at_least_as_serious_as_asked_fails(severity: Severity) -> None:
    order = list(Severity)
    for asked in order:
        decided = weigh(finding(severity=severity), settings=Settings(fail_on=asked))
        assert decided.exit_code == int(order.index(severity) <= order.index(asked))


def test_an_exemption_covers_a_finding_only_with_all_its_files() -> None:
    settings = Settings(exemptions=(exemption(files="a.csv"),))
    assert weigh(finding(), settings=settings).exit_code == 0
    assert weigh(finding("valeurs-conformes", "a.csv", "b.csv"), settings=settings).exit_code == 1
    assert weigh(finding("encodage-utf8"), settings=settings).exit_code == 1
    inside = finding("valeurs-conformes", "a.zip › a.csv")
    assert weigh(inside, settings=Settings(exemptions=(exemption(files="*.zip"),))).exit_code == 0


def test_an_exemption_holds_on_its_last_day_and_fails_the_next() -> None:
    assert weigh(finding(), settings=Settings(exemptions=(exemption(until=DAY),))).exit_code == 0
    late = weigh(settings=Settings(exemptions=(exemption(until=date(2026, 11, 25)),)))
    assert (late.exit_code, len(late.expired), late.useless) == (1, 1, ())


def test_an_exemption_that_serves_no_more_is_told_only_when_all_was_looked_at() -> None:
    settings = Settings(exemptions=(exemption(),))
    assert len(weigh(settings=settings).useless) == 1
    assert weigh(settings=settings, whole=False).useless == ()


def test_what_is_mended_is_told_only_of_what_was_looked_at() -> None:
    old = Baseline((known(finding("encodage-utf8", "b.csv")), known(finding("encodage-utf8", "a.csv"))))
    assert len(weigh(baseline=old).mended) == 2
    assert [one.file for one in weigh(baseline=old, whole=False).mended] == ["a.csv"]


def test_a_check_that_broke_or_a_file_unseen_makes_it_incomplete_even_beside_a_failure() -> None:
    broken = replace(finding("encodage-utf8"), outcome=Outcome.ERROR)
    assert weigh(broken, finding()).exit_code == 3
    assert weigh(finding(), faults=(Fault("illisible", "a.csv"),)).exit_code == 3


def test_a_score_that_could_not_be_told_does_not_meet_what_is_asked() -> None:
    unknown = Scores(None, 0.0, "", (AxisScore(Axis.PUBLISHED, None, 0.0, 0, 0, 0),))
    asked = Settings(min_score=1.0, min_axis=((Axis.PUBLISHED, 1.0),))
    assert [one.reached for one in weigh(settings=asked, scores=unknown).shortfalls] == [None, None]
    assert weigh(settings=asked, scores=None, whole=False).exit_code == 0


def test_a_score_just_reached_is_enough() -> None:
    scores = Scores(80.0, 1.0, "", (AxisScore(Axis.USABLE, 79.9, 1.0, 1, 1, 0),))
    assert weigh(settings=Settings(min_score=80.0), scores=scores).exit_code == 0
    assert weigh(settings=Settings(min_axis=((Axis.USABLE, 80.0),)), scores=scores).exit_code == 1
