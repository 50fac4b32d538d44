"""Every commune and group of the embedded reference: how many, in which order, and what the law says at its edges."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.law import scope
from opendata_check.model.legal import Applicability, Duty
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.territory import by_insee, by_siren, resolve
from opendata_check.territory.everyone import count, everyone
from opendata_check.wording import french_number

COMMUNES, GROUPS = 34_969, 1_266
KIND = OrganizationKind
APPLIES, EXEMPT = Applicability.APPLIES, Applicability.EXEMPT
SUBSIDIES = 3_500
"""Inhabitants from which a commune publishes its subsidies (rules/parameters/seuil-population-subventions.yaml)."""


@cache
def bodies() -> tuple[Organization, ...]:
    return tuple(everyone())


def communes() -> tuple[Organization, ...]:
    return bodies()[:COMMUNES]


def groups() -> tuple[Organization, ...]:
    return bodies()[COMMUNES:]


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_count_is_what_is_given() -> None:
    assert count() == len(bodies()) == COMMUNES + GROUPS


def test_communes_come_first_then_groups() -> None:
    assert {body.kind for body in communes()} == {KIND.COMMUNE}
    kinds = [body.kind for body in groups()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        KIND.EPCI: 1_254,
        KIND.EPT: 11,
        KIND.COLLECTIVITE_PARTICULIERE: 1,  # métropole de Lyon
    }


def test_communes_come_in_the_order_of_codes_none_twice() -> None:
    codes = [body.insee_code or "" for body in communes()]
    assert all(before < after for before, after in pairwise(codes))


def test_groups_come_in_the_order_of_siren_none_twice() -> None:
    sirens = [body.siren or "" for body in groups()]
    assert all(before < after for before, after in pairwise(sirens))


def test_no_two_bodies_share_a_siren() -> None:
    sirens = [body.siren for body in bodies() if body.siren]
    assert len(sirens) == len(set(sirens))


def test_bodies_are_given_one_by_one_and_again_from_the_first() -> None:
    assert [body.name for body in islice(everyone(), 2)] == ["L'Abergement-Clémenciat", "L'Abergement-de-Varey"]
    assert next(everyone()) == next(everyone()) == bodies()[0]


@given(st.integers(0, COMMUNES - 1))
def test_a_commune_answers_to_its_code(position: int) -> None:
    body = communes()[position]
    assert body.insee_code is not None
    assert resolve(f"INSEE {body.insee_code}") == by_insee(body.insee_code) == body  # alone, it may be a postcode


@given(st.integers(0, GROUPS - 1))
def test_a_group_answers_to_its_siren(position: int) -> None:
    body = groups()[position]
    assert body.siren is not None
    assert resolve(body.siren) == by_siren(body.siren) == body


@pytest.mark.shared
def test_communes_are_those_of_the_reference_in_its_order(shared: Path) -> None:
    reference = [(row["code_insee"], row["nom"], row["siren"] or None) for row in rows(shared, "communes.csv")]
    assert [(body.insee_code, body.name, body.siren) for body in communes()] == sorted(reference)


@pytest.mark.shared
def test_groups_are_those_of_the_reference_in_its_order(shared: Path) -> None:
    reference = [(row["siren"], row["nom"], row["nature"]) for row in rows(shared, "epci.csv")]
    assert [(body.siren, body.name, body.epci_nature) for body in groups()] == sorted(reference)


@pytest.fixture(scope="module")
def figures_2022(shared: Path) -> dict[str, tuple[int, int]]:
    """Return the municipale and totale of 2022 by INSEE code, where the reference has both."""
    columns = ("population_municipale_dgcl", "population_totale_dgcl")
    return {
        row["code_insee"]: (int(row[columns[0]]), int(row[columns[1]]))
        for row in rows(shared, "communes.csv")
        if all(row[column] for column in columns)
    }


@pytest.fixture(scope="module")
def unsure(figures_2022: dict[str, tuple[int, int]]) -> set[str]:
    """Return the communes that the municipale says below the threshold and the totale says above."""
    return {code for code, (low, high) in figures_2022.items() if low < SUBSIDIES <= high}


def subsidies(code: str, day: date) -> Duty:
    commune = by_insee(code)
    assert commune is not None
    (duty,) = (duty for duty in scope(commune, day) if duty.obligation == "subventions")
    return duty


@pytest.mark.shared
def test_75_communes_have_the_threshold_between_their_two_figures_of_2022(unsure: set[str]) -> None:
    seen = set()
    for body in communes():
        vintage = next((item for item in body.populations if item.reference_year == 2022), None)
        low, high = (vintage.municipale, vintage.totale) if vintage else (None, None)
        if low is not None and high is not None and low < SUBSIDIES <= high:
            seen.add(body.insee_code)
    assert len(seen) == 75
    assert seen == unsure


@pytest.mark.shared
@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2025, 12, 31)])
def test_nobody_knows_in_2025_whether_those_communes_publish_their_subsidies(
    unsure: set[str], figures_2022: dict[str, tuple[int, int]], day: date
) -> None:
    for code in sorted(unsure):
        duty = subsidies(code, day)
        assert (code, duty.applicability) == (code, Applicability.UNKNOWN)
        for figure in figures_2022[code]:
            assert french_number(figure) in duty.reason, (code, duty.reason)


@pytest.mark.shared
def test_communes_around_the_threshold_are_told_when_their_two_figures_agree(
    unsure: set[str], figures_2022: dict[str, tuple[int, int]]
) -> None:
    near = {code: low for code, (low, _) in figures_2022.items() if abs(low - SUBSIDIES) <= 90 and code not in unsure}
    told = {code: subsidies(code, date(2025, 6, 15)).applicability for code in near}
    expected = {code: APPLIES if municipale >= SUBSIDIES else EXEMPT for code, municipale in near.items()}
    assert set(expected.values()) == {APPLIES, EXEMPT}
    assert told == expected
