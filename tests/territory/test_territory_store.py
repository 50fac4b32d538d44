"""The embedded file: its size, its integrity, and what happens when it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.errors import RulesError
from opendata_check.resources import data_file
from opendata_check.territory import layout, lookup, store

POSITIONS = st.integers(0, store.reference().count("communes", layout.COMMUNE) - 1)


def test_embedded_data_weigh_less_than_three_megabytes() -> None:
    folder = data_file("territory", layout.FILE_NAME).parent
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3_000_000


def test_every_commune_of_the_cog_is_there() -> None:
    assert store.reference().count("communes", layout.COMMUNE) == 34_969
    assert store.reference().count("groups", layout.GROUP) == 1_266


def test_sections_fill_the_file_without_overlap() -> None:
    ref = store.reference()
    end = layout.HEADER.size + layout.ENTRY.size * len(layout.SECTIONS)
    for name in layout.SECTIONS:
        offset, size = ref.sections[name]
        assert offset == end, name
        end += size
    assert end == len(ref.data)


@pytest.mark.parametrize("kept", [0, 3, 200, 100_000])
def test_cut_file_is_refused_in_french(tmp_path: Path, kept: int) -> None:
    broken = tmp_path / "territory.bin"
    broken.write_bytes(data_file("territory", layout.FILE_NAME).read_bytes()[:kept])
    with pytest.raises(RulesError, match="réinstallez"):
        store.open_reference(broken)


def test_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "territory.bin"
    other.write_bytes(b"SQLite format 3\0" * 100)
    with pytest.raises(RulesError, match="abîmée"):
        store.open_reference(other)


@given(POSITIONS)
def test_a_commune_is_found_at_its_own_place(position: int) -> None:
    assert lookup.find_commune(store.commune_at(position).code) == position


@given(POSITIONS)
def test_postcodes_and_communes_point_at_each_other(position: int) -> None:
    for postcode in lookup.postcodes_of_commune(position):
        assert position in lookup.communes_of_postcode(postcode)


@pytest.mark.parametrize("wanted", ["", "00000", "99999", "zzzzz", "2A", "543955"])
def test_codes_outside_the_list_are_not_found(wanted: str) -> None:
    assert lookup.find_commune(wanted) is None
    assert lookup.communes_of_postcode(wanted) == ()


def test_population_vintages_are_told_apart() -> None:
    new, old = store.vintages()
    assert (new.reference_year, new.in_force_year) == (2023, 2026)
    assert (old.reference_year, old.in_force_year) == (2022, 2025)
