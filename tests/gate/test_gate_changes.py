"""What git says has changed, in real repositories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gate_repositories import committed, git, repository

from opendata_check.gate.changes import changed_since
from opendata_check.gate.errors import GateError


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "dépôt", {"a.csv": "x\n1\n", "b.csv": "x\n2\n", "sous/c.csv": "x\n3\n"}, "")
    committed(folder)
    return folder


def test_added_changed_renamed_deleted_and_untracked_files_count_but_not_ignored_ones(repo: Path) -> None:
    start = git(repo, "rev-parse", "HEAD")
    (repo / "a.csv").write_text("x\n9\n", encoding="utf-8")
    git(repo, "mv", "sous/c.csv", "sous/d é.csv")
    committed(repo, "deux")
    (repo / "b.csv").unlink()
    (repo / "neuf.csv").write_text("x\n", encoding="utf-8")
    (repo / ".gitignore").write_text("*.tmp\n", encoding="utf-8")
    (repo / "brouillon.tmp").write_text("x\n", encoding="utf-8")
    kept = {"a.csv", "sous/d é.csv", "neuf.csv", ".gitignore"}
    assert changed_since(start, repo) == kept | {"b.csv", "sous/c.csv"}  # a description that is gone counts too


def test_names_are_counted_from_the_folder_asked(repo: Path) -> None:
    (repo / "sous" / "c.csv").write_text("x\n9\n", encoding="utf-8")
    (repo / "a.csv").write_text("x\n9\n", encoding="utf-8")
    assert changed_since("HEAD", repo / "sous") == {"c.csv"}


def test_what_the_other_branch_gained_meanwhile_is_not_a_change_of_ours(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "travail")
    (repo / "a.csv").write_text("x\n9\n", encoding="utf-8")
    committed(repo, "deux")
    git(repo, "checkout", "-q", "main")
    (repo / "b.csv").write_text("x\n9\n", encoding="utf-8")
    committed(repo, "trois")
    git(repo, "checkout", "-q", "travail")
    assert changed_since("main", repo) == {"a.csv"}


def test_a_shallow_clone_says_what_to_ask(repo: Path, tmp_path: Path) -> None:
    start = git(repo, "rev-parse", "HEAD")
    (repo / "a.csv").write_text("x\n9\n", encoding="utf-8")
    committed(repo, "deux")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repo}", "court")
    with pytest.raises(GateError, match="fetch-depth: 0") as caught:
        changed_since(start, tmp_path / "court")
    assert "\n" not in str(caught.value)


def test_unrelated_histories_are_told(repo: Path) -> None:
    git(repo, "checkout", "-q", "--orphan", "seule")
    committed(repo, "autre histoire")
    with pytest.raises(GateError, match="d'où est parti"):
        changed_since("main", repo)


@pytest.mark.parametrize(
    "revision", ["", "--output=/tmp/x", "-rf", "a\nb", "x" * 300, "nulle-part", "HEAD~50", "$(id)"]
)
def test_a_revision_that_is_none_is_refused_in_one_line(repo: Path, revision: str) -> None:
    with pytest.raises(GateError) as caught:
        changed_since(revision, repo)
    assert "\n" not in str(caught.value)


def test_outside_a_repository_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="n'est pas un dépôt git"):
        changed_since("HEAD", tmp_path)


def test_without_git_it_is_told(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GateError, match="git n'est pas installé"):
        changed_since("HEAD", repo)


def test_nothing_that_the_repository_names_is_run(repo: Path) -> None:
    trap = repo / "piege.sh"
    trap.write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
    trap.chmod(0o755)
    (repo / ".gitattributes").write_text("*.csv diff=piege\n", encoding="utf-8")
    for key in ("diff.external", "diff.piege.command", "diff.piege.textconv", "core.fsmonitor"):
        git(repo, "config", key, str(trap))
    (repo / "a.csv").write_text("x\n9\n", encoding="utf-8")
    assert "a.csv" in changed_since("HEAD", repo)
    assert not (repo / "ran").exists()


def test_variables_of_a_hook_do_not_lead_elsewhere(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", os.devnull)
    (repo / "a.csv").write_text("x\n9\n", encoding="utf-8")
    assert changed_since("HEAD", repo) == {"a.csv"}
