"""What `opendata-check.toml` may say, and what is answered when it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import config
from opendata_check.errors import ConfigError
from opendata_check.model.organization import EvidenceKind, Organization, OrganizationKind, PopulationFigures


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / config.FILE_NAME
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_an_organization_is_read_with_its_dates(tmp_path: Path) -> None:
    read = config.read(
        write(
            tmp_path,
            '[organization]\nname = "Maville"\nkind = "commune"\npopulation_municipale = 6200\n'
            "population_totale = 6342\npopulation_date = 2026-01-01\nagents_etp = 84.5\nagents_etp_date = 2026-01-15\n"
            '[declarations]\na = true\nb = {value = 3, date = 2026-02-01, note = "vu"}\n',
        )
    )
    assert (read.name, read.kind, read.agents_etp) == ("Maville", OrganizationKind.COMMUNE, 84.5)
    assert read.population == PopulationFigures(
        2023, 2026, 6200, 6342, "déclaré dans opendata-check.toml", EvidenceKind.DECLARED
    )
    assert [(f.name, f.value, f.stated_on, f.note) for f in read.declarations] == [
        ("a", True, None, ""),
        ("b", 3, date(2026, 2, 1), "vu"),
    ]


def test_excel_users_may_leave_a_byte_order_mark(tmp_path: Path) -> None:
    assert config.read(write(tmp_path, b'\xef\xbb\xbf[organization]\nname = "X"\n')).name == "X"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[organization\n", "mal écrit"),
        ("[organization]\nnom = 1\n", "n'existe pas"),
        ("[autre]\n", "n'existe pas"),
        ("organization = 1\n", "partie"),
        ("[organization]\nname = 3\n", "guillemets"),
        ('[organization]\nagents_etp = "beaucoup"\n', "nombre positif"),
        ("[organization]\nagents_etp = -1\n", "nombre positif"),
        ("[organization]\nagents_etp = true\n", "nombre positif"),
        ("[organization]\nagents_etp = nan\n", "nombre positif"),
        ('[organization]\nkind = "village"\n', "commune"),
        ("[organization]\npopulation_municipale = 5\n", "de quand date"),
        ('[organization]\npopulation_municipale = 5\npopulation_date = "2026"\n', "date sans guillemets"),
        (
            "[organization]\npopulation_municipale = 5\npopulation_totale = 4\npopulation_date = 2026-01-01\n",
            "inférieure",
        ),
        ("[declarations]\na = [1]\n", "true"),
        ("[declarations]\na = {valeur = 1}\n", "true"),
        ("\xff\xfe", "mal écrit"),
    ],
)
def test_a_wrong_setting_names_the_file_and_says_what_to_write(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.read(write(tmp_path, text))
    line = str(caught.value)
    assert words in line
    assert config.FILE_NAME in line
    assert "\n" not in line


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="UTF-8"):
        config.read(write(tmp_path, b"\xe9\xe8"))
    with pytest.raises(ConfigError):
        config.read(tmp_path / "rien.toml")


@given(st.text(max_size=200))
def test_no_text_makes_it_crash(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.mktemp("c"), text.encode("utf-8", "replace"))
    try:
        config.read(path)
    except ConfigError as error:
        assert "\n" not in str(error)


def test_it_is_found_beside_the_data(tmp_path: Path) -> None:
    assert config.find(tmp_path) is None
    path = write(tmp_path, "")
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    assert config.find(tmp_path) == path
    assert config.find(tmp_path / "a.csv") == path


def test_declared_facts_are_laid_over_the_national_reference() -> None:
    known = Organization(
        "Maville",
        OrganizationKind.COMMUNE,
        insee_code="54395",
        populations=(PopulationFigures(2022, 2025, 1, 2, "Insee"),),
    )
    said = config.Config(population=PopulationFigures(2023, 2026, 5, 6, "déclaré"), agents_etp=62.0)
    both = config.organization_from(said, known)
    assert both is not None
    assert [p.in_force_year for p in both.populations] == [2026, 2025]
    assert (both.insee_code, both.agents_etp) == ("54395", 62.0)


def test_without_a_name_nobody_is_meant() -> None:
    assert config.organization_from(config.Config(agents_etp=3.0), None) is None
    fictional = config.organization_from(config.Config(name="Maville"), None)
    assert fictional is not None
    assert fictional.kind is OrganizationKind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[organization]\nx = " + "[" * 900 + "]" * 900, "démesurée"),
        ("[declarations]\nvehicules_du_parc = " + "9" * 5000, "démesurée"),
        ("[declarations]\nvehicules_du_parc = 0x" + "f" * 10_000, "n'est pas possible"),
        ("[declarations]\nvehicules_du_parc = nan", "n'est pas possible"),
        ("[declarations]\npopulation = 3", "population_municipale"),
        ("[declarations]\nagents_etp = 60", "[organization]"),
        ('[organization]\nnom = "Nancy"', "« name »"),
        ('[organization]\ncode = "54395"\nagents_etp_date = 0001-01-01', "année"),
        ("[organization]\nagents_etp = 49,5", "49.5"),
        ("# " + "x" * 70_000, "trop gros"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "opendata-check.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.read(path)
    assert said in str(caught.value) and len(str(caught.value)) < 600


def test_oui_and_non_are_answers(tmp_path: Path) -> None:
    path = tmp_path / "opendata-check.toml"
    path.write_text('[declarations]\na = "Oui"\nb = {value = "non"}\nc = "communes"\n', encoding="utf-8")
    assert [fact.value for fact in config.read(path).declarations] == [True, False, "communes"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="pas de /dev/zero ici")
def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "opendata-check.toml"
    path.symlink_to("/dev/zero")
    with pytest.raises(ConfigError):
        config.read(path)
