"""Folding of names: what it makes alike, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.territory.names import (
    fold,
    fold_lines,
    printable,
    same_spelling,
    search_key,
    shown,
    without_article,
    without_link,
)


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("SAINT-ETIENNE", "Saint-Étienne"),
        ("st etienne", "Saint-Étienne"),
        ("Ste-Marie", "Sainte-Marie"),
        ("Sts Geosmes", "Saints-Geosmes"),
        ("Stes Maries de la Mer", "Saintes-Maries-de-la-Mer"),
        ("oeuf en ternois", "Œuf-en-Ternois"),
        ("L’Haÿ les Roses", "L'Haÿ-les-Roses"),
        ("l hay-les-roses", "L'Haÿ-les-Roses"),
        ("Ivry s/Seine", "Ivry-sur-Seine"),
        ("Rosny s/ Bois", "Rosny-sur-Bois"),
        ("Fontenay ss/Bois", "Fontenay-sous-Bois"),
        ("E\N{COMBINING ACUTE ACCENT}pinal", "Épinal"),
        ("Nancy\N{NO-BREAK SPACE}", "Nancy"),
        ("Fox & Amphoux", "Fox et Amphoux"),
    ],
)
def test_spellings_of_one_name_fold_alike(typed: str, official: str) -> None:
    assert fold(typed) == fold(official)


def test_words_that_only_begin_with_st_stay() -> None:
    assert fold("Stains") == "stains"
    assert fold("Este") == "este"


@pytest.mark.parametrize(
    ("name", "key"),
    [("Le Mans", "mans"), ("La Rochelle", "rochelle"), ("L'Isle", "isle"), ("Les", "les"), ("Lesneven", "lesneven")],
)
def test_search_key_drops_the_leading_article_but_never_the_whole_name(name: str, key: str) -> None:
    assert search_key(name) == key


@pytest.mark.parametrize("link", ["de la ", "de l'", "du ", "des ", "d'", "de ", "le ", ""])
def test_what_links_a_name_is_dropped(link: str) -> None:
    assert without_link(fold(f"{link}Meuse")) == "meuse"


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=300))
def test_folded_text_has_only_words_of_plain_letters_and_digits(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert folded == " ".join(folded.split())


@given(st.lists(st.text(max_size=40).map(lambda line: line.replace("\n", " ")), min_size=1, max_size=20))
def test_folding_a_list_at_once_is_folding_each(lines: list[str]) -> None:
    assert fold_lines("\n".join(lines)).split("\n") == [fold(line) for line in lines]


@given(st.lists(st.sampled_from(["le mans", "la", "l isle", "nancy", "les ulis"]), min_size=1, max_size=6))
def test_articles_are_dropped_line_by_line(lines: list[str]) -> None:
    assert without_article("\n".join(lines)).split("\n") == [without_article(line) for line in lines]


@given(st.text(max_size=400))
def test_what_is_shown_is_short_and_printable(text: str) -> None:
    assert len(shown(text)) <= 61
    assert printable(text).isprintable()


def test_same_spelling_keeps_accents_hyphens_and_case() -> None:
    assert same_spelling("L’Haÿ-les-Roses ") == "L'Haÿ-les-Roses"
    assert same_spelling("Saint-Remy") != same_spelling("Saint-Rémy")
