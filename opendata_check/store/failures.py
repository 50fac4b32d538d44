"""The ways a store of audits may fail, each told in one French line: what, where, what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opendata_check.errors import OpendataCheckError


class StoreError(OpendataCheckError):
    """The store cannot be read or written; what it held before is untouched."""


class StoreMissingError(StoreError):
    """No store stands there."""


class StoreBusyError(StoreError):
    """Another program kept the store locked for longer than we wait."""


class StoreDamagedError(StoreError):
    """The store is one of ours, but its content is damaged."""


class StoreForeignError(StoreError):
    """The file is no store of ours: it is never written."""


class StoreNewerError(StoreError):
    """The store was made by a later version of this program: it is never written."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the database and the system raise into a StoreError about ``path``."""
    try:
        yield
    except sqlite3.Error as error:
        raise _database_error(error, path) from error
    except OSError as error:
        raise _system_error(error, path) from error


def damaged(path: Path, what: str = "ce fichier d'audits est abîmé") -> StoreDamagedError:
    """Return the error for a store whose content cannot be trusted."""
    return StoreDamagedError(
        what,
        where=str(path),
        remedy=f"Pour savoir quoi : opendata-check store check --store {path.name}. Puis remettez votre copie de "
        "sauvegarde à sa place, ou renommez-le pour en commencer un autre.",
    )


def foreign(path: Path) -> StoreForeignError:
    """Return the error for a file that is something else."""
    return StoreForeignError(
        "ce fichier n'est pas un fichier d'audits", where=str(path), remedy="Il n'a pas été touché. Vérifiez --store."
    )


def _database_error(error: sqlite3.Error, path: Path) -> StoreError:
    name = str(getattr(error, "sqlite_errorname", "") or "")
    where = str(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusyError("un autre programme écrit dans ce fichier d'audits", where=where,
                              remedy="Attendez qu'il ait fini, puis relancez.")  # fmt: skip
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_FORMAT")):
        return damaged(path)
    if name.startswith("SQLITE_NOTADB"):
        return foreign(path)
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")):
        return StoreError("le disque est plein : cet audit n'a pas été gardé", where=where,
                          remedy="Les précédents sont intacts. Libérez de la place, puis relancez.")  # fmt: skip
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return StoreError("ce fichier d'audits, ou son dossier, ne peut pas être modifié", where=where,
                          remedy="Vérifiez vos droits, ou choisissez un autre endroit avec --store.")  # fmt: skip
    if name.startswith("SQLITE_TOOBIG"):
        return StoreError("ce rapport est trop gros pour être gardé", where=where,
                          remedy="Relancez sans garder le rapport entier.")  # fmt: skip
    if name.startswith(("SQLITE_ERROR", "SQLITE_SCHEMA", "SQLITE_MISMATCH", "SQLITE_CONSTRAINT")):
        return damaged(path)
    return StoreError(f"ce fichier d'audits n'a pas pu être utilisé ({name or type(error).__name__})", where=where,
                      remedy="Vérifiez le disque, ou choisissez un autre endroit avec --store.")  # fmt: skip


def _system_error(error: OSError, path: Path) -> StoreError:
    what = {
        errno.ENOENT: "le dossier de ce fichier d'audits n'existe pas",
        errno.ENOTDIR: "le dossier de ce fichier d'audits n'existe pas",
        errno.EACCES: "vous n'avez pas le droit de lire ou d'écrire ce fichier d'audits",
        errno.EPERM: "vous n'avez pas le droit de lire ou d'écrire ce fichier d'audits",
        errno.EROFS: "ce disque ne peut pas être modifié",
        errno.ENOSPC: "le disque est plein",
        errno.EISDIR: "c'est un dossier, pas un fichier d'audits",
        errno.ENAMETOOLONG: "ce nom de fichier est trop long",
    }.get(error.errno or 0, "ce fichier d'audits n'a pas pu être ouvert")
    return StoreError(what, where=str(path), remedy="Choisissez un autre endroit avec --store.")
