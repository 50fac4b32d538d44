"""`check` against files made to harm: each is a finding or one French line, quickly, in little memory, and prints nothing raw."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_cli_check import Program, assert_safe, checked, refused, texts_in, written, zipped

MEGABYTE = 1_000_000


# --- files of an impossible form ------------------------------------------------------------------------------------


def sparse(path: Path, start: bytes, size: int = 4 << 30) -> Path:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)
    return path


@pytest.mark.parametrize(
    "start", [b"", b"a;b;c\n1;2;3\n", b"a;b;c\n" + b"1;2;3\n" * 20_000], ids=["rien", "en-tête", "120 ko"]
)
def test_four_gigabytes_without_a_line_end_are_refused_at_once(start: bytes, tmp_path: Path, program: Program) -> None:
    before = time.monotonic()
    assert "t.csv" in refused(program, sparse(tmp_path / "t.csv", start))
    assert time.monotonic() - before < 5


def test_an_endless_line_of_text_is_told_with_its_number(tmp_path: Path, program: Program) -> None:
    with (tmp_path / "t.csv").open("wb") as file:
        file.write(b"a;b;c\n1;2;3\n")
        for _ in range(60):
            file.write(b"x" * MEGABYTE)
    line = refused(program, tmp_path / "t.csv")
    assert "t.csv" in line
    assert "ligne 3" in line


def test_a_text_full_of_nuls_is_no_text(tmp_path: Path, program: Program) -> None:
    refused(program, written(tmp_path, "t.csv", b"a;b\n" + b"\0\0\0;\0\0\n" * 100))


def test_a_few_nuls_are_a_warning(tmp_path: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "t.csv", b"a;b\n" + b"un;deux\n" * 20 + b"tr\0is;quatre\n"))
    assert ("warning", "nul-bytes", 1) in answer.causes
    assert answer.code == 0


@pytest.mark.parametrize("rows", [300, 120_000], ids=["petit", "grand"])
def test_letters_of_another_encoding_in_the_middle_are_faults_on_their_lines(
    rows: int, tmp_path: Path, program: Program
) -> None:
    good = "".join(f"{n};été {n} de l'an deux mille\n" for n in range(rows)).encode()
    damaged = "".join(f"x{n};été\n" for n in range(3)).encode("cp1252")
    last = "".join(f"y{n};été\n" for n in range(rows)).encode()
    answer = checked(program, written(tmp_path, "t.csv", b"id;saison\n" + good + damaged + last))
    assert answer.errors == [("encoding-error", 3)]
    assert [error["line"] for error in answer.said["errors"]] == [rows + 2, rows + 3, rows + 4]
    assert answer.said["errors"][0]["message"].startswith("La ligne contient des caractères illisibles")


@pytest.mark.parametrize("rows", [5_000, 400_000], ids=["petit", "grand"])
def test_a_first_accent_far_from_the_start_is_read_in_its_encoding(rows: int, tmp_path: Path, program: Program) -> None:
    text = "id;saison\n" + "".join(f"{n};hiver {n}\n" for n in range(rows)) + "fin;été à Noël\n"
    answer = checked(program, written(tmp_path, "t.csv", text.encode("cp1252")))
    assert (answer.said["file"]["encoding"], answer.code) == ("cp1252", 0)


@pytest.mark.parametrize("after", [20, 1_000], ids=["petit", "moyen"])
def test_an_unclosed_quote_is_a_fault_with_its_line(after: int, tmp_path: Path, program: Program) -> None:
    text = "id;nom\n" + "1;a\n" * 1 + '2;"b\n' + "".join(f"{n};c\n" for n in range(3, after))
    answer = checked(program, written(tmp_path, "t.csv", text))
    assert ("error", "unclosed-quote", 1) in answer.causes
    assert [e["line"] for e in answer.said["errors"] if e["type"] == "unclosed-quote"] == [3]
    assert answer.code == 1


def test_rows_swallowed_by_a_quote_are_not_said_to_be_none(tmp_path: Path, program: Program) -> None:
    answer = checked(program, written(tmp_path, "t.csv", 'id;nom\n1;"a\n2;b\n'))
    assert [cause[1] for cause in answer.causes] == ["unclosed-quote"]
    empty = checked(program, written(tmp_path, "vide.csv", "id;nom\n"))
    assert [cause[1] for cause in empty.causes] == ["no-rows"]


@pytest.mark.parametrize("rows", [1, 400_000], ids=["petit", "gros"])
def test_a_row_of_another_width_repeats_no_row(rows: int, tmp_path: Path, program: Program) -> None:
    ordinary = "".join(f"{n};deux;trois;quatre\n" for n in range(rows))
    text = "a;b;c;d\n" + ordinary + "x;1;2;3\nx;1;2;3;4\nx;1;2;3\nx;1\nx;1;;\n"
    answer = checked(program, written(tmp_path, "t.csv", text))
    assert [e["row"] for e in answer.said["errors"] if e["type"] == "duplicate-row"] == [rows + 4]


def test_a_hundred_thousand_columns_are_read(tmp_path: Path, program: Program) -> None:
    rows = [";".join(f"c{n}" for n in range(100_000)), ";".join("1" * 100_000), ";".join("2" * 99_000)]
    answer = checked(program, written(tmp_path, "t.csv", "\n".join(rows) + "\n"), "--limit", "5")
    assert answer.errors == [("missing-cell", 1)]
    assert answer.said["error_count"] == 1_000


def test_a_cell_of_a_megabyte_is_cut_in_the_answer(tmp_path: Path, program: Program) -> None:
    model = written(tmp_path, "m.json", json.dumps({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}))
    path = written(tmp_path, "t.csv", f"a;b\n{'x' * MEGABYTE};1\n2;{'é' * MEGABYTE}\n")
    answer = checked(program, path, "--schema", model)
    assert answer.errors == [("type-error", 1)]
    for form in ("terminal", "json", "csv"):
        assert len(program("check", path, "--schema", model, "--format", form).out) < 4_000


# --- archives and workbooks -----------------------------------------------------------------------------------------


def bomb(suffix: str) -> bytes:
    block = b"a;b;c\n" * 100_000
    if suffix == "gz":
        return gzip.compress(block * 300, 9)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("t.csv", "w") as member:
        for _ in range(250):
            member.write(block)
    return stream.getvalue()


@pytest.mark.parametrize("suffix", ["gz", "zip"])
def test_an_archive_that_grows_beyond_measure_is_refused(suffix: str, tmp_path: Path, program: Program) -> None:
    line = refused(program, written(tmp_path, f"t.csv.{suffix}", bomb(suffix)))
    assert "démesuré" in line


def test_archives_without_one_table_are_refused(tmp_path: Path, program: Program) -> None:
    assert "ne contient pas de tableau" in refused(program, written(tmp_path, "t.zip", zipped(a__md="x")))
    many = zipped(**{f"f{n}__csv": "a;b\n1;2\n" for n in range(1_500)})
    assert "1000 tableaux" in refused(program, written(tmp_path, "t.zip", many))
    assert "tableaux" in refused(program, written(tmp_path, "t.zip", zipped(t__zip=many)))
    assert "archive" in refused(program, written(tmp_path, "t.zip", zipped(t__zip=zipped(u__zip=many))))
    refused(program, written(tmp_path, "t.zip", many[:4_000]))
    refused(program, written(tmp_path, "t.gz", gzip.compress(b"a;b\n" * 1_000)[:20]))


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(sheet: str) -> bytes:
    """Return a workbook whose one sheet is the XML given."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        **{
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{kinds}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_REL.replace("officeDocument/2006", "package/2006")}"><Relationship '
            f'Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="F" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_REL.replace("officeDocument/2006", "package/2006")}">'
            f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def sheet_row(number: int, *cells: str) -> str:
    inside = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def test_a_workbook_that_announces_a_billion_rows_is_read_for_what_it_holds(tmp_path: Path, program: Program) -> None:
    rows = sheet_row(1, "a", "b") + sheet_row(2, "1", "x") + sheet_row(1_000_000_000, "2", "y")
    sheet = f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:XFD1000000000"/><sheetData>{rows}</sheetData></worksheet>'
    answer = checked(program, written(tmp_path, "t.xlsx", xlsx(sheet)))
    assert (answer.said["rows"], answer.code) == (2, 0)


def test_a_workbook_with_entities_or_packed_beyond_measure_is_refused(tmp_path: Path, program: Program) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet_row(1, "a", "&b;")}</sheetData></worksheet>'
    assert "ENTITY" in refused(program, written(tmp_path, "t.xlsx", xlsx(entities + body)))
    refused(program, written(tmp_path, "t.xlsx", xlsx(body.replace("&b;", " " * 60 * MEGABYTE))))


# --- JSON, XML and Parquet ------------------------------------------------------------------------------------------

BROKEN_JSON = {
    "profond": (b"[" * 200_000 + b"]" * 200_000, "imbrication"),
    "objets profonds": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "imbrication"),
    "profond dans une fiche": (b'[{"a":1,"b":' + b"[" * 50_000 + b"]" * 50_000 + b"}]", "imbrication"),
    "nombre sans fin": (b'[{"a":' + b"9" * 2 * MEGABYTE + b"}]", "démesuré"),
    "interrompu": (b'[{"a":1},{"a":2},', "jamais refermé"),
    "guillemets courbes": ("[{“a”:1}]".encode(), "guillemets droits"),
    "NaN": (b'{"a":NaN}\n{"a":1}\n', "NaN"),
    "sans liste": (b'{"a":{"b":1}}', "liste d'enregistrements"),
    "scalaires": (b"[1,2,3]", "enregistrement"),
    "vide": (b"[]", "enregistrement"),
    "fiche démesurée": (b'[{"a":1},{"a":[' + b"0," * 5_500_000 + b"0]}]", "n° 2"),
    "trop de clés": (b"[" + b",".join(b'{"k%d":1}' % n for n in range(6_000)) + b"]", "clés"),
    "clé démesurée": (b'[{"' + b"k" * 5_000 + b'":1}]', "colonne"),
}


@pytest.mark.parametrize("kind", BROKEN_JSON)
def test_a_json_that_cannot_be_a_table_is_refused_with_the_reason(kind: str, tmp_path: Path, program: Program) -> None:
    content, word = BROKEN_JSON[kind]
    line = refused(program, written(tmp_path, "t.json", content))
    assert word in line
    assert line.startswith("t.json")


def test_a_file_of_records_without_a_key_in_common_stops_before_the_disk_is_full(
    tmp_path: Path, program: Program
) -> None:
    records = [f'{{"k{n}":1}}' for n in range(5_000)] + ['{"k0":1}'] * 40_000
    assert "démesuré" in refused(program, written(tmp_path, "t.jsonl", "\n".join(records)))


@pytest.mark.parametrize("root", ["marches", "DocumentBudgetaire", "autre"])
def test_entities_and_deep_nesting_of_xml_are_refused_or_told(root: str, tmp_path: Path, program: Program) -> None:
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    laughs = f'<!DOCTYPE x [<!ENTITY l0 "ha">{lol}]><{root}><a>&l9;</a></{root}>'
    assert "entités" in refused(program, written(tmp_path, "t.xml", laughs))
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><{root}><a>&e;</a></{root}>'
    line = refused(program, written(tmp_path, "t.xml", outside))
    assert "root:" not in line
    deep = written(tmp_path, "t.xml", f"<{root}>{'<a>' * 50_000}{'</a>' * 50_000}</{root}>")
    run = program("check", deep)
    assert run.code in (1, 2)
    assert "imprévue" not in run.err


def test_a_small_parquet_that_hides_gigabytes_is_refused(tmp_path: Path, program: Program) -> None:
    codes = pa.array([0] * 50_000, pa.int32())
    words = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * 2 * MEGABYTE]))
    pq.write_table(pa.table({"a": words}), tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").stat().st_size < MEGABYTE
    assert "démesuré" in refused(program, tmp_path / "t.parquet")
    pq.write_table(pa.table({"a": pa.nulls(60_000_000)}), tmp_path / "t.parquet")
    assert "démesuré" in refused(program, tmp_path / "t.parquet")


def test_a_broken_parquet_is_refused(tmp_path: Path, program: Program) -> None:
    assert "illisible" in refused(program, written(tmp_path, "t.parquet", b"PAR1" + bytes(200) + b"PAR1"))
    pq.write_table(pa.table({"a": ["x"] * 1_000}), tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    refused(program, written(tmp_path, "t.parquet", whole[: len(whole) // 2] + bytes(len(whole) // 2)))


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("t.csv", b"", "vide"),
        ("t.csv", b"  \n \n", "vide"),
        ("t.csv", b"<!DOCTYPE html><html><body>404</body></html>", "page web"),
        ("t.csv", b"%PDF-1.7\n", "PDF"),
        ("t.csv", bytes(range(256)) * 50, "format connu"),
        ("t.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "tableau"),
        ("t.xlsx", b"PK\x03\x04" + bytes(100), "t.xlsx"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3_000), "t.xls"),
        ("t.xml", b"<autre><a/></autre>", "tableau"),
        ("t.md", b"Bonjour. Ceci est un texte.", "tableau"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(
    name: str, content: bytes, word: str, tmp_path: Path, program: Program
) -> None:
    assert word in refused(program, written(tmp_path, name, content))


# --- schemas made to harm -------------------------------------------------------------------------------------------


def test_a_pattern_that_never_ends_is_given_up(tmp_path: Path, program: Program) -> None:
    model = written(
        tmp_path,
        "m.json",
        json.dumps({"fields": [{"name": "a"}, {"name": "b", "constraints": {"pattern": "(a|aa)+$"}}]}),
    )
    text = "a;b\n" + "".join(f"{n};{'a' * 60}!\n" for n in range(500))
    before = time.monotonic()
    run = program("check", written(tmp_path, "t.csv", text), "--schema", model, "--format", "json")
    assert time.monotonic() - before < 10
    assert run.code == 1
    json.loads(run.out)


# --- what cells, labels, names and schemas hold is never printed raw ------------------------------------------------

NASTY = {
    "ansi": "\x1b[31mrouge\x1b[0m",
    "titre de fenêtre": "\x1b]0;pwned\x07",
    "html": "<script>alert(1)</script>",
    "formule": "=cmd|' /C calc'!A0",
    "formule plus": "+1+cmd|' /C calc'!A0",
    "arobase": "@SUM(1+1)*cmd|' /C calc'!A0",
    "droite à gauche": "\u202egnp.exe\u2066",
    "invisible": "a\u200b\u200d\ufeffb",
    "nul et retour": "a\0b\x08\x08c\x7f\x9b31m",
    "lignes": "a\nb\r\nc\u2028d\u2029e\x0bf\x85g",
    "zalgo": "a" + "\u0301" * 60,
    "privé": "\ue000\U000f0000",
    "mégaoctet": "Z" * MEGABYTE,
}


def hostile_file(tmp_path: Path, text: str, where: str) -> tuple[Path, Path]:
    """Return a table and a schema, with the text in the cells, the labels, the file's name or the schema."""
    cell = text[:300_000] if where == "cellules" else "x"
    label = text[:2_000] if where == "étiquettes" else "libre"
    word = text[:900] if where == "schéma" else "mot"
    fields = [
        {"name": "n", "type": "integer", "example": word},
        {"name": "forme", "constraints": {"pattern": "^[0-9]{5}$", "required": True}, "example": word},
        {"name": "choix", "constraints": {"enum": [word, "autre"]}},
        {"name": word + "2", "constraints": {"required": True}},
    ]
    model = {"name": word, "title": word, "version": word, "fields": fields}
    path = tmp_path / "m.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(
        [["n", "forme", "choix", label, label], [cell, cell, cell, cell, cell], ["2", "x", "y", "z", "t", cell]]
        + [[str(number), "12345", "autre", "", ""] for number in range(300)]  # mostly text all the same
    )
    return written(tmp_path, file_name(text) if where == "nom" else "t.csv", stream.getvalue()), path


def file_name(text: str) -> str:
    return "".join(c for c in text[:60] if c not in "/\0") + ".csv"


@pytest.mark.parametrize("where", ["cellules", "étiquettes", "nom", "schéma"])
@pytest.mark.parametrize("kind", NASTY)
def test_nothing_hostile_reaches_the_answer_raw(kind: str, where: str, tmp_path: Path, program: Program) -> None:
    path, model = hostile_file(tmp_path, NASTY[kind], where)
    answer = checked(program, path, "--schema", model)
    assert answer.code == 1
    assert max(map(len, texts_in(answer.said))) <= 2_000
    screen = program("check", path, "--schema", model).out
    for line in screen.splitlines():
        assert_safe(line)
    assert max(map(len, screen.split("\n"))) <= 80
    table = program("check", path, "--schema", model, "--format", "csv").out
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert {len(row) for row in rows} == {8}
    for cell in (cell for row in rows for cell in row):
        assert_safe(cell)
        assert cell.lstrip()[:1] not in ("=", "+", "-", "@")
    assert len(screen) + len(table) < 40_000


@pytest.mark.parametrize("kind", ["ansi", "droite à gauche", "lignes"])
def test_nothing_hostile_reaches_an_error_line_raw(kind: str, tmp_path: Path, program: Program) -> None:
    name = file_name(NASTY[kind])
    refused(program, written(tmp_path, name, b""))
    refused(program, tmp_path / name, "--schema", NASTY[kind])
    broken = written(tmp_path, "m.json", json.dumps({"fields": [{"name": NASTY[kind], "type": NASTY[kind]}]}))
    refused(program, written(tmp_path, "t.csv", "a;b\n1;2\n"), "--schema", broken)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"1{name}", "a;b\n1;2\n")
        archive.writestr(f"2{name}", "a;b\n1;2\n")
    refused(program, written(tmp_path, "t.zip", stream.getvalue()))


# --- personal values ------------------------------------------------------------------------------------------------

SECRETS = {
    "courriel": "jeanne.martin@exemple.fr",
    "mobile": "06 12 34 56 78",
    "mobile collé": "0612345678",
    "mobile international": "+33 6 12 34 56 78",
    "nir": "285057800608436",
    "nir espacé": "2 85 05 78 006 084 36",
    "nom": "Jeanne Martin",
    "nom composé": "Anne-Marie LE GOFF",
    "nom et civilité": "Mme Martin",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
}
FIELDS: list[dict[str, Any]] = [
    {"name": "jour", "type": "date"},
    {"name": "montant", "type": "number"},
    {"name": "forme", "constraints": {"pattern": "^[0-9]{5}$"}},
    {"name": "choix", "constraints": {"enum": ["oui", "non"]}},
    {"name": "siretBeneficiaire", "constraints": {"pattern": "^[0-9]{14}$"}},
    {"name": "vrai", "type": "boolean"},
]


@pytest.mark.parametrize("kind", SECRETS)
def test_a_person_is_never_shown_in_any_form(kind: str, tmp_path: Path, program: Program) -> None:
    secret = SECRETS[kind]
    model = written(tmp_path, "m.json", json.dumps({"fields": FIELDS}))
    names = [field["name"] for field in FIELDS]
    text = ";".join([*names, "remarque"]) + "\n" + ";".join([secret] * 7) + "\n" + ";".join([secret] * 9) + "\n"
    path = written(tmp_path, "t.csv", text)
    answer = checked(program, path, "--schema", model)
    assert len(answer.errors) >= 6
    for form in ("terminal", "json", "csv"):
        out = program("check", path, "--schema", model, "--format", form).out
        assert secret not in out
        assert "".join(secret.split()) not in "".join(out.split())
        assert "(valeur masquée)" in out


def test_columns_named_after_persons_are_masked_whatever_they_hold(tmp_path: Path, program: Program) -> None:
    fields = [{"name": name, "type": "integer"} for name in ("nom", "prenom", "date_naissance", "adresse", "telephone")]
    model = written(tmp_path, "m.json", json.dumps({"fields": fields}))
    text = ";".join(field["name"] for field in fields) + "\nzoé;léa;mai;quai;chut\n"
    path = written(tmp_path, "t.csv", text)
    assert len(checked(program, path, "--schema", model).faults) == 5
    for form in ("terminal", "json", "csv"):
        out = program("check", path, "--schema", model, "--format", form).out
        assert not [word for word in ("zoé", "léa", "quai", "chut") if word in out]


@pytest.mark.parametrize("name", ["t.json", "t.geojson"])
def test_persons_of_a_json_are_masked_by_the_name_of_their_key(name: str, tmp_path: Path, program: Program) -> None:
    records = [{"lieu": {"ville": "Nancy", "rue": "Kléber"}, "nombre": "x", "date_naissance": "mai", "code": "y"}]
    features = [{"type": "Feature", "geometry": None, "properties": record} for record in records]
    value: Any = records if name == "t.json" else {"type": "FeatureCollection", "features": features}
    fields = [{"name": "nombre", "type": "integer"}, {"name": "date_naissance", "type": "date"}]
    model = written(tmp_path, "m.json", json.dumps({"fields": [*fields, {"name": "code", "type": "integer"}]}))
    answer = checked(program, written(tmp_path, name, json.dumps(value)), "--schema", model)
    shown = {field: value for field, _, value in answer.faults}
    assert shown == {"nombre": "x", "date_naissance": "(valeur masquée)", "code": "y"}


# --- whoever reads us ----------------------------------------------------------------------------------------------


def apart(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-m", "opendata_check", "check", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, timeout=120, env=environment, **options
    )


def test_a_reader_that_leaves_early_gets_no_complaint(tmp_path: Path) -> None:
    text = "a;b\n" + "1\n" * 60_000
    path = written(tmp_path, "t.csv", text)
    command = f"{sys.executable} -m opendata_check check {path} --format json | head -c 100"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(command, shell=True, capture_output=True, check=False, timeout=60, env=environment)
    assert (len(run.stdout), run.stderr) == (100, b"")


def test_an_unclosed_quote_in_a_large_file_leaves_no_trace_on_the_error_stream(tmp_path: Path) -> None:
    rows = "".join(f"{n};une valeur un peu longue {n};z\n" for n in range(60_000))
    path = written(tmp_path, "t.csv", f'id;nom;x\n{rows}a;"b;c\n{rows}')
    run = apart(path, "--format", "json")
    assert run.stderr == ""
    said = json.loads(run.stdout)
    assert [(e["type"], e["line"]) for e in said["errors"]] == [("unclosed-quote", 60_002)]


MEMORY = 400_000
"""Kilobytes that no file may exceed."""


def _many_faults() -> bytes:
    return b"a;b;c\n" + b"".join(b"%d;x;une phrase de plus\n" % n for n in range(150_000))


def _same_rows() -> bytes:
    return b"a;b;c\n" + b"1;2;la meme phrase\n" * 180_000


def _deep_json() -> bytes:
    return b'[{"a":1,"b":' + b"[" * 400_000 + b"]" * 400_000 + b"}]"


def _large_records() -> bytes:
    return b"[" + b",".join([b'{"a":[' + b"[]," * 1_500_000 + b"1]}"] * 2) + b"]"


@pytest.mark.skipif(sys.platform != "linux", reason="mesure propre à Linux")
@pytest.mark.parametrize(
    ("name", "make"),
    [("t.csv", _many_faults), ("t.csv", _same_rows), ("t.json", _deep_json), ("t.json", _large_records)],
    ids=["fautes", "lignes répétées", "imbriqué", "grandes fiches"],
)
def test_memory_stays_within_bounds(name: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    path = written(tmp_path, name, make())
    model = written(
        tmp_path, "m.json", json.dumps({"fields": [{"name": "a"}, {"name": "b", "type": "integer"}, {"name": "c"}]})
    )
    code = (
        "import re, sys\n"
        "from opendata_check.cli.app import run\n"
        "try: run(sys.argv[1:])\n"
        "finally: print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [
        sys.executable,
        "-c",
        code,
        "check",
        str(path),
        "--schema",
        str(model),
        "--format",
        "csv",
        "-o",
        "/dev/null",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert run.returncode in (0, 1, 2)
    assert "imprévue" not in run.stderr
    assert int(run.stderr.split()[-1]) < MEMORY
