"""`report` shows a saved audit again: on the screen, in several files, and says plainly what it cannot read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def saved(examples: Path, tmp_path: Path, program: Any) -> Path:
    """Return an audit saved by the program itself."""
    path = tmp_path / "audit.json"
    done = program("audit", examples / "commune-conforme", "--on", "2026-11-23", "-q", "-o", path)
    assert done.code == 0
    return path


def test_the_screen_shows_what_the_audit_showed(saved: Path, examples: Path, program: Any) -> None:
    first = program("audit", examples / "commune-conforme", "--on", "2026-11-23", "-q")
    again = program("report", saved)
    assert (again.code, again.out, again.err) == (0, first.out, "")


def test_several_files_at_once_are_those_of_the_audit(
    saved: Path, examples: Path, tmp_path: Path, program: Any
) -> None:
    names = ("a.md", "a.csv", "a.json")
    program("audit", examples / "commune-conforme", "--on", "2026-11-23", "-q",
            *(part for name in names for part in ("-o", tmp_path / f"audit-{name}")))  # fmt: skip
    done = program("report", saved, *(part for name in names for part in ("-o", tmp_path / f"again-{name}")))
    assert done.code == 0
    assert done.err.count("Écrit : ") == 3
    for name in names:
        assert (tmp_path / f"again-{name}").read_bytes() == (tmp_path / f"audit-{name}").read_bytes()


def test_a_format_alone_goes_to_the_screen(saved: Path, program: Any) -> None:
    assert json.loads(program("report", saved, "-f", "json").out) == json.loads(saved.read_text(encoding="utf-8"))


def test_its_own_input_is_never_overwritten(saved: Path, program: Any) -> None:
    before = saved.read_bytes()
    done = program("report", saved, "-o", saved)
    assert done.code == 2
    assert "ce fichier est lu par la commande" in done.err
    link = saved.with_name("lien.json")
    link.symlink_to(saved)
    assert program("report", saved, "-o", link).code == 2
    assert saved.read_bytes() == before


def test_a_partial_report_leaves_with_three(saved: Path, program: Any) -> None:
    document = json.loads(saved.read_text(encoding="utf-8"))
    document["catalogs"][0]["complete"] = False
    saved.write_text(json.dumps(document), encoding="utf-8")
    assert program("report", saved).code == 3


def test_a_gzipped_audit_is_read(saved: Path, program: Any) -> None:
    packed = saved.with_name("audit.json.gz")
    packed.write_bytes(gzip.compress(saved.read_bytes()))
    assert program("report", packed).out == program("report", saved).out


def test_an_older_form_is_said_once_on_the_error_stream(saved: Path, program: Any) -> None:
    document = json.loads(saved.read_text(encoding="utf-8"))
    document["schema_version"] = "2.2"
    saved.write_text(json.dumps(document), encoding="utf-8")
    done = program("report", saved)
    assert done.code == 0
    assert done.err.count("forme ancienne (2.2)") == 1
    assert len(done.err.splitlines()) == 1
    assert program("report", saved, "-q").err == ""


def test_a_folder_tells_what_to_type(tmp_path: Path, program: Any) -> None:
    folder = tmp_path / "mes-fichiers"
    folder.mkdir()
    done = program("report", folder)
    assert done.code == 2
    assert "opendata-check audit" in done.err and "-o audit.json" in done.err
    assert len(done.err.splitlines()) == 1


def test_what_is_not_there_or_no_audit_is_told_in_one_line(tmp_path: Path, program: Any) -> None:
    table = tmp_path / "subventions.csv"
    table.write_text("nom;montant\na;1\n", encoding="utf-8")
    for path, told in ((tmp_path / "audti.json", "n'existe pas"), (table, "pas un rapport d'audit")):
        done = program("report", path)
        assert done.code == 2
        assert told in done.err
        assert len(done.err.splitlines()) == 1


def test_the_answer_of_another_command_is_named(tmp_path: Path, program: Any) -> None:
    table = tmp_path / "a.csv"
    table.write_text("a;b\n1;2\n", encoding="utf-8")
    answers = {
        "scope": program("scope", "54395", "--on", "2026-11-23", "-f", "json").out,
        "check": program("check", table, "--schema", "scdl/subventions", "-f", "json").out,
        "explain": program("explain", "encodage-utf8", "-f", "json").out,
    }
    for command, answer in answers.items():
        path = tmp_path / f"{command}.json"
        path.write_text(answer, encoding="utf-8")
        done = program("report", path)
        assert done.code == 2
        assert f"« opendata-check {command} »" in done.err.replace("\N{NO-BREAK SPACE}", " ")
