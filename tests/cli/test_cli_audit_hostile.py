"""`audit` against files made to harm: nothing hangs, nothing swells, nothing of a person is shown, no half-read file is praised."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

DATE = "2026-11-26"
Program = Callable[..., Any]
NIR, IBAN, MAIL, PHONE = (
    "185057800608491",
    "FR7630006000011234567890189",
    "jeanne.zebulonde@exemple.fr",
    "06 98 76 54 32",
)
SECRETS = (NIR, IBAN, "zebulonde", PHONE)


def report_of(program: Program, folder: Path) -> dict[str, Any]:
    run = program("audit", folder, "--on", DATE, "--offline", "--format", "json", "-q")
    assert "Traceback" not in run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def outcomes(report: dict[str, Any], check: str) -> list[str]:
    return [finding["outcome"] for finding in report["findings"] if finding["check"] == check]


def every_output(program: Program, folder: Path) -> list[str]:
    runs = [
        program("audit", folder, "--on", DATE, "--offline", "--format", kind) for kind in ("terminal", "json", "html")
    ]
    return [text for run in runs for text in (run.out, run.err)]


# --- Secrets in names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [NIR, IBAN, MAIL, PHONE])
def test_a_column_named_after_a_person_is_never_shown_with_it(secret: str, program: Program, tmp_path: Path) -> None:
    labels = [f"{word} {secret}" for word in ("montant", "date", "prix", "debut", "fin", "cout")]
    rows = "\n".join(f"{n};-5;45291;12 €;2024-05-01;2023-01-01;2,13E+13" for n in range(40))
    (tmp_path / "a.csv").write_text(";".join(["id", *labels]) + "\n" + rows + "\n", encoding="utf-8")
    texts = every_output(program, tmp_path)
    assert "•••" in texts[0]
    assert not [text for text in texts if secret in text]


def test_a_hidden_sheet_named_after_a_person_is_told_without_its_name(program: Program, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["id", "valeur"])
    for number in range(20):
        first.append([number, number])
    hidden = book.create_sheet(MAIL[:31])
    hidden.sheet_state = "hidden"
    hidden.append(["nom", "x"])
    book.properties.creator = "Jeanne Zebulonde"
    stream = BytesIO()
    book.save(stream)
    (tmp_path / "a.xlsx").write_bytes(stream.getvalue())
    texts = every_output(program, tmp_path)
    assert "masquée" in texts[0]
    assert not [text for text in texts if "zebulonde" in text.lower()]


def test_the_first_person_of_a_list_without_header_is_never_shown(program: Program, tmp_path: Path) -> None:
    starts = ("Dur", "Mart", "Bern", "Leg", "Rous", "Four", "Gir", "Bonn")
    ends = ("andeau", "inet", "ardin", "onnec", "selle", "nier", "ault", "etier")
    rows = "".join(
        f"{a}{b} {('Paul', 'Lucie', 'Karim')[n % 3]};{n} rue {a}{b}\n" for n, b in enumerate(ends) for a in starts
    )
    (tmp_path / "a.csv").write_text(f"Zebulonde Urslette;12 rue Zebulonde\n{rows}", encoding="utf-8")
    report = report_of(program, tmp_path)
    assert "non_compliant" in outcomes(report, "noms-de-personnes-absents")
    assert "non_compliant" in outcomes(report, "adresses-de-personnes-absentes")
    assert outcomes(report, "entete-correct") == ["non_compliant"]
    assert not [text for text in every_output(program, tmp_path) if "Zebulonde" in text or "Urslette" in text]


# --- Injection -------------------------------------------------------------------------------------------------------

MARKUP = "<img src=x onerror=alert(1)>\"'</script><script>zqx()</script>"
BRACES = "{0}{x}{where}{count.__class__}%s{{}}{"
CONTROLS = "\x1b[31mROUGE\x1b]0;titre\x07\u202egpj\u2066\u200b\x08\x7f"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.events: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.events += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]


@pytest.mark.parametrize("text", [MARKUP, BRACES, CONTROLS], ids=["html", "accolades", "commandes"])
def test_no_label_title_licence_nor_member_name_acts_on_a_report(text: str, program: Program, tmp_path: Path) -> None:
    import zipfile

    quoted = text.replace('"', '""')
    labels = ";".join(f'"{word} {quoted}"' for word in ("montant", "total", "date", "email", "cout"))
    rows = "\n".join(f"-5;{n * n};45291;jean.dupont{n}@orange.fr;12 €" for n in range(40))
    (tmp_path / "a.csv").write_text(f"{labels}\n{rows}\n", encoding="utf-8")
    (tmp_path / "j.json").write_text(json.dumps([{text: -1, f"mail {text}": "jean.dupont@orange.fr"}] * 30))
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(text.replace("/", "_") + ".csv", "a;b\n1;2\n")
    package = {
        "name": "x", "title": f"budget {text}", "description": text, "keywords": [text], "accrualPeriodicity": text,
        "licenses": [{"name": text, "title": text, "path": f"javascript:alert(1)//{text}"}],
        "resources": [{"name": "a", "title": text, "path": "a.csv", "format": text, "licenses": [{"name": f"lov2 {text}"}]}],
    }  # fmt: skip
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    terminal, _, made, _, page, _ = every_output(program, tmp_path)
    assert not [finding for finding in json.loads(made)["findings"] if finding["outcome"] == "error"]
    tags = _Tags()
    tags.feed(page)
    assert not tags.events
    assert not tags.seen & {"img", "iframe", "object"}
    assert page.count("<script") == 1  # ours, that filters
    for shown in (terminal, page, json.dumps(json.loads(made), ensure_ascii=False)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", shown)


# --- What was not read -----------------------------------------------------------------------------------------------


def test_a_table_read_in_part_is_never_said_to_be_good(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id;a\n" + b"1;x\n" * 100 + b"x" * 3_000_000 + b"\n" + b"1;12,5\n" * 200)
    report = report_of(program, tmp_path)
    about_cells = ("nombres-bien-ecrits", "codes-intacts", "une-valeur-par-cellule", "lignes-regulieres", "nir-absent")
    assert {check: outcomes(report, check) for check in about_cells} == {key: ["unverifiable"] for key in about_cells}


def test_persons_in_the_last_records_of_a_json_are_seen(program: Program, tmp_path: Path) -> None:
    late = [{"id": 1, "nir": NIR, "courriel": "jean.dupont@orange.fr"}] * 300
    (tmp_path / "a.json").write_text(json.dumps([{"id": n} for n in range(1000)] + late))
    report = report_of(program, tmp_path)
    assert "non_compliant" in outcomes(report, "nir-absent")
    assert "non_compliant" in outcomes(report, "coordonnees-personnelles-absentes")


def test_a_drawing_cut_short_is_not_said_to_hold_no_script(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g><a', encoding="utf-8")
    assert outcomes(report_of(program, tmp_path), "fichier-sans-programme") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.parquet", b"PAR1" + b"\0" * 100 + b"PAR1"), ("a.gpkg", b"SQLite format 3\0" + b"\xff" * 500)],
)
def test_a_file_that_nothing_opened_is_not_said_to_open(
    name: str, content: bytes, program: Program, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    report = report_of(program, tmp_path)
    said = [found["message"] for found in report["findings"] if found["check"] == "fichier-accessible"]
    assert len(said) == 1
    assert "s'ouvre." not in said[0] or "ne sait pas" in said[0]


def test_an_image_cut_short_is_not_said_to_keep_no_trace(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nzz")
    assert outcomes(report_of(program, tmp_path), "traces-dans-les-fichiers") == []


# --- Sizes and times -------------------------------------------------------------------------------------------------


def test_a_long_series_of_one_file_asks_once_per_file(program: Program, tmp_path: Path) -> None:
    table = "nom;valeur\n" + "".join(f"x{n};{n}\n" for n in range(30))
    for year in range(1951, 2011):
        (tmp_path / f"budget-{year}.csv").write_text(table, encoding="utf-8")
    report = report_of(program, tmp_path)
    assert len(outcomes(report, "fichiers-differents")) == 59


def test_a_text_full_of_damaged_letters_is_read_in_a_few_seconds(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nom;texte\n" + ("x;" + "Ã" * 200 + "Ã©" * 50 + "\n") * 8_000, encoding="utf-8")
    before = time.process_time()
    report = report_of(program, tmp_path)
    assert outcomes(report, "accents-lisibles") == ["non_compliant"]
    assert time.process_time() - before < 4


def test_objects_that_each_have_their_own_keys_cost_little(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" + ",".join(f'{{"a{n}":{n}}}' for n in range(60_000)) + "]")
    before = time.process_time()
    report_of(program, tmp_path)
    assert time.process_time() - before < 4
