"""Writes a file whole or not at all: what was there before stays until the new one is complete."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from opendata_check.errors import OutputError

_LOOP, _OTHER_NAME = "ce lien tourne en rond", "Choisissez un autre nom avec -o."
_SUFFIX = ".part"

_NAME_KEPT = 40
"""Characters of the file's name that its temporary file bears: a name may be 255 bytes, and this one is longer."""
_STALE = 24 * 3600
"""Seconds after which a temporary file is what a killed program left: nothing takes that long to write."""


def write_atomically(path: Path, content: str | bytes | Iterable[str] | Iterable[bytes]) -> None:
    """Write ``content`` (a text in UTF-8, bytes, or the pieces of either) to ``path`` by a temporary file beside it.

    Both are swapped once all is written. A link is followed; what is no ordinary file (/dev/null, a pipe) is written
    to, never replaced. What a killed program left of the same file is removed. Raises OutputError (missing folder, no
    right to write, full disk…); the previous file is then untouched.
    """
    temporary, shown = "", str(path)
    try:
        path = path.resolve()
        mode = _mode_to_keep(path)
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                stream.writelines(_encoded(content))
            return
        prefix = f".{path.name[:_NAME_KEPT]}."
        _sweep(path.parent, prefix)
        descriptor, temporary = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(_encoded(content))
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):
            Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except RuntimeError as error:
        raise OutputError(_LOOP, where=shown, remedy=_OTHER_NAME) from error
    except BaseException as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        if not isinstance(error, OSError):
            raise
        raise OutputError(_reason(error), where=shown, remedy=_remedy(error)) from error


def refuse_early(path: Path) -> None:
    """Raise OutputError when it is known beforehand that ``path`` cannot be written: an audit may take an hour."""
    try:
        target = path.resolve()
        _mode_to_keep(target)
        if not target.exists() and not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no folder", str(path))
        if not (target.exists() and not target.is_file()) and not os.access(target.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "not writable", str(path))
    except RuntimeError as error:
        raise OutputError(_LOOP, where=str(path), remedy=_OTHER_NAME) from error
    except OSError as error:
        raise OutputError(_reason(error), where=str(path), remedy=_remedy(error)) from error


def _sweep(folder: Path, prefix: str) -> None:
    """Remove the old temporary files of one report: a program killed half-way leaves its own."""
    limit = time.time() - _STALE
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.name.endswith(_SUFFIX):
                with contextlib.suppress(OSError):
                    if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < limit:
                        Path(entry.path).unlink()


def _encoded(content: str | bytes | Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    whole = (content,) if isinstance(content, str | bytes) else content
    for piece in whole:
        yield piece.encode("utf-8") if isinstance(piece, str) else piece


def _mode_to_keep(path: Path) -> int:
    """Return the rights the new file must have: those of the file it replaces.

    Raises PermissionError without them, IsADirectoryError for a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder", str(path))
    if not path.is_file():
        return 0o644
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "not writable", str(path))
    return path.stat().st_mode & 0o777


def _reason(error: OSError) -> str:
    return {
        errno.ENOENT: "le dossier où écrire n'existe pas",
        errno.ENOTDIR: "le dossier où écrire n'existe pas",
        errno.ENOSPC: "le disque est plein, le rapport n'a pas été écrit",
        errno.EDQUOT: "votre espace disque est plein, le rapport n'a pas été écrit",
        errno.EACCES: "vous n'avez pas le droit d'écrire ici",
        errno.EPERM: "vous n'avez pas le droit d'écrire ici",
        errno.EROFS: "ce disque ne peut pas être modifié",
        errno.EISDIR: "c'est un dossier, pas un fichier",
        errno.ENAMETOOLONG: "ce nom de fichier est trop long",
    }.get(error.errno or 0, "le rapport n'a pas pu être écrit")


def _remedy(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Libérez de la place ou choisissez un autre disque avec -o."
    if error.errno == errno.EISDIR:
        return "Donnez un nom de fichier, par exemple -o rapport.html."
    return "Choisissez un autre emplacement avec -o ; s'il y avait déjà un fichier, il est intact."
