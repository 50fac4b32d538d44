"""The Tab key: what each place of a command line proposes, asked for as a shell does, through a real process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opendata_check.cli import completion

PROGRAM = Path(sys.executable).with_name("opendata-check")


def proposals(*words: str) -> list[str]:
    """Return what bash would be given for the last word."""
    environment = {
        **os.environ,
        "COMP_WORDS": " ".join(("opendata-check", *words)),
        "COMP_CWORD": str(len(words)),
        completion.VARIABLE: "complete_bash",
    }
    done = subprocess.run([PROGRAM], env=environment, capture_output=True, text=True, timeout=60, encoding="utf-8")
    assert done.returncode == 0 and not done.stderr
    return done.stdout.split()


def test_commands_are_proposed() -> None:
    assert {"audit", "scope", "explain", "check"} <= set(proposals(""))
    assert proposals("exp")[0] == "explain"


def test_checks_and_words_are_proposed_to_explain() -> None:
    assert proposals("explain", "encodage-") == ["encodage-utf8"]
    assert "moissonnage" in proposals("explain", "mois")


def test_a_word_proposed_is_understood() -> None:
    word = next(one for one in completion.subjects("format") if "-" in one)
    done = subprocess.run([PROGRAM, "explain", word], capture_output=True, timeout=60)
    assert done.returncode == 0


def test_schemas_are_proposed_to_check() -> None:
    assert proposals("check", "x.csv", "--schema", "scdl/subv") == ["scdl/subventions"]


def test_communes_are_proposed_the_largest_first_and_are_understood() -> None:
    from opendata_check import territory

    found = proposals("scope", "la-roch")
    assert found[:2] == ["la-rochelle-17", "la-roche-sur-yon-85"]
    assert territory.resolve(found[0]).insee_code == "17300"
    assert all(territory.resolve(name).insee_code for name in completion.bodies("Saint-Den"))


@pytest.mark.parametrize("typed", ["", "./do", "dossier/", "https:", "données.csv", "zzzzzz", "1"])
def test_paths_and_addresses_are_left_to_the_shell(typed: str) -> None:
    assert completion.bodies(typed) == []


def test_formats_are_proposed() -> None:
    assert proposals("audit", ".", "-f", "js") == ["json"]


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_each_shell_has_its_script(shell: str) -> None:
    done = subprocess.run([PROGRAM, "completion", shell], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert completion.VARIABLE in done.stdout and "opendata-check" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash absent")
def test_bash_accepts_its_script_and_completes_with_it(tmp_path: Path) -> None:
    script = tmp_path / "completion.sh"
    script.write_bytes(subprocess.run([PROGRAM, "completion", "bash"], capture_output=True, timeout=60).stdout)
    typed = (
        f"source {script}; COMP_WORDS=(opendata-check expl); COMP_CWORD=1;"
        f' _opendata_check_completion "{PROGRAM}"; echo "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(["bash", "--norc", "-c", typed], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["explain"]


def test_an_unknown_shell_is_told_the_four() -> None:
    done = subprocess.run([PROGRAM, "completion", "csh"], capture_output=True, text=True, timeout=60, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr.strip() == "« csh » n'est pas un shell connu. Choisissez : bash, zsh, fish, powershell."
