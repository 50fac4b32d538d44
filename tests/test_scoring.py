"""The laws of the score, as properties over any set of findings."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import scoring
from opendata_check.model.finding import Axis, Finding, Outcome, Severity
from opendata_check.model.legal import Applicability, ConditionNode, Duty, LegalReference, NodeKind
from opendata_check.model.organization import EvidenceKind

LAW = LegalReference("CRPA", "article L300-4")


def finding(
    number: int = 0,
    check: str = "a",
    axis: Axis = Axis.USABLE,
    outcome: Outcome = Outcome.COMPLIANT,
    severity: Severity = Severity.MAJOR,
    weight: int = 2,
    obligation: str = "format-ouvert",
    effort: str = "demi_heure",
    blocker: bool = False,
    dataset: str = "d",
) -> Finding:
    return Finding(
        check=check, axis=axis, outcome=outcome, severity=severity, weight=weight, title="Titre", message="Vu.", why="Parce que.",
        remedy="Faites ceci.", effort=effort, legal_basis=(LAW,), obligation=obligation, dataset=dataset, dataset_title="D",
        locations=(), evidence="", evidence_kind=EvidenceKind.OBSERVED, fingerprint=f"{number:016x}", blocker=blocker, action="Faites",
    )  # fmt: skip


def duty(
    obligation: str = "format-ouvert", weight: int = 3, applicability: Applicability = Applicability.APPLIES
) -> Duty:
    return Duty(obligation, "Titre", applicability, "", ConditionNode(NodeKind.TEST, True, ""), "", weight=weight)


AXES = {
    "a": Axis.USABLE,
    "b": Axis.USABLE,
    "c": Axis.PUBLISHED,
    "d": Axis.REUSABLE,
    "e": Axis.PROTECTED,
    "f": Axis.UP_TO_DATE,
}
WEIGHTS = {"a": 1, "b": 5, "c": 3, "d": 2, "e": 4, "f": 1}


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    one = st.tuples(st.sampled_from("abcdef"), st.sampled_from(Outcome), st.sampled_from(Severity), st.booleans())
    return [
        finding(number, check, AXES[check], outcome, severity, weight=WEIGHTS[check], blocker=blocker)
        for number, (check, outcome, severity, blocker) in enumerate(draw(st.lists(one, max_size=30)))
    ]


@given(findings(), st.integers(0, 29))
def test_mending_a_finding_never_lowers_any_score(items: list[Finding], which: int) -> None:
    faults = [i for i, f in enumerate(items) if f.outcome is Outcome.NON_COMPLIANT]
    if not faults:
        return
    index = faults[which % len(faults)]
    mended = [*items[:index], replace(items[index], outcome=Outcome.COMPLIANT), *items[index + 1 :]]
    before, after = scoring.score(items), scoring.score(mended)
    assert before.overall is not None
    assert after.overall is not None
    assert after.overall >= before.overall
    for old, new in zip(before.axes, after.axes, strict=True):
        assert old.score is None or (new.score is not None and new.score >= old.score)
    assert len(after.blockers) <= len(before.blockers)


@given(findings(), st.randoms(use_true_random=False))
def test_order_changes_nothing(items: list[Finding], rng: random.Random) -> None:
    shuffled = list(items)
    rng.shuffle(shuffled)
    assert scoring.score(shuffled) == scoring.score(items)
    assert scoring.priorities(shuffled, [duty()]) == scoring.priorities(items, [duty()])


@given(
    findings(),
    st.sampled_from("abcdef"),
    st.sampled_from([Outcome.UNVERIFIABLE, Outcome.ERROR, Outcome.NOT_APPLICABLE]),
)
def test_what_could_not_be_verified_is_never_a_fault(items: list[Finding], check: str, outcome: Outcome) -> None:
    more = [*items, finding(99, check, AXES[check], outcome, weight=WEIGHTS[check])]
    before, after = scoring.score(items), scoring.score(more)
    assert after.overall == before.overall
    assert [a.score for a in after.axes] == [a.score for a in before.axes]
    assert not any("0000000000000063" in p.findings for p in scoring.priorities(more, [duty()]))


@given(findings())
def test_scores_and_confidences_stay_in_their_bounds(items: list[Finding]) -> None:
    scores = scoring.score(items)
    assert scores.overall is None or 0 <= scores.overall <= 100
    assert 0 <= scores.confidence <= 1
    assert all(0 <= a.confidence <= 1 and (a.score is None or 0 <= a.score <= 100) for a in scores.axes)
    perfect = all(f.outcome is not Outcome.NON_COMPLIANT for f in items)
    assert (scores.overall == 100) == (perfect and any(f.outcome is Outcome.COMPLIANT for f in items))


@given(findings())
def test_every_action_gains_points_and_ranks_follow_each_other(items: list[Finding]) -> None:
    actions = scoring.priorities(items, [duty()])
    assert [p.rank for p in actions] == list(range(1, len(actions) + 1))
    assert all(p.gain >= 0 for p in actions)
    named = [f for p in actions for f in p.findings]
    assert sorted(named) == sorted(f.fingerprint for f in items if f.outcome is Outcome.NON_COMPLIANT)


def test_one_fault_among_many_never_shows_a_hundred() -> None:
    items = [finding(n) for n in range(5000)] + [finding(5001, outcome=Outcome.NON_COMPLIANT)]
    assert scoring.score(items).overall == 99.9


def test_one_critical_fault_counts_for_the_whole_check() -> None:
    good = [finding(n, "e", Axis.PROTECTED) for n in range(19)]
    leak = finding(99, "e", Axis.PROTECTED, Outcome.NON_COMPLIANT, Severity.CRITICAL)
    assert scoring.score([*good, leak]).overall == 0
    assert scoring.score([*good, replace(leak, severity=Severity.MAJOR)]).overall == 95


def test_nothing_verified_gives_no_score() -> None:
    scores = scoring.score([finding(outcome=Outcome.UNVERIFIABLE)])
    assert scores.overall is None
    assert scores.level == scoring.scale().unknown.id
    assert scores.confidence == 0


def test_a_blocker_sets_the_level_whatever_the_total() -> None:
    items = [finding(n) for n in range(50)] + [finding(99, "e", Axis.PROTECTED, Outcome.NON_COMPLIANT, blocker=True)]
    scores = scoring.score(items)
    assert scores.level == scoring.scale().blocked.id
    assert scores.blockers == (f"{99:016x}",)
    assert scoring.score([finding(1), finding(2, blocker=True)]).blockers == ()


def test_axes_are_weighted_as_the_scale_says() -> None:
    good, bad = finding(1, "c", Axis.PUBLISHED), finding(2, "f", Axis.UP_TO_DATE, Outcome.NON_COMPLIANT)
    assert scoring.score([good, bad]).overall == 75.0  # 30 / (30 + 10)


def test_confidence_is_the_share_that_could_be_verified() -> None:
    items = [finding(1), finding(2, outcome=Outcome.UNVERIFIABLE)]
    assert scoring.score(items).confidence == 0.5


def test_priorities_put_blockers_then_law_then_ease_then_gain() -> None:
    bad = Outcome.NON_COMPLIANT
    items = [
        finding(1, "easy", Axis.USABLE, bad, obligation="light"),
        finding(2, "hard", Axis.USABLE, bad, obligation="heavy", effort="deux_jours"),
        finding(3, "quick", Axis.USABLE, bad, obligation="heavy"),
        finding(4, "bigger", Axis.USABLE, bad, obligation="heavy", weight=9),
        finding(
            5, "secret", Axis.PROTECTED, bad, Severity.CRITICAL, obligation="light", blocker=True, effort="deux_jours"
        ),
        finding(6, "exempt", Axis.USABLE, bad, obligation="none"),
    ]
    duties = [duty("light", 1), duty("heavy", 5), duty("none", 5, Applicability.EXEMPT)]
    assert [p.check for p in scoring.priorities(items, duties)] == [
        "secret",
        "bigger",
        "quick",
        "hard",
        "easy",
        "exempt",
    ]


def test_an_action_about_a_missing_dataset_says_who_holds_it() -> None:
    missing = finding(1, "p", Axis.PUBLISHED, Outcome.NON_COMPLIANT, dataset="")
    held = replace(duty(), holder="le service des finances", software="le logiciel de finances", effort="demi_journee")
    (action,) = scoring.priorities([missing], [held])
    assert (action.holder, action.software, action.effort) == (held.holder, held.software, "demi_journee")
    (other,) = scoring.priorities([replace(missing, dataset="x")], [held])
    assert (other.holder, other.effort) == ("", "demi_heure")


def test_levels_cover_the_whole_scale_and_unknown_levels_are_refused() -> None:
    assert scoring.scale().levels[-1].since == 0
    assert [scoring._level_of(v, False) for v in (0, 44.9, 45, 75, 95, 100)] == [
        "a_commencer", "a_commencer", "en_chemin", "bien_avance", "solide", "solide",
    ]  # fmt: skip
    assert scoring.level("solide").label == "Solide"
    with pytest.raises(scoring.RulesError):
        scoring.level("parfait")


def test_axis_weights_add_up_to_a_hundred_and_each_has_a_reason() -> None:
    assert sum(scoring.scale().axis_weights.values()) == 100
    assert all(len(reason) > 20 for reason in scoring.scale().axis_reasons.values())


def test_what_is_told_for_information_comes_last_even_when_the_law_asks() -> None:
    items = [
        finding(1, "a", outcome=Outcome.NON_COMPLIANT, severity=Severity.INFO),
        finding(2, "b", outcome=Outcome.NON_COMPLIANT, severity=Severity.MINOR, obligation=""),
    ]
    assert [priority.check for priority in scoring.priorities(items, [duty(weight=5)])] == ["b", "a"]
