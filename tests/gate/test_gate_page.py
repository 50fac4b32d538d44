"""What docs/integration-continue.md says to type works as it stands, and its settings are those the gate reads."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from gate_repositories import DAY, SCHEMAS, committed, repository, subsidies

from opendata_check.config import written
from opendata_check.gate.settings import settings_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "integration-continue.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


COMMANDS = [line.partition("  #")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture
def depot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = repository(tmp_path / "depot", {"data/subventions-2025.csv": subsidies("12,50")}, SCHEMAS)
    committed(folder)
    monkeypatch.chdir(folder)
    return folder


def test_every_command_of_the_page_runs(program: Callable[..., Any], depot: Path) -> None:
    ours = [shlex.split(command) for command in COMMANDS if command.startswith("opendata-check ")]
    assert len(ours) >= 3
    for words in ours:
        dated = ["--on", DAY] if words[1:] != ["baseline", "show"] else []
        done = program(*words[1:], *dated)
        assert done.code in (0, 1) and "erreur" not in done.err.lower(), words
    assert program("gate", "--on", DAY, "--changed-since", "main").code == 0
    assert sorted(place.name for place in depot.iterdir() if place.is_file()) == [
        ".opendata-check-baseline.json", "gate.sarif", "gate.xml", "opendata-check.toml", "qualite.json",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq absent : cette commande n'est pas lancée")
def test_the_suppressed_results_can_be_taken_out_for_github(program: Callable[..., Any], depot: Path) -> None:
    program("baseline", "update", "--on", DAY)
    program("gate", "--on", DAY, "-o", "sarif:gate.sarif")
    before = json.loads((depot / "gate.sarif").read_text(encoding="utf-8"))
    assert before["runs"][0]["results"]
    (command,) = [command for command in COMMANDS if command.startswith("jq ")]
    subprocess.run(["bash", "-c", command], cwd=depot, check=True)
    after = json.loads((depot / "gate-github.sarif").read_text(encoding="utf-8"))
    assert after["runs"][0]["results"] == []
    assert after["runs"][0]["tool"] == before["runs"][0]["tool"]


def test_the_settings_of_the_page_are_read(tmp_path: Path) -> None:
    place = tmp_path / "opendata-check.toml"
    place.write_text("\n".join(blocks("toml")), encoding="utf-8")
    found = settings_of(written(place))
    assert found.paths == ("data",) and len(found.schemas) == 2 and len(found.exemptions) == 1


def test_the_page_names_the_hooks_the_inputs_and_the_variables_that_exist() -> None:
    hooks = {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    gitlab = (ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8")
    assert hooks == set(re.findall(r"`(opendata-check-gate[\w-]*)`", PAGE))
    assert all(f"`{name}`" in PAGE for name in (*action["outputs"], *(set(action["inputs"]) - {"paths"})))
    variables = set(re.findall(r"OPENDATA_CHECK_[A-Z]+", PAGE)) - {"OPENDATA_CHECK_CACHE"}
    assert variables and all(name in gitlab for name in variables)
    assert all(yaml.safe_load(block) for block in blocks("yaml"))


def test_the_page_says_who_may_change_what_is_admitted() -> None:
    (owners,) = blocks("text")
    lines = [line.split() for line in owners.splitlines()]
    assert all(len(words) == 2 and words[0].startswith("/") and words[1].startswith("@") for words in lines)
    named = {words[0] for words in lines}
    assert {"/opendata-check.toml", "/.opendata-check-baseline.json", "/pyproject.toml", "/CODEOWNERS"} <= named
