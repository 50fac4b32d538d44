from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.sources.reading import values

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(ANYTHING)
def test_any_value_is_read_without_failing(value: Any) -> None:
    for read in (values.text, values.prose, values.web_url, values.email):
        read(value).encode("utf-8")
    assert all(values.words(value))
    assert values.size(value) is None or values.size(value) >= 0
    values.day(value)
    values.siren_of(value)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_date_is_read_back(value: date) -> None:
    assert values.day(value.isoformat()) == value
    assert values.day(f"{value.isoformat()}T23:59:59.999000+00:00") == value
    assert values.day(f"{value.day:02}/{value.month:02}/{value.year:04}") == value


@pytest.mark.parametrize("written", ["0203-05-01", "1899-12-31", "2201-01-01", "9999-12-31", date(203, 5, 1)])
def test_a_year_no_catalogue_can_mean_is_unknown(written: Any) -> None:
    assert values.day(written) is None


@pytest.mark.parametrize(
    "written", ["2025", "2025-06", "2025-13-01", "31/02/2025", "hier", "", "20250101", "2025-01-011", None, 2025]
)
def test_what_is_no_full_date_is_no_date(written: Any) -> None:
    assert values.day(written) is None


def test_a_yaml_date_is_a_date() -> None:
    assert values.day(datetime(2025, 1, 2, 3, 4)) == date(2025, 1, 2)


def test_a_description_keeps_its_lines_and_loses_the_rest() -> None:
    assert values.prose("a\x00b\r\n\n\n\n\u202ec\x1b[31m") == "a b\n\nc [31m"


def test_a_description_is_bounded() -> None:
    assert len(values.prose("é" * 100_000)) == values.LONGEST_DESCRIPTION


@pytest.mark.parametrize(
    ("value", "expected"),
    [("eau; gaz,eau ;", ("eau", "gaz")), (["b", "a", None, {"x": 1}, "b"], ("b", "a")), (3, ()), (None, ())],
)
def test_keywords_are_a_list_or_a_text(value: Any, expected: tuple[str, ...]) -> None:
    assert values.words(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(12, 12), ("12", 12), ("12.0", 12), ("1.2 KB", None), (True, None), (-1, None), (float("nan"), None)],
)
def test_a_size_is_a_number_of_bytes(value: Any, expected: int | None) -> None:
    assert values.size(value) == expected


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("budget_2025", "Budget 2025"),
        ("base-adresse-locale", "Base adresse locale"),
        ("deliberations_2024-01-15", "Deliberations 2024-01-15"),
        ("21350328700012_deliberations", "Deliberations"),
        ("213503287-subventions", "Subventions"),
        ("213503287", "213503287"),
        ("2025", "2025"),
        ("équipements", "Équipements"),
        ("__", "Sans titre"),
    ],
)
def test_a_title_is_made_from_a_file_name(stem: str, title: str) -> None:
    assert values.readable_title(stem) == title


@pytest.mark.parametrize(
    ("value", "siren"), [("21350328700012", "213503287"), ("213 503 287", "213503287"), ("2135", None), (None, None)]
)
def test_a_siren_comes_from_a_siret(value: Any, siren: str | None) -> None:
    assert values.siren_of(value) == siren


def test_an_email_loses_its_scheme() -> None:
    assert values.email("mailto:opendata@exemple.fr") == "opendata@exemple.fr"
    assert values.email("Jeanne Dupont") == ""
