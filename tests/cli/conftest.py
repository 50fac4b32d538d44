"""What the tests of the commands share: `init` held as a conversation in an empty folder."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendata_check import config


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of answers of an empty folder, where the program runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / config.FILE_NAME


@pytest.fixture
def talk(program: Callable[..., Any], file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that runs `init` and types the lines given, then nothing more (end of input)."""

    def hold(*arguments: object, typed: str = "") -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return program("init", *arguments, "--on", "2026-11-23")

    return hold
