"""The part [gate] of the settings: what it gives, and how each fault is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import config
from opendata_check.config.lines import key_lines
from opendata_check.errors import ConfigError
from opendata_check.gate.globs import matches
from opendata_check.gate.settings import Settings, known_checks, settings_of
from opendata_check.model.finding import Axis, Severity

WHOLE = """
[gate]
paths = ["data", "cartes/*.geojson"]
exclude = ["brouillons"]
min-score = 80
fail-on = "minor"
baseline = "admis.json"
min-axis = {usable = 90, reusable = 75.5}

[gate.schemas]
"data/subventions-*.csv" = "scdl/subventions"
"data/delib.csv" = "scdl/deliberations/2.1.5"

[gate.severity]
encodage-utf8 = "major"

[[gate.exemptions]]
check = "valeurs-conformes"
files = "data/vieux.csv"
reason = "export ancien"
owner = "finances"
until = 2027-01-31
"""


def read(folder: Path, text: str, name: str = config.FILE_NAME) -> Settings:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return settings_of(config.written(path))


def test_everything_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert (found.paths, found.exclude) == (("data", "cartes/*.geojson"), ("brouillons",))
    assert (found.min_score, found.min_axis) == (80.0, ((Axis.USABLE, 90.0), (Axis.REUSABLE, 75.5)))
    assert (found.fail_on, found.severities) == (Severity.MINOR, (("encodage-utf8", Severity.MAJOR),))
    assert [(one.pattern, one.schema, one.line) for one in found.schemas] == [
        ("data/subventions-*.csv", "scdl/subventions", 11),
        ("data/delib.csv", "scdl/deliberations/2.1.5", 12),
    ]
    (exemption,) = found.exemptions
    assert (exemption.until, exemption.owner, exemption.line) == (date(2027, 1, 31), "finances", 17)


def test_pyproject_says_the_same_under_tool(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.opendata-check.gate]\nmin-scor = 3\n'
    with pytest.raises(ConfigError, match=r"ligne 5.*min-score"):
        read(tmp_path, text, "pyproject.toml")
    assert read(tmp_path, text.replace("min-scor ", "min-score "), "pyproject.toml").min_score == 3.0


def test_an_empty_file_asks_for_the_defaults(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    assert (found.fail_on, found.paths, found.exemptions) == (Severity.MAJOR, (), ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[gate]\n\nmin_score = 3\n", 3, "« min-score »"),
        ("[gate]\nchemins = []\n", 2, "« paths »"),
        ("[gate]\nmin-score = 101\n", 2, "0 à 100"),
        ("[gate]\nmin-score = true\n", 2, "0 à 100"),
        ('[gate]\nmin-score = "80"\n', 2, "sans guillemets"),
        ("[gate]\nmin-axis = {usabel = 3}\n", 2, "« usable »"),
        ('[gate]\nfail-on = "majeur"\n', 2, "« major »"),
        ('[gate]\npaths = [\n  "data",\n  "../x",\n]\n', 4, "sort du dépôt"),
        ('[gate]\nexclude = ["/etc"]\n', 2, "sort du dépôt"),
        ("[gate]\npaths = 3\n", 2, "liste"),
        ('[gate.schemas]\n"a.csv" = "scdl/subvention"\n', 2, "« scdl/subventions »"),
        ('[gate.schemas]\n"a.csv" = "subventions"\n', 2, "« scdl/subventions »"),
        ('[gate.schemas]\n"a.csv" = "scdl/subventions/9.9"\n', 2, "2.1.1"),
        ('[gate.severity]\nencodage-utf = "minor"\n', 2, "« encodage-utf8 »"),
        ('[gate]\n[[gate.exemptions]]\ncheck = "nir-absent"\n', 2, "reason, owner, until"),
        (WHOLE.replace("owner", "responsable"), 21, "« owner »"),
        (WHOLE.replace("valeurs-", "valeur-"), 18, "« valeurs-conformes »"),
        (WHOLE.replace("2027-01-31", '"2027-01-31"'), 22, "sans guillemets"),
        ("gate = 3\n", 1, "partie [gate]"),
        ("[gate]\nbaseline = 3\n", 2, "guillemets"),
        ('[gate]\nbaseline = "../../ailleurs.json"\n', 2, "sort du dépôt"),
    ],
)
def test_each_fault_names_its_line_and_what_to_write(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    said = str(caught.value)
    assert f"opendata-check.toml, ligne {line}" in said
    assert words in said
    assert "\n" not in said and len(said) < 700


def test_another_part_misspelt_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / config.FILE_NAME
    path.write_text('[organization]\nname = "X"\n\n[gates]\nx = 1\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"ligne 4.*\[gate\]"):
        config.read(path)


def test_a_fault_about_the_organization_names_its_line_too(tmp_path: Path) -> None:
    path = tmp_path / config.FILE_NAME
    path.write_text('[organization]\nname = "X"\nagents_etp = "dix"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"ligne 3.*agents_etp"):
        config.read(path)


def test_lines_are_found_through_every_form_of_toml() -> None:
    text = (
        'a = """\n[faux]\nb = 1\n"""\n[t."x.y"]\n# c = 1\nlist = [\n  1, # [d]\n  {k = "}", l = [2]},\n]\n'
        "[[e]]\nf.g = 1979-05-27T07:32:00.5Z\n[[e]]\nf.g = '''x\n'''\n[e.h]\ni = 1\n"
    )
    found = key_lines(text)
    assert found["a",] == 1
    assert ("faux",) not in found
    assert found["t", "x.y", "list"] == 7
    assert found["t", "x.y", "list", 1, "l"] == 9
    assert (found["e", 0, "f", "g"], found["e", 1, "f", "g"]) == (12, 14)
    assert found["e", 1, "h", "i"] == 17


@pytest.mark.parametrize("text", ["a=[}", "a=[{}}", "a=[1,}", "[[a]]\nb=[}]"])
def test_a_bracket_that_closes_nothing_ends_the_reading(text: str) -> None:
    assert isinstance(key_lines(text), dict)


@given(st.text(alphabet="[]{}=,.\"'#\n ab1\\", max_size=60))
def test_no_text_makes_the_lines_fail(text: str) -> None:
    assert all(line >= 1 for line in key_lines(text).values())


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("data/*.csv", "data/a.csv", True),
        ("data/*.csv", "data/b/a.csv", False),
        ("data/**/*.csv", "data/a.csv", True),
        ("data/**/*.csv", "data/b/c/a.csv", True),
        ("*.csv", "data/b/a.csv", True),
        ("brouillons", "data/brouillons/a.csv", True),
        ("brouillons/", "data/brouillons/a.csv", True),
        ("data/b", "data/b/c.csv", True),
        ("data/b", "data/bc.csv", False),
        ("./data/a.csv", "data/a.csv", True),
        ("data\\a.csv", "data/a.csv", True),
        ("data/[ab].csv", "data/c.csv", False),
        ("**", "a.csv", True),
        ("été.csv", "e\u0301te\u0301.csv", True),
    ],
)
def test_patterns_mean_what_people_expect(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_a_hostile_pattern_costs_little() -> None:
    assert not matches("/".join(["**", "*a*a*a*b"] * 30), "/".join(["a" * 40] * 60) + "/c")


def test_every_check_has_a_name_to_exempt() -> None:
    assert "valeurs-conformes" in known_checks() and len(known_checks()) > 40
