"""The recipes for GitHub, GitLab and pre-commit: valid by the services' own schemas, run as far as can be without them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from ci_runner import Ran, run_action, run_gitlab
from gate_repositories import DAY, committed, git, repository, subsidies

ROOT = Path(__file__).resolve().parents[2]
DEPOT = ROOT / "examples" / "depot-commune"
BIN = Path(sys.executable).parent
FILE = "data/subventions-2025.csv"
INSTALLED = {"Installation"}

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash absent : les recettes ne sont pas lancées")


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """Return a copy of the ready repository, committed."""
    copy = tmp_path / "depot"
    shutil.copytree(DEPOT, copy)
    committed(copy)
    return copy


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path / "memoire"))


def action(depot: Path, tmp_path: Path, **inputs: str) -> Ran:
    temporary = tmp_path / "runner"
    temporary.mkdir(exist_ok=True)
    given = {"date": DAY} | {name.replace("_", "-"): value for name, value in inputs.items()}
    return run_action(ROOT / "action.yml", given, workspace=depot, temporary=temporary, program=BIN, skip=INSTALLED)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", ROOT / "action.yml"),
        ("vendor.github-workflows", DEPOT / ".github" / "workflows" / "opendata-check.yml"),
        ("vendor.gitlab-ci", ROOT / "ci" / "gitlab.yml"),
        ("vendor.gitlab-ci", DEPOT / ".gitlab-ci.yml"),
    ],
)
def test_the_services_own_schemas_accept_the_recipes(schema: str, path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema absent : schémas des services non vérifiés")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_pre_commit_accepts_its_files() -> None:
    pytest.importorskip("pre_commit", reason="pre-commit absent : ses fichiers ne sont pas vérifiés")
    for command, path in (("validate-manifest", ROOT / ".pre-commit-hooks.yaml"),
                          ("validate-config", DEPOT / ".pre-commit-config.yaml")):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", command, str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_action_is_pinned_and_no_input_reaches_a_script_as_text() -> None:
    for path in (ROOT / "action.yml", DEPOT / ".github" / "workflows" / "opendata-check.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        steps = content["runs"]["steps"] if "runs" in content else content["jobs"]["opendata-check"]["steps"]
        for step in steps:
            used = step.get("uses", "")
            assert not used or re.search(r"@([0-9a-f]{40}|v\d+\.\d+\.\d+)$", used), used
            assert "${{" not in step.get("run", ""), step
    workflow = yaml.safe_load((DEPOT / ".github" / "workflows" / "opendata-check.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["opendata-check"]["steps"][0]["with"]["persist-credentials"] is False


def test_the_recipes_name_the_version_of_the_program() -> None:
    from opendata_check import __version__

    for path in (DEPOT / ".gitlab-ci.yml", DEPOT / ".pre-commit-config.yaml", ROOT / "ci" / "gitlab.yml",
                 DEPOT / ".github" / "workflows" / "opendata-check.yml"):  # fmt: skip
        named = re.findall(r"(?:@v|ref: v|rev: v|==)(\d+\.\d+\.\d+)(?![\d.]*-)", path.read_text(encoding="utf-8"))
        assert __version__ in named, path


def test_the_ready_repository_passes(depot: Path, memory: None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "opendata_check", "gate", "--on", DAY], cwd=depot, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 à corriger" in done.stdout


def test_the_action_passes_good_files_and_writes_its_reports(depot: Path, tmp_path: Path) -> None:
    ran = action(depot, tmp_path)
    assert (ran.code, ran.outputs["result"], ran.outputs["exit-code"]) == (0, "compliant", "0"), ran.log
    assert json.loads(Path(ran.outputs["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert ET.parse(ran.outputs["junit"]).getroot() is not None
    assert ran.summary
    assert not git(depot, "status", "--porcelain")  # rien n'est écrit dans le dépôt
    assert "rien n'a changé depuis la dernière fois" in action(depot, tmp_path).log  # sa mémoire


def test_the_action_fails_on_a_fault_with_an_annotation(depot: Path, tmp_path: Path) -> None:
    (depot / FILE).write_text(subsidies("12,50"), encoding="utf-8")
    ran = action(depot, tmp_path)
    assert (ran.code, ran.outputs["result"]) == (1, "failing"), ran.log
    assert re.search(rf"^::(error|warning) .*file={re.escape(FILE)}", ran.log, re.MULTILINE)
    assert FILE in ran.summary or "subventions" in ran.summary


def test_the_action_says_when_it_cannot_run(depot: Path, tmp_path: Path) -> None:
    ran = action(depot, tmp_path, config="absent.toml")
    assert (ran.code, ran.outputs["result"]) == (2, "unable")


def test_the_action_takes_its_inputs(depot: Path, tmp_path: Path) -> None:
    (depot / FILE).write_text(subsidies("12,50"), encoding="utf-8")
    assert action(depot, tmp_path, paths="data/equipements.csv\ndata/deliberations-2025.csv\n").code == 0
    assert action(depot, tmp_path, paths=f"data/equipements.csv\r\n{FILE}").code == 1
    committed(depot, "deux")
    assert action(depot, tmp_path, changed_since="HEAD").code == 0
    assert action(depot, tmp_path, changed_since="HEAD~1").code == 1
    assert action(depot, tmp_path, paths="equipements.csv", working_directory="data").code == 0


@pytest.mark.parametrize(
    "hostile",
    ['"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "--version", "-h", "a\n; touch pwned", "'; id #"],
)
def test_no_input_of_the_action_runs_anything(depot: Path, tmp_path: Path, hostile: str) -> None:
    for name in ("paths", "config", "changed_since", "baseline", "date"):
        ran = action(depot, tmp_path, **{name: hostile})
        assert ran.outputs["result"] == "unable", (name, ran.log)
    assert not list(tmp_path.rglob("pwned"))


def test_the_gitlab_job_judges_and_writes_what_gitlab_reads(depot: Path, memory: None) -> None:
    ran = run_gitlab(ROOT / "ci" / "gitlab.yml", {"OPENDATA_CHECK_ON": DAY}, project=depot, program=BIN)
    assert ran.code == 0, ran.log
    assert json.loads((depot / "gl-code-quality-report.json").read_text(encoding="utf-8")) is not None
    assert ET.parse(depot / "opendata-check.xml").getroot() is not None
    assert not git(depot, "status", "--porcelain")  # les rapports sont ignorés de git
    (depot / FILE).write_text(subsidies("12,50"), encoding="utf-8")
    ran = run_gitlab(ROOT / "ci" / "gitlab.yml", {"OPENDATA_CHECK_ON": DAY}, project=depot, program=BIN)
    assert ran.code == 1, ran.log
    assert FILE in (depot / "gl-code-quality-report.json").read_text(encoding="utf-8")


def test_the_gitlab_job_takes_its_variables_and_runs_none_of_them(depot: Path, memory: None) -> None:
    start = git(depot, "rev-parse", "HEAD")
    (depot / FILE).write_text(subsidies("12,50"), encoding="utf-8")
    recipe = ROOT / "ci" / "gitlab.yml"
    given = {"OPENDATA_CHECK_ON": DAY, "OPENDATA_CHECK_PATH": "data/equipements.csv"}
    assert run_gitlab(recipe, given, project=depot, program=BIN).code == 0
    committed(depot, "deux")
    request = {"OPENDATA_CHECK_ON": DAY, "OPENDATA_CHECK_CHANGED": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": start}
    assert run_gitlab(recipe, request, project=depot, program=BIN).code == 1
    hostile = {"OPENDATA_CHECK_PATH": '"; touch pwned; "$(touch pwned)'}
    assert run_gitlab(recipe, hostile, project=depot, program=BIN).code == 2
    assert not (depot / "pwned").exists()


def test_pre_commit_lets_good_commits_through_and_stops_bad_ones(depot: Path, tmp_path: Path, memory: None) -> None:
    pytest.importorskip("pre_commit", reason="pre-commit absent : le crochet n'est pas lancé")
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for hook in hooks:  # as published, but for the program: this checkout's
        hook["language"] = "system"
        hook["entry"] = hook["entry"].replace("opendata-check gate", f"{BIN}/opendata-check gate --on {DAY}")
        hook.pop("minimum_pre_commit_version")
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (depot / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color", "never", *arguments], cwd=depot, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    git(depot, "add", "-A")
    done = run("--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    (depot / FILE).write_text(subsidies("12,50"), encoding="utf-8")
    git(depot, "add", "-A")
    done = run("opendata-check-gate")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{FILE}:2: [valeurs-conformes]" in done.stdout
    git(depot, "checkout", "-q", "HEAD", "--", FILE)
    repository(depot, {"notes.txt": "rien à voir"}, "")
    git(depot, "add", "-A")
    assert run("opendata-check-gate").returncode == 0
