"""The gestures: every check has its own, or says where it is mended; each is short enough to follow with a mouse."""

from __future__ import annotations

import re

import pytest

from opendata_check import checks
from opendata_check.gestures import done_elsewhere, gestures, gestures_for
from opendata_check.resources import load_yaml, rules_folder

CHECKS = tuple(rule.id for rule in checks.rules())


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_mended_by_a_gesture_or_says_where(check: str) -> None:
    assert bool(gestures_for(check)) != bool(done_elsewhere(check))


def test_gestures_mend_only_checks_that_exist() -> None:
    named = {check for gesture in gestures() for check in gesture.checks}
    apart = set(load_yaml(rules_folder() / "gestures.yaml")["apart"])
    assert named | apart == set(CHECKS)


def test_ids_are_unique_and_titles_are_infinitives() -> None:
    ids = [gesture.id for gesture in gestures()]
    assert len(ids) == len(set(ids))
    for gesture in gestures():
        first = gesture.title.split()[0].lower()
        assert first.endswith(("er", "ir", "re")), gesture.title


@pytest.mark.parametrize("gesture", gestures(), ids=lambda gesture: gesture.id)
def test_what_is_done_in_a_spreadsheet_is_told_for_both(gesture) -> None:
    told = {way.software for way in gesture.ways}
    assert told in ({"Excel", "LibreOffice"}, {"data.gouv.fr"}, {"QGIS"})


@pytest.mark.parametrize("gesture", gestures(), ids=lambda gesture: gesture.id)
def test_steps_are_few_and_short(gesture) -> None:
    for way in gesture.ways:
        assert 2 <= len(way.steps) <= 6
        for step in way.steps:
            assert step.rstrip().endswith((".", "»", "»."))
            for sentence in re.split(r"(?<=[.:])\s", step):
                assert len(sentence.split()) <= 25, step


def test_a_hidden_column_is_never_said_to_be_enough() -> None:
    steps = " ".join(step for one in gestures_for("nir-absent") for way in one.ways for step in way.steps)
    assert steps.count("La masquer ne suffit pas") == 2


def test_model_named_in_a_step_exists() -> None:
    from opendata_check.schemas import store

    text = (rules_folder() / "gestures.yaml").read_text("utf-8")
    named = set(re.findall(r"schemas template (\S+)", text))
    assert named and named <= set(store.known())
