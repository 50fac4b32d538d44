"""Same audit, same bytes: whatever the seed of hashes, the time zone, the language or the folder one is in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import poisoned_audits as enemy
import pytest

from opendata_check import reports

_PROGRAM = "from opendata_check.cli.app import run; import sys; run(sys.argv[1:])"
_WORLDS = (
    {"PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "424242", "TZ": "America/Adak", "LANG": "tr_TR.UTF-8", "LC_ALL": "", "COLUMNS": "200"},
)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two folders with every format of one audit, and a comparison, made in two different worlds."""
    root = tmp_path_factory.mktemp("mondes")
    (root / "audit.json").write_text(json.dumps(enemy.honest()), encoding="utf-8")
    (root / "avant.json").write_text(json.dumps(_before()), encoding="utf-8")
    folders = []
    for number, world in enumerate(_WORLDS):
        here = root / f"monde{number}" / ("x" * (number + 1))
        here.mkdir(parents=True)
        wanted = [part for name in reports.formats() for part in ("-o", f"{name}:{here / name}")]
        runs = [["report", str(root / "audit.json"), *wanted]]
        audits = [str(root / "avant.json"), str(root / "audit.json")]
        runs += [["diff", *audits, "-o", str(here / f"diff.{end}")] for end in ("md", "json", "txt")]
        for run in runs:
            done = subprocess.run(
                [sys.executable, "-c", _PROGRAM, *run],
                cwd=here,
                env={**os.environ, **world},
                capture_output=True,
                timeout=120,
            )
            assert done.returncode in (0, 3), done.stderr.decode()
        folders.append(here)
    return folders[0], folders[1]


def _before() -> dict[str, object]:
    found = enemy.honest()
    found["on"] = "2025-01-01"
    found["findings"] = found["findings"][1:]
    return found


@pytest.mark.parametrize("name", [*reports.formats(), "diff.md", "diff.json", "diff.txt"])
def test_two_worlds_write_the_same_bytes(name: str, twice: tuple[Path, Path]) -> None:
    one, other = ((folder / name).read_bytes() for folder in twice)
    assert one == other and one


@pytest.mark.parametrize("name", ["csv", "json", "gitlab", "sarif", "dqv"])
def test_no_world_is_told(name: str, twice: tuple[Path, Path]) -> None:
    assert str(twice[0].parents[2]).encode() not in (twice[0] / name).read_bytes()
