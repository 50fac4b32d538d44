"""Finds which kind of portal stands at a bare address, in six requests at most, and says on what ground.

The page itself is asked for first. What it shows (its generator, its scripts, its headers) tells which interfaces are
worth asking; when it shows nothing, the most widespread ones are asked in turn. A kind is only believed when its own
interface answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

from opendata_check.fetching import Document, Fetcher, FetchingError, Look
from opendata_check.fetching.naming import shown_url
from opendata_check.model.identification import Attempt, Identity, KnownSource
from opendata_check.sources.finding.kinds import all_kinds, kind_module, kind_of, name_of
from opendata_check.sources.interface import Page, Recognition, SourceError
from opendata_check.sources.reading.charsets import text_encoding

MOST_REQUESTS = 6
_HINTED, _BLIND = 2, 1
"""Requests that one kind may spend: a hint is worth a second one; blindly, one each lets five kinds have their turn."""


@dataclass(frozen=True, slots=True)
class Identification:
    """What a bare address turned out to be."""

    url: str
    final_url: str
    status: int
    recognition: Recognition | None
    attempts: tuple[Attempt, ...]
    requests: int
    """Requests spent, redirects not counted; 0 when the address or an earlier run told enough."""

    def identity(self) -> Identity:
        """Return the same without the source itself, to be shown."""
        typed, reached = shown_url(self.url), shown_url(self.final_url)
        known = None
        if self.recognition is not None:
            found = self.recognition
            module = kind_module(found.source)
            known = KnownSource(typed, kind_of(module), name_of(module), found.source.label, found.ground, found.scope)
        return Identity(typed, reached, self.status, known, self.attempts, self.requests)


class _SpentError(FetchingError):
    """No request is left."""


class _Sparing:
    """A Fetcher that counts its requests, notes their addresses and refuses the seventh."""

    def __init__(self, fetcher: Fetcher, most: int) -> None:
        self._fetcher = fetcher
        self._most = most
        self._until = most
        self.asked: list[str] = []

    def allow(self, more: int) -> None:
        """Let ``more`` further requests through, the total permitting."""
        self._until = min(self._most, len(self.asked) + more)

    def json(self, url: str, params: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Any:
        self._count(url)
        return self._fetcher.json(url, params, headers)

    def look(self, url: str, **options: Any) -> Look:
        self._count(url)
        return self._fetcher.look(url, **options)

    @contextmanager
    def document(self, url: str, params: dict[str, Any] | None = None, **options: Any) -> Iterator[Document]:
        self._count(url)
        with self._fetcher.document(url, params, **options) as document:
            yield document

    def _count(self, url: str) -> None:
        if len(self.asked) >= self._until:
            raise _SpentError("trop de demandes pour reconnaître ce site", where=shown_url(url))
        self.asked.append(shown_url(url))


def identify(url: str, fetcher: Fetcher, most: int = MOST_REQUESTS) -> Identification:
    """Return which kind of portal stands at ``url``, or what was tried in vain.

    Raises SourceError when the page itself cannot be had.
    """
    sparing = _Sparing(fetcher, most)
    counted = cast(Fetcher, sparing)
    page = _page(url, counted)
    attempts: list[Attempt] = []
    for kind, hint in _worth_asking(page):
        before = len(sparing.asked)
        if before >= most:
            break
        sparing.allow(_HINTED if hint else _BLIND)
        found = _confirmed(kind.confirm, page, counted)
        attempts.append(Attempt(kind_of(kind), name_of(kind), hint, found is not None, tuple(sparing.asked[before:])))
        if found is not None:
            return Identification(url, page.final_url, page.status, found, tuple(attempts), len(sparing.asked))
    return Identification(url, page.final_url, page.status, None, tuple(attempts), len(sparing.asked))


def _confirmed(
    confirm: Callable[[Page, Fetcher], Recognition | None], page: Page, fetcher: Fetcher
) -> Recognition | None:
    """Return what a kind confirms; a failure of its interface, or the end of our requests, is no."""
    try:
        return confirm(page, fetcher)
    except (FetchingError, SourceError):
        return None


def _worth_asking(page: Page) -> Iterator[tuple[ModuleType, str]]:
    """Yield the kinds that the page hints at, with the hint, then those that are tried blindly, by rank."""
    portals = [kind for kind in all_kinds() if hasattr(kind, "confirm")]
    hinted = [(kind, hint) for kind in portals if (hint := kind.hint(page))]
    yield from hinted
    known = {kind_of(kind) for kind, _ in hinted}
    blind = [kind for kind in portals if hasattr(kind, "BLIND") and kind_of(kind) not in known]
    for kind in sorted(blind, key=lambda kind: (int(kind.BLIND), kind_of(kind))):
        yield kind, ""


def _page(url: str, fetcher: Fetcher) -> Page:
    """Return the page at ``url``. Raises SourceError when no server answers, or when it refuses everybody."""
    try:
        seen = fetcher.look(url)
    except FetchingError as error:
        raise SourceError(error.what, where=error.where, remedy=error.remedy) from error
    return Page(url, seen.final_url, seen.status, seen.media_type, seen.headers, _text(seen))


def _text(seen: Look) -> str:
    """Return the page's text in the charset its header names, else UTF-8; what cannot be read is replaced."""
    said = seen.headers.get("content-type", "").lower().partition("charset=")[2].strip(" \"'")[:40]
    return seen.data.decode(text_encoding(said) or "utf-8", "replace")
