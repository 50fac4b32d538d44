"""The findings a repository lives with: a small sorted JSON file, one finding a line, so that git can merge it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opendata_check.gate.errors import BaselineError
from opendata_check.gate.findings import first_file
from opendata_check.model.finding import Finding
from opendata_check.resources import read_small

VERSION = 1
_NAME = "opendata-check-baseline"
_LARGEST = 20_000_000
_MOST = 100_000
_MARKER = re.compile(rb"^(<{7}|={7}|>{7}|\|{7})", re.MULTILINE)
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_LINK = "cette liste passe par un lien : il n'est pas suivi"
_NO_LINK = "Mettez-la dans un fichier ordinaire du dépôt, ou donnez --baseline."
_AGAIN = "Refaites-la : opendata-check baseline update."


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding of the baseline; only its fingerprint recognises it, the rest is for people."""

    file: str
    check: str
    fingerprint: str
    title: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the file holds, sorted by file and check."""

    findings: tuple[Known, ...] = ()

    @property
    def fingerprints(self) -> frozenset[str]:
        """Return what recognises its findings."""
        return frozenset(one.fingerprint for one in self.findings)


def place_in(root: Path, name: str) -> Path:
    """Return where a repository keeps its baseline. Raises BaselineError for a link, or a place of git's own.

    The repository chooses that name: a link would let it have any file of whoever updates the baseline written over.
    """
    place = root / name
    try:
        real = place.resolve()
    except (OSError, RuntimeError) as error:  # a loop of links
        raise BaselineError(_LINK, where=name[:200], remedy=_NO_LINK) from error
    if real != Path(os.path.normpath(root.resolve() / name)):
        raise BaselineError(_LINK, where=name[:200], remedy=_NO_LINK)
    if ".git" in (part.lower() for part in real.relative_to(root.resolve()).parts):
        raise BaselineError("cette liste ne peut pas être dans le dossier de git", where=name[:200], remedy=_NO_LINK)
    return place


def known(finding: Finding) -> Known:
    """Return a finding as a baseline keeps it. No figure: a line would change at each run."""
    return Known(first_file(finding), finding.check, finding.fingerprint, finding.title)


def written(findings: Iterable[Known]) -> str:
    """Return the text of the file: the same findings give the same bytes."""
    kept = sorted({one.fingerprint: one for one in findings}.values())
    lines = [
        json.dumps(
            {"check": one.check, "file": one.file, "fingerprint": one.fingerprint, "title": one.title},
            ensure_ascii=False,
        )
        for one in kept
    ]
    listed = "\n    " + ",\n    ".join(lines) + "\n  " if lines else ""
    return f'{{\n  "format": "{_NAME}",\n  "version": {VERSION},\n  "findings": [{listed}]\n}}\n'


def load(path: Path) -> Baseline:
    """Read a baseline. Raises BaselineError: missing, damaged, half merged, of a newer version."""
    where = path.name
    try:
        raw = read_small(path, _LARGEST)
    except FileNotFoundError as error:
        raise BaselineError("cette liste n'existe pas", where=where, remedy=_AGAIN) from error
    except OverflowError as error:
        raise BaselineError("cette liste est démesurée", where=where, remedy=_AGAIN) from error
    except OSError as error:
        raise BaselineError("cette liste ne peut pas être lue", where=where, remedy="Vérifiez les droits.") from error
    if marker := _MARKER.search(raw):
        line = raw.count(b"\n", 0, marker.start()) + 1
        raise BaselineError(
            "une fusion git n'y est pas terminée", where=f"{where}, ligne {line}",
            remedy="Retirez les marques <<<<<<<, ======= et >>>>>>>, ou lancez : opendata-check baseline update.",
        )  # fmt: skip
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise BaselineError("cette liste est abîmée", where=f"{where}, ligne {error.lineno}", remedy=_AGAIN) from error
    except (ValueError, RecursionError) as error:
        raise BaselineError("cette liste est abîmée", where=where, remedy=_AGAIN) from error
    return _baseline(content, where)


def _baseline(content: Any, where: str) -> Baseline:
    if not isinstance(content, dict) or content.get("format") != _NAME:
        raise BaselineError("ce fichier n'est pas une liste de constats admis", where=where, remedy=_AGAIN)
    if content.get("version") != VERSION:
        newer = isinstance(content.get("version"), int) and content["version"] > VERSION
        remedy = "Mettez opendata-check à jour." if newer else _AGAIN
        raise BaselineError("cette liste est d'une autre version", where=where, remedy=remedy)
    listed = content.get("findings")
    if not isinstance(listed, list) or len(listed) > _MOST:
        raise BaselineError("cette liste est abîmée", where=where, remedy=_AGAIN)
    return Baseline(tuple(sorted({_known(one, where) for one in listed})))


def _known(entry: Any, where: str) -> Known:
    given = [entry.get(name) for name in ("file", "check", "fingerprint", "title")] if isinstance(entry, dict) else []
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != 4 or not _FINGERPRINT.fullmatch(texts[2]):
        raise BaselineError("un constat de cette liste est abîmé", where=where, remedy=_AGAIN)
    return Known(*texts)
