"""What this program wrote is recognised, whatever its format; what looks like it is left to be audited."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from opendata_check.own_reports import is_own_report

PROGRAM = Path(sys.executable).with_name("opendata-check")
EXAMPLE = Path(__file__).parents[1] / "examples" / "commune-conforme"
NAMES = (
    "r.html",
    "r.json",
    "r.sarif",
    "r.xml",
    "r.ics",
    "r.ttl",
    "r.md",
    "r.txt",
    "r.csv",
    "r.xlsx",
    "plan.md",
    "plan.csv",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    wanted = [
        f"plan-csv:{folder / 'plan.csv'}",
        f"plan:{folder / 'plan.md'}",
        *(str(folder / name) for name in NAMES[:10]),
    ]
    command = [PROGRAM, "audit", str(EXAMPLE), "--on", "2026-11-23", *(part for one in wanted for part in ("-o", one))]
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_report_is_recognised(folder: Path, name: str) -> None:
    assert is_own_report(folder / name)


def test_reports_written_among_the_data_are_no_data(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "equipements.csv").write_bytes((EXAMPLE / "equipements.csv").read_bytes())
    plain = _audited(tmp_path)
    for name in NAMES:
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    again = _audited(tmp_path)
    (place,), (same_place,) = again.pop("catalogs"), plain.pop("catalogs")
    assert plain["findings"] and again == plain
    assert place.pop("left_out") == [{"count": len(NAMES), "reason": "own_report"}]
    assert not same_place.pop("left_out") and place == same_place


def _audited(folder: Path) -> dict[str, Any]:
    command = [PROGRAM, "audit", ".", "--on", "2026-11-23", "-f", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", ["equipements.csv", "subventions-2025.csv", "marches-publics-2026.json"])
def test_data_are_not_reports(name: str) -> None:
    assert not is_own_report(EXAMPLE / name)


def test_a_file_to_fill_in_is_the_users_own_data(tmp_path: Path) -> None:
    made = tmp_path / "subventions.xlsx"
    subprocess.run([PROGRAM, "schemas", "template", "subventions", "-o", str(made)], check=True, timeout=60)
    assert made.is_file() and not is_own_report(made)


def test_a_file_that_cannot_be_read_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    assert not is_own_report(tmp_path / "x.xlsx")
    assert not is_own_report(tmp_path / "absent.html")
    (tmp_path / "dossier.md").mkdir()
    assert not is_own_report(tmp_path / "dossier.md")
