"""What every test may use: the shared material, the examples, and the program run as a user runs it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine makes no test fail
settings.load_profile("untimed")

os.environ.setdefault("OPENDATA_CHECK_CACHE", str(Path(tempfile.gettempdir()) / "opendata-check-tests"))
"""Nothing of ours is kept in the cache of whoever runs the tests."""

_SHARED = Path(os.environ.get("OPENDATA_CHECK_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared material; skip the test where it is absent."""
    if not _SHARED.is_dir():
        pytest.skip(f"matériel partagé absent ({_SHARED}) : définir OPENDATA_CHECK_SHARED")
    return _SHARED


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the two fictional communes."""
    return Path(__file__).resolve().parents[1] / "examples"


@dataclass(frozen=True)
class Run:
    """What one command left."""

    code: int
    out: str
    err: str


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Return a function that runs `opendata-check` with the arguments given."""
    from opendata_check.cli.app import run

    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Run(int(left.value.code or 0), captured.out, captured.err)

    return call
