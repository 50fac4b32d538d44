"""The one thing other rooms ask for bytes: JSON, a download, a local file, the members of an archive."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata_check import __version__
from opendata_check.fetching.document import Document, Look
from opendata_check.fetching.errors import NotJsonError, StorageError, TooLongError
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.local import local_content
from opendata_check.fetching.naming import download_name, file_name, short_suffix, shown_url
from opendata_check.model.catalog import Fault
from opendata_check.model.content import Content

if TYPE_CHECKING:
    from opendata_check.fetching.exchange import Body
    from opendata_check.fetching.transport import Transport

USER_AGENT = f"opendata-check/{__version__} (audit de donnees ouvertes)"


class Fetcher:
    """Gives bytes within limits. Made by ``open_fetcher``; for one thread at a time."""

    def __init__(
        self, folder: Path, *, cache_folder: Path | None, allow_private: bool, limits: Limits, user_agent: str
    ) -> None:
        self._folder = folder
        self._cache_folder = cache_folder
        self._allow_private = allow_private
        self._limits = limits
        self._user_agent = user_agent
        self._transport: Transport | None = None
        self._count = 0

    def json(self, url: str, params: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """Return the JSON value at ``url``.

        Raises FetchingError: NotJsonError for a web page or a broken JSON, TooLongError beyond ``limits.json_bytes``,
        StatusError (with ``.status``) for an answer of 400 or more.
        """
        path = self._new_path(".json")
        sent = {"Accept": "application/json"} | dict(headers or {})
        body = self._fetch(url, params, sent, path, self._limits.json_bytes, self._limits.json_seconds)
        try:
            if body.truncated:
                raise TooLongError("la réponse est trop longue", where=shown_url(body.final_url))
            raw = path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
        return _parse_json(raw, body)

    def download(self, url: str, name: str | None = None) -> Content:
        """Return the file at ``url``, cut at ``limits.max_bytes`` (``truncated`` is then True).

        ``name`` replaces the name the server or the URL gives. Raises FetchingError.
        """
        path = self._new_path(".part")
        body = self._fetch(url, None, {"Accept": "*/*"}, path, self._limits.max_bytes, self._limits.download_seconds)
        called = file_name(name) if name else download_name(body.disposition, body.final_url)
        named = path.with_suffix(short_suffix(called))
        path.rename(named)
        return Content(
            path=named,
            name=called,
            byte_size=body.byte_size,
            origin=shown_url(url),
            media_type=body.media_type,
            truncated=body.truncated,
        )

    @contextmanager
    def document(
        self,
        url: str,
        params: dict[str, Any] | None = None,
        *,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = "",
    ) -> Iterator[Document]:
        """Give the whole answer of ``url`` as a file that lasts as long as the block: XML, RDF, a long JSON, a page.

        With ``body`` it is a POST of that ``content_type``. Raises FetchingError; TooLongError beyond
        ``limits.document_bytes``.
        """
        path = self._new_path(".doc")
        sent = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {}) | dict(headers or {})
        try:
            got = self._fetch(
                url, params, sent, path, self._limits.document_bytes, self._limits.document_seconds, body=body
            )
            if got.truncated:
                raise TooLongError("la réponse est trop longue", where=shown_url(got.final_url))
            yield Document(path, got.byte_size, got.media_type, got.charset, got.final_url, got.headers)
        finally:
            path.unlink(missing_ok=True)

    def look(self, url: str, *, size: int = 262_144, headers: Mapping[str, str] | None = None) -> Look:
        """Return the beginning of what stands at ``url``, whatever its status (404 too). Raises FetchingError."""
        from opendata_check.fetching.exchange import look

        transport = self._opened()
        full = transport.full_url(url, None)
        return look(transport, full, {"Accept": "*/*"} | dict(headers or {}), size, self._limits.json_seconds)

    def local(self, path: Path, root: Path) -> Content:
        """Return the ordinary file at ``path`` inside ``root``. Raises UnreadableFileError."""
        return local_content(path, root)

    def members(self, content: Content) -> Iterator[Content | Fault]:
        """Yield what a zip or a .gz holds, each member as a temporary file, or the Fault that says why not.

        Members are unpacked as the iteration goes; ``release`` each one when done with it. Raises StorageError.
        """
        from opendata_check.fetching.archives import unpack  # zipfile and its codecs: 30 ms

        return unpack(content, self._new_path, self._limits)

    def release(self, content: Content) -> None:
        """Delete the temporary copy behind ``content``; a user's own file is left alone."""
        if content.path.parent == self._folder:
            content.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the network session, if one was opened."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _new_path(self, suffix: str) -> Path:
        """Return a path of the temporary folder that nothing uses."""
        self._count += 1
        return self._folder / f"{self._count:06d}{suffix}"

    def _opened(self) -> Transport:
        """Return the network session, opened when first needed."""
        from opendata_check.fetching.transport import Transport, resolver_for

        if self._transport is None:
            self._transport = Transport(self._limits, resolver_for(self._allow_private), self._user_agent)
        return self._transport

    def _fetch(
        self,
        url: str,
        params: dict[str, Any] | None,
        headers: dict[str, str],
        path: Path,
        most: int,
        seconds: float,
        *,
        body: bytes | None = None,
    ) -> Body:
        """Write the body of ``url`` to ``path``. Raises FetchingError."""
        from opendata_check.fetching.exchange import Wanted, fetch

        transport = self._opened()
        full = transport.full_url(url, params)
        wanted = Wanted(full, headers, path, max_bytes=most, seconds=seconds, body=body)
        return fetch(transport, wanted, self._cache_folder, self._limits)


@contextmanager
def open_fetcher(
    *,
    cache_folder: Path | None,
    allow_private: bool = False,
    limits: Limits | None = None,
    user_agent: str = USER_AGENT,
) -> Iterator[Fetcher]:
    """Give a Fetcher whose temporary files and connections end with the block.

    ``cache_folder`` keeps answers between runs (None: nothing is kept). ``allow_private`` lets URLs lead to private
    addresses, for an intranet. Raises StorageError when no temporary folder can be made.
    """
    try:
        temporary = tempfile.TemporaryDirectory(prefix="opendata-check-", ignore_cleanup_errors=True)
    except OSError as error:
        raise StorageError(
            "aucun dossier temporaire ne peut être créé", remedy="Vérifiez la place libre sur le disque."
        ) from error
    with temporary as folder:
        fetcher = Fetcher(
            Path(folder),
            cache_folder=cache_folder,
            allow_private=allow_private,
            limits=limits or Limits(),
            user_agent=user_agent,
        )
        try:
            yield fetcher
        finally:
            fetcher.close()


def _parse_json(raw: bytes, body: Body) -> Any:
    """Return the value of a JSON body. Raises NotJsonError."""
    where = shown_url(body.final_url)
    if body.media_type == "text/html" or raw.lstrip()[:1] == b"<":
        raise NotJsonError(
            "le serveur a répondu une page web au lieu de données", where=where, remedy="Réessayez plus tard."
        )
    try:
        return json.loads(raw, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(
            "la réponse est incomplète ou illisible", where=where, remedy="Réessayez plus tard."
        ) from error
