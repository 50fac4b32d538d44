"""Reads a CSW catalogue page after page, and stops where the list really ends: catalogues count and page badly.

Issues: geonetwork/core-geonetwork#1855, #1429, #1728, #7977; geopython/pycsw#301; geoserver#570 (negative counts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from opendata_check.fetching import Document, Fetcher, FetchingError, TooLongError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading.collecting import MAX_DATASETS, Announced, fault_of
from opendata_check.sources.reading.csw.record import any_id
from opendata_check.sources.reading.csw.request import Asked, Way, other_ways, records_body, records_params
from opendata_check.sources.reading.iso.record import RECORDS
from opendata_check.sources.reading.ogc.exception import EXCEPTIONS, REPORTS, Refusal, refusal_in, refusal_of
from opendata_check.sources.reading.xml_safe import Element, XmlRefused, pieces

MAX_PAGES = 5_000
_MOST_WAYS = 8
_MOST_FAILURES = 12
_MOST_EMPTY = 3
_DUBLIN = frozenset({"Record", "SummaryRecord", "BriefRecord"})
_WANTED = RECORDS | _DUBLIN | EXCEPTIONS
_ANSWERS = frozenset({"GetRecordsResponse", "GetRecordByIdResponse"})
_NOT_BY_POST = frozenset({400, 403, 404, 405, 406, 411, 415, 500, 501})
_SOFTWARE = re.compile(rb"<!--\s*(pycsw \d[\w.-]{0,15})\s*-->")


class CatalogueRefused(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """A catalogue answered something else than records: what it refused, or why its answer cannot be read."""

    def __init__(self, refusal: Refusal, what: str) -> None:
        super().__init__(what)
        self.refusal = refusal
        self.what = what


@dataclass(slots=True)
class Answer:
    """What one answer said beside its records."""

    matched: int | None = None
    following: int | None = None
    """``nextRecord``: 0 when the list is said to be over, None when nothing usable is said."""
    got: int = 0
    software: str = ""


def answered_records(document: Document, answer: Answer) -> Iterator[Element]:
    """Yield the records of an answer, and fill ``answer``. Raises CatalogueRefused."""
    found = _SOFTWARE.search(document.beginning(500))
    if found:
        answer.software = found[1].decode("ascii", "replace")
    is_root = True
    try:
        for piece in pieces(document.path, _WANTED.__contains__):
            if piece.is_record:
                if piece.element.tag in EXCEPTIONS:
                    refusal = refusal_of(piece.element)
                    raise CatalogueRefused(refusal, refusal.words)
                answer.got += 1
                yield piece.element
            elif piece.element.tag == "SearchResults":
                _note(piece.element.attrib, answer)
            elif is_root and piece.element.tag not in _ANSWERS | REPORTS:
                raise CatalogueRefused(Refusal("", "post"), "la réponse n'est pas celle d'un catalogue CSW")
            is_root = False
    except XmlRefused as error:
        raise CatalogueRefused(Refusal("", "" if error.is_xml else "post"), error.what) from error


def _note(attributes: Mapping[str, str], answer: Answer) -> None:
    """Keep what a SearchResults tag says, when it makes sense."""
    answer.matched = _count(attributes.get("numberOfRecordsMatched"))
    answer.following = _count(attributes.get("nextRecord"))


def _count(written: str | None) -> int | None:
    """Return a count, None when it is absent, negative or no number."""
    return int(written) if written and re.fullmatch(r"\d{1,9}", written.strip(), re.ASCII) else None


def open_answer(
    fetcher: Fetcher, url: str, params: Mapping[str, Any] | None, body: bytes | None = None
) -> AbstractContextManager[Document]:
    """Return the fetch of one answer: a POST when there is a body."""
    return fetcher.document(
        url,
        dict(params) if params else None,
        accept="application/xml, text/xml;q=0.9, */*;q=0.5",
        body=body,
        content_type="application/xml; charset=utf-8" if body is not None else "",
    )


@dataclass(slots=True)
class Reading:
    """One reading of a catalogue: where it stands and what it has seen."""

    fetcher: Fetcher
    url: str
    asked: Asked
    size: int
    way: Way = field(default_factory=Way)
    software: str = ""
    _seen: set[str] = field(default_factory=set)
    _announced: int | None = None
    _failures: int = 0
    _lost: list[int] = field(default_factory=list)
    """Positions of the records that could not be read."""

    def records(self) -> Iterator[Element | Announced | Fault]:
        """Yield each record once, what the catalogue announces, and a Fault where something was not read.

        Raises FetchingError or CatalogueRefused when not even the first page can be had.
        """
        yield from self._walk()
        lacking = (self._announced or 0) - len(self._seen) - len(self._lost)
        if self._lost:
            many = len(self._lost) > 1
            which = ", ".join(map(str, self._lost[:5])) + ("…" if len(self._lost) > 5 else "")
            what = f"{len(self._lost)} fiches n'ont pas pu être lues" if many else "1 fiche n'a pas pu être lue"
            yield Fault(f"{what} (n° {which} du catalogue)", shown_url(self.url))
        if lacking > 0 and not self.way.sort:
            what = f"le catalogue ne trie pas ses fiches : il en répète et {lacking} n'ont pas été vues"
            yield Fault(what, shown_url(self.url), "Relancez la lecture.")

    def _walk(self) -> Iterator[Element | Announced | Fault]:
        """Yield the records, page after page, as long as there are some."""
        answer = Answer()
        yield from self._first(answer)
        start, size, empty = self._following(1, answer), self.size, 0
        said_over = answer.following in (None, 0)
        for _ in range(MAX_PAGES):
            if start is None:
                return
            if len(self._seen) >= MAX_DATASETS:
                yield Fault(f"la liste a plus de {MAX_DATASETS} fiches : la suite n'est pas lue", shown_url(self.url))
                return
            known, answer = len(self._seen), Answer()
            try:
                yield from self._page(start, size, answer)
            except (FetchingError, CatalogueRefused) as error:
                if not answer.got and self._is_over(error, said_over):
                    return
                start += answer.got
                turn = self._failure(start, size, error)
                if isinstance(turn, Fault):
                    yield turn
                    return
                if turn == 0:
                    self._lost.append(start)
                    start = self._following(start, Answer(got=1))
                size = max(1, turn)
                continue
            said_over = answer.following in (None, 0)
            empty = 0 if answer.got else empty + 1
            if empty >= _MOST_EMPTY or (answer.got and len(self._seen) == known):
                if self._announced is None or known < self._announced:
                    yield Fault(
                        "la pagination du catalogue tourne en rond : la suite n'est pas lue", shown_url(self.url)
                    )
                return
            start, size = self._following(start, answer), min(self.size, 2 * size)
        yield Fault(f"la liste a plus de {MAX_PAGES} pages : la suite n'est pas lue", shown_url(self.url))

    def _first(self, answer: Answer) -> Iterator[Element | Announced]:
        """Yield the first page, asked in the way the catalogue accepts. Raises FetchingError, CatalogueRefused."""
        ways, tried, first = [self.way], set[Way](), self.way
        while True:
            self.way = ways.pop(0)
            tried.add(self.way)
            try:
                yield from self._page(1, self.size, answer)
            except (FetchingError, CatalogueRefused) as error:
                if answer.got:  # the page broke off: what follows is read with smaller ones
                    self.size = max(1, self.size // 5)
                    answer.following = 1 + answer.got
                    return
                if isinstance(error, TooLongError):
                    ways = []
                else:
                    ways = _not_tried(other_ways(self.way, self._refused(error)) + ways, tried)
                if ways and len(tried) < _MOST_WAYS:
                    continue
                if self.size == 1 or _names_a_part(error):
                    raise
                self.size = max(1, self.size // 10)  # one record may be what the catalogue stumbles on
                ways, tried = [self.way if isinstance(error, TooLongError) else first], set(other_ways(first, ""))
                continue
            other = replace(self.way, types="csw:Record")
            if answer.matched != 0 or answer.got or self.asked != Asked() or other in tried:
                return
            ways = [other]  # some catalogues know no record as gmd:MD_Metadata, and still give them so

    def _refused(self, error: Exception) -> str:
        """Return the part of the request that is refused; raise the error again when asking otherwise is of no use."""
        if isinstance(error, CatalogueRefused):
            return error.refusal.part
        if getattr(error, "status", None) in _NOT_BY_POST and self.way.post:
            return "post"
        raise error

    def _page(self, start: int, size: int, answer: Answer) -> Iterator[Element | Announced]:
        """Yield the records of a page that were not seen before, and what it announces when that is news.

        Raises FetchingError, CatalogueRefused.
        """
        try:
            with self._open(start, size) as document:
                for record in answered_records(document, answer):
                    if answer.matched is not None and answer.matched != self._announced:
                        self._announced = answer.matched
                        yield Announced(answer.matched)
                    identifier = any_id(record)
                    if not identifier or identifier not in self._seen:
                        self._seen.add(identifier or f"\n{start}.{answer.got}")
                        yield record
        except FetchingError as error:
            refusal = refusal_in(error.beginning)
            if refusal is not None:
                raise CatalogueRefused(refusal, refusal.words) from error
            raise
        self.software = self.software or answer.software
        if self._announced is None and answer.matched is not None:
            self._announced = answer.matched
            yield Announced(answer.matched)

    def _open(self, start: int, size: int) -> AbstractContextManager[Document]:
        if self.way.post:
            return open_answer(self.fetcher, self.url, None, records_body(self.way, self.asked, start, size))
        return open_answer(self.fetcher, self.url, records_params(self.way, self.asked, start, size))

    def _following(self, start: int, answer: Answer) -> int | None:
        """Return where the next page starts, None when the list is over.

        What came is counted: a ``nextRecord`` that jumps over records, or that says « over » too soon, is not believed.
        """
        end = start + answer.got
        total = self._announced
        if total is not None and end > total:
            return None
        if answer.got:
            return None if total is None and answer.following == 0 else end
        return answer.following if answer.following and answer.following > start else None

    def _is_over(self, error: Exception, said_over: bool) -> bool:
        """Return True when a refusal only says that the list has come to its end."""
        if isinstance(error, CatalogueRefused):
            return said_over or error.refusal.part == "position"
        return said_over and getattr(error, "status", None) in (400, 404)

    def _failure(self, start: int, size: int, error: Exception) -> Fault | int:
        """Return what to do of a page that failed: smaller pages, 0 to pass over one record, or the last fault."""
        self._failures += 1
        can_try = isinstance(error, CatalogueRefused | TooLongError) or getattr(error, "status", None) == 500
        if can_try and self._failures <= _MOST_FAILURES:
            return size // 5 or (1 if size > 1 else 0)
        if isinstance(error, FetchingError):
            return fault_of(error)
        return Fault(f"{error} (à partir de la fiche n° {start})", shown_url(self.url), "Réessayez plus tard.")


def _names_a_part(error: Exception) -> bool:
    """Return True for a refusal that says which part of the request is at fault."""
    return isinstance(error, CatalogueRefused) and bool(error.refusal.part)


def _not_tried(ways: list[Way], tried: set[Way]) -> list[Way]:
    """Return the ways not tried yet, each once."""
    return [way for way in dict.fromkeys(ways) if way not in tried]
