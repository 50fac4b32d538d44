"""Formats, licences and frequencies as catalogues write them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opendata_check import vocabulary


@pytest.mark.parametrize(
    ("written", "expected"),
    [("CSV", "csv"), ("text/csv; charset=utf-8", "csv"), (".GeoJSON", "geojson"), ("SHP", "shp"), ("Excel", "xls"),
     ("application/pdf", "pdf"), ("OGC:WMS", "ogc"), ("jpg", "jpeg"), ("", ""), ("truc", "")],
)  # fmt: skip
def test_formats_are_recognised_as_catalogues_write_them(written: str, expected: str) -> None:
    assert vocabulary.format_of(written) == expected


@pytest.mark.parametrize(
    ("text", "url", "expected", "status"),
    [
        ("lov2", "", "lov2", "approved"),
        ("Licence Ouverte v2.0 (Etalab)", "", "lov2", "approved"),
        ("", "https://www.etalab.gouv.fr/licence-ouverte-open-licence", "lov2", "approved"),
        ("Open Data Commons Open Database License (ODbL)", "", "odc-odbl", "approved"),
        ("https://creativecommons.org/licenses/by/4.0/deed.fr", "", "cc-by", "open"),
        ("CC BY-NC 4.0".replace(" ", "-"), "", "cc-by-nc", "closed"),
        ("notspecified", "", "notspecified", "unstated"),
    ],
)
def test_licences_are_recognised_by_id_title_or_url(text: str, url: str, expected: str, status: str) -> None:
    licence = vocabulary.licence_of(text, url)
    assert licence is not None
    assert (licence.id, licence.status) == (expected, status)


def test_an_unknown_licence_is_never_taken_for_another() -> None:
    assert vocabulary.licence_of("Licence maison de la ville") is None
    assert vocabulary.licence_of("", "https://opendatacommons.org/licenses/inconnue/") is None


def test_two_licences_of_one_family_are_told_apart() -> None:
    by, odbl = (vocabulary.licence_of("", f"https://opendatacommons.org/licenses/{x}/1-0/") for x in ("by", "odbl"))
    assert by is None and odbl is None  # an address that is not exactly theirs
    assert vocabulary.licence_of("", "https://opendatacommons.org/licenses/by/1.0/").id == "odc-by"  # type: ignore[union-attr]
    assert vocabulary.licence_of("", "http://opendatacommons.org/licenses/odbl/").id == "odc-odbl"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "days"),
    [("annual", 366), ("Annuelle", 366), ("biannual", 184), ("fortnighly", 14), ("punctual", None),
     ("http://publications.europa.eu/resource/authority/frequency/MONTHLY", 31)],
)  # fmt: skip
def test_frequencies_give_the_longest_delay(text: str, days: int | None) -> None:
    frequency = vocabulary.frequency_of(text)
    assert frequency is not None
    assert frequency.days == days
    assert frequency.stated


def test_saying_unknown_is_saying_nothing() -> None:
    frequency = vocabulary.frequency_of("unknown")
    assert frequency is not None
    assert not frequency.stated
    assert vocabulary.frequency_of("quand on peut") is None


@given(st.text(max_size=400))
@example("𝐀 Œuvre ÆŒ İ")
def test_folding_is_idempotent_and_nothing_crashes(text: str) -> None:
    assert vocabulary.fold(vocabulary.fold(text)) == vocabulary.fold(text)
    vocabulary.format_of(text)
    vocabulary.licence_of(text, text)
    vocabulary.frequency_of(text)


def test_every_alias_leads_to_one_entry_only() -> None:
    for names in (
        [n for f in vocabulary.formats().values() for n in {vocabulary.fold(x) for x in (f.id, *f.aliases)}],
        [n for x in vocabulary.licences().values() for n in {vocabulary.fold(y) for y in (x.id, x.title, *x.aliases)}],
        [
            n
            for x in vocabulary.frequencies().values()
            for n in {vocabulary.fold(y) for y in (x.id, x.title, *x.aliases)}
        ],
    ):
        assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
