"""Which author's names are persons', and how the traces of several parts add up."""

from __future__ import annotations

import pytest

from opendata_check.inspection.traces import MAX_PLACES, merged, names_a_person
from opendata_check.model.facts import TraceFacts


@pytest.mark.parametrize("name", ["Camille Exemple", "EXEMPLE, Camille", "cexemple", "Zoé", "Jean-Marc D'Exemple"])
def test_a_name_may_be_a_person_s(name: str) -> None:
    assert names_a_person(name)


@pytest.mark.parametrize(
    "name",
    ["", " ", "-", "12", "A", "Mairie d'Exempleville", "Microsoft Office User", "openpyxl", "Administrateur",
     "SERVICE URBANISME", "HP", "Apache POI", "Utilisateur Windows", "Préfecture"],
)  # fmt: skip
def test_a_service_a_program_or_nothing_is_no_person(name: str) -> None:
    assert not names_a_person(name)


def test_an_endless_name_is_read_in_part() -> None:
    assert names_a_person("camille " * 1_000_000)


def test_traces_add_up_and_places_are_bounded() -> None:
    one = TraceFacts(author=True, comments=2, hidden_count=15, hidden_places=tuple(map(str, range(15))))
    other = TraceFacts(last_author=True, comments=3, hidden_count=15, hidden_places=tuple(map(str, range(15))))
    total = merged((one, other))
    assert (total.author, total.last_author, total.comments, total.hidden_count) == (True, True, 5, 30)
    assert len(total.hidden_places) == MAX_PLACES
    assert merged(()) == TraceFacts()
