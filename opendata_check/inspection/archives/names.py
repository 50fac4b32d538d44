"""Looks at the names of an archive's members: where they lead, what they hide, which formats they announce."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from opendata_check.vocabulary import format_of_extension

_NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".kmz")
_OPENED = (".zip", ".gz", ".kmz")
_PROGRAM = "exe"
# Unicode's bidirectional controls: « factureFSC.exe » written so that it reads « factureexe.CSF ».
_DECEIVING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x01-\x1f\x7f-\x9f]")


def name_dangers(name: str) -> Iterator[str]:
    """Yield, in French, what makes a member's name unsafe, and what is dangerous in what it announces."""
    if "\0" in name:
        yield "le nom cache un caractère nul"
    if _DECEIVING.search(name):
        yield "le nom cache un caractère qui fait lire ses lettres à l’envers"
    if _CONTROL.search(name):
        yield "le nom contient un caractère invisible"
    if ".." in re.split(r"[/\\]", name):
        yield "le chemin remonte hors de l’archive"
    if name.startswith(("/", "\\")):
        yield "le chemin est absolu"
    if re.match(r"[A-Za-z]:", name):
        yield "le chemin désigne un disque"
    if _is_program(name):
        yield "c’est un programme"
    if is_nested(name) and not _is_opened(name):
        yield "c’est une archive dans l’archive, elle n’est pas ouverte"


def is_nested(name: str) -> bool:
    """Return whether the name announces another archive."""
    return name.lower().endswith(_NESTED)


def _is_opened(name: str) -> bool:
    """Return whether an archive inside is opened too (opendata_check/fetching/archives.py), one level down."""
    lower = name.lower()
    return lower.endswith(_OPENED) and not lower.endswith(".tar.gz")


def _is_program(name: str) -> bool:
    return "." in name and format_of_extension(name.rpartition(".")[2]) == _PROGRAM


def formats_inside(names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of rules/formats.yaml that the names announce, sorted."""
    endings = {name.rpartition("/")[2].rpartition(".")[2].lower() for name in names if "." in name}
    return tuple(sorted({format_of_extension(ending) for ending in endings} - {""}))


def printable(name: str) -> str:
    """Return the name with a mark in place of what cannot be printed."""
    return "".join(character if character.isprintable() else "�" for character in name)


def shown(name: str) -> str:
    """Return a name short enough to be shown."""
    plain = printable(name[:200])
    return plain if len(plain) <= 100 else f"{plain[:60]}…{plain[-35:]}"
