"""Runs the recipes as their services would, with bash: the steps of a composite action, the script of a GitLab job."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


@dataclass
class Ran:
    """What a recipe left."""

    code: int
    log: str
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


def action_inputs(action: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs with their defaults; a name that the action does not know is refused, as GitHub warns of it."""
    assert set(given) <= set(action["inputs"]), set(given) - set(action["inputs"])
    return {name: given.get(name, entry.get("default", "")) for name, entry in action["inputs"].items()}


def run_action(
    path: Path, given: Mapping[str, str], *, workspace: Path, temporary: Path, program: Path, skip: set[str]
) -> Ran:
    """Run the `run` steps of a composite action in order; ``uses`` steps and those of ``skip`` are set up already.

    ``program`` is the folder of the installed program, as the step that installs it would leave it in the environment.
    """
    action = yaml.safe_load(path.read_text(encoding="utf-8"))
    contexts = {f"inputs.{name}": value for name, value in action_inputs(action, given).items()}
    contexts |= {"runner.temp": str(temporary), "runner.os": "Linux", "github.action_path": str(path.parent)}
    files = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
    for place in files.values():
        place.write_text("", encoding="utf-8")
    ran = Ran(0, "")
    for step in action["runs"]["steps"]:
        if "uses" in step or step.get("name") in skip:
            continue
        assert step["shell"] == "bash"
        own = {name: filled(str(value), contexts) for name, value in step.get("env", {}).items()}
        environment = os.environ | {name: str(place) for name, place in files.items()} | own
        environment |= {"OPENDATA_CHECK_BIN": str(program), "PATH": f"{program}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", filled(step["run"], contexts)],
            cwd=workspace / filled(step.get("working-directory", "."), contexts), env=environment,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        ran.log += done.stdout + done.stderr
        ran.code = done.returncode
        if done.returncode:
            break
    ran.outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
    ran.summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return ran


def filled(text: str, contexts: Mapping[str, str]) -> str:
    """Return a text with its expressions replaced by their values. Raises KeyError for one that is not known."""
    return _EXPRESSION.sub(lambda found: contexts[found[1]], text)


def run_gitlab(path: Path, variables: Mapping[str, str], *, project: Path, program: Path) -> Ran:
    """Run the `script` of the GitLab job, with its variables and those given, as its runner chains the lines."""
    job = yaml.safe_load(path.read_text(encoding="utf-8"))["opendata-check"]
    known = {name: str(value) for name, value in job["variables"].items()}
    environment = os.environ | known | dict(variables) | {"CI_PROJECT_DIR": str(project)}
    lines = [line.replace("/tmp/opendata-check/bin/", f"{program}/") for line in job["script"]]
    lines = [line.replace("/tmp/opendata-check-cache", f"{project}-cache") for line in lines]
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)], cwd=project, env=environment, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout + done.stderr)
