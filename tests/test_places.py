"""Where bodies are: the boxes of the embedded reference, against places everybody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import places
from opendata_check.coordinates import in_france
from opendata_check.model.organization import Organization, OrganizationKind


def inside(box: places.Degrees | None, longitude: float, latitude: float) -> bool:
    assert box is not None
    return box[0] <= longitude <= box[2] and box[1] <= latitude <= box[3]


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [
        ("75056", 2.3522, 48.8566),  # Paris
        ("34172", 3.8767, 43.6108),  # Montpellier
        ("2A004", 8.7386, 41.9192),  # Ajaccio
        ("2B033", 9.4501, 42.6973),  # Bastia
        ("01001", 4.9306, 46.1517),  # L'Abergement-Clémenciat
        ("97105", -61.7253, 15.9979),  # Basse-Terre
        ("97209", -61.0742, 14.6037),  # Fort-de-France
        ("97302", -52.3261, 4.9372),  # Cayenne
        ("97411", 55.4504, -20.8789),  # Saint-Denis
        ("97611", 45.2270, -12.7806),  # Mamoudzou
        ("85113", -2.3450, 46.7220),  # L'Île-d'Yeu
    ],
)
def test_a_commune_lies_where_everybody_knows(code: str, longitude: float, latitude: float):
    box = places.commune_box(code)
    assert inside(box, longitude, latitude)
    departement = places.departement_box(code[:3] if code.startswith("97") else code[:2])
    assert inside(departement, longitude, latitude)


def test_a_box_is_tight_enough_to_tell_a_commune_from_its_far_neighbours():
    montpellier = places.commune_box("34172")
    assert not inside(montpellier, 3.6966, 43.4028)  # Sète
    assert not inside(places.departement_box("34"), 4.3601, 43.8367)  # Nîmes


def test_an_intercommunalite_covers_its_communes():
    metropole = places.group_box("243400017")  # Montpellier Méditerranée Métropole
    assert inside(metropole, 3.8767, 43.6108)
    assert inside(metropole, 3.9344, 43.5693)  # Lattes, Pérols
    assert not inside(metropole, 3.6966, 43.4028)


@pytest.mark.parametrize("code", ["99999", "", "34", "3417", "341720", "2C001", "abcde", "97501", "98818"])
def test_what_is_no_known_commune_has_no_box(code: str):
    assert places.commune_box(code) is None


@given(st.text(max_size=12))
def test_any_text_gets_an_answer(text: str):
    for ask in (places.commune_box, places.group_box, places.departement_box):
        box = ask(text)
        assert box is None or (box[0] < box[2] and box[1] < box[3])


def test_the_reference_is_whole_and_sorted_and_in_france():
    raw, communes, groups = places._reference()
    assert (communes, groups) == (34_867, 1_266)
    assert len(raw) < 400_000
    starts = range(places.HEADER.size, places.HEADER.size + communes * 11, 11)
    keys = [raw[start : start + 3] for start in starts]
    sirens = [raw[start : start + 4] for start in range(starts[-1] + 11, len(raw), 12)]
    assert keys == sorted(set(keys))
    assert sirens == sorted(set(sirens))
    for code in ("75056", "13055", "69123", "97415", "2B001"):
        west, south, east, north = places.commune_box(code) or (0, 0, 0, 0)
        assert in_france((west + east) / 2, (south + north) / 2)


def body(kind: OrganizationKind, **facts: str) -> Organization:
    return Organization("Corps", kind, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("organization", "level"),
    [
        (body(OrganizationKind.COMMUNE, insee_code="34172", departement_code="34"), "commune"),
        (body(OrganizationKind.CCAS, insee_code="34172", departement_code="34"), "commune"),
        (body(OrganizationKind.COMMUNE, insee_code="12218", departement_code="12"), "departement"),
        (body(OrganizationKind.EPCI, siren="243400017", departement_code="34"), "epci"),
        (body(OrganizationKind.DEPARTEMENT, departement_code="974"), "departement"),
        (body(OrganizationKind.EPCI, siren="999999999", departement_code="34"), None),
        (body(OrganizationKind.SYNDICAT, departement_code="34"), None),
        (body(OrganizationKind.REGION, departement_code="34"), None),
        (body(OrganizationKind.COMMUNE, insee_code="98818", departement_code="988"), None),
        (None, None),
    ],
)
def test_each_kind_of_body_has_the_place_that_is_known(organization: Organization | None, level: str | None):
    found = places.place_of(organization)
    assert (found.level if found else None) == level
