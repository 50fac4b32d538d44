"""What every test may use: the shared material, found once and skipped visibly when absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
