"""Help and errors: French, one line, the documented exit code, no traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from opendata_check import __version__

ENGLISH = re.compile(
    r"\b(Usage:|Options:|Error|Show this|Missing|Invalid|Commands?:|required|default|exit\.)", re.IGNORECASE
)


def test_nothing_typed_shows_three_things_to_do(program: Callable[..., object]) -> None:
    run = program()
    assert run.code == 0 and not run.err
    assert max(map(len, run.out.splitlines())) <= 80
    assert [line.strip()[:2] for line in run.out.splitlines() if re.match(r" +\d\. ", line)] == ["1.", "2.", "3."]
    typed = re.findall(r"opendata-check (\w+)", run.out)
    assert {"scope", "audit", "explain"} <= set(typed)


@pytest.mark.parametrize("typed", ["AUDIT", "Scope", "eXplain"])
def test_a_command_is_understood_in_any_case(program: Callable[..., object], typed: str) -> None:
    assert program(typed, "--help").out.startswith(f"Usage : opendata-check {typed.lower()} ")


@pytest.mark.parametrize("arguments", [["--help"], ["aide"], ["-h"], ["audit", "--help"], ["scope", "--help"]])
def test_help_is_french_and_fits_eighty_columns(program: Callable[..., object], arguments: list[str]) -> None:
    run = program(*arguments)
    assert run.code == 0
    assert run.out.startswith("Usage : opendata-check")
    assert not ENGLISH.search(run.out), ENGLISH.search(run.out)
    assert max(map(len, run.out.splitlines())) <= 80
    assert "Exemples :" in run.out


def test_help_lists_the_commands_with_their_sentence(program: Callable[..., object]) -> None:
    out = program("--help").out
    assert "  audit " in out and "  scope " in out


def test_version(program: Callable[..., object]) -> None:
    assert program("--version").out == f"opendata-check {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audti", "x"], "Vouliez-vous dire « audit »"),
        (["audit"], "Il manque CIBLE"),
        (["scope"], "il manque le nom ou le code"),
        (["audit", "x", "y"], "en trop"),
        (["report", "audit.json", "plan"], "--format plan"),
        (["L'Isle-Adam"], "« L'Isle-Adam » n'existe pas. Pour un organisme : opendata-check scope L'Isle-Adam."),
        (["Saint Denis"], 'scope "Saint Denis"'),
        ([r"C:\Users\Mairie"], r"« C:\Users\Mairie »"),
        (["audit", "x", "--formt", "json"], "Vouliez-vous dire --format"),
        (["audit", "x", "--format"], "attend une valeur"),
        (["audit", "x", "--format", "docx"], "n'est pas un format"),
        (["audit", "x", "--format", "excel"], "Vouliez-vous dire « xlsx »"),
        (["audit", "x", "--format", "pdf"], "imprimez-le en PDF"),
        (["audit", "x", "-o", "rapport.pdf"], "imprimez-le en PDF"),
        (["audit", "x", "--on", "hier"], "n'est pas une date"),
        (["audit", "x", "--agents", "beaucoup"], "n'est pas un nombre"),
        (["audit", "x", "--fail-under", "200"], "n'est pas un nombre"),
        (["audit", "x", "--fail-on", "grave"], "n'est pas une gravité"),
        (["audit", "x", "--config", "rien.toml"], "n'existe pas"),
        (["scope", "54395", "--format", "html"], "n'est pas un format"),
        (["scope", "Nanci"], "Nancy"),
        (["scope", "00000"], "00000"),
        (["audit", "./nulle-part"], "n'existe pas"),
        (["audit", "zzzzqqq"], "ni un dossier"),
        (["audit", "http://127.0.0.1:1/donnees"], "réseau privé"),
        (["audit", "ftp://exemple.fr/"], "ftp"),
        (["audit", ""], ""),
        (["scope", ""], "le nom ou le code"),
        (["audit", "x", "--date", "2026"], "Vouliez-vous dire --on"),
        (["scope", "\x1b[31m"], ""),
    ],
)
def test_a_mistake_gets_one_french_line_and_exit_code_2(
    program: Callable[..., object], arguments: list[str], words: str
) -> None:
    run = program(*arguments)
    assert run.code == 2
    assert run.out == ""
    assert run.err.count("\n") == 1
    assert words in run.err
    assert not ENGLISH.search(run.err), run.err
    assert "Traceback" not in run.err
    assert "\x1b" not in run.err


def test_files_given_without_a_command_or_as_a_second_target_get_the_words_to_type(
    program: Callable[..., object], tmp_path: Path
) -> None:
    folder = tmp_path / "Données de la mairie"
    folder.mkdir()
    alone = program(str(folder)).err.replace("\u00a0", " ")
    assert f'opendata-check audit "{folder}"' in alone
    assert "scope" not in alone
    second = program("audit", "Pithiviers", str(folder)).err
    assert "--organization" in second
    assert "guillemets" not in second
    assert "guillemets" in program("audit", "Données", "de", "la", "mairie").err


def test_a_closed_pipe_is_not_an_error() -> None:
    command = f'"{sys.executable}" -m opendata_check --help | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, encoding="utf-8")
    assert done.stderr == ""


def test_a_console_without_accents_does_not_crash(examples: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "opendata_check", "audit", str(examples / "commune-exemple"), "--on", "2026-11-23"],
        capture_output=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr.decode("cp1252")
    assert "À" in done.stdout.decode("cp1252")
    ascii_only = subprocess.run(
        [sys.executable, "-m", "opendata_check", "scope", "54395"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert ascii_only.returncode == 0, ascii_only.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom opendata_check.cli.app import run\n"
        "try: run(['audit', '--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('frictionless', 'pandas', 'requests', 'yaml', 'jinja2', 'python_calamine', 'pypdfium2', 'rich.table') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_an_old_screen_gets_the_nearest_letters_and_no_question_mark(encoding: str) -> None:
    command = [sys.executable, "-m", "opendata_check", "scope", "--kind", "commune", "--population", "103671"]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=True, timeout=60
    )
    said = done.stdout.decode(encoding)
    assert "103 671 habitants" in said.replace("\u00a0", " ")
    assert "40 000" in said and "?000" not in said


@pytest.mark.parametrize(
    ("typed", "begins"), [("aide", "Usage :"), ("HELP", "Usage :"), ("version", "opendata-check ")]
)
def test_first_words_that_people_type_are_understood(program: Callable[..., object], typed: str, begins: str) -> None:
    run = program(typed)
    assert run.code == 0 and run.out.startswith(begins)


def test_a_body_without_a_command_is_told_where_to_go(program: Callable[..., object]) -> None:
    run = program("Nancy")
    assert run.code == 2 and "opendata-check scope Nancy" in run.err
    assert program("SCOPE", "--kind", "commune", "--population", "300").code == 0


def test_a_long_dash_is_told(program: Callable[..., object]) -> None:
    run = program("scope", "Nancy", "—agents", "62")
    assert run.code == 2 and "--agents" in run.err


@pytest.mark.parametrize("typed", ["history", "trend", "export"])
def test_a_command_of_the_store_may_be_typed_alone(program: Callable[..., object], typed: str) -> None:
    assert program(typed, "--help").out.startswith(f"Usage : opendata-check store {typed} ")


@pytest.mark.parametrize("group", ["rules", "schemas", "store", "baseline"])
def test_a_group_typed_alone_shows_its_commands(program: Callable[..., object], group: str) -> None:
    run = program(group)
    assert run.code == 0 and "Commandes :" in run.out


def test_a_workbook_is_refused_on_a_screen_before_anything_is_read(program: Callable[..., object]) -> None:
    run = program("audit", "/nowhere/at/all", "-f", "xlsx")
    assert run.code == 2
    assert run.err == "--format : « xlsx » ne s'affiche pas à l'écran. Donnez un fichier : -o rapport.xlsx.\n"


@pytest.mark.parametrize("order", ["##[error]", "##vso[task.setvariable variable=x]y", "##teamcity[buildStop]"])
def test_a_name_typed_gives_no_order_to_a_ci_server(program: Callable[..., object], order: str) -> None:
    run = program("check", f"{order}.csv")
    assert run.code == 2 and run.err and order[:4] not in run.err
