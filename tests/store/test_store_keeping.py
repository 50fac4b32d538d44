"""What the store is given comes back as it was: once each, in order, by date and by arrival."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import ON, mark, summary

from opendata_check import store
from opendata_check.model.finding import Axis
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary
from opendata_check.store import Store, packing
from opendata_check.wording import french_date

NANCY = "insee:54395"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store, open to write."""
    with store.opened(tmp_path / "audits.db", write=True) as opened:
        yield opened


def test_an_audit_comes_back_exactly_as_it_was_given(kept: Store) -> None:
    marks = (mark(2), mark(1), mark(2), mark(3, obligation="", dataset="", file="", outcome="error"))
    assert kept.add(summary(), marks)
    assert kept.last(NANCY) == (summary(), marks)


def test_an_audit_of_nothing_comes_back(kept: Store) -> None:
    bare = AuditSummary(body="target:dossier", name="", kind="", target="dossier", on=ON, tool_version="0.1.0")
    assert kept.add(bare, ())
    assert kept.last("target:dossier") == (bare, ())


def test_what_is_unknown_is_none(kept: Store) -> None:
    assert kept.last(NANCY) is None
    assert kept.history(NANCY) == ()
    assert kept.bodies() == ()
    assert not kept.has(NANCY)
    assert list(kept.export()) == []


def test_the_same_audit_is_kept_once(kept: Store) -> None:
    assert kept.add(summary(), [mark(1)], run="lundi")
    assert not kept.add(summary(), [mark(1)], run="mardi")
    assert [(one.number, one.run) for one in kept.audits(NANCY)] == [(1, "lundi")]


@pytest.mark.parametrize("change", [{"overall": 83.8}, {"tool_version": "0.2.0"}, {"datasets": 18}, {"partial": True}])
def test_another_result_on_the_same_day_is_another_audit(kept: Store, change: dict[str, object]) -> None:
    kept.add(summary(), [mark(1)])
    assert kept.add(summary(**change), [mark(1)])  # type: ignore[arg-type]
    assert len(kept.history(NANCY)) == 2


def test_another_open_finding_or_another_order_is_another_audit(kept: Store) -> None:
    kept.add(summary(), [mark(1), mark(2)])
    assert kept.add(summary(), [mark(2), mark(1)])
    assert kept.add(summary(), [mark(1), replace(mark(2), count=9)])
    assert len(kept.history(NANCY)) == 3


def test_the_whole_report_is_kept_when_given_even_later(kept: Store) -> None:
    kept.add(summary(), [mark(1)])
    (audit,) = kept.audits(NANCY)
    assert kept.report(audit) is None
    assert not kept.add(summary(), [mark(1)], b'{"audit": "entier"}' * 1000)
    assert kept.report(audit) == b'{"audit": "entier"}' * 1000
    assert not kept.add(summary(), [mark(1)], b"autre")
    assert kept.report(audit) == b'{"audit": "entier"}' * 1000


def test_an_audit_dated_before_the_last_takes_its_place_by_date_and_is_told(kept: Store) -> None:
    for day in (date(2026, 9, 1), date(2026, 11, 1), date(2026, 10, 1)):
        kept.add(summary(on=day), [mark(1)])
    audits = kept.audits(NANCY)
    assert [one.summary.on.month for one in audits] == [9, 10, 11]
    assert [one.number for one in audits] == [1, 3, 2]
    assert [one.late for one in audits] == [False, True, False]
    last = kept.last(NANCY)
    assert last is not None and last[0].on == date(2026, 11, 1)


def test_a_body_is_called_as_its_latest_audit_calls_it(kept: Store) -> None:
    kept.add(summary(name="Nancy-la-Neuve"), ())
    kept.add(summary(name="Nancy", on=date(2020, 1, 1)), ())
    assert [body.name for body in kept.bodies()] == ["Nancy-la-Neuve"]
    assert (kept.bodies()[0].first, kept.bodies()[0].last, kept.bodies()[0].audits) == (date(2020, 1, 1), ON, 2)


def test_last_before_a_day_leaves_that_day_out(kept: Store) -> None:
    for day, number in ((date(2026, 9, 1), 1), (date(2026, 10, 1), 2)):
        kept.add(summary(on=day), [mark(number)])
    found = kept.last(NANCY, before=date(2026, 10, 1))
    assert found is not None and found[0].on == date(2026, 9, 1) and found[1] == (mark(1),)
    assert kept.last(NANCY, before=date(2026, 9, 1)) is None


def test_among_audits_of_one_day_the_last_to_arrive_is_the_last(kept: Store) -> None:
    kept.add(summary(overall=10.0), ())
    kept.add(summary(overall=5.0), ())
    last = kept.last(NANCY)
    assert last is not None and last[0].overall == 5.0


def test_difference_tells_mended_new_and_unchanged(kept: Store) -> None:
    kept.add(summary(on=date(2026, 9, 1)), [mark(1), mark(2)])
    kept.add(summary(on=date(2026, 10, 1)), [mark(2, message="Autre constat."), mark(3)])
    found = kept.difference(NANCY, date(2026, 9, 1), date(2026, 10, 1))
    assert (found.mended, found.new) == ((mark(1),), (mark(3),))
    assert found.unchanged == (mark(2, message="Autre constat."),)
    changes = kept.changes(NANCY)
    assert changes[0][1] is None
    assert changes[1][1] == found


def test_difference_with_an_unknown_date_is_refused(kept: Store) -> None:
    kept.add(summary(), ())
    with pytest.raises(store.StoreError, match="1er janvier 2020"):
        kept.difference(NANCY, date(2020, 1, 1), ON)
    with pytest.raises(store.StoreError, match="numéro 7"):
        kept.difference(NANCY, 7, 1)


def test_a_finding_that_only_tells_another_day_or_another_commune_takes_no_more_room(kept: Store) -> None:
    for number, (body, name) in enumerate([(NANCY, "Nancy"), ("insee:57463", "Metz")]):
        for month in range(1, 7):
            day = date(2026, month, 1)
            told = mark(1, on=day, name=name)
            assert kept.add(summary(body=body, name=name, target=name, on=day), [told])
            found = kept.last(body)
            assert found is not None and found[1] == (told,), number
    assert kept.health().marks == 1


def test_hostile_texts_come_back_or_are_cut_never_fail(kept: Store) -> None:
    hostile = "=cmd|'/c calc'!A0 \x1a\x1ad\x00 \u202e <script> \x1b[31m é\U0001f600"
    told = mark(1, message=hostile, dataset="x" * 50_000, file="\ud800seul", title=hostile)
    assert kept.add(summary(name="\x1ad\x1at", target="\x1a", first_action=hostile), [told])
    found = kept.last(NANCY)
    assert found is not None
    assert found[0].first_action == hostile
    assert found[1][0].message == hostile
    assert found[1][0].dataset == "x" * 2000
    assert found[1][0].file == "?seul"
    assert kept.health().faults == ()


def test_a_day_kept_as_a_sign_is_not_mistaken_for_a_text_that_holds_the_sign(kept: Store) -> None:
    one = mark(1, message=f"\x1ad {french_date(ON)} {ON.isoformat()} Nancy Nancy")
    kept.add(summary(), [one])
    found = kept.last(NANCY)
    assert found is not None and found[1] == (one,)


def test_export_gives_every_audit_in_order_of_arrival_and_by_place(kept: Store) -> None:
    for number in range(1200):
        kept.add(summary(body=f"insee:{number:05d}", departement_code=str(number % 3), epci_siren="1"), ())
    assert [one.number for one in kept.export()] == list(range(1, 1201))
    assert {one.summary.departement_code for one in kept.export(departement="1")} == {"1"}
    assert len(list(kept.export(departement="1", epci="1"))) == 400
    assert not list(kept.export(epci="2"))


def test_what_arrives_during_an_export_is_left_to_the_next(kept: Store, tmp_path: Path) -> None:
    for number in range(600):
        kept.add(summary(body=f"insee:{number:05d}"), ())
    running = kept.export()
    next(running)
    with store.opened(tmp_path / "audits.db", write=True, wait=1) as other:
        assert other.add(summary(body="insee:99999"), ())
    assert sum(1 for _ in running) == 599


@given(st.lists(st.integers(min_value=0, max_value=2**40)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    assert packing.unpacked_numbers(packing.packed_numbers(numbers)) == numbers


@given(st.binary(max_size=40))
def test_any_bytes_are_numbers_or_a_value_error(packed: bytes) -> None:
    try:
        packing.unpacked_numbers(packed)
    except ValueError:
        assert packed


@given(st.text(alphabet="\x1adtien ancyNé26-1", max_size=60), st.text(alphabet="\x1adN2é", max_size=6), st.dates())
def test_words_put_aside_come_back(message: str, word: str, day: date) -> None:
    words = packing.shared_words(day, word, word + "suite")
    told = f"{message} {french_date(day)} {word} {day.isoformat()}"
    assert packing.unfolder_of(words)(packing.folder_of(words)(told)) == told


_SCORES = st.none() | st.floats(min_value=0, max_value=100)


@given(
    st.builds(
        summary,
        overall=_SCORES,
        name=st.text(max_size=20),
        confidence=st.floats(min_value=0, max_value=1),
        axes=st.lists(
            st.builds(AxisScore, st.sampled_from(Axis), _SCORES, st.floats(0, 1), *[st.integers(0, 10**6)] * 3)
        ).map(tuple),
        population=st.none() | st.integers(0, 10**7),
        families=st.lists(st.sampled_from(["bal", "decp", "budget"])).map(tuple),
        newest=st.none() | st.dates(),
    )
)
def test_any_summary_comes_back(told: AuditSummary) -> None:
    identity, measures = packing.told_form(told)
    assert packing.summary_of(told.body, told.on.isoformat(), identity, packing.packed_measures(measures)) == told
