"""Files to fill in, read back: exact headers, an example row that is right, lists, notes, and never a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check import inspection, tables
from opendata_check.cli.schemas import _judge
from opendata_check.errors import OpendataCheckError
from opendata_check.fetching import open_fetcher
from opendata_check.inspection.sheets.export import sheet_as_csv
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import CustomCheck, Field, TableSchema, TableValidation
from opendata_check.reports.interface import ReportError
from opendata_check.reports.schema_cards.cards import CardOrigin, card
from opendata_check.reports.schema_cards.template import DATA_SHEET, GUIDE_SHEET, LISTS_SHEET, as_csv, as_xlsx
from opendata_check.schemas import known, load, recognise
from opendata_check.schemas.registry import schema_of
from opendata_check.schemas.store import versions
from opendata_check.schemas.template import Template, template

_EVERY = [(id_, version) for id_ in known() for version in versions(id_)]
_TABLES = [pair for pair in _EVERY if load(*pair).carrier == "table"]


def _made(schema: TableSchema) -> Template:
    return template(schema, _judge(schema))


def _workbook(schema: TableSchema) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(schema, _made(schema).columns)))


def _schema(*fields: Field, **more: Any) -> TableSchema:
    return TableSchema("ville/essai", "1.0.0", "Essai", fields, **more)


def _rows(schema: TableSchema) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(_made(schema).columns).decode("utf-8-sig"))))


def _example(field: Field, **more: Any) -> str:
    return _made(_schema(field, **more)).columns[0].example


# --- every embedded schema ------------------------------------------------------------------------------------------


def _validation(content: Content, facts: ContentFacts, schema: TableSchema) -> TableValidation:
    assert facts.table is not None
    assert list(facts.table.labels) == [field.name for field in schema.fields]
    match = recognise(facts.table.labels, declared=f"{schema.id}/{schema.version}")
    assert match is not None and match.schema == schema
    return tables.validate(content, facts, match)


@pytest.mark.parametrize(("schema_id", "version"), _TABLES)
def test_the_example_row_of_each_file_is_valid_against_its_schema(schema_id: str, version: str, tmp_path: Path) -> None:
    schema = load(schema_id, version)
    made = _made(schema)
    assert not made.without_example
    (tmp_path / "modele.csv").write_bytes(as_csv(made.columns))
    (tmp_path / "modele.xlsx").write_bytes(as_xlsx(schema, made.columns))
    with open_fetcher(cache_folder=None) as fetcher:
        content = fetcher.local(tmp_path / "modele.csv", tmp_path)
        of_csv = _validation(content, inspection.inspect(content), schema)
        content = fetcher.local(tmp_path / "modele.xlsx", tmp_path)
        with sheet_as_csv(content, inspection.inspect(content)) as (exported, facts):
            of_workbook = _validation(exported, facts, schema)
    for validation in (of_csv, of_workbook):
        assert (validation.valid, validation.row_count, validation.issues) == (True, 1, ())


@pytest.mark.parametrize(("schema_id", "version"), _TABLES)
def test_each_workbook_holds_no_formula_and_the_exact_headers(schema_id: str, version: str) -> None:
    schema = load(schema_id, version)
    book = _workbook(schema)
    assert [cell.value for cell in book[DATA_SHEET][1]] == [field.name for field in schema.fields]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    for cell, field in zip(book[DATA_SHEET][1], schema.fields, strict=True):
        needed = field.required and field.name not in schema.optional_columns
        assert cell.comment.text.startswith("Obligatoire.") is needed
        assert field.meaning[:40] in cell.comment.text
        assert cell.font.b is field.required and cell.font.i is not field.required


# --- a workbook -----------------------------------------------------------------------------------------------------


def test_a_column_of_listed_values_offers_its_list() -> None:
    schema = load("scdl/subventions")
    book = _workbook(schema)
    rules = {str(rule.sqref): rule for rule in book[DATA_SHEET].data_validations.dataValidation}
    assert set(rules) == {"J2:J1048576", "N2:N1048576"}
    assert {rule.type for rule in rules.values()} == {"list"}
    offered = {}
    for place, rule in rules.items():
        sheet, _, area = rule.formula1.strip("'").partition("'!")
        assert sheet == LISTS_SHEET
        offered[place[0]] = [row[0].value for row in book[LISTS_SHEET][area.replace("$", "")]]
    assert offered["J"] == schema.fields[9].constraints["enum"]
    assert offered["N"] == ["oui", "non"]


def test_codes_are_texts_days_are_days_and_whole_numbers_are_numbers() -> None:
    schema = _schema(
        Field("insee", constraints={"pattern": "[0-9]{5}"}, example="01004"),
        Field("jour", "date", example="2024-01-31"),
        Field("nombre", "integer", example="12"),
        Field("montant", "number", example="1500.50"),
        Field("jour_fr", "date", "%d/%m/%Y", example="31/01/2024"),
        Field("annee", "date", "%Y", example="2024"),
        Field("ancien", "date", example="1850-06-01"),
    )
    cells = _workbook(schema)[DATA_SHEET][2]
    assert [cell.value for cell in cells] == [
        "01004", datetime(2024, 1, 31), 12, "1500.50", datetime(2024, 1, 31), "2024", "1850-06-01",
    ]  # fmt: skip
    formats = ["@", "yyyy-mm-dd", "0", "@", "dd\\/mm\\/yyyy", "@", "yyyy-mm-dd"]
    assert [cell.number_format for cell in cells] == formats
    sheet = _workbook(schema)[DATA_SHEET]
    assert [sheet.column_dimensions[letter].number_format for letter in "ABCDEFG"] == formats


def test_the_header_stays_in_sight_and_the_guide_is_in_french() -> None:
    schema = load("scdl/subventions")
    book = _workbook(schema)
    assert book.sheetnames == [DATA_SHEET, GUIDE_SHEET, LISTS_SHEET]
    assert book[DATA_SHEET].freeze_panes == "A2"
    said = "\n".join(str(cell.value) for row in book[GUIDE_SHEET].iter_rows() for cell in row if cell.value)
    for words in ("La ligne 2 est un exemple", "CSV UTF-8", "opendata-check check", "Les zéros du début restent"):
        assert words in said
    for field in schema.fields:
        assert field.name in said and field.meaning in said
    assert "supprimez-la" in book[DATA_SHEET]["A2"].comment.text


def test_columns_to_keep_even_empty_are_named_in_the_guide() -> None:
    schema = _schema(Field("a"), Field("b"), optional_columns=frozenset({"b"}))
    said = [str(row[0].value) for row in _workbook(schema)[GUIDE_SHEET].iter_rows(max_col=1)]
    assert any(text.endswith("Même vides, gardez ces colonnes : a.") for text in said)


def test_a_schema_without_lists_makes_no_sheet_of_lists() -> None:
    assert _workbook(_schema(Field("a")))["Données"] is not None
    assert _workbook(_schema(Field("a"))).sheetnames == [DATA_SHEET, GUIDE_SHEET]


def test_the_same_schema_gives_the_same_bytes_whatever_the_day() -> None:
    schema = load("etalab/schema-bal")
    raw = as_xlsx(schema, _made(schema).columns)
    assert raw == as_xlsx(schema, _made(schema).columns)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2


def test_a_long_list_with_commas_is_offered_whole() -> None:
    values = [f"valeur {number}, avec une virgule" for number in range(300)]
    book = _workbook(_schema(Field("a", constraints={"enum": values})))
    (rule,) = book[DATA_SHEET].data_validations.dataValidation
    assert rule.formula1 == f"'{LISTS_SHEET}'!$A$2:$A$301"
    assert [row[0].value for row in book[LISTS_SHEET].iter_rows(min_row=2)] == values


# --- hostile schemas ------------------------------------------------------------------------------------------------

_FORMULAS = ['=HYPERLINK("http://x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=1"]


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_formula_is_never_an_example(text: str) -> None:
    schema = _schema(
        Field("a", example=text, meaning=text, constraints={"required": True}),
        Field("b", constraints={"enum": [text, "oui"]}, example=text),
        source=text,
    )
    assert [column.example for column in _made(schema).columns] == ["Texte", "oui"]
    assert _rows(schema)[1] == ["Texte", "oui"]
    book = _workbook(schema)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_value_that_only_a_formula_could_fill_is_left_empty_and_told() -> None:
    made = _made(_schema(Field("a", constraints={"required": True, "enum": ["=1+1"]})))
    assert (made.columns[0].example, made.without_example) == ("", ("a",))


@pytest.mark.parametrize("name", _FORMULAS[:4])
def test_a_column_named_as_a_formula_is_refused_in_a_csv_and_a_text_in_a_workbook(name: str) -> None:
    schema = _schema(Field(name))
    with pytest.raises(ReportError, match="serait une formule"):
        as_csv(_made(schema).columns)
    cell = _workbook(schema)[DATA_SHEET]["A1"]
    assert (cell.value, cell.data_type) == (name, "s")


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "\ud800", "a\u2028b", "x" * 300])
@pytest.mark.parametrize("write", [lambda s, c: as_csv(c), as_xlsx])
def test_a_column_name_that_cannot_be_kept_exactly_is_refused(name: str, write: Callable[..., bytes]) -> None:
    schema = _schema(Field(name))
    with pytest.raises(ReportError, match="nom de colonne"):
        write(schema, _made(schema).columns)


def test_an_invisible_mark_of_a_column_name_is_kept_for_the_schema_expects_it() -> None:
    schema = _schema(Field("\u200dportage"))
    assert _rows(schema)[0] == ["\u200dportage"]
    assert _workbook(schema)[DATA_SHEET]["A1"].value == "\u200dportage"


def test_odd_texts_of_a_schema_do_not_break_the_workbook() -> None:
    odd = "é\x00\ud800\u202e" + "x" * 40_000
    schema = TableSchema(
        odd, odd, odd, (Field("a", odd, odd, {"enum": [odd, None, 1, True, {"a": 1}]}, {}, odd, odd),), source=odd
    )
    book = _workbook(schema)
    assert book[DATA_SHEET]["A1"].value == "a"


_ODD = st.recursive(
    st.sampled_from([None, True, False, 0, -3, 1e300, "", "x", "=1", "(", "é\u202e\ud800\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=4,
)
_FACTS = ["enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "unique", "exclusiveMinimum", "required"]
_SAID = ["trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "format", "example", "description"]
_FIELDS = st.builds(
    lambda kind, facts, said: {**said, "name": "a", "type": kind, "constraints": facts},
    st.sampled_from(["string", "integer", "number", "boolean", "date", "time", "year", "geopoint", "array", "any"]),
    st.dictionaries(st.sampled_from(_FACTS), _ODD, max_size=4),
    st.dictionaries(st.sampled_from(_SAID), _ODD, max_size=4),
)
_CHECKS = st.builds(
    lambda name, params: {"name": name, "params": params},
    st.sampled_from(
        ["compare-columns-value", "sum-columns-value", "cohesive-columns-value", "french-siret-value", "x"]
    ),
    st.dictionaries(st.sampled_from(["column", "column2", "op", "columns", "othercolumns"]), _ODD | st.just("a")),
)


@settings(max_examples=80)
@given(_FIELDS, st.lists(_CHECKS, max_size=2), _ODD)
def test_a_published_schema_whose_facts_make_no_sense_never_stops_the_program(
    field: dict[str, Any], checks: list[dict[str, Any]], missing: Any
) -> None:
    published = {"name": "a", "fields": [field], "custom_checks": checks, "missingValues": missing}
    try:
        schema = schema_of(json.dumps(published).encode(), "ville/essai", "1", where="a.json")
        columns = _made(schema).columns
        assert as_xlsx(schema, columns)[:2] == b"PK"
        assert as_csv(columns).startswith(b"\xef\xbb\xbf")
        for shown in ("terminal", "json"):
            card(schema, CardOrigin("pulled"), shown, 80).encode()
    except OpendataCheckError as refused:
        assert "\n" not in str(refused)


@pytest.mark.shared
def test_every_table_of_the_national_registry_has_its_card_and_its_files(shared: Path) -> None:
    made = 0
    for path in sorted((shared / "schemas").glob("*/latest.json")):
        raw = path.read_bytes()
        if not isinstance(json.loads(raw).get("fields"), list):
            continue
        schema = schema_of(raw, path.parent.name.replace("__", "/"), "latest", where=path.name)
        template_of = _made(schema)
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(schema, template_of.columns)))
        assert [cell.value for cell in book[DATA_SHEET][1]] == [field.name for field in schema.fields]
        assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
        assert len(template_of.without_example) <= 1, schema.id
        assert as_csv(template_of.columns)
        assert max(map(len, card(schema, CardOrigin("pulled"), "terminal", 80).splitlines())) <= 80
        made += 1
    assert made >= 60


def test_too_many_columns_for_a_workbook_still_make_a_csv() -> None:
    schema = _schema(*(Field(f"c{number}") for number in range(16_100)))
    columns = _made(schema).columns
    with pytest.raises(ReportError, match="trop de colonnes"):
        as_xlsx(schema, columns)
    assert as_csv(columns).startswith(b"\xef\xbb\xbfc0,c1,")


# --- the example row ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "example"),
    [
        (Field("a", example="Rue du Lavoir"), "Rue du Lavoir"),
        (Field("a", "date"), "2024-01-31"),
        (Field("a", "date", "%d/%m/%Y"), "31/01/2024"),
        (Field("a", "date", example="31/01/2024"), "2024-01-31"),
        (Field("a", "datetime"), "2024-01-31T10:00:00Z"),
        (Field("a", "integer", constraints={"minimum": 50}), "50"),
        (Field("a", "number", constraints={"minimum": 0.1, "maximum": 0.9}), "0.1"),
        (Field("a", "boolean", options={"trueValues": ["VRAI"], "falseValues": ["FAUX"]}), "VRAI"),
        (Field("a", "boolean", example="0"), "0"),
        (Field("a", "number", example="-0.370679"), "-0.370679"),
        (Field("a", "geopoint", example="-0.37,49.18"), "-0.37,49.18"),
        (Field("a", format="email"), "contact@exemple.fr"),
        (Field("a", format="uri"), "https://www.exemple.fr"),
        (Field("a", constraints={"minLength": 20}), "1" * 20),
        (Field("a", constraints={"pattern": "^[A-Z]{40}$"}), ""),
        (Field("a", constraints={"pattern": "("}), ""),
        (Field("a", constraints={"pattern": "(a+)+$"}, example="a" * 40 + "!"), ""),
        (Field("a", "inconnu", example="x"), ""),
        (Field("a", example="NC"), "Texte"),
    ],
)
def test_an_example_is_the_schema_s_own_when_it_is_right_else_a_usual_value(field: Field, example: str) -> None:
    assert _example(field, missing_values=("", "NC")) == example


def test_checks_on_one_column_are_passed_too() -> None:
    checks = (CustomCheck("french-siret-value", {"column": "a"}),)
    assert _example(Field("a", example="12345678901234"), checks=checks) == "21340172200011"


def test_columns_that_are_compared_summed_or_filled_together_agree() -> None:
    schema = _schema(
        Field("debut", "date", example="2024-05-01"),
        Field("fin", "date", example="2024-01-01"),
        Field("total", "integer", example="9"),
        Field("pour", "integer", example="3"),
        Field("contre", "integer", example="1"),
        Field("code", example="x"),
        Field("libelle", constraints={"pattern": "^[A-Z]{40}$"}),
        checks=(
            CustomCheck("compare-columns-value", {"column": "fin", "op": ">=", "column2": "debut"}),
            CustomCheck("sum-columns-value", {"column": "total", "columns": ["pour", "contre"]}),
            CustomCheck("cohesive-columns-value", {"column": "code", "othercolumns": ["libelle"]}),
            CustomCheck("compare-columns-value", {"column": "absente", "op": ">", "column2": "debut"}),
            CustomCheck("inconnu", {"column": 3}),
        ),
    )
    assert _rows(schema)[1] == ["2024-05-01", "2024-05-01", "4", "3", "1", "", ""]


def test_every_other_way_of_saying_yes_follows_the_example() -> None:
    (column,) = _made(_schema(Field("a", "boolean", example="1"))).columns
    assert (column.choices, column.example) == (("1", "0"), "1")


def test_a_file_keeps_its_accents_for_a_spreadsheet() -> None:
    raw = as_csv(_made(_schema(replace(Field("libellé"), example="été, hiver"))).columns)
    assert raw == '\ufefflibellé\r\n"été, hiver"\r\n'.encode()
