"""The header is the row that names the columns, under whatever people put above it."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.inspection.header import clean_label, find_header

DATA = [["1", "Gymnase Jean Moulin", "12/03/2024", "1 250,50"], ["2", "Piscine des Alpes", "13/03/2024", "800"]] * 5


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(), delimiter=";"))


def test_the_first_row_names_the_columns() -> None:
    assert find_header([["id", "nom", "date", "montant"], *DATA]) == 0


def test_titles_blank_and_merged_rows_are_skipped() -> None:
    above = [["Équipements de la commune"], [], ["", "", "", ""], ["Identité", "", "", ""]]
    assert find_header([*above, ["id", "nom", "date", "montant"], *DATA]) == 4


def test_a_first_row_of_data_is_no_header() -> None:
    assert find_header(DATA) is None


def test_a_first_row_that_comes_back_below_is_no_header() -> None:
    text = "Paris;Mairie;Ouvert\nPantin;Mairie;Fermé\nParis;École;Ouvert\nLyon;Mairie;Fermé"
    assert find_header(rows(text)) is None


def test_a_header_repeated_from_page_to_page_is_a_header() -> None:
    header = ["attributaire", "objet", "type", "montant du marché", "date"]
    page = [
        ["SOCIÉTÉ A", "voirie", "travaux", "12", "2024-01-02"],
        ["SOCIÉTÉ B", "toit", "travaux", "13", "2024-01-03"],
    ]
    assert find_header([["Marchés 2024"], [], header, *page, [*header[:4], "date de notification"], *page]) == 2


@pytest.mark.parametrize(
    "header",
    [["Commune", "2019", "2020", "2021"], ["Poste", "1", "2", "3"], ["A", "B", "", ""], ["nom", "5°", "x", "y"]],
)
def test_years_counts_and_missing_names_are_labels(header: list[str]) -> None:
    data = [["Mairie", "10", "12,5", "14"], ["École", "7", "9,1", "5"], ["Gymnase", "1", "4,5", "8"]]
    assert find_header([header, *data]) == 0


def test_addresses_and_mailboxes_are_data() -> None:
    assert find_header([["Mairie", "contact@exemple.fr"], ["École", "ecole@exemple.fr"]]) is None


def test_one_column_has_a_header() -> None:
    assert find_header([["commune"], ["Antony"], ["Bagneux"]]) == 0


def test_a_header_alone_is_a_header() -> None:
    assert find_header([["id", "nom", "date"]]) == 0


@pytest.mark.parametrize("nothing", [[], [[]], [["", " "], []]])
def test_nothing_filled_has_no_header(nothing: list[list[str]]) -> None:
    assert find_header(nothing) is None


def test_sparse_data_under_a_full_header() -> None:
    data = [["1", "", "", "", "x"], ["2", "", "", "", ""], ["3", "y", "", "", ""]]
    assert find_header([["id", "a", "b", "c", "d"], *data]) == 0


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=40))
def test_any_rows_give_an_index_among_the_first_thirty_or_none(table: list[list[str]]) -> None:
    index = find_header(table)
    assert index is None or (0 <= index < min(30, len(table)) and any(cell.strip() for cell in table[index]))


def test_labels_are_fit_to_be_shown() -> None:
    assert clean_label("Date\nde \x1b[31mnaissance\u202e") == "Date de  [31mnaissance "
    assert len(clean_label("x" * 5_000)) == 200
