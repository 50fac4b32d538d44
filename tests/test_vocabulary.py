"""Formats and frequencies as catalogues write them (licences: test_licences.py)."""

from __future__ import annotations

import time

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
    assert vocabulary.frequency_of("http://purl.org/cld/freq/ThisTermDoesNotExist") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # data.gouv.fr, old and new; European codes and URIs; Dublin Core; ISO 19115
        ("realtime", "continuous"), ("fortnighly", "biweekly"), ("biannual", "semiannual"), ("notPlanned", "never"),
        ("http://publications.europa.eu/resource/authority/frequency/AS_NEEDED", "irregular"),
        ("http://publications.europa.eu/resource/authority/frequency/ANNUAL_2", "semiannual"),
        ("http://purl.org/cld/freq/triennial", "triennial"), ("freq:daily", "daily"),
        ("http://standards.iso.org/iso/19115/resources/Codelists/cat/codelists.xml#asNeeded", "irregular"),
        ("annually", "annual"), ("continual", "continuous"), ("fortnightly", "biweekly"),
        # durations
        ("P1Y", "annual"), ("R/P1Y", "annual"), ("R/P3M", "quarterly"), ("P6M", "semiannual"), ("P1W", "weekly"),
        ("P0Y1M0D", "monthly"), ("PT1H", "hourly"), ("PT15M", "continuous"), ("P365D", "annual"),
        # sentences
        ("mise à jour annuelle", "annual"), ("tous les 6 mois", "semiannual"), ("tous les six mois", "semiannual"),
        ("au fil de l'eau", "continuous"), ("Quotidienne", "daily"), ("2 fois par an", "semiannual"),
        ("une fois par mois", "monthly"), ("Every 2 weeks", "biweekly"), ("twice a year", "semiannual"),
        ("à chaque conseil municipal", "irregular"), ("trois fois par semaine", "threeTimesAWeek"),
        ("toutes les 10 minutes", "continuous"), ("Les données ne sont plus mises à jour", "never"),
        ("ponctuelle, au moins une fois par an", "annual"),
    ],
)  # fmt: skip
def test_frequencies_are_recognised_in_every_vocabulary(text: str, expected: str) -> None:
    frequency = vocabulary.frequency_of(text)
    assert frequency is not None
    assert frequency.id == expected


@pytest.mark.parametrize(
    "text", ["annuelle ou mensuelle", "pas de mise à jour annuelle", "P", "R/P", "PT", "12", "天天"]
)
def test_a_doubtful_frequency_stays_unknown(text: str) -> None:
    assert vocabulary.frequency_of(text) is None


def test_a_rhythm_that_no_list_has_keeps_its_delay() -> None:
    frequency = vocabulary.frequency_of("P18M")
    assert frequency is not None
    assert (frequency.title, frequency.days) == ("tous les 18 mois", 548)


def test_several_times_a_month_may_wait_a_month_as_on_data_gouv() -> None:
    for text in ("semimonthly", "threeTimesAMonth", "bimensuelle", "deux fois par mois", "MONTHLY_2"):
        frequency = vocabulary.frequency_of(text)
        assert frequency is not None
        assert frequency.days == 31


def test_a_long_text_costs_no_time() -> None:
    start = time.perf_counter()
    for hostile in ("tous les " * 100_000, "1" * 100_000, "p" + "1y" * 50_000, "/" * 100_000, "annuelle " * 50_000):
        vocabulary.frequency_of(hostile)
    assert time.perf_counter() - start < 1


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
        [
            n
            for x in vocabulary.frequencies().values()
            for n in {vocabulary.fold(y) for y in (x.id, x.title, *x.codes, *x.words)}
        ],
    ):
        assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
