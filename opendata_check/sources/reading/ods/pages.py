"""Reads an Opendatasoft catalogue: page after page up to the API's window, in one streamed document beyond it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from opendata_check.fetching import Document, Fetcher, FetchingError, TooLongError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Dataset, Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import Announced, Part, fault_of
from opendata_check.sources.reading.ods.answers import (
    Answer,
    Refusal,
    ask,
    credentials,
    object_in,
    refusal_in,
    refusal_of,
    spent,
)
from opendata_check.sources.reading.ods.places import Place
from opendata_check.sources.reading.ods.record import dataset_of
from opendata_check.sources.reading.ods.search import Filters, new_params, old_params
from opendata_check.sources.reading.ods.stream import items

WINDOW = 10_000
"""``offset + limit`` may not go beyond (OpenAPI of Explore v2.1); an export has no such bound."""
_MAX_PAGES = 2_000
_SLICE = 5_000
"""Datasets asked at a time when the whole export is too long for us."""
_MAX_SLICES = 50
_ODD = "la réponse du portail n'a pas la forme attendue"
_LOOPING = "la pagination du portail tourne en rond : la suite n'est pas lue"

Entries = Generator[list[Any], None, "Fault | None"]
"""Yields raw entries, and returns why it stopped before the end, None when it did not."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A list that a portal gives: where, which part of it, and its first page, already had."""

    fetcher: Fetcher
    place: Place
    filters: Filters
    page_size: int
    first: Answer

    def params(self, offset: int, size: int) -> dict[str, Any]:
        """Return the parameters of one page."""
        return list_params(self.place, self.filters, offset, size) or {}


def list_params(place: Place, filters: Filters, offset: int, size: int) -> dict[str, Any] | None:
    """Return the parameters of a page of a list; None when this version of the API cannot make that search.

    The order is always given: without one, pages overlap (v1 has no order by id; what it gives twice counts once).
    """
    common = {"lang": "fr", "timezone": "UTC"}
    if place.is_old:
        asked = old_params(filters)
        if asked is None:
            return None
        return {**asked, **common, "rows": size, "start": offset, "interopmetas": "true", "extrametas": "true"}
    return {**new_params(filters), **common, "order_by": "dataset_id", "limit": size, "offset": offset}


def entries_of(value: Any) -> list[Any] | None:
    """Return the entries of a page: v2.1's ``results``, v2.0's and v1's ``datasets``; None when it is no such page."""
    for name in ("results", "datasets"):
        entries = value.get(name) if isinstance(value, dict) else None
        if isinstance(entries, list):
            return entries
    return None


def total_of(value: Any) -> int | None:
    """Return how many datasets the portal says it has in what was asked."""
    told = value.get("total_count", value.get("nhits")) if isinstance(value, dict) else None
    return values.size(told)


def read(reading: Reading) -> Iterator[Part]:
    """Yield the datasets of a list, what it announces and what could not be read of it."""
    total = total_of(reading.first.value)
    if total is not None:
        yield Announced(total)
    unreadable = 0
    source = _all_entries(reading, total)
    while True:
        try:
            entries = next(source)
        except StopIteration as stop:
            if stop.value is not None:
                yield stop.value
            break
        for entry in entries:
            dataset: Dataset | None = dataset_of(entry, reading.place)
            if dataset is None:
                unreadable += 1
            else:
                yield dataset
    if unreadable:
        many = "jeux de données n'ont pas pu être lus" if unreadable > 1 else "jeu de données n'a pas pu être lu"
        yield Fault(f"{unreadable} {many}", shown_url(reading.place.catalogue))


def _all_entries(reading: Reading, total: int | None) -> Entries:
    """Yield every entry, by whichever way goes to the end of the list.

    Pages come first: they are small, and what was read stays when one fails. Beyond the window only the export goes
    on; its records are the same, whole. If it fails, the pages still give the beginning.
    """
    if reading.place.is_old or total is None or total <= WINDOW:
        return (yield from _paged(reading, 0, may_export=not reading.place.is_old))
    count, fault = yield from _exported(reading)
    if fault is not None and count < WINDOW:
        yield from _paged(reading, count, may_export=False)
    return fault


def _paged(reading: Reading, start: int, *, may_export: bool) -> Entries:
    """Yield page after page from ``start``; stop where the portal ends, refuses, loops or has no request left."""
    offset, size = start, reading.page_size
    answer: Answer | Refusal | None = reading.first if start == 0 else None
    seen: set[str] = set()
    for _ in range(_MAX_PAGES):
        if answer is None:
            answer = _page(reading, offset, size)
        if isinstance(answer, Refusal):
            if answer.kind == "long" and size > 1:
                answer, size = None, max(1, size // 10)
                continue
            if answer.kind == "window" and may_export:
                return (yield from _exported(reading))[1]
            return answer.fault
        entries = entries_of(answer.value)
        if entries is None:
            told = refusal_in(answer.value, reading.place.catalogue)
            return told.fault if told else Fault(_ODD, answer.where, "Réessayez plus tard.")
        known = len(seen)
        fresh = [entry for entry in entries if _is_new(entry, seen)]
        if entries and len(seen) == known and offset > 0:
            return Fault(_LOOPING, answer.where)
        yield fresh
        offset += len(entries)
        total = total_of(answer.value)
        if not entries or offset == total or (len(entries) < size and offset > (total or 0)):
            return None
        if answer.is_last:
            return spent(reading.place.catalogue, answer.reset)
        answer = None
    return Fault(f"la liste a plus de {_MAX_PAGES} pages : la suite n'est pas lue", shown_url(reading.place.catalogue))


def _page(reading: Reading, offset: int, size: int) -> Answer | Refusal:
    """Return one page, or why it cannot be had: « window » when the API shows nothing so far down its list."""
    url = reading.place.catalogue
    within = size if reading.place.is_old else min(size, WINDOW - offset)
    if within <= 0:
        return Refusal("window", _beyond(reading))
    try:
        return ask(reading.fetcher, url, reading.params(offset, within))
    except TooLongError as error:
        return Refusal("long", fault_of(error))
    except FetchingError as error:
        refusal = refusal_of(error, url)
        # v2 names the parameter it refuses; v1 only says 400
        outside = refusal.kind == "parameter" or (error.status == 400 and offset + size >= WINDOW)
        return Refusal("window", _beyond(reading)) if outside and offset > 0 else refusal


def _beyond(reading: Reading) -> Fault:
    """Return the fault of what stands beyond the window and that no export gives."""
    return Fault(
        "le portail ne montre que le début de sa liste : la suite n'est pas lue",
        shown_url(reading.place.catalogue),
        "Restreignez la recherche, par exemple à un producteur.",
    )


def _is_new(entry: Any, seen: set[str]) -> bool:
    """Return True for an entry that no earlier page gave; one without an id is always new, but counts for none."""
    record = entry.get("dataset", entry) if isinstance(entry, dict) else None
    identifier = record.get("dataset_id") or record.get("datasetid") if isinstance(record, dict) else None
    if not isinstance(identifier, str):
        return True
    if identifier in seen:
        return False
    seen.add(identifier)
    return True


def _exported(reading: Reading) -> Generator[list[Any], None, tuple[int, Fault | None]]:
    """Yield what the catalogue's export gives; return how many, and why it stopped short if it did.

    The whole is asked at once, as the API advises; when that is longer than we take, slice after slice.
    """
    try:
        return (yield from _one_export(reading, {}))
    except TooLongError:
        count = 0
    for _ in range(_MAX_SLICES):
        try:
            got, fault = yield from _one_export(reading, {"limit": _SLICE, "offset": count})
        except TooLongError as error:
            return count, fault_of(error)
        count += got
        if fault is not None or got < _SLICE:
            return count, fault
    return count, Fault(_LOOPING, shown_url(reading.place.export))


def _one_export(reading: Reading, bounds: dict[str, int]) -> Generator[list[Any], None, tuple[int, Fault | None]]:
    """Yield the entries of one export, a hundred at a time. Raises TooLongError before anything is yielded."""
    url = reading.place.export
    params = {**reading.params(0, 0), "limit": -1, **bounds}
    if not bounds:
        del params["offset"]
    count = 0
    try:
        with reading.fetcher.document(url, params, accept="application/json", headers=credentials(url)) as got:
            held: list[Any] = []
            for entry in _streamed(got, url):
                if isinstance(entry, Fault):
                    if held:
                        yield held
                    return count, entry
                held.append(entry)
                count += 1
                if len(held) >= 100:
                    yield held
                    held = []
            if held:
                yield held
    except TooLongError:
        raise
    except FetchingError as error:
        refusal = refusal_of(error, url)
        return count, _beyond(reading) if refusal.kind == "absent" else refusal.fault
    return count, None


def _streamed(got: Document, url: str) -> Iterator[Any]:
    """Yield the items of a JSON array, one at a time; a Fault ends what is cut, refused, or no array.

    A server that fails once it has begun to answer 200 writes its error in the list or instead of it.
    """
    where, later = shown_url(got.final_url), "Réessayez plus tard."
    beginning = got.beginning().lstrip()
    if beginning[:1] != b"[":
        told = refusal_in(object_in(beginning), url)
        yield told.fault if told else Fault(_ODD, where, later)
        return
    try:
        for item in items(got.path):
            told = None if isinstance(item, dict) and "metas" in item else refusal_in(item, url)
            yield told.fault if told else item
    except ValueError:
        yield Fault("la liste est incomplète ou illisible : la suite n'est pas lue", where, later)
