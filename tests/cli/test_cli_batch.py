"""What the batch command says: its help, what is mistyped, the list and the options that cannot do."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def listed(folder: Path, text: str) -> Path:
    path = folder / "liste.csv"
    path.write_text(text, encoding="utf-8")
    return path


def small(folder: Path, *names: str) -> Path:
    for name in names:
        place = folder / name
        place.mkdir()
        (place / "voirie.csv").write_text("id;nom\n1;a\n2;b\n", encoding="utf-8")
    return listed(folder, "\n".join(["dossier", *names]))


def test_the_help_is_french_fits_the_screen_and_names_the_columns(program: Callable[..., Any]) -> None:
    shown = program("batch", "--help").out
    assert max(map(len, shown.splitlines())) <= 80
    for word in ("--retry-failed", "--again", "code insee", "  agents", "Ctrl-C"):
        assert word in shown
    assert "batch" in program("--help").out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "-o"),
        (("-o", "lot", "--jobs", "zero"), "--jobs"),
        (("-o", "lot", "--limit", "0"), "au moins un"),
        (("-o", "lot", "--column", "Comune"), "Vouliez-vous dire « Commune »"),
        (("-o", "lot", "--only", "nanci"), "54395-nancy"),
        (("-o", "lot", "--cover", "absent.toml"), "ne peut pas être lu"),
        (("-o", "lot", "--on", "demain"), "n'est pas une date"),
        (("-o", "lot", "--retry-faled"), "--retry-failed"),
        (("-o", "liste.csv"), "pas un dossier"),
    ],
)
def test_what_is_mistyped_is_one_french_line_and_nothing_is_written(
    program: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    listed(tmp_path, "Commune\nNancy\nMetz\n")
    run = program("batch", "liste.csv", *options)
    assert run.code == 2 and said in run.err and len(run.err.strip().splitlines()) == 1, run.err
    assert not (tmp_path / "lot" / "lot.json").exists()


def test_an_absent_list_is_told(program: Callable[..., Any], tmp_path: Path) -> None:
    run = program("batch", tmp_path / "absent.csv", "-o", tmp_path / "lot")
    assert run.code == 2 and "ne peut pas être lue" in run.err
    assert not (tmp_path / "lot").exists()


def test_rows_that_name_nobody_are_told_and_the_rest_is_done(program: Callable[..., Any], tmp_path: Path) -> None:
    path = small(tmp_path, "un", "deux")
    path.write_text(path.read_text("utf-8") + "\nabsent\nun\n", encoding="utf-8")
    run = program("batch", path, "-o", tmp_path / "lot", "--no-cache", "--on", "2026-11-26")
    assert run.code == 3
    assert "Ligne 4 : ce dossier n'existe pas" in run.err and "Ligne 5 : le même organisme" in run.err
    assert "2\N{NO-BREAK SPACE}organismes examinés" in run.out and "ligne en double" in run.out
    assert "index.html" in run.out and max(map(len, run.out.splitlines()[:4])) <= 80


def test_a_list_comes_through_a_pipe_and_one_body_can_be_done_alone(
    program: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(tmp_path, "un", "deux")
    monkeypatch.chdir(tmp_path)
    text = io.TextIOWrapper(io.BytesIO(b"dossier\nun\ndeux\n"))
    monkeypatch.setattr(sys, "stdin", text)
    run = program("batch", "-", "-o", "lot", "--no-cache", "--only", "deux", "--on", "2026-11-26", "-q")
    assert run.code == 0 and run.err == ""
    rows = json.loads((tmp_path / "lot" / "lot.json").read_text("utf-8"))["rows"]
    assert {row["typed"]: row["state"] for row in rows} == {"un": "waiting", "deux": "done"}
    refused = program("batch", "liste.csv", "-o", "lot", "--only", "un", "--again")
    assert refused.code == 2 and "--only refait déjà" in refused.err
    (page,) = (tmp_path / "lot").glob("communes/deux-*/index.html")
    page.write_text("effacée", encoding="utf-8")
    assert program("batch", "liste.csv", "-o", "lot", "--no-cache", "--only", "deux", "-q").code == 0
    assert page.read_text("utf-8").startswith("<!")


def test_each_audit_is_kept_in_the_store_once(program: Callable[..., Any], tmp_path: Path) -> None:
    from opendata_check import store

    path, kept = small(tmp_path, "un", "deux"), tmp_path / "audits.db"
    options = ("-o", tmp_path / "lot", "--no-cache", "--on", "2026-11-26", "-q")
    assert program("batch", path, *options, "--limit", "1").code == 0
    assert not kept.exists()
    for _ in range(2):
        assert program("batch", path, *options, "--store", kept).code == 0
    with store.opened(kept) as opened:
        bodies = [json.loads(one.read_bytes())["summary"]["body"] for one in (tmp_path / "lot").rglob("resume.json")]
        assert [len(opened.history(body)) for body in bodies] == [1, 1]


def test_a_store_that_cannot_be_used_stops_before_any_audit(program: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "audits.db").write_text("une note", encoding="utf-8")
    run = program(
        "batch", small(tmp_path, "un"), "-o", tmp_path / "lot", "--no-cache", "--store", tmp_path / "audits.db"
    )
    assert run.code == 2 and "audits.db" in run.err
    assert (tmp_path / "audits.db").read_text("utf-8") == "une note"
    assert not list((tmp_path / "lot").rglob("rapport.json"))


def test_the_cover_is_on_the_pages_and_the_ranking_only_when_asked(program: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('name = "Syndicat du Val"\ncontact = "contact@val.fr"\n', encoding="utf-8")
    run = program(
        "batch", small(tmp_path, "un"), "-o", tmp_path / "lot", "--no-cache", "--on", "2026-11-26", "--title",
        "Nos communes <b>", "--cover", tmp_path / "c.toml",
    )  # fmt: skip
    assert run.code == 0, run.err
    page = (tmp_path / "lot" / "index.html").read_text("utf-8")
    assert "Syndicat du Val" in page and "Nos communes &lt;b&gt;" in page
