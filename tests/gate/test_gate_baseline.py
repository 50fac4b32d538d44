"""The file of admitted findings: small, sorted, mergeable, and never trusted when damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gate_repositories import committed, git

from opendata_check.gate.baseline import Baseline, Known, load, written
from opendata_check.gate.errors import BaselineError

ONE = Known("data/a.csv", "valeurs-conformes", "0123456789abcdef", "Les valeurs sont justes")
TWO = Known("data/b.csv", "encodage-utf8", "fedcba9876543210", "Le texte est en UTF-8")


def test_what_is_written_is_read_back_and_its_order_never_depends_on_the_findings(tmp_path: Path) -> None:
    text = written([TWO, ONE, TWO])
    assert text == written([ONE, TWO])
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    assert load(tmp_path / "b.json") == Baseline((ONE, TWO))
    assert sum("fingerprint" in line for line in text.splitlines()) == 2  # one finding a line


def test_an_empty_list_is_a_list(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(written([]), encoding="utf-8")
    assert load(tmp_path / "b.json") == Baseline()


def test_git_merges_two_branches_that_admit_different_files(tmp_path: Path) -> None:
    place = tmp_path / "b.json"
    far = [Known(f"data/{name}.csv", "encodage-utf8", f"{rank:016x}", "t") for rank, name in enumerate("cfimpsvz")]
    place.write_text(written(far), encoding="utf-8")
    committed(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "autre")
    place.write_text(written([*far, Known("data/d.csv", "encodage-utf8", "d" * 16, "t")]), encoding="utf-8")
    committed(tmp_path, "deux")
    git(tmp_path, "checkout", "-q", "main")
    place.write_text(written([*far, Known("data/t.csv", "encodage-utf8", "e" * 16, "t")]), encoding="utf-8")
    committed(tmp_path, "trois")
    git(tmp_path, "merge", "-q", "autre", "-m", "fusion")
    assert len(load(place).findings) == 10


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<<<<<<< HEAD\n{}\n=======\n", "ligne 1 : une fusion git"),
        (b'{\n  "format": 1,\n', "abîmée"),
        (b"[]", "n'est pas une liste"),
        (b"{}", "n'est pas une liste"),
        (b"\xff\xfe\x00", "abîmée"),
        (b"[" * 100_000, "abîmée"),
        (written([]).replace('"version": 1', '"version": 2').encode(), "à jour"),
        (written([]).replace('"version": 1', '"version": 0').encode(), "autre version"),
        (written([ONE]).replace("0123456789abcdef", "xyz").encode(), "abîmé"),
        (written([ONE]).replace('"check": "valeurs-conformes"', '"check": 3').encode(), "abîmé"),
        (written([ONE]).replace("[\n", "[3,\n").encode(), "abîmé"),
        (written([]).replace("[]", '"x"').encode(), "abîmée"),
    ],
)
def test_a_damaged_list_says_what_to_do(tmp_path: Path, raw: bytes, words: str) -> None:
    place = tmp_path / "b.json"
    place.write_bytes(raw)
    with pytest.raises(BaselineError) as caught:
        load(place)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="baseline update"):
        load(tmp_path / "rien.json")


def test_the_file_is_plain_json_for_whoever_reads_it() -> None:
    content = json.loads(written([ONE]))
    assert content["findings"] == [
        {"check": ONE.check, "file": ONE.file, "fingerprint": ONE.fingerprint, "title": ONE.title}
    ]
