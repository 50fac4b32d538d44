"""Decay is silent: a body whose data grew old or vanished is told; one whose source went unseen is not accused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from opendata_check.comparison import compared
from opendata_check.model.compared import Change, DecayKind
from opendata_check.model.lot import Lot, LotChange, LotEntry, LotResult, LotState
from opendata_check.model.summary import AuditSummary

ON, THEN = date(2026, 11, 26), date(2026, 5, 26)
NOW = AuditSummary(
    body="insee:1", name="Nulle-Part", kind="commune", target="", on=ON, tool_version="1", overall=60.0, datasets=2,
    families=("budget", "subventions"), newest=ON - timedelta(days=30), bound="applies",
)  # fmt: skip
BEFORE = replace(NOW, on=THEN, newest=THEN - timedelta(days=30))


def changes(
    before: AuditSummary | None,
    after: AuditSummary | None,
    state: LotState = LotState.DONE,
    change: LotChange | None = None,
) -> tuple[Change, ...]:
    result = LotResult(LotEntry(2, "Nulle-Part", "1"), state, after, change=change, previous=before)
    return compared(Lot("", ON, "1", (result,), previous_on=THEN)).changes


def kinds(before: AuditSummary, after: AuditSummary | None, state: LotState = LotState.DONE) -> list[DecayKind]:
    (change,) = changes(before, after, state)
    return [decay.kind for decay in change.decays]


def test_a_body_that_holds_its_ground_is_not_told() -> None:
    assert kinds(BEFORE, NOW) == []


def test_a_first_audit_is_no_change() -> None:
    assert changes(None, NOW) == ()


def test_a_file_left_to_grow_old_is_told_once() -> None:
    old = replace(NOW, newest=THEN - timedelta(days=200))
    assert kinds(replace(BEFORE, newest=old.newest), old) == [DecayKind.STALE]
    ancient = replace(NOW, newest=date(2020, 1, 1))
    assert kinds(replace(BEFORE, newest=ancient.newest), ancient) == []


def test_no_date_any_more_is_told() -> None:
    assert kinds(BEFORE, replace(NOW, newest=None)) == [DecayKind.UNDATED]


def test_nothing_left_is_told_rather_than_each_family() -> None:
    assert kinds(BEFORE, replace(NOW, datasets=0, families=(), newest=None)) == [DecayKind.NOTHING_LEFT]


def test_families_gone_are_named() -> None:
    (change,) = changes(BEFORE, replace(NOW, datasets=1, families=("budget",)))
    assert [decay.kind for decay in change.decays] == [DecayKind.FAMILIES_GONE]
    assert change.decays[0].families == ("Subventions versées",)


def test_fewer_datasets_of_the_same_families_are_counted() -> None:
    (change,) = changes(replace(BEFORE, datasets=9), NOW)
    assert (change.decays[0].kind, change.decays[0].before, change.decays[0].after) == (DecayKind.DATASETS_GONE, 9, 2)


def test_a_fall_of_the_score_is_told_a_wobble_is_not() -> None:
    assert kinds(BEFORE, replace(NOW, overall=55.0)) == [DecayKind.SCORE_FELL]
    assert kinds(BEFORE, replace(NOW, overall=55.1)) == []


def test_publishing_more_is_no_loss_whatever_the_score() -> None:
    assert kinds(BEFORE, replace(NOW, datasets=9, overall=20.0)) == []


def test_what_a_partial_audit_did_not_see_is_not_lost() -> None:
    assert kinds(BEFORE, replace(NOW, datasets=0, families=(), overall=10.0, partial=True), LotState.PARTIAL) == []
    assert kinds(replace(BEFORE, partial=True), replace(NOW, datasets=1, families=("budget",), overall=10.0)) == []


def test_a_body_out_of_reach_this_time_is_told() -> None:
    assert kinds(BEFORE, None, LotState.FAILED) == [DecayKind.NOT_SEEN]


def test_a_line_still_waiting_has_lost_nothing() -> None:
    assert changes(BEFORE, None, LotState.WAITING) == ()
    assert changes(BEFORE, None, LotState.DUPLICATE) == ()


def test_another_version_of_the_program_is_said() -> None:
    assert changes(replace(BEFORE, tool_version="0"), NOW)[0].other_version
    assert not changes(BEFORE, NOW)[0].other_version


def test_counts_tell_the_lot() -> None:
    results = (
        LotResult(LotEntry(2, "a", "a"), LotState.DONE, NOW, change=LotChange(2, 1, 0), previous=BEFORE),
        LotResult(LotEntry(3, "b", "b"), LotState.DONE, replace(NOW, newest=None), previous=BEFORE),
        LotResult(LotEntry(4, "c", "c"), LotState.DONE, replace(NOW, datasets=0, families=(), newest=None, bound="")),
        LotResult(LotEntry(5, "d", "d"), LotState.UNKNOWN),
        LotResult(LotEntry(6, "e", "e"), LotState.DUPLICATE),
    )
    counts = compared(Lot("", ON, "1", results, previous_on=THEN)).counts
    assert (counts.lines, counts.publishing, counts.silent, counts.old) == (5, 2, 1, 1)
    assert (counts.mended, counts.new, counts.changed, counts.compared) == (2, 1, 1, 2)
    assert (counts.outdated, counts.decayed) == (1, 1)
    assert dict(counts.states) == {"done": 3, "unknown": 1, "duplicate": 1}
    assert dict(counts.bound) == {"": 1, "applies": 2}
    assert counts.communes_only
