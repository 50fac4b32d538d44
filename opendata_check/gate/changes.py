"""Asks git which files have changed since a revision; runs nothing that a repository could name."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from opendata_check.gate.errors import GateError

_OPTION = "--changed-since"
_WAIT = 60
_LONGEST = 250
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
    "-c", "protocol.allow=never",
)  # fmt: skip
_OWN_SCOPES = ("local", "worktree")
_MOST_FILTERS = 200
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def changed_since(revision: str, root: Path) -> frozenset[str]:
    """Return the files under ``root`` added, changed, renamed or deleted since ``revision``, from ``root``, with « / ».

    What is not yet committed counts, and so do new files that git does not follow unless it ignores them. A submodule
    counts as one name, when its commit differs. What the revision's own branch gained meanwhile does not count: the
    point of departure is where the two branches parted.
    Raises GateError when git, the repository or the revision is missing.
    """
    one = bool(revision.strip()) and revision[0] not in "-^" and ".." not in revision  # neither an option nor a range
    if not one or not revision.isprintable() or len(revision) > _LONGEST:
        raise GateError("cette révision n'est pas un nom de révision git", where=_OPTION)
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    if not _COMMIT.fullmatch(commit):
        raise GateError(f"git ne connaît pas la révision « {revision[:60]} » ici", where=_OPTION, remedy=_advice(root))
    base = _git(root, "merge-base", commit, "HEAD").strip()
    if not base:
        raise GateError(
            f"git ne trouve pas d'où est parti ce travail depuis « {revision[:60]} »",
            where=_OPTION,
            remedy=_advice(root),
        )
    changed = _git(
        root, *_without_filters(root),
        "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv",
        "--ignore-submodules=dirty", "--relative", base, "--", ".", fails="git ne peut pas comparer les fichiers",
    )  # fmt: skip
    new = _git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", ".",
               fails="git ne peut pas lister les fichiers")  # fmt: skip
    return frozenset(name for name in (*changed.split("\0"), *new.split("\0")) if name)


def _without_filters(root: Path) -> list[str]:
    """Return the options that turn off the filters that this repository's own settings name: they are commands.

    The user's own (git-lfs) stay. Without its filter a file counts as changed at worst: it is judged.
    """
    listed = _git(root, "config", "--show-scope", "--includes", "--name-only", "-z", "--get-regexp", "^filter\\.")
    words = listed.split("\0")
    named = {
        key[: key.rindex(".")] for scope, key in zip(words[::2], words[1::2], strict=False) if scope in _OWN_SCOPES
    }
    if len(named) > _MOST_FILTERS or any("=" in name for name in named):
        raise GateError("les réglages git de ce dépôt sont anormaux", where=_OPTION, remedy="Relancez sans l'option.")
    return [
        word
        for name in sorted(named)
        for word in ("-c", f"{name}.clean=", "-c", f"{name}.process=", "-c", f"{name}.required=false")
    ]


def _advice(root: Path) -> str:
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        return "Ce dépôt n'a que ses derniers commits : demandez tout l'historique (fetch-depth: 0, GIT_DEPTH: 0)."
    return "Donnez une branche, une étiquette ou un commit de ce dépôt. La liste des branches : git branch --all."


def _git(root: Path, *arguments: str, fails: str = "") -> str:
    """Return what git prints, "" when it refuses. Raises GateError when it cannot run, or refuses what must work."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, a revision that cannot be an option
            ["git", *_SAFE, *arguments],  # noqa: S607 - the user's own git
            cwd=root, env=environment, capture_output=True, timeout=_WAIT, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise GateError("git n'est pas installé", where=_OPTION, remedy="Installez-le, ou retirez l'option.") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GateError("git ne répond pas", where=_OPTION, remedy="Retirez l'option.") from error
    said = done.stderr.decode("utf-8", "replace")
    if "not a git repository" in said:
        raise GateError("ce dossier n'est pas un dépôt git", where=_OPTION, remedy="Retirez l'option.")
    if "dubious ownership" in said:
        raise GateError(
            "git refuse ce dossier, qui appartient à un autre utilisateur", where=_OPTION,
            remedy="Lancez : git config --global --add safe.directory, suivi du chemin du dossier.",
        )  # fmt: skip
    if done.returncode and fails:
        raise GateError(fails, where=_OPTION, remedy="Relancez sans l'option.")
    return "" if done.returncode else os.fsdecode(done.stdout)
