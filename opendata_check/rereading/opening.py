"""Opens an audit's JSON, plain or gzipped, from a file or the standard input, within limits."""

from __future__ import annotations

import codecs
import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from opendata_check.rereading.errors import RereadingError

LARGEST = 1_000_000_000
"""Bytes of JSON read at most, once inflated."""
_GZIP = b"\x1f\x8b"


class Stream:
    """Characters of a file, counted."""

    def __init__(self, source: BinaryIO, name: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._left = LARGEST
        self.name = name

    def read(self, size: int) -> str:
        """Return up to ``size`` characters, "" at the end. Raises RereadingError."""
        while True:
            try:
                data = self._source.read(size)
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                raise self._wrong("ce n'est pas un texte en UTF-8, donc pas un audit") from error
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise self._wrong("cette archive .gz est coupée ou abîmée") from error
            except OSError as error:
                raise self._wrong("la lecture du fichier s'est arrêtée") from error
            self._left -= len(data)
            if self._left < 0:
                raise RereadingError(
                    "ce fichier dépasse 1 Go de JSON", where=self.name, remedy="Auditez une partie à la fois."
                )
            if text or not data:
                return text

    def _wrong(self, what: str) -> RereadingError:
        return RereadingError(what, where=self.name, remedy="Refaites-le : opendata-check audit … -o audit.json.")


@contextmanager
def opened(path: Path | None) -> Iterator[Stream]:
    """Yield the characters of ``path``, or of the standard input when it is None. Raises RereadingError."""
    if path is None:
        yield _inflated(cast(BinaryIO, getattr(sys.stdin, "buffer", sys.stdin)), "entrée standard")
        return
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise RereadingError(
                "c'est un dossier, pas un audit enregistré",
                where=name,
                remedy=f"Tapez d'abord : opendata-check audit {path} -o audit.json.",
            )
        if path.exists() and not path.is_file():
            raise RereadingError("ce n'est pas un fichier ordinaire", where=name, remedy="Donnez un fichier .json.")
        source = path.open("rb")
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise RereadingError(
            "ce fichier n'existe pas" if missing else "ce fichier ne peut pas être ouvert",
            where=name,
            remedy="Vérifiez son nom. Un audit s'enregistre ainsi : opendata-check audit … -o audit.json.",
        ) from error
    with source:
        yield _inflated(source, name)


def _inflated(source: BinaryIO, name: str) -> Stream:
    """Return the stream, inflated when its first bytes are gzip's, whatever its name."""
    import io

    buffered = io.BufferedReader(cast(io.RawIOBase, source)) if not hasattr(source, "peek") else source
    head = cast(io.BufferedReader, buffered).peek(2)[:2]
    if head == _GZIP:
        return Stream(cast(BinaryIO, gzip.GzipFile(fileobj=buffered)), name)
    return Stream(buffered, name)
