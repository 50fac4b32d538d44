"""Where an answer is written: never over what the command reads, with the rights of what it replaces."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendata_check import config

Program = Callable[..., Any]
ANSWERS = '[organization]\ncode = "54395"\nagents_etp = 62\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder that holds answers, an extract of Sirene and a local rule's file."""
    monkeypatch.chdir(tmp_path)
    Path(config.FILE_NAME).write_text(ANSWERS, encoding="utf-8")
    Path("autre.toml").write_text(ANSWERS, encoding="utf-8")
    Path("s.csv").write_text("siren,trancheEffectifsUniteLegale\n215403957,51\n", encoding="utf-8")
    Path("r/obligations").mkdir(parents=True)
    Path("r/obligations/x.yaml").write_text("id: x # pour opendata-check\n", encoding="utf-8")
    Path("r/outils.json").write_text('{"outil": "opendata-check"}', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["scope", "-o", config.FILE_NAME],
        ["scope", "Metz", "-o", config.FILE_NAME],
        ["scope", "--config", "autre.toml", "-o", "autre.toml"],
        ["scope", "--config", "autre.toml", "-f", "json", "-o", "lien.toml"],
        ["scope", "Nancy", "--sirene", "s.csv", "-f", "json", "-o", "s.csv"],
        ["scope", "--all", "--sirene", "s.csv", "-o", "s.csv"],
        ["rules", "list", "--rules", "r", "-f", "json", "-o", "r/obligations/x.yaml"],
        ["rules", "show", "bal", "-o", config.FILE_NAME],
        ["rules", "changes", "-o", config.FILE_NAME],
        ["audit", "s.csv", "-f", "json", "-o", "s.csv"],
        ["audit", "r", "-f", "json", "-o", "r/obligations/x.yaml"],
        ["audit", "r", "-f", "json", "-o", "r/outils.json"],
        ["scope", "--all", "--rules", "r", "-f", "csv", "-o", "r/obligations/x.yaml"],
    ],
)
def test_what_a_command_reads_is_never_written_over(program: Program, folder: Path, arguments: list[str]) -> None:
    (folder / "lien.toml").symlink_to(folder / "autre.toml")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = program(*arguments)
    assert (run.code, run.out) == (2, "") and "-o" in run.err and "Choisissez un autre nom" in run.err
    assert {path: path.read_bytes() for path in before} == before


def test_a_report_is_written_again_where_it_stands(program: Program, folder: Path) -> None:
    for _ in range(2):
        assert program("audit", "r", "-o", "r/rapport.json", "-q").code in (0, 3)
    assert "opendata-check" in (folder / "r/rapport.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["x.pdf", "x.csv", "x.docx", "x.xlsx"])
def test_a_name_that_promises_another_format_is_refused(program: Program, name: str) -> None:
    run = program("scope", "Nancy", "-o", name)
    assert run.code == 2 and ".txt, .json ou .html" in run.err and not Path(name).exists()


def test_a_file_keeps_its_rights(program: Program, folder: Path) -> None:
    report = folder / "x.json"
    report.write_text("{}", encoding="utf-8")
    report.chmod(0o600)
    assert program("scope", "Nancy", "-o", "x.json").code == 0
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_link_that_leads_to_itself_is_told(program: Program, folder: Path) -> None:
    (folder / "boucle.json").symlink_to(folder / "boucle.json")
    run = program("scope", "Nancy", "-o", "boucle.json")
    assert run.code == 2 and "tourne en rond" in run.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="pas de /dev/full ici")
@pytest.mark.parametrize("redirected", [">/dev/full", ">&-"])
def test_a_full_disk_and_a_closed_screen_are_told_in_one_line(redirected: str) -> None:
    command = f'"{sys.executable}" -m opendata_check rules list {redirected}'
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert "Traceback" not in done.stderr and "imprévue" not in done.stderr
    assert done.returncode == (2 if redirected == ">/dev/full" else 0)


@pytest.mark.parametrize("command", ["rules list | true", "scope Nancy | true", "--help | true"])
def test_whoever_leaves_before_the_end_makes_no_failure(command: str) -> None:
    words = command.split(" | ")
    line = f'"{sys.executable}" -m opendata_check {words[0]} | {words[1]}; echo "${{PIPESTATUS[0]}}"'
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("0", "")


@pytest.mark.parametrize("closed", ["2>&-", "0<&-"])
def test_a_closed_stream_is_as_if_nobody_read_it(closed: str) -> None:
    line = f'"{sys.executable}" -m opendata_check scope --kind commune --population 300 -f json {closed}'
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert done.returncode == 0 and done.stdout.startswith("{")
