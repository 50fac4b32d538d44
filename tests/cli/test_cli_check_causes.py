"""`check` gives each defect its one cause: the mutated files of the shared material, and the probes other tools fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from test_cli_check import Program, checked, refused, written

# --- one defect a file ----------------------------------------------------------------------------------------------

# file, exit code, groups but notes (level, type, field, count, lines), types of the notes
Group = tuple[str, str, str, int, list[list[int]]]
MUTATIONS: list[tuple[str, list[Group], set[str]]] = [
    ("00_base.csv", [], set()),
    ("02_latin1_semicolon.csv", [], {"encoding"}),
    ("04_utf16.csv", [], {"encoding"}),
    ("06_crlf.csv", [], set()),
    ("08_header_lower.csv", [], {"incorrect-label"}),
    ("10_missing_required_column.csv", [("error", "missing-label", "COLL_SIRET", 1, [[1, 1]])], set()),
    ("12_reordered.csv", [], {"label-order"}),
    ("14_blank_rows.csv", [("error", "blank-row", "", 3, [[52, 54]])], set()),
    ("16_ragged_short.csv", [("error", "missing-cell", "", 1, [[12, 12]])], set()),
    ("18_unclosed_quote.csv", [("error", "unclosed-quote", "", 1, [[13, 13]])], set()),
    ("20_date_impossible.csv", [("error", "type-error", "DELIB_DATE", 1, [[7, 7]])], set()),
    ("22_siret_luhn.csv", [("error", "french-siret-value", "COLL_SIRET", 1, [[7, 7]])], set()),
    ("24_siret_13digits.csv", [("error", "constraint-error", "COLL_SIRET", 160, [[2, 161]])], set()),
    ("26_vote_gt_effectif.csv", [("error", "compare-columns-value", "VOTE_EFFECTIF", 1, [[7, 7]])], set()),
    ("28_pref_before_delib.csv", [("error", "compare-columns-value", "PREF_DATE", 1, [[7, 7]])], set()),
    ("30_value_spaces.csv", [("error", "type-error", "DELIB_DATE", 1, [[7, 7]])], set()),
    ("32_duplicate_rows.csv", [("warning", "duplicate-row", "", 3, [[162, 164]])], set()),
    ("36_title_rows.csv", [("error", "title-rows", "", 2, [[1, 2]])], set()),
    ("38_nul_bytes.csv", [("warning", "nul-bytes", "", 2, [])], set()),
    ("40_base.xlsx", [], set()),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "groups", "notes"), MUTATIONS, ids=[name for name, *_ in MUTATIONS])
def test_each_defect_has_one_cause(
    name: str, groups: list[Group], notes: set[str], shared: Path, program: Program
) -> None:
    answer = checked(program, shared / "samples" / "mutations" / name)
    found = answer.said["groups"]
    assert [
        (g["level"], g["type"], g["field"], g["count"], g["lines"]) for g in found if g["level"] != "note"
    ] == groups
    assert {g["type"] for g in found if g["level"] == "note"} == notes
    assert answer.said["schema"]["id"] == "scdl/deliberations"
    assert answer.code == any(group[0] == "error" for group in groups)


@pytest.mark.shared
def test_a_mutated_file_without_a_byte_is_refused(shared: Path, program: Program) -> None:
    assert "vide" in refused(program, shared / "samples" / "mutations" / "34_empty.csv")


@pytest.mark.shared
def test_every_mutated_file_is_tried(shared: Path) -> None:
    tried = {name for name, *_ in MUTATIONS} | {"34_empty.csv"}
    assert {path.name for path in (shared / "samples" / "mutations").iterdir()} - {"EXPECTED.tsv"} == tried


# --- what other validators get wrong (one defect in 900 rows) -------------------------------------------------------

FIELDS = ["ref", "jour", "montant", "etat", "libelle", "nombre"]
MODEL = {
    "name": "probe",
    "fields": [
        {"name": "ref", "constraints": {"required": True, "unique": True, "pattern": "^R[0-9]{4}$"}},
        {"name": "jour", "type": "date", "constraints": {"required": True}},
        {"name": "montant", "type": "number", "constraints": {"required": True}},
        {"name": "etat", "constraints": {"enum": ["terminé", "en cours"]}},
        {"name": "libelle"},
        {"name": "nombre", "type": "integer", "constraints": {"minimum": 0}},
    ],
}
ROWS = [
    [
        f"R{n:04}",
        f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}",
        f"{n}.5",
        ["terminé", "en cours"][n % 2],
        f"travaux {n}",
        str(n),
    ]
    for n in range(900)
]


def table(
    header: Sequence[str] = FIELDS, rows: Sequence[Sequence[str]] = ROWS, *, delimiter: str = ",", end: str = "\n"
) -> str:
    return end.join(delimiter.join(row) for row in [header, *rows]) + end


def column(place: int, change: Callable[[str], str]) -> list[list[str]]:
    """Return the rows with one column rewritten."""
    return [[change(cell) if at == place else cell for at, cell in enumerate(row)] for row in ROWS]


Causes = list[tuple[str, str, int]]
PROBES: dict[str, tuple[str | bytes, Causes]] = {
    "juste": (table(), []),
    "cp1252 et point-virgule": (table(delimiter=";").encode("cp1252"), [("note", "encoding", 1)]),
    "utf-16": (table().encode("utf-16"), [("note", "encoding", 1)]),
    "marque": (table(delimiter=";").encode("utf-8-sig"), []),
    "cr seul": (table(end="\r"), []),
    "virgules décimales": (
        table(rows=column(2, lambda cell: cell.replace(".", ",")), delimiter=";"),
        [("error", "type-error", 900)],
    ),
    "dates françaises": (
        table(rows=column(1, lambda cell: "/".join(reversed(cell.split("-"))))),
        [("error", "type-error", 900)],
    ),
    "en-tête en majuscules": (table([name.upper() for name in FIELDS]), [("note", "incorrect-label", 6)]),
    "colonne facultative absente": (
        table(FIELDS[:4] + FIELDS[5:], [row[:4] + row[5:] for row in ROWS]),
        [("note", "missing-optional-label", 1)],
    ),
    "colonnes dans un autre ordre": (
        table(FIELDS[::-1], [row[::-1] for row in ROWS]),
        [("note", "label-order", 1)],
    ),
    "colonne en plus": (
        table([*FIELDS, "interne"], [[*row, "x"] for row in ROWS]),
        [("note", "extra-label", 1)],
    ),
    "colonne obligatoire absente": (
        table([*FIELDS[:2], *FIELDS[3:]], [[*row[:2], *row[3:]] for row in ROWS]),
        [("error", "missing-label", 1)],
    ),
    "titre au-dessus": ("Travaux de la commune en 2024,,,,,\n" + table(), [("error", "title-rows", 1)]),
    "lignes vides à la fin": (table() + ",,,,,\n" * 50, [("error", "blank-row", 50)]),
    "lignes sans rien à la fin": (table() + "\n" * 50, [("error", "blank-row", 50)]),
    "accents abîmés": (
        table(rows=column(4, lambda cell: cell.replace("travaux", "été").encode().decode("cp1252"))),
        [("warning", "mojibake", 1_800)],
    ),
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return written(tmp_path, "probe.json", json.dumps(MODEL))


@pytest.mark.parametrize("name", PROBES)
def test_a_defect_gives_its_cause_and_nothing_else(name: str, tmp_path: Path, model: Path, program: Program) -> None:
    content, causes = PROBES[name]
    answer = checked(program, written(tmp_path, "t.csv", content), "--schema", model)
    assert answer.causes == causes
    assert answer.said["rows"] == 900


def test_a_header_named_twice_is_a_fault_and_the_rows_are_judged(tmp_path: Path, model: Path, program: Program) -> None:
    rows = [[*row, "x"] for row in ROWS]
    answer = checked(program, written(tmp_path, "t.csv", table([*FIELDS, "jour"], rows)), "--schema", model)
    assert answer.errors == [("duplicate-label", 1)]
    assert answer.said["header"]["duplicate"] == ["jour"]
    assert answer.said["rows"] == 900


@pytest.mark.parametrize(
    ("name", "field", "seen", "expected"),
    [("virgules décimales", "montant", "0,5", "0.5"), ("dates françaises", "jour", "01/01/2024", "2024-01-01")],
)
def test_a_value_written_the_french_way_comes_with_the_right_one(
    name: str, field: str, seen: str, expected: str, tmp_path: Path, model: Path, program: Program
) -> None:
    answer = checked(program, written(tmp_path, "t.csv", PROBES[name][0]), "--schema", model)
    (group,) = [group for group in answer.said["groups"] if group["level"] == "error"]
    assert (group["field"], group["value"], group["expected"]) == (field, seen, expected)
    assert group["lines"] == [[2, 901]]


def test_a_web_page_and_an_empty_file_are_named_for_what_they_are(
    tmp_path: Path, model: Path, program: Program
) -> None:
    page = "<!DOCTYPE html><html><head><title>404</title></head><body>Introuvable</body></html>"
    assert "page web" in refused(program, written(tmp_path, "t.csv", page), "--schema", model)
    assert "vide" in refused(program, written(tmp_path, "t.csv", ""), "--schema", model)


def test_more_than_a_hundred_thousand_rows_are_all_judged(tmp_path: Path, program: Program) -> None:
    rows = [f"{n};2024-01-01" for n in range(120_000)]
    rows[119_000] = "119000;2024-13-01"
    model = {
        "fields": [{"name": "n", "type": "integer", "constraints": {"unique": True}}, {"name": "j", "type": "date"}]
    }
    path = written(tmp_path, "t.csv", "n;j\n" + "\n".join(rows) + "\n")
    answer = checked(program, path, "--schema", written(tmp_path, "m.json", json.dumps(model)))
    assert (answer.said["rows"], answer.faults) == (120_000, [("j", "type-error", "2024-13-01")])
    assert answer.said["errors"][0]["line"] == 119_002


def test_more_than_a_thousand_errors_are_all_listed(tmp_path: Path, program: Program) -> None:
    model = written(tmp_path, "m.json", json.dumps({"fields": [{"name": "n", "type": "integer"}, {"name": "x"}]}))
    path = written(tmp_path, "t.csv", "n;x\n" + "".join(f"n{n};{n}\n" for n in range(5_000)))
    answer = checked(program, path, "--schema", model)
    assert answer.said["error_count"] == 5_000
    assert answer.said["errors"][-1]["value"] == "n4999"


def test_a_code_whose_zero_excel_dropped_is_given_back(tmp_path: Path, program: Program) -> None:
    fields = [{"name": "insee", "constraints": {"pattern": "^[0-9]{5}$"}}, {"name": "nb", "type": "integer"}]
    model = written(tmp_path, "m.json", json.dumps({"fields": fields}))
    answer = checked(program, written(tmp_path, "t.csv", "insee;nb\n1053;1 200\n"), "--schema", model)
    assert {g["field"]: g["expected"] for g in answer.said["groups"]} == {"insee": "01053", "nb": "1200"}
