"""The one thing other rooms ask for bytes: JSON, a download, a local file, the members of an archive."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata_check.fetching.document import Document, Look
from opendata_check.fetching.errors import FetchingError, OfflineError, TooLongError, interrupted
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.local import local_content
from opendata_check.fetching.naming import download_name, file_name, short_suffix, shown_url
from opendata_check.fetching.question import Answer, Question
from opendata_check.fetching.urls import full_url
from opendata_check.model.catalog import Fault
from opendata_check.model.content import Content

if TYPE_CHECKING:
    from opendata_check.fetching.cache import Cache
    from opendata_check.fetching.recording import Recorder
    from opendata_check.fetching.replaying import Replay
    from opendata_check.fetching.tls import Trust
    from opendata_check.fetching.transport import Transport


class Fetcher:
    """Gives bytes within limits. Made by ``open_fetcher``; for several threads."""

    def __init__(
        self,
        folder: Path,
        *,
        allow_private: bool,
        limits: Limits,
        user_agent: str,
        cache: Cache | None = None,
        offline: bool = False,
        trust: Trust | None = None,
        recorder: Recorder | None = None,
        replay: Replay | None = None,
    ) -> None:
        self.limits = limits
        self._folder = folder
        self._allow_private = allow_private
        self._user_agent = user_agent
        self._cache = cache
        self._offline = offline
        self._trust = trust
        self._recorder = recorder
        self._replay = replay
        self._opening = threading.Lock()
        self._closed = False
        self._transport: Transport | None = None
        self._count = itertools.count(1)

    def json(self, url: str, params: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """Return the JSON value at ``url``.

        Raises FetchingError: NotJsonError for a web page or a broken JSON, TooLongError beyond ``limits.json_bytes``,
        StatusError (with ``.status``) for an answer of 400 or more.
        """
        from opendata_check.fetching.json_body import value_of

        sent = {"Accept": "application/json"} | dict(headers or {})
        question = Question(full_url(url, params), sent, self.limits.json_bytes, self.limits.json_seconds)
        with self._asked(question, ".json") as (answer, path):
            if answer.truncated:
                raise TooLongError("la réponse est trop longue", where=shown_url(answer.final_url))
            raw = path.read_bytes()
        return value_of(raw, answer)

    def download(self, url: str, name: str | None = None) -> Content:
        """Return the file at ``url``, cut at ``limits.max_bytes`` (``truncated`` is then True).

        ``name`` replaces the name the server or the URL gives. Raises FetchingError; StatusError with status 202 when
        the server is still making the file.
        """
        limits = self.limits
        question = Question(
            full_url(url, None), {"Accept": "*/*"}, limits.max_bytes, limits.download_seconds, file=True
        )
        path = self._new_path(".part")
        answer = self.ask(question, path)
        called = file_name(name) if name else download_name(answer.disposition, answer.final_url)
        named = path.with_suffix(short_suffix(called))
        path.rename(named)
        return Content(
            path=named,
            name=called,
            byte_size=answer.byte_size,
            origin=shown_url(url),
            media_type=answer.media_type,
            truncated=answer.truncated,
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
        sent = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {}) | dict(headers or {})
        question = Question(
            full_url(url, params),
            sent,
            self.limits.document_bytes,
            self.limits.document_seconds,
            method="GET" if body is None else "POST",
            body=body,
        )
        with self._asked(question, ".doc") as (answer, path):
            if answer.truncated:
                raise TooLongError("la réponse est trop longue", where=shown_url(answer.final_url))
            yield Document(path, answer.byte_size, answer.media_type, answer.charset, answer.final_url, answer.headers)

    def look(
        self,
        url: str,
        *,
        size: int = 262_144,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        retries: int | None = None,
        fresh: bool = False,
        patient: bool = False,
    ) -> Look:
        """Return the beginning of what stands at ``url``, whatever its status (404 too).

        Fewer ``retries`` or ``seconds`` than the limits may be asked for; ``fresh`` keeps the cache out of it, and
        ``patient`` asks again after a status that may pass (500, 503…). Raises FetchingError when no answer came.
        """
        question = Question(
            full_url(url, None),
            {"Accept": "*/*"} | dict(headers or {}),
            size,
            self.limits.json_seconds if seconds is None else seconds,
            beginning=size,
            retries=retries,
            fresh=fresh,
            patient=patient,
        )
        with self._asked(question, ".look") as (answer, path):
            return _look(answer, path.read_bytes())

    def head(self, url: str, *, headers: Mapping[str, str] | None = None, seconds: float | None = None) -> Look:
        """Return what a server says of ``url`` without sending it, whatever the status; asked once.

        Raises FetchingError when no answer came.
        """
        question = Question(
            full_url(url, None),
            {"Accept": "*/*"} | dict(headers or {}),
            0,
            self.limits.head_seconds if seconds is None else seconds,
            method="HEAD",
            retries=0,
            fresh=True,
        )
        return _look(self.ask(question, self._new_path(".head")), b"")

    def local(self, path: Path, root: Path) -> Content:
        """Return the ordinary file at ``path`` inside ``root``. Raises UnreadableFileError."""
        return local_content(path, root)

    def members(self, content: Content) -> Iterator[Content | Fault]:
        """Yield what a zip or a .gz holds, each member as a temporary file, or the Fault that says why not.

        Members are unpacked as the iteration goes; ``release`` each one when done with it. Raises StorageError.
        """
        from opendata_check.fetching.archives import unpack  # zipfile and its codecs: 30 ms

        return unpack(content, self._new_path, self.limits)

    def release(self, content: Content) -> None:
        """Delete the temporary copy behind ``content``; a user's own file is left alone."""
        if content.path.parent == self._folder:
            content.path.unlink(missing_ok=True)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Tell that the thread only waits for others inside the block: whoever shares its processor may take it."""
        yield

    def cut(self, threads: set[int]) -> None:
        """End at once what these threads (``threading.get_ident()``) are fetching."""
        with self._opening:
            transport = self._transport
        if transport is not None:
            transport.cut(threads)

    def close(self) -> None:
        """End what is being fetched and close the connections, if any was opened."""
        with self._opening:
            self._closed = True
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def _new_path(self, suffix: str) -> Path:
        """Return a path of the temporary folder that nothing uses."""
        return self._folder / f"{next(self._count):06d}{suffix}"

    def _opened(self) -> Transport:
        """Return the network session, opened when first needed. Raises TooSlowError when all is over."""
        from opendata_check.fetching.addresses import resolve, resolve_public
        from opendata_check.fetching.transport import Transport

        with self._opening:
            if self._closed:
                raise interrupted("")
            if self._transport is None:
                resolver = resolve if self._allow_private else resolve_public
                self._transport = Transport(self.limits, resolver, self._user_agent, self._trust)
            return self._transport

    @contextmanager
    def _asked(self, question: Question, suffix: str) -> Iterator[tuple[Answer, Path]]:
        """Give the answer to a question and its body, a file that lasts as long as the block. Raises FetchingError."""
        path = self._new_path(suffix)
        try:
            yield self.ask(question, path), path
        finally:
            path.unlink(missing_ok=True)

    def ask(self, question: Question, target: Path) -> Answer:
        """Return the answer to a question, its body at ``target``; it is recorded if asked. Raises FetchingError.

        Every other method asks through this one: a fetcher that asks by way of another process replaces it.
        """
        if self._replay is not None:
            return self._replay.answer(question, target)
        try:
            answer = self._cached(question, target) if self._offline else self._fetched(question, target)
        except FetchingError as error:
            if self._recorder is not None:
                self._recorder.failed(question, error)
            raise
        if self._recorder is not None:
            self._recorder.answered(question, answer, target)
        return answer

    def _fetched(self, question: Question, target: Path) -> Answer:
        from opendata_check.fetching.exchange import ask

        return ask(self._opened(), question, target, self._cache)

    def _cached(self, question: Question, target: Path) -> Answer:
        """Return what the cache holds. Raises OfflineError."""
        if self._cache is not None and not question.fresh:
            with self._cache.found(question) as entry:
                if entry is not None:
                    return entry.give(target, question)
        raise OfflineError(
            "cette réponse n'a pas été gardée, et rien n'est demandé en ligne",
            where=shown_url(question.url),
            remedy="Relancez une fois sans --offline.",
        )


def _look(answer: Answer, data: bytes) -> Look:
    return Look(answer.status, answer.final_url, answer.media_type, data, answer.total_size, answer.headers)
