"""The embedded file against the material it is built from."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from opendata_check.resources import data_file
from opendata_check.territory import by_insee, by_siren, layout, postcodes_of

pytestmark = pytest.mark.shared
_SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "build_territory.py"


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> int | None:
    return int(text) if text else None


def test_building_again_gives_the_same_bytes(shared: Path, tmp_path: Path) -> None:
    output = tmp_path / "territory.bin"
    command = [sys.executable, str(_SCRIPT), "--reference", str(shared / "reference"), "--output", str(output)]
    subprocess.run(command, check=True, capture_output=True)
    assert output.read_bytes() == data_file("territory", layout.FILE_NAME).read_bytes()


def test_every_commune_answers_to_its_code_with_its_facts(shared: Path) -> None:
    for row in rows(shared, "communes.csv"):
        found = by_insee(row["code_insee"])
        assert found is not None
        assert (found.name, found.siren) == (row["nom"], row["siren"] or None)
        assert (found.departement_code, found.epci_siren) == (row["departement"], row["epci"] or None)
        figures = {vintage.reference_year: (vintage.municipale, vintage.totale) for vintage in found.populations}
        assert figures.get(2023, (None, None)) == (number(row["population_municipale"]), None)
        expected = (number(row["population_municipale_dgcl"]), number(row["population_totale_dgcl"]))
        assert figures.get(2022, (None, None)) == expected


def test_every_commune_answers_to_its_siren(shared: Path) -> None:
    for row in rows(shared, "communes.csv"):
        if row["siren"]:
            found = by_siren(row["siren"])
            assert found is not None and found.insee_code == row["code_insee"]


def test_every_epci_answers_to_its_siren(shared: Path) -> None:
    for row in rows(shared, "epci.csv"):
        found = by_siren(row["siren"])
        assert found is not None
        assert (found.name, found.epci_nature) == (row["nom"], row["nature"])
        (figures,) = found.populations
        assert (figures.reference_year, figures.municipale, figures.totale) == (
            2022,
            number(row["population_municipale"]),
            number(row["population_totale"]),
        )


def test_every_old_code_answers_with_its_current_commune(shared: Path) -> None:
    partial = {row["code_insee"] for row in rows(shared, "former_and_partial_communes.csv")}
    for row in rows(shared, "former_codes.csv"):
        found = by_insee(row["ancien_code"])
        assert found is not None and row["ancien_code"] in found.notes[0]
        if row["ancien_code"] not in partial:
            assert found.insee_code == row["code_insee"]


def test_every_delegated_commune_answers_with_its_current_commune(shared: Path) -> None:
    for row in rows(shared, "former_and_partial_communes.csv"):
        found = by_insee(row["code_insee"])
        assert found is not None
        if row["code_insee_commune_actuelle"]:
            assert found.insee_code == row["code_insee_commune_actuelle"]


def test_largest_member_tells_which_epci_have_a_commune_of_a_given_size(shared: Path) -> None:
    with_a_town = {
        row["epci"]
        for row in rows(shared, "communes.csv")
        if row["epci"] and int(row["population_municipale"]) >= 3_500
    }
    for row in rows(shared, "epci.csv"):
        found = by_siren(row["siren"])
        assert found is not None
        if found.epci_nature != "EPT":
            largest = found.largest_member_populations[0].municipale or 0
            assert (largest >= 3_500) == (row["siren"] in with_a_town)


def test_postcodes_are_those_of_the_material(shared: Path) -> None:
    expected: dict[str, set[str]] = {}
    for row in rows(shared, "postcodes.csv"):
        expected.setdefault(row["code_insee"], set()).add(row["code_postal"])
    for row in rows(shared, "communes.csv"):
        assert postcodes_of(row["code_insee"]) == tuple(sorted(expected.get(row["code_insee"], set())))
