"""`check` as users type it: the same table in every format, its faults, the three forms of the answer, exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "inspection"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "standards"))
from test_inspection_spreadsheet import ods, ods_row, ods_sheet
from test_standards_gtfs import RIGHT as FEED
from test_standards_totem import BUDGET

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = jsonschema.Draft202012Validator(
    json.loads((ROOT / "docs" / "schemas" / "check.schema.json").read_text(encoding="utf-8"))
)
Program = Callable[..., Any]

SCHEMA = {
    "name": "mobilier",
    "title": "Mobilier urbain",
    "version": "1.2.0",
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "^[0-9]{5}$"}},
        {"name": "pose", "type": "date", "constraints": {"required": True}},
        {"name": "cout", "type": "number"},
        {"name": "etat", "type": "string", "constraints": {"enum": ["bon", "moyen", "mauvais"]}},
    ],
}
HEADER = ("code", "pose", "cout", "etat")
RIGHT: tuple[tuple[str, ...], ...] = (
    ("01053", "2024-01-31", "12.5", "bon"),
    ("01054", "2024-02-01", "", "moyen"),
    ("01055", "2024-02-02", "7", "mauvais"),
)
WRONG: tuple[tuple[str, ...], ...] = (
    ("01053", "2024-01-31", "12.5", "bon"),
    ("1054", "2024-02-01", "12", "moyen"),
    ("01055", "2024-02-30", "7", "cassé"),
)
WRONG_FAULTS = [
    ("code", "constraint-error", "1054"),
    ("pose", "type-error", "2024-02-30"),
    ("etat", "constraint-error", "cassé"),
]


@dataclass(frozen=True)
class Answer:
    """What `check --format json` said."""

    said: dict[str, Any]
    code: int

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """(field, type, value) of each fault."""
        return [(e["field"], e["type"], e["value"]) for e in self.said["errors"]]

    @property
    def causes(self) -> list[tuple[str, str, int]]:
        """(level, type, count) of each group."""
        return [(g["level"], g["type"], g["count"]) for g in self.said["groups"]]

    @property
    def errors(self) -> list[tuple[str, int]]:
        """(type, count) of each group of errors."""
        return [(kind, count) for level, kind, count in self.causes if level == "error"]


def checked(program: Program, file: object, *arguments: object) -> Answer:
    """Check a file; the answer keeps its contract and its laws, whatever the file."""
    run = program("check", file, *arguments, "--format", "json")
    assert run.out, run.err
    assert run.err == ""
    said = json.loads(run.out)
    CONTRACT.validate(said)
    laws_hold(said, run.code)
    return Answer(said, run.code)


APART = {"missing-cell", "extra-cell", "primary-key", "title-rows", "nul-bytes", "mojibake"}
"""Kinds counted otherwise in groups: a short row is one there, and one a cell in the list."""


def laws_hold(said: dict[str, Any], code: int) -> None:
    """Assert what is true of every answer."""
    errors, groups = said["errors"], said["groups"]
    wrong = any(group["level"] == "error" for group in groups)
    assert said["valid"] == (said["complete"] and not wrong)
    assert code == (0 if said["valid"] else 1)
    assert bool(said["note"]) == (not said["complete"])
    rows = [error["row"] or 0 for error in errors]
    assert rows == sorted(rows)
    assert said["errors_shown"] == len(errors)
    assert said["error_count"] >= len(errors)
    if said["limit"] is None:
        assert said["error_count"] == len(errors)
        _counts_add_up(errors, groups)
    for text in texts_in(said):
        assert_safe(text)


def _counts_add_up(errors: list[dict[str, Any]], groups: list[dict[str, Any]]) -> None:
    listed = Counter((error["type"], error["field"]) for error in errors)
    counted: Counter[tuple[str, str]] = Counter()
    for group in groups:
        if group["level"] != "note":
            counted[group["type"], group["field"]] += group["count"]
            assert any(error["type"] == group["type"] for error in errors), group
    short = any(kind == "missing-cell" for kind, _ in listed)
    for (kind, name), count in counted.items():
        if kind in APART or not name or (short and kind == "constraint-error"):
            continue
        assert listed[kind, name] == count, (kind, name)


def texts_in(value: Any) -> list[str]:
    """Return all the texts of a JSON value but the delimiter, which is a fact."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() if key != "delimiter" for text in texts_in(item)]
    return [text for item in value for text in texts_in(item)] if isinstance(value, list) else []


def assert_safe(text: str) -> None:
    """Assert that a text can be printed anywhere."""
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}], repr(text)


def refused(program: Program, *arguments: object) -> str:
    """Assert that a check ends with one French line, and return it."""
    run = program("check", *arguments)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), run
    assert "imprévue" not in run.err
    assert_safe(run.err.rstrip("\n"))
    return str(run.err)


# --- one table, every format ----------------------------------------------------------------------------------------


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows([HEADER, *rows])
    return stream.getvalue()


def as_records(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    return [{name: cell or None for name, cell in zip(HEADER, row, strict=True)} for row in rows]


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    workbook, stream = openpyxl.Workbook(), io.BytesIO()
    for row in [HEADER, *rows]:
        workbook.active.append(row)
    workbook.save(stream)
    return stream.getvalue()


def _xls(rows: Sequence[Sequence[str]]) -> bytes:
    workbook, stream = xlwt.Workbook(), io.BytesIO()
    sheet = workbook.add_sheet("Feuille")
    for number, row in enumerate([HEADER, *rows]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    workbook.save(stream)
    return stream.getvalue()


def _ods(rows: Sequence[Sequence[str]]) -> bytes:
    return ods(ods_sheet("Feuille", *[ods_row(*row) for row in [HEADER, *rows]]))


def _parquet(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    columns = dict(zip(HEADER, map(pa.array, zip(*rows, strict=True)), strict=True))
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def _geojson(rows: Sequence[Sequence[str]]) -> bytes:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [6.18, 48.69]}, "properties": record}
        for record in as_records(rows)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84", "tags": [{"a": 1}]}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()


def zipped(**members: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


Make = Callable[[Sequence[Sequence[str]]], bytes]
FORMATS: dict[str, tuple[str, Make]] = {
    "virgule": ("t.csv", lambda rows: as_csv(rows).encode()),
    "point-virgule": ("t.csv", lambda rows: as_csv(rows, ";").encode()),
    "tabulation": ("t.tsv", lambda rows: as_csv(rows, "\t").encode()),
    "barre": ("t.csv", lambda rows: as_csv(rows, "|").encode()),
    "txt": ("t.txt", lambda rows: as_csv(rows, ";").encode()),
    "sans extension": ("t", lambda rows: as_csv(rows, ";").encode()),
    "cp1252": ("t.csv", lambda rows: as_csv(rows, ";", "\r\n").encode("cp1252")),
    "marque": ("t.csv", lambda rows: as_csv(rows, ";").encode("utf-8-sig")),
    "utf-16": ("t.csv", lambda rows: as_csv(rows, "\t").encode("utf-16")),
    "utf-16 sans marque": ("t.csv", lambda rows: as_csv(rows, ";").encode("utf-16-le")),
    "cr seul": ("t.csv", lambda rows: as_csv(rows, ";", "\r").encode()),
    "sans fin de ligne": ("t.csv", lambda rows: as_csv(rows, ";").rstrip("\n").encode()),
    "guillemets": ("t.csv", lambda rows: as_csv(rows, ";").replace("code", '"code"').encode()),
    "gz": ("t.csv.gz", lambda rows: gzip.compress(as_csv(rows).encode())),
    "zip": ("t.zip", lambda rows: zipped(t__csv=as_csv(rows), lisez_moi__md="Bonjour")),
    "zip de classeur": ("t.zip", lambda rows: zipped(t__xlsx=_xlsx(rows))),
    "xlsx": ("t.xlsx", _xlsx),
    "xls": ("t.xls", _xls),
    "ods": ("t.ods", _ods),
    "parquet": ("t.parquet", _parquet),
    "json": ("t.json", lambda rows: json.dumps(as_records(rows)).encode()),
    "json indenté": ("t.json", lambda rows: json.dumps(as_records(rows), indent=2, ensure_ascii=False).encode()),
    "json marqué": ("t.json", lambda rows: json.dumps(as_records(rows), ensure_ascii=False).encode("utf-8-sig")),
    "json utf-16": ("t.json", lambda rows: json.dumps(as_records(rows), ensure_ascii=False).encode("utf-16")),
    "json enveloppé": (
        "t.json",
        lambda rows: json.dumps({"total": 3, "facettes": ["a"], "resultats": as_records(rows), "fin": [1]}).encode(),
    ),
    "json une ligne par objet": ("t.jsonl", lambda rows: "\n".join(map(json.dumps, as_records(rows))).encode()),
    "geojson": ("t.geojson", _geojson),
}
WITHOUT_LINES = {"parquet", "geojson", *(name for name in FORMATS if name.startswith("json"))}


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """Return the file of the schema."""
    path = tmp_path / "modele.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return path


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("kind", FORMATS)
def test_a_right_table_is_valid_in_every_format(kind: str, tmp_path: Path, schema: Path, program: Program) -> None:
    name, make = FORMATS[kind]
    answer = checked(program, written(tmp_path, name, make(RIGHT)), "--schema", schema)
    assert (answer.code, answer.said["rows"], answer.faults) == (0, 3, [])
    assert (answer.said["schema"]["id"], answer.said["schema"]["version"]) == ("mobilier", "1.2.0")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_faults_are_told_in_every_format(kind: str, tmp_path: Path, schema: Path, program: Program) -> None:
    name, make = FORMATS[kind]
    answer = checked(program, written(tmp_path, name, make(WRONG)), "--schema", schema)
    assert (answer.code, answer.faults) == (1, WRONG_FAULTS)
    places = [(error["row"], error["line"]) for error in answer.said["errors"]]
    of_records = [(2, None), (3, None), (3, None)]
    assert places == (of_records if kind in WITHOUT_LINES else [(3, 3), (4, 4), (4, 4)])
    assert answer.errors == [("constraint-error", 1), ("type-error", 1), ("constraint-error", 1)]
    (first, *_) = answer.said["groups"]
    assert (first["value"], first["expected"]) == ("1054", "01054")
    assert first["lines"] == ([[2, 2]] if kind in WITHOUT_LINES else [[3, 3]])


@pytest.mark.parametrize(
    ("kind", "format_", "encoding", "delimiter", "end"),
    [
        ("point-virgule", "csv", "utf-8", ";", "lf"),
        ("cp1252", "csv", "cp1252", ";", "crlf"),
        ("marque", "csv", "utf-8-sig", ";", "lf"),
        ("utf-16", "csv", "utf-16", "\t", "lf"),
        ("cr seul", "csv", "utf-8", ";", "cr"),
        ("zip", "csv", "utf-8", ",", "lf"),
        ("xlsx", "xlsx", "", "", ""),
        ("xls", "xls", "", "", ""),
        ("ods", "ods", "", "", ""),
        ("parquet", "parquet", "", "", ""),
        ("json", "json", "utf-8", "", ""),
        ("geojson", "geojson", "utf-8", "", ""),
    ],
)
def test_the_answer_says_how_the_file_is_written(
    kind: str, format_: str, encoding: str, delimiter: str, end: str, tmp_path: Path, schema: Path, program: Program
) -> None:
    name, make = FORMATS[kind]
    file = checked(program, written(tmp_path, name, make(WRONG)), "--schema", schema).said["file"]
    assert (file["format"], file["encoding"]) == (format_, encoding)
    assert (file["delimiter"], file["line_ending"]) == (delimiter, end)
    assert file["header_row"] == (None if kind in WITHOUT_LINES else 1)


def test_a_cell_of_several_lines_does_not_shift_the_line_told(tmp_path: Path, schema: Path, program: Program) -> None:
    text = 'code;pose;cout;etat\n01053;2024-01-31;"1\n2";bon\n1;2024-01-31;2;bon\n'
    answer = checked(program, written(tmp_path, "t.csv", text), "--schema", schema)
    assert [(e["row"], e["line"], e["field"]) for e in answer.said["errors"]] == [(2, 2, "cout"), (3, 4, "code")]


# --- archives -------------------------------------------------------------------------------------------------------


def test_an_archive_of_several_tables_asks_which(tmp_path: Path, schema: Path, program: Program) -> None:
    path = written(tmp_path, "t.zip", zipped(un__csv=as_csv(RIGHT), deux__csv=as_csv(WRONG)))
    line = refused(program, path, "--schema", schema)
    assert "2 tableaux" in line
    assert "--member" in line
    assert "deux.csv, un.csv" in line
    assert checked(program, path, "--schema", schema, "--member", "un.csv").code == 0
    assert checked(program, path, "--schema", schema, "--member", "deux.csv").faults == WRONG_FAULTS


def test_a_member_that_is_not_there_is_refused(tmp_path: Path, program: Program) -> None:
    path = written(tmp_path, "t.zip", zipped(un__csv=as_csv(RIGHT), deux__csv=as_csv(WRONG)))
    assert "t.zip" in refused(program, path, "--member", "trois.csv")


# --- formats with rules of their own --------------------------------------------------------------------------------

CONTRACT_OF_2019 = {
    "id": "2019-0017",
    "acheteur": {"id": "21560046100010", "nom": "Commune de Crach"},
    "nature": "Marché",
    "objet": "Réfection de la toiture de l'école",
    "codeCPV": "45261000-4",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "56046", "typeCode": "Code commune", "nom": "Crach"},
    "dureeMois": 6,
    "dateNotification": "2019-03-01",
    "datePublicationDonnees": "2019-03-15+02:00",
    "montant": 84000.5,
    "formePrix": "Ferme",
    "titulaires": [{"typeIdentifiant": "SIRET", "id": "55204599900869", "denominationSociale": "Toits d'Armor"}],
    "modifications": [],
}


def contracts(*changes: dict[str, Any]) -> bytes:
    marches = [{**CONTRACT_OF_2019, "id": f"2019-{n:05}", **change} for n, change in enumerate(changes)]
    return json.dumps({"marches": marches}, ensure_ascii=False, indent=1).encode()


def test_public_contracts_are_judged_by_their_own_rules(tmp_path: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "decp.json", contracts({})))
    assert (answer.code, answer.said["standard"], answer.said["schema"]) == (0, "decp", None)
    answer = checked(program, written(tmp_path, "decp.json", contracts({}, {"dateNotification": "2019-02-30"})))
    assert answer.code == 1
    assert [e["field"] for e in answer.said["errors"] if e["level"] == "error"] == ["dateNotification"]


def test_a_fault_of_many_contracts_is_one_cause(tmp_path: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "decp.json", contracts(*[{"montant": "cher"}] * 30)))
    assert [(g["field"], g["count"], g["part"]) for g in answer.said["groups"] if g["level"] == "error"] == [
        ("montant", 30, "")
    ]
    assert [e["part"] for e in answer.said["errors"] if e["field"] == "montant"][29] == "marches[29]"


def test_contracts_in_xml_are_judged_too(tmp_path: Path, program: Program) -> None:
    xml = "<marches><marche><id>1</id><objet>Toit</objet></marche></marches>"
    answer = checked(program, written(tmp_path, "decp.xml", xml))
    assert (answer.code, answer.said["standard"]) == (1, "decp")


def test_market_places_are_no_public_contracts(tmp_path: Path, program: Program) -> None:
    places = {"marches": [{"jour": "mardi", "place": "Stanislas"}, {"jour": "samedi", "place": "Thiers"}]}
    answer = checked(program, written(tmp_path, "marches.json", json.dumps(places)))
    assert (answer.said["standard"], answer.said["rows"], answer.code) == (None, 2, 0)


def test_a_budget_is_judged_by_its_own_rules(tmp_path: Path, program: Program) -> None:
    right = written(tmp_path, "budget.xml", BUDGET.encode("iso-8859-1"))
    answer = checked(program, right)
    assert (answer.code, answer.said["standard"]) == (0, "totem")
    wrong = BUDGET.replace("2024-04-08", "08/04/2024").encode("iso-8859-1")
    answer = checked(program, written(tmp_path, "budget.xml", wrong))
    assert (answer.code, answer.faults) == (1, [("DteDec", "totem.date", "08/04/2024")])


def feed(**changes: str) -> bytes:
    files = {**FEED, **{name.replace("__", "."): content for name, content in changes.items()}}
    return zipped(**{name.replace(".", "__"): content for name, content in files.items()})


def test_a_timetable_is_judged_by_its_own_rules(tmp_path: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "gtfs.zip", feed()), "--on", "2026-03-02")
    assert (answer.said["standard"], answer.errors) == ("gtfs", [])
    stops = FEED["stops.txt"].replace("47.66,", "quarante-sept,", 1)
    answer = checked(program, written(tmp_path, "gtfs.zip", feed(stops__txt=stops)), "--on", "2026-03-02")
    assert answer.code == 1
    (fault, *_) = [e for e in answer.said["errors"] if e["level"] == "error"]
    assert (fault["part"], fault["field"], fault["value"]) == ("stops.txt", "stop_lat", "quarante-sept")


BAL_HEADER = (
    "id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;commune_insee;commune_nom;commune_deleguee_insee;"
    "commune_deleguee_nom;voie_nom;lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;cad_parcelles;source;"
    "date_der_maj;certification_commune"
)


def addresses(*numbers: str, day: str = "2024-05-12") -> str:
    rows = [
        f";;;54395_0010_{number:0>5};54395;Nancy;;;Rue Stanislas;;{number};;entrée;;;6.18;48.69;;Nancy;{day};1"
        for number in numbers
    ]
    return "\n".join([BAL_HEADER, *rows]) + "\n"


def test_addresses_are_judged_by_the_rules_of_the_ban(tmp_path: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "54395_bal.csv", addresses("1", "2")), "--on", "2026-11-23")
    assert (answer.said["standard"], answer.errors) == ("bal", [])
    text = addresses("1", "2", "2", day="12/05/2024")
    answer = checked(program, written(tmp_path, "54395_bal.csv", text), "--on", "2026-11-23")
    assert answer.code == 1
    (group, *_) = [g for g in answer.said["groups"] if g["field"] == "date_der_maj"]
    assert (group["value"], group["expected"], group["count"]) == ("12/05/2024", "2024-05-12", 3)
    assert (group["column"], group["lines"]) == ("T", [[2, 4]])


def test_a_schema_that_is_named_wins_over_the_rules_of_a_format(tmp_path: Path, schema: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "decp.json", contracts({})), "--schema", schema)
    assert (answer.said["standard"], answer.said["schema"]["id"]) == (None, "mobilier")


# --- three forms of one answer --------------------------------------------------------------------------------------


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Return a file with three faults."""
    return written(tmp_path, "bancs.csv", as_csv(WRONG, ";"))


def test_the_screen_shows_each_cause_its_place_and_the_right_value(wrong: Path, schema: Path, program: Program) -> None:
    run = program("check", wrong, "--schema", schema)
    assert (run.code, run.err) == (1, "")
    assert run.out.splitlines()[:3] == [
        "bancs.csv",
        "CSV, utf-8, séparateur point-virgule, 3\u00a0lignes lues",
        "Modèle\u00a0: Mobilier urbain (mobilier 1.2.0)",
    ]
    flat = " ".join(run.out.replace("\u00a0", " ").split())
    assert "n'est pas conforme : 3 fautes, 3 causes" in flat
    assert "la colonne A (code) n'a pas la forme attendue (ligne 3)" in flat
    assert "« 1054 » devient « 01054 »" in flat
    assert "ligne 3 | 1054 | 2024-02-01 ▔▔▔▔" in flat
    assert "La liste complète, cellule par cellule (3)" in flat
    assert max(map(len, run.out.splitlines())) <= 80


def test_a_right_file_is_said_so_in_a_few_lines(tmp_path: Path, schema: Path, program: Program) -> None:
    run = program("check", written(tmp_path, "t.csv", as_csv(RIGHT)), "--schema", schema)
    assert run.code == 0 and "Ce fichier est conforme au modèle." in run.out.splitlines()
    assert "données personnelles ne sont pas cherchées ici" in run.out.splitlines()[-1]
    assert len(run.out.splitlines()) == 7


def test_a_screen_that_lacks_signs_gets_plain_ones(
    wrong: Path, schema: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp850", errors="strict")
    monkeypatch.setattr("sys.stdout", stream)
    program("check", wrong, "--schema", schema)
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    text = stream.buffer.getvalue().decode("cp850")
    assert "x 1" in text.replace("\u00a0", " ")
    assert "^^^^" in text


def test_the_table_of_faults_opens_in_a_french_spreadsheet(wrong: Path, schema: Path, program: Program) -> None:
    run = program("check", wrong, "--schema", schema, "--format", "csv")
    assert (run.code, run.out[0]) == (1, "\ufeff")
    rows = list(csv.reader(io.StringIO(run.out[1:], newline=""), delimiter=";"))
    assert rows[0] == ["ligne", "enregistrement", "partie", "colonne", "gravité", "type", "valeur", "message"]
    assert [row[:2] + row[3:7] for row in rows[1:]] == [
        ["3", "3", "code", "erreur", "constraint-error", "1054"],
        ["4", "4", "pose", "erreur", "type-error", "2024-02-30"],
        ["4", "4", "etat", "erreur", "constraint-error", "cassé"],
    ]


def test_the_answer_is_written_in_the_form_its_name_announces(
    wrong: Path, schema: Path, tmp_path: Path, program: Program
) -> None:
    shown = {form: program("check", wrong, "--schema", schema, "--format", form).out for form in ("json", "csv")}
    for form, text in shown.items():
        run = program("check", wrong, "--schema", schema, "-o", tmp_path / f"r.{form}")
        assert (run.code, run.out) == (1, "")
        assert run.err == f"Écrit : {tmp_path / f'r.{form}'}\n"
        assert (tmp_path / f"r.{form}").read_bytes().decode() == text
    program("check", wrong, "--schema", schema, "-o", tmp_path / "r.txt")
    assert (tmp_path / "r.txt").read_text(encoding="utf-8").startswith("bancs.csv\n")
    assert program("check", wrong, "--schema", schema, "-o", "-", "--format", "json").out == shown["json"]


def test_a_name_that_announces_another_form_is_refused(
    wrong: Path, schema: Path, tmp_path: Path, program: Program
) -> None:
    line = refused(program, wrong, "--schema", schema, "-o", tmp_path / "r.xlsx")
    assert ".csv (pour un tableur)" in line
    assert not (tmp_path / "r.xlsx").exists()
    assert "terminal, json, csv" in refused(program, wrong, "--format", "html")


def test_the_checked_file_is_never_overwritten(wrong: Path, schema: Path, program: Program) -> None:
    before = wrong.read_bytes()
    refused(program, wrong, "--schema", schema, "-o", wrong)
    refused(program, wrong, "--schema", schema, "-o", schema, "--format", "json")
    assert wrong.read_bytes() == before


def test_the_same_file_gives_the_same_bytes_twice(wrong: Path, schema: Path, program: Program) -> None:
    for form in ("terminal", "json", "csv"):
        runs = [program("check", wrong, "--schema", schema, "--format", form).out for _ in range(2)]
        assert runs[0] == runs[1]


# --- limits are told ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 100])
def test_a_limit_is_told_in_every_form(limit: int, wrong: Path, schema: Path, program: Program) -> None:
    answer = checked(program, wrong, "--schema", schema, "--limit", limit)
    assert (answer.said["limit"], answer.said["error_count"]) == (limit, 3)
    assert answer.faults == WRONG_FAULTS[:limit]
    assert len(answer.said["groups"]) == 3  # causes are never hidden
    rows = program("check", wrong, "--schema", schema, "--limit", limit, "--format", "csv").out.splitlines()[1:]
    left = 3 - min(limit, 3)
    assert len(rows) == min(limit, 3) + bool(left)
    assert not left or f"{left} autre" in rows[-1]
    screen = program("check", wrong, "--schema", schema, "--limit", limit).out
    assert ("montrez tout avec --limit 3" in screen) == bool(left)


def test_forty_causes_are_shown_and_the_others_are_told(tmp_path: Path, program: Program) -> None:
    names = [f"c{n}" for n in range(50)]
    fields = [{"name": name, "type": "integer"} for name in names]
    model = written(tmp_path, "m.json", json.dumps({"fields": fields}))
    text = ";".join(names) + "\n" + ";".join("x" * 50) + "\n"
    screen = program("check", written(tmp_path, "t.csv", text), "--schema", model).out
    assert screen.count("✗") == 40
    assert "10\u00a0autres causes\u00a0: montrez tout avec --limit 50." in screen


def test_a_limit_that_is_no_number_is_refused(wrong: Path, program: Program) -> None:
    for typed in ("beaucoup", "-1", "1.5"):
        assert "--limit" in refused(program, wrong, "--limit", typed)


# --- what was typed -------------------------------------------------------------------------------------------------


def test_a_missing_file_a_folder_and_an_endless_name_are_told(tmp_path: Path, program: Program) -> None:
    assert "n'existe pas" in refused(program, tmp_path / "rien.csv")
    assert "dossier" in refused(program, tmp_path)
    refused(program, "a" * 5000)


def test_a_date_that_is_none_is_refused(wrong: Path, program: Program) -> None:
    assert "--on" in refused(program, wrong, "--on", "demain")


def test_quotes_around_a_copied_path_are_dropped(wrong: Path, schema: Path, program: Program) -> None:
    assert program("check", f"« {wrong} »", "--schema", schema).code == 1


def test_without_a_schema_only_the_shape_is_judged_and_it_is_said(tmp_path: Path, program: Program) -> None:
    path = written(tmp_path, "bancs.csv", "essence;hauteur\nhêtre;3\nif;2\n")
    run = program("check", path)
    assert run.code == 0
    assert "Aucun modèle reconnu\u00a0: seule la forme" in run.out
    assert "Ce fichier est bien formé." in run.out
    answer = checked(program, written(tmp_path, "bancs.csv", "essence;hauteur\nhêtre\nif;2\n"))
    assert (answer.errors, answer.said["schema"]) == ([("missing-cell", 1)], None)
    assert "n'est pas bien formé" in program("check", path).out


def test_a_national_schema_is_recognised_by_its_header(tmp_path: Path, program: Program) -> None:
    header = "nomAttribuant;idAttribuant;dateConvention;referenceDecision;nomBeneficiaire;idBeneficiaire;objet;montant;nature;datesPeriodeVersement;conditionsVersement;idRAE;notificationUE;pourcentageSubvention"
    row = "Nancy;21540395700013;15/03/2024;D1;Amicale;;Fête;1000,50;aide en numéraire;2024-03-15;unique;;non;0.5"
    answer = checked(program, written(tmp_path, "t.csv", f"{header}\n{row}\n"))
    assert answer.said["schema"]["id"] == "scdl/subventions"
    assert (answer.said["schema"]["by"], answer.said["candidates"]) == ("header", [])
    expected = {g["field"]: g["expected"] for g in answer.said["groups"] if g["expected"]}
    assert expected == {"dateConvention": "2024-03-15", "montant": "1000.50"}
