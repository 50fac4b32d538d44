"""The schema inferred from a table is one that the table follows, whatever it holds, and that frictionless accepts."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from frictionless import Dialect, Schema
from frictionless.formats import CsvControl
from frictionless.resources import TableResource
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tables"))
from tables_factory import content_of, facts_of
from tables_strategies import EVERY_TRAP

from opendata_check import inspection, schemas, tables
from opendata_check.model.schema import TableValidation
from opendata_check.schemas.descriptor import from_descriptor
from opendata_check.schemas.inference import inferred
from opendata_check.tables.profile import profile

SHAPE = {"blank_row", "missing_cell", "extra_cell", "encoding", "unclosed_quote"}
"""Faults of rows, which no schema can excuse."""
SIRET = "21340172200011"
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


# --- a table and the schema inferred from it ------------------------------------------------------------------------


def text_of(labels: list[str], rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(labels)
    writer.writerows(rows)
    return stream.getvalue()


def inferred_and_judged(
    folder: Path, text: str, *, bounds: bool = False, columnar: bool = False
) -> tuple[dict[str, Any], TableValidation]:
    """Write a table, infer its schema, and judge the table by it."""
    path = folder / "donnees.csv"
    path.write_bytes(text.encode())
    facts = replace(facts_of(text.encode(), delimiter=";"), byte_size=10**9 if columnar else 0)
    descriptor = inferred(profile(content_of(path), facts), bounds=bounds)
    assert facts.table is not None
    match = schemas.match_header(facts.table.labels, from_descriptor(descriptor, where="essai"))
    return descriptor, tables.validate(content_of(path), facts, match, columnar=columnar)


def field_of(folder: Path, *cells: str, label: str = "colonne", bounds: bool = False) -> dict[str, Any]:
    """Return the field inferred for one column, beside another that numbers the rows in words."""
    rows = [[f"rang {number}", cell] for number, cell in enumerate(cells)]
    descriptor, validation = inferred_and_judged(folder, text_of(["rang", label], rows), bounds=bounds)
    assert validation.valid, validation.issues
    found: dict[str, Any] = descriptor["fields"][1]
    return found


# --- the law: a table follows its own schema ------------------------------------------------------------------------

_days = st.dates(date(1950, 1, 1), date(2060, 12, 31))
_moments = st.datetimes(datetime(1950, 1, 1), datetime(2060, 12, 31))
_numbers = st.decimals(-(10**7), 10**7, places=2, allow_nan=False)


def _french(value: Any, group: str) -> str:
    return f"{value:,}".replace(",", group).replace(".", ",")


KINDS = [
    st.integers(-5, 10**9).map(str),
    st.integers(0, 10**9).map(lambda value: _french(value, " ")),
    _numbers.map(str),
    _numbers.map(lambda value: _french(value, "\u202f")),
    _numbers.map(lambda value: f"{_french(value, ' ')} €"),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(0, 1).map(lambda value: f"{value:.20f}"),
    st.integers(0, 10**20).map(str),
    st.integers(0, 99_999).map("{:05d}".format),
    st.integers(1850, 2100).map(str),
    *[_days.map(lambda day, form=form: day.strftime(form)) for form in ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%Y")],
    *[_moments.map(lambda moment, form=form: moment.strftime(form)) for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M")],
    *[st.sampled_from(words) for words in (["oui", "non"], ["OUI", "Non", "oui"], ["true", "false"], ["O", "N"], ["N"], ["VRAI", "FAUX"], ["0", "1"])],
    st.tuples(st.floats(42, 50), st.floats(-4, 8)).map(lambda point: f"{point[0]:.5f}, {point[1]:.5f}"),
    st.tuples(st.floats(42, 50), st.floats(-4, 8)).map(lambda point: f"{point[1]:.5f},{point[0]:.5f}"),
    st.emails(),
    st.integers(0, 99).map("https://exemple.fr/é/{}".format),
    st.uuids().map(str),
    st.sampled_from(["voirie", "eau", "école "]),
    st.sampled_from([SIRET, "356000000", "35600000000048", "213401722"]),
    st.text(max_size=8),
    st.sampled_from(EVERY_TRAP),
]  # fmt: skip
ODD = ["", "", " ", "\u00a0", "NC", "-", "n/d", " 12 ", "\x1f12", "12\u2028", "0", "-0", "+1", "1_000", "١٢", "1e5"]


@st.composite
def columns_of_cells(draw: st.DrawFn, rows: int) -> list[str]:
    """Draw a column of one kind, now and then with a few cells of another."""
    few = draw(st.lists(draw(st.sampled_from(KINDS)), min_size=1, max_size=min(rows, 30)))
    cells = (few * rows)[:rows]
    if draw(st.integers(0, 9)) == 0:
        cells = [f"{few[0][:3]}{number}" for number in range(rows)]
    for cell in draw(st.lists(st.sampled_from([*ODD, *EVERY_TRAP]), max_size=2)):
        cells[draw(st.integers(0, rows - 1))] = cell
    for place in draw(st.lists(st.integers(0, rows - 1), max_size=1)):
        cells[place] = draw(st.sampled_from(["{} ", "\u00a0{}", "{}\n"])).format(cells[place])
    return cells


@st.composite
def any_table(draw: st.DrawFn, *, named: bool = False) -> str:
    """Draw a whole table, without rows that are blank: those are faults, whatever the schema.

    ``named`` says that each column has a name of its own.
    """
    rows, width = draw(st.sampled_from([1, 3, 12, 30, 300])), draw(st.integers(1, 4))
    columns = [draw(columns_of_cells(rows)) for _ in range(width)]
    names = st.sampled_from(["annee", "code", "date", "valeur", "SIRET", "cp", "code_insee", "nb", "a", "A", "", "é"])
    labels = draw(st.lists(names.filter(bool) if named else names, min_size=width, max_size=width, unique=named))
    lines = [list(cells) for cells in zip(*columns, strict=True) if any(cells)]
    return text_of([label or "sans nom" if width == 1 else label for label in labels], lines)


@given(any_table(), st.booleans(), st.booleans())
@untimed
def test_a_table_follows_the_schema_inferred_from_it(
    tmp_path_factory: Any, text: str, bounds: bool, columnar: bool
) -> None:
    folder = tmp_path_factory.mktemp("table")
    descriptor, validation = inferred_and_judged(folder, text, bounds=bounds, columnar=columnar)
    assert [(i.rule, i.column, i.before) for i in validation.issues] == [], descriptor
    errors = list(Schema.metadata_validate(dict(descriptor)))
    assert errors == []


@given(any_table(named=True))
@settings(untimed, max_examples=40)
def test_frictionless_finds_no_fault_in_it_either(tmp_path_factory: Any, text: str) -> None:
    folder = tmp_path_factory.mktemp("table")
    descriptor, _ = inferred_and_judged(folder, text, bounds=True)
    assume(text.count("\n") > 1)  # frictionless finds no header in a table without rows
    resource = TableResource(
        path="donnees.csv",
        basepath=str(folder),
        encoding="utf-8",
        schema=Schema.from_descriptor({key: descriptor[key] for key in ("fields", "missingValues")}),
        dialect=Dialect(controls=[CsvControl(delimiter=";")]),
    )
    errors = [error for task in resource.validate().tasks for error in task.errors]
    assert [(error.type, error.note) for error in errors] == []


@pytest.mark.shared
def test_published_tables_follow_the_schema_inferred_from_them(shared: Path) -> None:
    judged = 0
    for path in sorted((shared / "samples").rglob("*.csv")):
        if path.stat().st_size > 3_000_000:
            continue
        facts = inspection.read_head(content_of(path))
        if facts.table is None or facts.table.header_row is None:
            continue
        descriptor = inferred(profile(content_of(path), facts), bounds=True)
        assert list(Schema.metadata_validate(json.loads(json.dumps(descriptor)))) == []
        match = schemas.match_header(facts.table.labels, from_descriptor(descriptor, where="essai"))
        validation = tables.validate(content_of(path), facts, match)
        assert {issue.rule for issue in validation.issues} <= SHAPE, path
        judged += 1
    assert judged > 100


# --- fields ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "-2"], {"type": "integer"}),
        (["1 234", "5"], {"type": "number", "groupChar": " "}),
        (["1.5", "2"], {"type": "number"}),
        (["1\u202f234,5", "2"], {"type": "number", "decimalChar": ",", "groupChar": "\u202f"}),
        (["12,5 %", "3 %"], {"type": "number", "decimalChar": ",", "bareNumber": False}),
        (["2024-01-31"], {"type": "date"}),
        (["31/12/2023", "1/2/2024"], {"type": "date", "format": "%d/%m/%Y"}),
        (["12/31/2023"], {"type": "date", "format": "%m/%d/%Y"}),
        (["2024-01-31T10:00:00Z"], {"type": "datetime"}),
        (["31/12/2023 10:00"], {"type": "datetime", "format": "%d/%m/%Y %H:%M"}),
        (["oui", "Non"], {"type": "boolean", "trueValues": ["oui"], "falseValues": ["Non"]}),
        (["oui"], {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}),
        (["true", "False"], {"type": "boolean"}),
        (["2019", "2020"], {"type": "year"}),
        (["2.35,48.85"], {"type": "geopoint"}),
        (["48.85,2.35"], {"type": "string", "description": "Contient des coordonnées (latitude, longitude)."}),
        (["https://exemple.fr"], {"type": "string", "format": "uri"}),
        (["01", "75"], {"type": "string", "constraints": {"pattern": "[0-9]{2}"}}),
        (["voirie", "eau"] * 6, {"type": "string", "constraints": {"enum": ["eau", "voirie"]}}),
        (["12", "NC", "-"], {"type": "integer", "missingValues": ["", "-", "NC"]}),
        (["12", " "], {"type": "integer", "missingValues": ["", " "]}),
        ([" 12", "13 "], {"type": "integer"}),
        ([" 2024-01-31"], {"type": "string", "description": "Contient des dates."}),
        (["12"] * 199 + ["douze"], {"type": "string", "description": "Contient des nombres entiers, sauf 1 cellule."}),
        (["2024-01-31", "31/12/2023"], {"type": "string", "description": "Contient des dates, sous plusieurs formes."}),
        (["2024-01-31T10:00:00", "2024-01-31T10:00:00Z"], {"type": "string", "description": "Contient des dates avec l'heure, sous plusieurs formes."}),
        ([""], {"type": "string"}),
    ],
)  # fmt: skip
def test_a_field_is_as_strict_as_the_whole_column(tmp_path: Path, cells: list[str], expected: dict[str, Any]) -> None:
    found = field_of(tmp_path, *cells, "")  # an empty cell, so that nothing is required
    assert found == {"name": "colonne", **expected}


def test_a_column_that_is_always_filled_is_required_and_one_without_repeats_is_unique(tmp_path: Path) -> None:
    assert field_of(tmp_path, "1", "2")["constraints"] == {"required": True}  # too few rows to say more
    numbers = [str(number) for number in range(20)]
    assert field_of(tmp_path, *numbers)["constraints"] == {"required": True, "unique": True}
    assert field_of(tmp_path, *numbers, "3")["constraints"] == {"required": True}
    assert "constraints" not in field_of(tmp_path, *numbers, "")


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        (["3", "-1", "12"], -1, 12),
        (["1 234,50", "0,1"], 0.1, 1234.5),
        (["0,30000000000000000001", "1"], "0,30000000000000000001", 1.0),
        (["31/12/2023", "01/02/2024"], "31/12/2023", "01/02/2024"),
        (["2024-01-31T10:00:00Z", "2024-01-31T11:00:00+02:00"], "2024-01-31T11:00:00+02:00", "2024-01-31T10:00:00Z"),
        (["2019", "2024"], 2019, 2024),
    ],
)
def test_bounds_are_given_when_asked_as_the_column_writes_them(
    tmp_path: Path, cells: list[str], low: object, high: object
) -> None:
    found = field_of(tmp_path, *cells, "", bounds=True)
    assert found["constraints"] == {"minimum": low, "maximum": high}
    assert "constraints" not in field_of(tmp_path, *cells, "")


def test_valid_siret_are_checked_by_their_key(tmp_path: Path) -> None:
    rows = [[SIRET], ["35600000000048"], [SIRET]]
    descriptor, validation = inferred_and_judged(tmp_path, text_of(["idAttribuant"], rows))
    assert validation.valid
    assert descriptor["custom_checks"] == [{"name": "french-siret-value", "params": {"column": "idAttribuant"}}]
    assert descriptor["fields"][0]["constraints"] == {"required": True, "pattern": "[0-9]{14}"}
    descriptor, validation = inferred_and_judged(tmp_path, text_of(["siret"], [*rows, ["21340172200012"]]))
    assert validation.valid
    assert "custom_checks" not in descriptor


def test_labels_that_cannot_be_names_get_others(tmp_path: Path) -> None:
    text = text_of(["a", "a", "", " ", "a_2"], [["1", "2", "3", "4", "5"]] * 3)
    descriptor, validation = inferred_and_judged(tmp_path, text)
    assert [field["name"] for field in descriptor["fields"]] == ["a", "a_3", "colonne_C", "colonne_D", "a_2"]
    assert ["constraints" in field for field in descriptor["fields"]] == [True, False, False, False, True]
    assert validation.valid


def test_words_for_nothing_are_not_listed_where_they_would_empty_a_row(tmp_path: Path) -> None:
    descriptor, validation = inferred_and_judged(tmp_path, text_of(["a", "b"], [["1", "2"], ["NC", "-"]]))
    assert validation.valid
    assert [field["type"] for field in descriptor["fields"]] == ["string", "string"]


def test_nothing_is_told_of_values_about_persons(tmp_path: Path) -> None:
    names = ["Jean Dupont", "Zoé Lefèvre"] * 10
    assert field_of(tmp_path, *names, label="nom", bounds=True) == {
        "name": "nom", "type": "string", "constraints": {"required": True},
    }  # fmt: skip
    born = field_of(tmp_path, *["1961-03-02", "1975-12-24"] * 10, label="date_naissance", bounds=True)
    assert born == {"name": "date_naissance", "type": "date", "constraints": {"required": True}}
