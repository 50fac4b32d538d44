"""`schemas infer`: a table described column by column, its profile as JSON, and a schema it follows."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Program = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
CONTRACT = json.loads((ROOT / "docs" / "schemas" / "profile.schema.json").read_text(encoding="utf-8"))
GRANTS = """idAttribuant;nomBeneficiaire;dateConvention;montant;versé;commune;note
21340172200011;Jean Dupont;31/12/2023;1 234,50;oui;34172;12
21340172200011;Les Amis du Lavoir;01/02/2024;500;non;01001;NC
21340172200011;Zoé Lefèvre;15/02/2024;75,25;oui;34172;7
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a small undocumented table."""
    path = tmp_path / "subventions.csv"
    path.write_text(GRANTS, encoding="utf-8")
    return path


def test_each_column_is_described_in_plain_french(program: Program, table: Path) -> None:
    run = program("schemas", "infer", table)
    assert (run.code, run.err) == (0, "")
    text = run.out.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    for said in [
        "CSV, utf-8, séparateur point-virgule, 3 lignes, 7 colonnes",
        "A  idAttribuant\n   Numéros SIRET.\n   Toujours rempli. Une seule valeur.",
        "Peut concerner des personnes : aucune valeur n'est montrée.",
        "Dates, sous la forme 31/12/2024, du 31 décembre 2023 au 15 février 2024.",
        "Nombres, sous la forme 1 234,56, de 75,25 à 1 234,5.",
        "Oui ou non, sous la forme oui/non.",
        "F  commune\n   Codes de 5 chiffres.",
        "Nombres entiers, de 7 à 12.",
        "1 cellule sans valeur : on y lit « NC ».",
    ]:
        assert said in text, said
    assert max(map(len, run.out.splitlines())) <= 80
    assert "Dupont" not in run.out


def test_the_profile_as_json_keeps_its_contract(program: Program, table: Path) -> None:
    run = program("schemas", "infer", table, "--format", "json")
    found = json.loads(run.out)
    jsonschema.validate(found, CONTRACT)
    assert (found["rows"], found["places"], found["file"]["delimiter"]) == (3, "line", ";")
    kinds = [column["kind"] for column in found["columns"]]
    assert kinds == ["string", "string", "date", "number", "boolean", "string", "integer"]
    assert found["columns"][2]["form"]["date_format"] == "%d/%m/%Y"


def test_the_schema_is_one_that_check_finds_the_table_right_with(program: Program, table: Path, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    written = program("schemas", "infer", table, "-o", schema, "--bounds")
    assert (written.code, written.out, written.err) == (0, "", f"Écrit : {schema}\n")
    fields = {field["name"]: field for field in json.loads(schema.read_text(encoding="utf-8"))["fields"]}
    assert fields["dateConvention"]["constraints"] == {
        "required": True, "minimum": "31/12/2023", "maximum": "15/02/2024",
    }  # fmt: skip
    assert fields["note"]["missingValues"] == ["", "NC"]
    checked = program("check", table, "--schema", schema)
    assert checked.code == 0, checked.out
    table.write_text(GRANTS.replace("01/02/2024", "2024-02-01"), encoding="utf-8")
    assert program("check", table, "--schema", schema).code == 1


def test_the_schema_comes_on_the_screen_when_no_file_is_named(program: Program, table: Path) -> None:
    run = program("schemas", "infer", table, "--format", "tableschema")
    assert json.loads(run.out)["title"] == "subventions"
    assert run.out.isascii() or run.out.replace("\n", "").isprintable()


def test_a_json_file_is_the_profile_when_that_is_asked(program: Program, table: Path, tmp_path: Path) -> None:
    program("schemas", "infer", table, "--format", "json", "-o", tmp_path / "profil.json")
    jsonschema.validate(json.loads((tmp_path / "profil.json").read_text(encoding="utf-8")), CONTRACT)


def test_a_workbook_is_described_by_the_rows_of_its_sheet(program: Program, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["jour", "valeur"], *[["2024-01-31", n] for n in range(150)], ["jamais", 3]]:
        sheet.append(row)
    book.save(tmp_path / "releves.xlsx")
    found = json.loads(program("schemas", "infer", tmp_path / "releves.xlsx", "-f", "json").out)
    jsonschema.validate(found, CONTRACT)
    assert [c["kind"] for c in found["columns"]] == ["date", "integer"]
    assert found["columns"][0]["exception_lines"] == [152]


def test_records_are_counted_from_one(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "releves.json"
    path.write_text(json.dumps([{"valeur": n} for n in range(150)] + [{"valeur": "aucune"}]), encoding="utf-8")
    found = json.loads(program("schemas", "infer", path, "-f", "json").out)
    jsonschema.validate(found, CONTRACT)
    assert (found["places"], found["columns"][0]["exception_lines"]) == ("record", [151])
    assert "1 cellule est d'une autre sorte : enregistrement 151." in program("schemas", "infer", path).out.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_the_file_of_an_archive_is_chosen(program: Program, table: Path, tmp_path: Path) -> None:
    archive = tmp_path / "tout.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(table, "subventions.csv")
        made.writestr("autre.csv", "a;b\n1;2\n")
    refused = program("schemas", "infer", archive)
    assert refused.code == 2 and "--member" in refused.err
    assert "2 colonnes" in program("schemas", "infer", archive, "--member", "autre.csv").out.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_a_reading_that_stops_early_is_told(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "coupe.csv"
    path.write_text("a;b\n" + "1;2\n" * 50 + '3;"jamais fermé\n' + "4;5\n" * 50, encoding="utf-8")
    run = program("schemas", "infer", path)
    assert run.code == 3
    assert "Lecture incomplète" in run.out
    schema = program("schemas", "infer", path, "-f", "tableschema")
    assert schema.code == 3 and schema.err.startswith("Lecture incomplète : ") and json.loads(schema.out)["fields"]


def test_a_large_file_in_another_encoding_is_read(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "grand.csv"
    path.write_bytes(b"a;ville\n" + b"1;Nancy\n" * 600_000 + "2;Orléans\n".encode("cp1252"))
    found = json.loads(program("schemas", "infer", path, "-f", "json").out)
    assert [item["value"] for item in found["columns"][1]["frequent"]] == ["Nancy", "Orléans"]


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("vide.csv", b"", "vide"),
        ("page.csv", b"<!doctype html><html><body>404</body></html>", "page web"),
        ("image.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), ""),
        ("nombres.csv", b"1;2\n3;4\n5;6\n", "en-tête"),
        ("texte.txt", "Bonjour à tous.".encode(), "tableau"),
        ("brise.json", b'{"a": [1, ', ""),
        ("brise.zip", b"PK\x03\x04" + bytes(40), ""),
        ("large.csv", b";".join(b"c%d" % n for n in range(5_001)) + b"\n" + b";" * 5_000 + b"\n", "5000 colonnes"),
        ("zeros.csv", bytes(5_000), ""),
    ],
)
def test_rubbish_is_refused_on_one_french_line(
    program: Program, tmp_path: Path, name: str, raw: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    run = program("schemas", "infer", path)
    assert (run.code, run.out) == (2, "")
    assert run.err.count("\n") == 1 and said in run.err and "imprévue" not in run.err


@pytest.mark.parametrize(
    "arguments",
    [["absent.csv"], ["."], [], ["x.csv", "--format", "xml"], ["x.csv", "-o", "x.csv"], ["x.csv", "--bounds"]],
)
def test_bad_usage_is_refused_on_one_french_line(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    run = program("schemas", "infer", *arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.count("\n") == 1
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "a;b\n1;2\n"


@given(st.binary(max_size=300), st.sampled_from([b"", b"a;b\n", b"[", b"PK\x03\x04"]))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_described_or_refused(program: Program, tmp_path: Path, raw: bytes, start: bytes) -> None:
    path = tmp_path / "octets.csv"
    path.write_bytes(start + raw)
    run = program("schemas", "infer", path, "-f", "json")
    if run.code == 2:
        assert run.out == "" and run.err.count("\n") == 1 and "imprévue" not in run.err
    else:
        jsonschema.validate(json.loads(run.out), CONTRACT)


def test_control_characters_of_a_file_never_reach_the_screen(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    rows = [
        {"\x1b]0;titre\x07": "\x1b[31mrouge", "b\u202ec": f"\u202e valeur {n % 2}", "\ud800": "\ud800"}
        for n in range(20)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    for form in ("terminal", "json", "tableschema"):
        run = program("schemas", "infer", path, "-f", form)
        assert run.code == 0
        assert not set("\x1b\x07\u202e") & set(run.out), form


def test_no_value_about_persons_reaches_any_format(program: Program, tmp_path: Path) -> None:
    chance = random.Random(3)
    first, last = ["Jeanne", "Zoé", "Karim", "Luc"], ["Lefèvre", "Benali", "Martin", "Durand"]
    people = [(chance.choice(first), chance.choice(last), n) for n in range(200)]
    lines = [
        f"{one} {two};{one.lower()}.{two.lower()}@exemple.fr;06{n:08};{1900 + n % 100}-03-0{n % 9 + 1};{n} rue {two}"
        for one, two, n in people
    ]
    path = tmp_path / "agents.csv"
    path.write_text("agent;b;c;date de naissance;adresse\n" + "\n".join(lines) + "\n", encoding="utf-8")
    for form in ("terminal", "json", "tableschema"):
        out = program("schemas", "infer", path, "-f", form).out
        for one, two, n in people:
            assert one not in out and two not in out and f"06{n:08}" not in out
        assert "1900-03" not in out and "mars 19" not in out


def test_an_old_console_gets_letters_it_can_show(table: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "opendata_check", "schemas", "infer", str(table)],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "PYTHONPATH": str(ROOT), "HOME": str(table.parent)},
    )
    assert run.stdout.isascii() and b"Dates" in run.stdout
