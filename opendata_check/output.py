"""Writes a file whole or not at all: what was there before stays until the new one is complete."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from opendata_check.errors import OutputError


def write_atomically(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Write ``content`` (a text in UTF-8, its pieces, or bytes) to ``path`` through a temporary file beside it.

    Both are swapped once all is written. A link is followed; what is no ordinary file (/dev/null, a pipe) is written
    to, never replaced. Raises OutputError (missing folder, no right to write, full disk…); the previous file is then
    untouched.
    """
    temporary, shown = "", str(path)
    try:
        path = path.resolve()
        mode = _mode_to_keep(path)
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as stream:
                stream.writelines(_encoded(content))
            return
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(_encoded(content))
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):
            Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except RuntimeError as error:
        raise OutputError("ce lien tourne en rond", where=shown, remedy="Choisissez un autre nom avec -o.") from error
    except BaseException as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        if not isinstance(error, OSError):
            raise
        raise OutputError(_reason(error), where=shown, remedy=_remedy(error)) from error


def _encoded(content: str | bytes | Iterable[str]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, str):
        yield content.encode("utf-8")
    else:
        for piece in content:
            yield piece.encode("utf-8")


def _mode_to_keep(path: Path) -> int:
    """Return the rights the new file must have: those of the file it replaces. Raises PermissionError without them."""
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
