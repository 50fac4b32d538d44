"""Opens the one file of a store: makes it when it is missing, brings it up to date, refuses what is not ours."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opendata_check.store import schema
from opendata_check.store.audits import Store
from opendata_check.store.failures import StoreError, StoreMissingError, StoreNewerError, damaged, foreign, told
from opendata_check.store.writing import together

FILE_NAME = "audits.db"
WAIT = 30.0
"""Seconds to wait for another writer. Keeping an audit takes a few thousandths."""
_CACHE = 32_000
"""KiB of the file held in memory: the dictionaries are looked up at random."""
_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_ID = slice(68, 72)
"""Where the header says whose file it is. Source: sqlite.org/fileformat2.html, « The Database Header »."""


def default_path() -> Path:
    """Return $OPENDATA_CHECK_STORE, else ``opendata-check/audits.db`` in the user's folder of data."""
    explicit = os.environ.get("OPENDATA_CHECK_STORE")
    if explicit:
        return Path(explicit)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME")
    try:
        return (Path(base) if base else Path.home() / ".local" / "share") / "opendata-check" / FILE_NAME
    except RuntimeError as error:
        raise StoreError(
            "nous ne savons pas où garder les audits", remedy="Donnez un fichier : --store audits.db."
        ) from error


@contextmanager
def opened(path: Path, *, write: bool = False, wait: float = WAIT) -> Iterator[Store]:
    """Open the store at ``path``, to read it or to add to it; it is made when ``write`` and missing.

    A store of an older version is brought up to date first, after a copy beside it. To be used in the thread that
    opened it. Raises StoreError and its kinds: missing, busy (after ``wait`` seconds), damaged, foreign, newer.
    """
    with told(path):
        _check_file(path, write=write)
        connection = _connected(path, write=write, wait=wait)
    try:
        with told(path):
            _prepare(connection, path, write=write)
        yield Store(connection, path)
    finally:
        with contextlib.suppress(sqlite3.Error):
            connection.close()


def _check_file(path: Path, *, write: bool) -> None:
    """Raise for what can be told without the database: nothing there, a folder, a text, somebody else's database."""
    if "\0" in str(path):
        raise StoreError("ce nom de fichier n'est pas possible", where="--store", remedy="Choisissez-en un autre.")
    if not path.exists():
        if not write:
            raise StoreMissingError(
                "il n'y a pas encore de fichier d'audits ici",
                where=str(path),
                remedy="Gardez d'abord un audit : opendata-check audit … --keep. Ou vérifiez --store.",
            )
        if path == default_path():
            path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "no folder", str(path))
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "folder", str(path))
    if not path.is_file():
        raise foreign(path)
    with path.open("rb") as stream:
        head = stream.read(_HEADER)
    if head and not head.startswith(_MAGIC):
        raise foreign(path)
    begun = Path(f"{path}-journal").exists()  # a writing was cut: the header may be half of it
    ours = int.from_bytes(head[_ID], "big") == schema.APPLICATION_ID
    if len(head) == _HEADER and not ours and not begun:
        raise foreign(path)


def _connected(path: Path, *, write: bool, wait: float) -> sqlite3.Connection:
    """Return a connection that trusts nothing of the file. Readers may write too: to undo what a crash left half done.

    Where the file or its folder cannot be written, the database itself falls back to reading.
    """
    mode = "rwc" if write else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=wait, isolation_level=None, cached_statements=64
    )
    for pragma in (
        "trusted_schema = OFF",
        "foreign_keys = ON",
        "cell_size_check = ON",
        "synchronous = FULL",
        f"cache_size = -{_CACHE}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, write: bool) -> None:
    """Bring the file to the form of this version, or raise."""
    owner, version, empty = _standing(connection)
    if owner == 0 and version == 0 and empty:
        if not write:
            raise StoreMissingError(
                "ce fichier d'audits est vide", where=str(path), remedy="Gardez d'abord un audit, ou vérifiez --store."
            )
        _make(connection)
        return
    if owner != schema.APPLICATION_ID:
        raise foreign(path)
    if version > schema.VERSION:
        raise StoreNewerError(
            "ce fichier d'audits vient d'une version plus récente du programme",
            where=str(path),
            remedy="Mettez opendata-check à jour, puis relancez. Le fichier n'a pas été touché.",
        )
    if version < schema.VERSION:
        from opendata_check.store.migrations import migrate

        migrate(connection, path)
    found = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    if {name for _, name in found} != schema.names() or {kind for kind, _ in found} != {"table", "index"}:
        raise damaged(path, "il manque des tables à ce fichier d'audits, ou il y en a de trop")


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables, in one go; another program may have made them while we waited for our turn."""
    with together(connection):
        if not _version(connection):
            for statement in schema.TABLES:
                connection.execute(statement)
            schema.mark_as_ours(connection)


def _standing(connection: sqlite3.Connection) -> tuple[int, int, bool]:
    """Return whose the file is, its version, and whether it is empty: at one moment, since another may be making it."""
    connection.execute("BEGIN")
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return _owner(connection), _version(connection), not tables
    finally:
        connection.execute("COMMIT")


def _owner(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
