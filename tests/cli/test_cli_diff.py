"""`diff` tells what changed between two saved audits, and never calls mended what was not looked at again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/schemas/diff.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a folder of three files, two of them at fault."""
    folder = tmp_path / "ville"
    folder.mkdir()
    (folder / "arbres.csv").write_text("espèce;hauteur\nérable;3\nchêne;12\n", encoding="cp1252")
    (folder / "menus.csv").write_text("jour;entrée\nlundi;céleri\nmardi;soupe\n", encoding="cp1252")
    (folder / "bancs.csv").write_text("rue;nombre\nécoles;3\nmairie;2\n", encoding="utf-8")
    return folder


@pytest.fixture
def audited(town: Path, tmp_path: Path, program: Any) -> Callable[..., Path]:
    """Return a function that audits the folder and saves it under a name."""

    def call(name: str, on: str = "2026-11-23", *more: str) -> Path:
        path = tmp_path / name
        assert program("audit", town, "--on", on, "-q", "-o", path, *more).code == 0
        return path

    return call


def document(program: Any, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(program("diff", *arguments, "-f", "json").out)
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(found)
    return found


def encodings(marks: list[dict[str, Any]]) -> list[str]:
    return [mark["file"] for mark in marks if mark["check"] == "encodage-utf8"]


def test_mended_new_and_unchanged_are_told_apart(town: Path, audited: Callable[..., Path], program: Any) -> None:
    before = audited("avant.json")
    (town / "arbres.csv").write_text("espèce;hauteur\nérable;3\nchêne;12\n", encoding="utf-8")
    (town / "bancs.csv").write_text("rue;nombre\nécoles;3\nmairie;2\n", encoding="cp1252")
    after = audited("apres.json", "2026-12-01")
    found = document(program, before, after)
    assert encodings(found["mended"]) == ["arbres.csv"]
    assert encodings(found["new"]) == ["bancs.csv"]
    assert encodings(found["unchanged"]) == ["menus.csv"]
    assert found["unseen"] == [] and found["cautions"] == []
    screen = program("diff", before, after)
    assert screen.code == 0
    assert max(map(len, screen.out.splitlines())) <= 80
    assert "CORRIGÉ" in screen.out and "NOUVEAU" in screen.out
    assert "\x1b" not in screen.out


def test_a_file_taken_away_is_not_mended(town: Path, audited: Callable[..., Path], program: Any) -> None:
    before = audited("avant.json")
    (town / "arbres.csv").unlink()
    found = document(program, before, audited("apres.json"))
    assert encodings(found["mended"]) == []
    assert encodings(found["unseen"]) == ["arbres.csv"]
    assert [item["key"] for item in found["datasets"]["vanished"]] == ["arbres"]


def test_a_file_that_can_no_longer_be_read_is_not_mended(
    town: Path, audited: Callable[..., Path], program: Any
) -> None:
    before = audited("avant.json")
    (town / "arbres.csv").write_bytes(b"PK\x03\x04" + b"\0" * 40)
    found = document(program, before, audited("apres.json"))
    assert encodings(found["mended"]) == []


def test_a_source_seen_in_part_mends_nothing_it_did_not_see(
    audited: Callable[..., Path], tmp_path: Path, program: Any
) -> None:
    before = audited("avant.json")
    later = json.loads(before.read_text(encoding="utf-8"))
    gone = next(item["key"] for item in later["datasets"] if item["key"] == "arbres")
    later["datasets"] = [item for item in later["datasets"] if item["key"] != gone]
    later["findings"] = [item for item in later["findings"] if item["dataset"] != gone]
    later["catalogs"][0]["complete"] = False
    after = tmp_path / "apres.json"
    after.write_text(json.dumps(later), encoding="utf-8")
    done = program("diff", before, after, "--fail-on-new")
    assert done.code == 3
    assert "n'a pas tout vu" in done.out
    found = document(program, before, after)
    assert found["mended"] == []
    assert encodings(found["unseen"]) == ["arbres.csv"]
    assert [item["key"] for item in found["datasets"]["unseen"]] == ["arbres"]
    assert found["datasets"]["vanished"] == []


def test_new_faults_fail_when_asked(town: Path, audited: Callable[..., Path], program: Any) -> None:
    before = audited("avant.json")
    (town / "bancs.csv").write_text("rue;nombre\nécoles;3\nmairie;2\n", encoding="cp1252")
    after = audited("apres.json")
    assert program("diff", before, after).code == 0
    assert program("diff", before, after, "--fail-on-new").code == 1
    assert program("diff", after, before, "--fail-on-new").code == 0


def test_the_same_audit_twice_says_so(audited: Callable[..., Path], program: Any) -> None:
    before = audited("avant.json")
    done = program("diff", before, before)
    assert "deux fois le même audit" in done.out
    assert "Rien n'a changé." in done.out.replace("\N{NO-BREAK SPACE}", " ")


def test_what_makes_the_comparison_doubtful_is_said(audited: Callable[..., Path], tmp_path: Path, program: Any) -> None:
    before = audited("avant.json", "2026-11-23", "--organization", "54395")
    other = json.loads(before.read_text(encoding="utf-8"))
    other["on"] = "2025-01-02"
    other["tool"]["version"] = "9.9.9"
    other["organization"]["insee_code"] = "54001"
    other["organization"]["name"] = "Abaucourt"
    other["duties"] = other["duties"][1:]
    other["catalogs"][0]["name"] = "ailleurs"
    path = tmp_path / "autre.json"
    path.write_text(json.dumps(other), encoding="utf-8")
    told = [one["id"] for one in document(program, before, path)["cautions"]]
    assert told == ["other_body", "reversed", "other_tool", "other_rules", "other_places"]
    assert len([line for line in program("diff", before, path).out.splitlines() if line.startswith("! ")]) == 5


def test_a_folder_or_a_table_in_place_of_an_audit_tells_what_to_type(
    audited: Callable[..., Path], town: Path, program: Any
) -> None:
    before = audited("avant.json")
    for given in (town, town / "bancs.csv", town / "absent.json"):
        done = program("diff", before, given)
        assert done.code == 2
        assert "opendata-check audit" in done.err
        assert len(done.err.splitlines()) == 1
    assert program("diff", "-", "-").code == 2


def test_neither_audit_is_overwritten(audited: Callable[..., Path], program: Any) -> None:
    before, after = audited("avant.json"), audited("apres.json", "2026-12-01")
    for path in (before, after):
        kept = path.read_bytes()
        assert program("diff", before, after, "-o", path).code == 2
        assert path.read_bytes() == kept


def test_markdown_goes_to_a_file_by_its_name(
    audited: Callable[..., Path], town: Path, tmp_path: Path, program: Any
) -> None:
    before = audited("avant.json")
    shutil.copy(town / "bancs.csv", town / "bancs2.csv")
    done = program("diff", before, audited("apres.json"), "-o", tmp_path / "evolution.md")
    assert done.code == 0
    text = (tmp_path / "evolution.md").read_text(encoding="utf-8")
    assert text.startswith("# Ce qui a changé")
    assert "| Ensemble |" in text
    assert program("diff", before, before, "-o", tmp_path / "a.pdf").code == 2
