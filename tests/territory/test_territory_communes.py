"""What a code says of a commune today, for whoever reads addresses."""

from __future__ import annotations

import pytest

from opendata_check import territory


@pytest.mark.parametrize("code", ["54395", "75056", "75101", "69381", "2A004", "97411"])
def test_a_commune_or_a_municipal_arrondissement_exists(code: str) -> None:
    assert territory.is_commune(code)


@pytest.mark.parametrize("code", ["", "54000", "99999", "2C004", "7505", "nancy"])
def test_a_postcode_or_anything_else_is_no_commune(code: str) -> None:
    assert not territory.is_commune(code)


def test_a_delegated_commune_is_none_of_today_but_leads_to_what_it_became() -> None:
    assert not territory.is_commune("49004")
    assert territory.is_delegated("49004")
    assert territory.current_code("49004") == "49307"


def test_a_commune_that_became_nothing_else_leads_nowhere() -> None:
    assert territory.current_code("54395") is None
    assert not territory.is_delegated("54395")


def test_the_official_name_is_that_of_today() -> None:
    assert territory.official_name("54395") == "Nancy"
    assert territory.official_name("99999") is None
