"""What `gate` and `baseline` say of themselves, and how they are typed wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("command", [["gate"], ["baseline"], ["baseline", "update"], ["baseline", "show"]])
def test_help_is_french_and_fits_eighty_columns(
    program: Callable[..., Any], command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = program(*command, "--help")
    assert done.code == 0 and done.out.startswith(f"Usage : opendata-check {' '.join(command)}")
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gate", "--baselin"], "--baseline"),
        (["gate", "--changed-since"], "attend une valeur"),
        (["baseline", "updat"], "update"),
        (["gaet"], "gate"),
        (["gate", "-f", "github", "-f", "sarif"], "écran"),
    ],
)
def test_what_is_mistyped_is_answered_in_one_line(
    program: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = program(*arguments)
    assert done.code == 2 and words in done.err and done.err.count("\n") == 1


def test_an_example_of_a_commune_is_judged_where_it_stands(
    program: Callable[..., Any], examples: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path))
    monkeypatch.chdir(examples / "commune-conforme")
    done = program("gate", "--on", "2026-11-26")
    assert done.code == 0, done.out
    monkeypatch.chdir(examples / "commune-exemple")
    done = program("gate", "--on", "2026-11-26")
    assert done.code == 1
    assert "subventions/subventions-2025.csv:5: [valeurs-conformes]" in done.out
