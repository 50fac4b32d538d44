"""The ordinary files of a folder, sorted and bounded, and safe ways from a name in a metadata file to one of them."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote

from opendata_check.fetching.naming import shown_path
from opendata_check.model.catalog import Distribution, Fault
from opendata_check.own_reports import is_own_report

MAX_FILES = 10_000
MAX_DEPTH = 20
_LONGEST_METADATA = 10 * 1024 * 1024
_CLUTTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "opendata-check.toml", "$recycle.bin"})
_PACKED = frozenset({".gz", ".zip", ".bz2", ".xz", ".7z"})
_KNOWN_INNER = frozenset({".csv", ".tsv", ".json", ".geojson", ".xml", ".gml", ".shp", ".tar", ".kml", ".txt", ".sql"})


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a folder. Paths start with ``root``; links were checked to stay inside."""

    root: Path
    files: tuple[Path, ...]
    faults: tuple[Fault, ...] = ()
    complete: bool = True
    own_reports: int = 0
    """Reports of this very program, left out."""

    def relative(self, path: Path) -> str:
        """Return a path of this tree as printed."""
        return shown_path(path.relative_to(self.root))


def walk(root: Path) -> Tree:
    """Return the files under ``root`` in the order of their paths; hidden and system files are left out.

    Folders that cannot be read, links that leave the folder, special files and what goes beyond the bounds become
    faults.
    """
    files: list[Path] = []
    faults: list[Fault] = []
    unseen = False
    own_reports = 0
    real_root = root.resolve()
    waiting = [(root, 0)]
    visited = 0
    while waiting and visited < MAX_FILES and len(files) <= MAX_FILES:
        folder, depth = waiting.pop()
        visited += 1
        where = shown_path(folder.relative_to(root)) if folder != root else shown_path(Path(root.name or str(root)))
        if depth > MAX_DEPTH:
            faults.append(Fault(f"ce dossier est à plus de {MAX_DEPTH} niveaux : il n'est pas lu", where))
            unseen = True
            continue
        entries = _entries(folder)
        if entries is None:
            faults.append(Fault("ce dossier ne peut pas être lu", where, "Vérifiez les droits d'accès."))
            unseen = True
            continue
        below: list[tuple[Path, int]] = []
        for entry in entries:
            path = folder / entry.name
            verdict = _judge(entry, real_root)
            if verdict == "folder":
                below.append((path, depth + 1))
            elif verdict == "file" and is_own_report(path):
                own_reports += 1
            elif verdict == "file":
                files.append(path)
            elif verdict:
                faults.append(Fault(verdict, shown_path(path.relative_to(root))))
        waiting.extend(reversed(below))
    if waiting or len(files) > MAX_FILES:
        faults.append(
            Fault(
                f"il y a plus de {MAX_FILES} fichiers ou dossiers : la suite n'est pas lue",
                remedy="Choisissez un sous-dossier.",
            )
        )
        unseen = True
    kept = sorted(files[:MAX_FILES], key=lambda path: path.relative_to(root).parts)
    return Tree(root, tuple(kept), tuple(faults), not unseen, own_reports)


def _entries(folder: Path) -> list[os.DirEntry[str]] | None:
    """Return what a folder holds, sorted, without clutter; None when it cannot be read."""
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in islice(found, 4 * MAX_FILES) if not _is_clutter(entry.name)]
    except OSError:
        return None
    return sorted(entries, key=lambda entry: entry.name)


def _is_clutter(name: str) -> bool:
    """Return True for what is hidden, or left by a system or an office suite."""
    return name.startswith((".", "~$")) or name.casefold() in _CLUTTER or name.casefold().endswith((".lnk", ".url"))


def _judge(entry: os.DirEntry[str], real_root: Path) -> str:
    """Return ``folder``, ``file``, "" for what is skipped, or French words for what is at fault."""
    try:
        if entry.is_symlink():
            real = Path(entry.path).resolve(strict=True)
            if not real.is_relative_to(real_root):
                return "ce lien mène hors du dossier : il n'est pas suivi"
            return "file" if real.is_file() else ""  # a folder inside is visited under its own name
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else "ce n'est pas un fichier ordinaire : il n'est pas lu"
    except (OSError, RuntimeError):  # RuntimeError: a loop of links
        return "ce lien ne mène nulle part"


def stem_of(name: str) -> str:
    """Return a file's basename without its extensions: ``a.csv``, ``a.csv.gz`` and ``a.shp.xml`` all give ``a``."""
    whole = PurePosixPath(name)
    inner = PurePosixPath(whole.stem)
    packed = whole.suffix.lower() in _PACKED and inner.suffix.lower() in _KNOWN_INNER
    if packed or (whole.suffix.lower() == ".xml" and inner.suffix.lower() in (".shp", ".dbf", ".tif")):
        return inner.stem
    return whole.stem


def group_key(path: Path) -> tuple[Path, str]:
    """Return what files of one dataset share: their folder and their basename, case and Unicode form apart."""
    return path.parent, unicodedata.normalize("NFC", stem_of(path.name)).casefold()


def dataset_id(tree: Tree, path: Path) -> str:
    """Return the id of the dataset a file belongs to: its path in the folder without extension."""
    return tree.relative(path.with_name(stem_of(path.name)))


def local_distribution(tree: Tree, path: Path) -> Distribution:
    """Return a file as a distribution that says nothing but what the file system does."""
    try:
        byte_size: int | None = path.stat().st_size
    except OSError:
        byte_size = None
    return Distribution(tree.relative(path), shown_path(Path(path.name)), path=path, byte_size=byte_size)


def locate(tree: Tree, folder: Path, reference: str, named_by: str) -> Path | Fault:
    """Return the ordinary file that a metadata file of ``folder`` calls ``reference``, or why there is none.

    The file never lies outside the root, whatever ``..`` or links say.
    """
    where = f"{named_by} › {shown_path(PurePosixPath(reference[:300]))}"
    outside = Fault("ce chemin sort du dossier : il n'est pas suivi", where, "Donnez un chemin relatif.")
    for written in dict.fromkeys((reference, unquote(reference), reference.replace("\\", "/"))):
        if "\0" in written or PurePosixPath(written).is_absolute() or PureWindowsPath(written).anchor:
            return outside
        path = Path(os.path.normpath(folder / written))
        if not path.is_relative_to(tree.root):
            return outside
        try:
            status = path.stat()
            if not path.resolve().is_relative_to(tree.root.resolve()):
                return outside
        except (OSError, ValueError, RuntimeError):
            continue
        if stat.S_ISREG(status.st_mode):
            return path
    return Fault("ce fichier est annoncé mais il est introuvable", where, "Ajoutez-le, ou retirez-le de la liste.")


def read_bounded(path: Path) -> bytes:
    """Return the bytes of a metadata file.

    Raises ValueError when it is longer than 10 MB, OSError when it cannot be read.
    """
    with path.open("rb") as stream:
        raw = stream.read(_LONGEST_METADATA + 1)
    if len(raw) > _LONGEST_METADATA:
        raise ValueError("too long")
    return raw


def is_relative_reference(reference: str) -> bool:
    """Return True when ``reference`` names a file rather than a URL."""
    return not re.match(r"[a-z][a-z0-9+.-]+:", reference, re.IGNORECASE)
