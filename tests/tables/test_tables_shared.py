"""The shared samples in place: mutations give exactly their defect, official examples their verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tables_factory import content_of, facts_of, lines_of

from opendata_check import schemas, tables
from opendata_check.model.schema import SchemaMatch, TableValidation

MUTATIONS: dict[str, tuple[dict[str, Any], set[tuple[str, str, tuple[int, ...]]]]] = {
    "00_base.csv": ({}, set()),
    "02_latin1_semicolon.csv": ({"encoding": "latin-1", "delimiter": ";"}, set()),
    "04_utf16.csv": ({"encoding": "utf-16"}, set()),
    "06_crlf.csv": ({}, set()),
    "08_header_lower.csv": ({}, set()),
    "10_missing_required_column.csv": ({}, set()),
    "12_reordered.csv": ({}, set()),
    "14_blank_rows.csv": ({}, {("blank_row", "", (52, 53, 54))}),
    "16_ragged_short.csv": ({}, {("missing_cell", "", (12,))}),
    "20_date_impossible.csv": ({}, {("type", "DELIB_DATE", (7,))}),
    "22_siret_luhn.csv": ({}, {("french-siret-value", "COLL_SIRET", (7,))}),
    "24_siret_13digits.csv": ({}, {("pattern", "COLL_SIRET", tuple(range(2, 162)))}),
    "26_vote_gt_effectif.csv": ({}, {("compare-columns-value/VOTE_REEL", "VOTE_EFFECTIF", (7,))}),
    "28_pref_before_delib.csv": ({}, {("compare-columns-value/DELIB_DATE", "PREF_DATE", (7,))}),
    "30_value_spaces.csv": ({}, {("type", "DELIB_DATE", (7,))}),
    "32_duplicate_rows.csv": ({}, set()),  # no schema asks for unique rows
    "36_title_rows.csv": ({"header_row": 3}, set()),
    "38_nul_bytes.csv": ({}, set()),  # told by inspection, not by the schema
}


def judged(path: Path, **options: Any) -> tuple[SchemaMatch, TableValidation]:
    facts = facts_of(path.read_bytes(), **options)
    assert facts.table is not None
    match = schemas.recognise(facts.table.labels)
    assert match is not None, path
    return match, tables.validate(content_of(path), facts, match)


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_gives_its_one_defect_and_nothing_else(shared: Path, name: str):
    options, expected = MUTATIONS[name]
    match, validation = judged(shared / "samples" / "mutations" / name, **options)
    assert {(i.rule, i.column, tuple(lines_of(i))) for i in validation.issues} == expected
    assert match.missing_columns == (("COLL_SIRET",) if "missing" in name else ())


@pytest.mark.shared
def test_every_csv_mutation_has_its_expectation(shared: Path):
    names = {path.name for path in (shared / "samples" / "mutations").glob("*.csv")}
    assert names - set(MUTATIONS) == {"18_unclosed_quote.csv", "34_empty.csv"}


@pytest.mark.shared
def test_the_unclosed_quote_is_told_once_inspection_saw_it(shared: Path):
    path = shared / "samples" / "mutations" / "18_unclosed_quote.csv"
    _, validation = judged(path, unclosed_quote_row=13)
    assert [(found.rule, found.rows) for found in validation.issues] == [("unclosed_quote", ((13, 13),))]
    assert (validation.complete, validation.row_count) == (False, 11)
    assert "ligne 13" in validation.note


@pytest.mark.shared
def test_the_official_invalid_subsidies_have_their_faults_grouped(shared: Path):
    path = shared / "samples" / "examples" / "betagouv+SCDL-Subvention-DataSubvention"
    _, validation = judged(path / "exemples__exemple_invalide_erreurs_cellules.csv")
    assert len(validation.issues) == 13
    rules = {(i.rule, i.column) for i in validation.issues}
    assert {("type", "dateConvention"), ("enum", "nature"), ("maximum", "pourcentageSubvention")} <= rules
    assert judged(path / "exemples__exemple_valide.csv")[1].valid


@pytest.mark.shared
def test_files_made_from_real_rows_conform(shared: Path):
    for name in ("deliberations_montpellier_scdl.csv", "subventions_montpellier_2014_scdl.csv"):
        assert judged(shared / "samples" / "derived" / name)[1].valid


@pytest.mark.shared
def test_a_bal_that_the_ban_validator_accepts_is_valid_for_us(shared: Path):
    root = shared / "peers" / "validateur-bal"
    accepted = 0
    for line in (root / "EXPECTED.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split("\t")
        path = root / cells[0]
        verdicts = json.loads(cells[-1])
        if cells[1] not in ("1.4", "1.5") or path.suffix != ".csv" or not verdicts.get(cells[1]):
            continue
        match, validation = judged(path, delimiter=";")
        if match.schema.version == f"{cells[1]}.0":
            assert not match.missing_columns, path
            assert validation.valid, (path, validation.issues)
            accepted += 1
    assert accepted >= 8


@pytest.mark.shared
def test_bal_values_the_ban_validator_refuses_are_refused_by_us(shared: Path):
    data = shared / "peers" / "validateur-bal" / "lib" / "validate" / "__tests__"
    for part in ("commune", "toponyme", "adresse"):
        _, validation = judged(data / "1.4" / "data" / f"1.4-bad-id-ban-{part}.csv", delimiter=";")
        assert f"id_ban_{part}" in {i.column for i in validation.issues if i.rule == "type"}
    _, validation = judged(data / "data" / "sample.csv", delimiter=";")
    assert {i.column for i in validation.issues} == {"cle_interop", "numero", "position", "date_der_maj"}


@pytest.mark.shared
def test_every_shared_table_is_read_whatever_its_schema(shared: Path):
    read = 0
    for folder in ("real", "examples"):
        for path in sorted((shared / "samples" / folder).rglob("*.csv")):
            raw = path.read_bytes()
            try:
                raw.decode("utf-8-sig")
                encoding = "utf-8-sig"
            except UnicodeDecodeError:
                encoding = "cp1252"
            first = raw.split(b"\n", 1)[0]
            delimiter = max(",;\t|", key=lambda mark: first.count(mark.encode()))
            facts = facts_of(raw, encoding=encoding, delimiter=delimiter)
            match = schemas.recognise(facts.table.labels, declared="scdl/subventions")
            assert match is not None
            tables.validate(content_of(path), facts, match)
            read += 1
    assert read > 60
