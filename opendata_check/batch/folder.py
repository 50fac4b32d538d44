"""The folder of a lot, its own journal: one run at a time, each body's folder whole or as it was, whatever kills us."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from opendata_check.batch.errors import BatchError
from opendata_check.errors import OutputError
from opendata_check.output import write_atomically

BODIES = "communes"
REPORT = "rapport.json"
SUMMARY = "resume.json"
BEFORE = "precedent.json"
FAILURE = "echec.json"
LOT = "lot.json"
PAGE = "index.html"
_LOCK = ".verrou"
_DRAFT = ".en-cours"
"""Ending of a body's folder that is being written."""
_OLD = ".ancien"
"""Ending of one that is about to be replaced."""
_DOWNLOADS = ".travail"
"""Where the run in hand downloads, for the next one to empty if this one is killed."""
_PREFIX = "opendata-check-lot-"
_LONGEST = 60_000_000


def prepared(root: Path) -> None:
    """Make the folder of a lot. Raises OutputError when nothing can be written there, BatchError when it is no lot's.

    A folder that holds something else is refused: nobody's files are mixed with ours.
    """
    try:
        if root.exists() and not root.is_dir():
            raise BatchError("c'est un fichier, pas un dossier", where=f"-o {root}", remedy="Donnez un nom de dossier.")
        ours = (root / LOT).is_file() or (root / BODIES).is_dir() or (root / _LOCK).is_file()
        if root.is_dir() and not ours and any(root.iterdir()):
            raise BatchError(
                "ce dossier contient autre chose qu'un lot",
                where=f"-o {root}",
                remedy="Donnez un dossier vide ou nouveau.",
            )
        (root / BODIES).mkdir(parents=True, exist_ok=True)
        probe = root / f".{uuid.uuid4().hex}.part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise written_error(error, root) from error


def written_error(error: OSError, where: Path) -> OutputError:
    """Return the one line of a folder or a disk that takes nothing more."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        what, remedy = "le disque est plein", "Libérez de la place, puis relancez la même commande : elle reprend."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        what, remedy = "vous n'avez pas le droit d'écrire ici", "Choisissez un autre dossier avec -o."
    else:
        what, remedy = "ce dossier ne peut pas être écrit", "Vérifiez le chemin, ou choisissez-en un autre avec -o."
    return OutputError(what, where=str(where), remedy=remedy)


@contextmanager
def locked(root: Path) -> Iterator[bool]:
    """Hold the lot's folder while the block lasts; give False on a disk that knows no locks.

    The lock is the system's: it ends with the process, even killed. Raises BatchError when another run holds it.
    """
    try:
        stream = (root / _LOCK).open("a+b")
    except OSError as error:
        raise written_error(error, root) from error
    with stream:
        held = _lock(stream, root)
        with contextlib.suppress(OSError):
            stream.seek(1)
            stream.truncate()
            stream.write(str(os.getpid()).encode())
            stream.flush()
        yield held


def _lock(stream: IO[bytes], root: Path) -> bool:
    """Lock the first byte of an open file, without waiting."""
    try:
        if os.name == "nt":
            _lock_on_windows(stream)
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            return False
        who = _holder(stream)
        raise BatchError(
            f"un autre lot écrit déjà dans ce dossier{who}",
            where=f"-o {root}",
            remedy="Attendez qu'il finisse, ou donnez un autre dossier.",
        ) from error
    return True


def _lock_on_windows(stream: IO[bytes]) -> None:
    import importlib

    msvcrt: Any = importlib.import_module("msvcrt")
    stream.seek(0)
    msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)


def _holder(stream: IO[bytes]) -> str:
    """Return which process holds the lock, as it wrote it: the first byte is the lock's own."""
    try:
        stream.seek(0)
        text = stream.read(21).lstrip(b"\0").decode("ascii")
    except (OSError, ValueError):
        return ""
    return f" (processus {text})" if text.isdecimal() else ""


@contextmanager
def downloads(root: Path) -> Iterator[Path]:
    """Give a temporary folder that ends with the block. Raises OutputError when none can be made."""
    note = root / _DOWNLOADS
    try:
        temporary = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        raise written_error(error, root) from error
    with temporary as name:
        with contextlib.suppress(OSError):
            note.write_text(name, encoding="utf-8")
        try:
            yield Path(name)
        finally:
            with contextlib.suppress(OSError):
                note.unlink(missing_ok=True)


def _forget_downloads(root: Path) -> None:
    """Remove what a killed run had downloaded: where it noted it, when that is a temporary folder of ours."""
    note = root / _DOWNLOADS
    with contextlib.suppress(OSError, ValueError):
        left = Path(note.read_text("utf-8")[:4_000])
        ours = left.name.startswith(_PREFIX) and left.parent == Path(tempfile.gettempdir())
        if ours and left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
    with contextlib.suppress(OSError):
        note.unlink(missing_ok=True)


def recovered(root: Path) -> None:
    """Put right what a killed run left: drafts and downloads go, a folder about to be replaced comes back."""
    bodies = root / BODIES
    _forget_downloads(root)
    try:
        for left in sorted(bodies.glob(f".*{_OLD}")):
            key = left.name[1 : -len(_OLD)]
            if (bodies / key).is_dir():
                shutil.rmtree(left)
            else:
                left.rename(bodies / key)
        for left in sorted(bodies.glob(f".*{_DRAFT}")):
            shutil.rmtree(left)
        for left in root.glob(".*.part"):
            left.unlink(missing_ok=True)
    except OSError as error:
        raise written_error(error, root) from error


def keep(root: Path, key: str, files: Mapping[str, str | bytes | Iterable[str]]) -> None:
    """Replace the folder of a body by ``files``, as a whole. Raises OutputError; what was there is then whole.

    A killed run leaves the old folder, or the new one, under its name or a hidden one that ``recovered`` puts back.
    """
    bodies = root / BODIES
    draft, old, place = bodies / f".{key}{_DRAFT}", bodies / f".{key}{_OLD}", bodies / key
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, content in files.items():
            with (draft / name).open("wb") as stream:
                stream.writelines(_bytes(content))
                stream.flush()
                os.fsync(stream.fileno())
        if place.exists():
            shutil.rmtree(old, ignore_errors=True)
            place.rename(old)
            try:
                draft.rename(place)
            except OSError:
                old.rename(place)
                raise
            shutil.rmtree(old, ignore_errors=True)
        else:
            draft.rename(place)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise written_error(error, root) from error


def _bytes(content: str | bytes | Iterable[str]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    else:
        pieces = [content] if isinstance(content, str) else content
        for piece in pieces:
            yield piece.encode("utf-8", "replace")


def kept(root: Path, key: str, name: str) -> bytes | None:
    """Return a file of a body's folder, None when there is none that can be read."""
    try:
        path = root / BODIES / key / name
        return path.read_bytes() if path.stat().st_size <= _LONGEST else None
    except OSError:
        return None


def written(root: Path, relative: str, content: str | bytes | Iterable[str]) -> None:
    """Write one file of the lot, whole or not at all; its folders are made. Raises OutputError."""
    parts = PurePosixPath(relative).parts
    assert parts and not relative.startswith("/") and ".." not in parts
    path = root.joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise written_error(error, root) from error
    write_atomically(path, content)
