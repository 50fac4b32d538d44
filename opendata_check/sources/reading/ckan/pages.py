"""Reads all the records of a scope of a CKAN portal, whatever the portal says of its own pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from opendata_check.model.catalog import Fault
from opendata_check.sources.reading.ckan.api import Api, CkanError
from opendata_check.sources.reading.ckan.record import dataset_of, identifier_of, left_out
from opendata_check.sources.reading.ckan.scope import Scope
from opendata_check.sources.reading.ckan.values import Record, mapping
from opendata_check.sources.reading.collecting import Announced, Part

ROWS = 500
"""Asked for; a portal gives what it likes (CKAN's default cap is 1000)."""
MAX_PAGES = 2_000
MAX_SHOWN = 1_000
_SORTS = ("id asc", "name asc", "")


@dataclass(frozen=True, slots=True)
class _Page:
    count: int | None
    results: list[Any]


_Opening = tuple[dict[str, Any], _Page]
"""What to ask for, and its first page."""


@dataclass(slots=True)
class _Records:
    """What was read so far."""

    base_url: str
    seen: set[str] = field(default_factory=set)
    unreadable: int = 0

    def new(self, results: list[Any]) -> list[Record]:
        """Return the records of a page that were not seen before."""
        fresh = []
        for record in results:
            identifier = identifier_of(record) if isinstance(record, dict) else ""
            if not identifier:
                self.unreadable += 1
            elif identifier not in self.seen:
                self.seen.add(identifier)
                fresh.append(record)
        return fresh

    def part(self, record: Record) -> Part:
        """Return a dataset, or why it is not kept."""
        return left_out(record) or dataset_of(record, self.base_url)

    def last(self, where: str) -> Iterator[Fault]:
        """Yield what could not be read."""
        if self.unreadable:
            many = "jeux de données n'ont" if self.unreadable > 1 else "jeu de données n'a"
            yield Fault(f"{self.unreadable} {many} pas pu être lu{'s' if self.unreadable > 1 else ''}", where)


def read_records(api: Api, scope: Scope) -> Iterator[Part]:
    """Yield all the scope holds, in the portal's order. Raises CkanError when nothing at all can be read.

    A portal without a search (DKAN), or whose search is down, is read by its lists when the scope allows it.
    """
    try:
        params, first = _opening(api, scope)
    except CkanError as error:
        if error.kind not in ("absent", "search") or scope.what == "search":
            raise
        yield from _listed(api, scope, error)
        return
    yield from _searched(api, scope, params, first)


def _opening(api: Api, scope: Scope) -> _Opening:
    """Return the parameters that the portal understands for this scope, and its first page. Raises CkanError."""
    empty: _Opening | None = None
    opening: _Opening | None = None
    queries = scope.queries()
    for query in queries:
        if not query and empty:
            return empty  # nothing under that name: the whole portal would tell no more
        try:
            opening = _first_page(api, query)
        except CkanError as error:
            if error.kind != "query" or query is queries[-1]:
                raise
            continue
        held = [scope.holds(mapping(record)) for record in opening[1].results]
        if held and False not in held:
            return opening
        if not held:
            empty = empty or opening
    assert opening is not None  # the last query returned or raised
    return empty or opening


def _first_page(api: Api, query: dict[str, str]) -> _Opening:
    """Return the first page, in the steadiest order that the portal accepts. Raises CkanError."""
    for sort in _SORTS:
        params: dict[str, Any] = {**query, "rows": ROWS, **({"sort": sort} if sort else {})}
        try:
            return params, _page(api, params, 0)
        except CkanError as error:
            server_down = error.status is not None and error.status >= 500
            if not sort or error.kind not in ("query", "search") or server_down:
                raise
    raise AssertionError("the last order returns or raises")


def _page(api: Api, params: dict[str, Any], start: int) -> _Page:
    """Return one page; ``params`` then asks for fewer records when so many made the answer too long or too slow."""
    while True:
        try:
            result = api.ask("package_search", {**params, "start": start})
            break
        except CkanError as error:
            if error.kind not in ("long", "slow") or params["rows"] <= 1:
                raise
            params["rows"] = max(1, params["rows"] // 5)
    results = mapping(result).get("results") if isinstance(result, dict) else result
    if not isinstance(results, list):
        fault = Fault("la réponse du portail n'a pas la forme attendue", api.address("package_search"))
        raise CkanError("shape", fault)
    count = mapping(result).get("count")
    return _Page(count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None, results)


def _searched(api: Api, scope: Scope, params: dict[str, Any], page: _Page) -> Iterator[Part]:
    """Yield the records of all the pages; what goes wrong after the first one is a Fault.

    Only what comes tells where the next page starts. The count may be wrong either way: beyond it, an empty page or
    one without anything new is the end.
    """
    where = api.address("package_search")
    records = _Records(api.base_url)
    narrowed = scope.what in ("portal", "search") or "fq" in params or "q" in params
    start = 0
    for _ in range(MAX_PAGES):
        fresh = records.new(page.results)
        yield from (records.part(found) for found in fresh if narrowed or scope.holds(found))
        if page.count is not None and narrowed:
            yield Announced(page.count)
        start += len(page.results)
        if not page.results or start == page.count:
            break
        if not fresh:
            if page.count is None or start < page.count:
                yield Fault("la pagination du portail tourne en rond : la suite n'est pas lue", where)
            break
        try:
            page = _page(api, params, start)
        except CkanError as error:
            yield error.fault
            break
    else:
        yield Fault(f"la liste a plus de {MAX_PAGES} pages : la suite n'est pas lue", where)
    yield from records.last(where)


def _listed(api: Api, scope: Scope, refusal: CkanError) -> Iterator[Part]:
    """Yield the records by the lists that need no search engine. Raises ``refusal`` when there are none."""
    records = _Records(api.base_url)
    where = api.address("current_package_list_with_resources")
    offset = 0
    for _ in range(MAX_PAGES):
        try:
            results = _flat(api.ask("current_package_list_with_resources", {"limit": 100, "offset": offset}))
        except CkanError as error:
            if offset:
                yield error.fault
                return
            break
        fresh = records.new(results)
        yield from (records.part(found) for found in fresh if scope.holds(found))
        offset += len(results)
        if not fresh:
            if offset:
                yield from records.last(where)
                return
            break
    yield from _shown(api, scope, refusal)


def _flat(result: Any) -> list[Any]:
    """Return a list of records; DKAN puts it in another list."""
    listed = result if isinstance(result, list) else [result]
    return [record for entry in listed for record in (entry if isinstance(entry, list) else [entry])]


def _shown(api: Api, scope: Scope, refusal: CkanError) -> Iterator[Part]:
    """Yield the records one by one, from the list of their names. Raises ``refusal`` when there is no such list."""
    try:
        names = [name for name in _flat(api.ask("package_list")) if isinstance(name, str) and name]
    except CkanError as error:
        raise refusal from error
    if not names:
        raise refusal
    records = _Records(api.base_url)
    where = api.address("package_list")
    failures: list[Fault] = []
    for name in names[:MAX_SHOWN]:
        try:
            shown = _flat(api.ask("package_show", {"id": name}))
        except CkanError as error:
            failures.append(error.fault)
            if len(failures) >= 10 and not records.seen:
                raise refusal from error
            continue
        yield from (records.part(found) for found in records.new(shown) if scope.holds(found))
    if failures:
        many = "jeux de données n'ont" if len(failures) > 1 else "jeu de données n'a"
        yield Fault(f"{len(failures)} {many} pas pu être lu{'s' if len(failures) > 1 else ''}", failures[0].where)
    if len(names) > MAX_SHOWN:
        yield Fault(f"la liste a plus de {MAX_SHOWN} jeux de données : la suite n'est pas lue", where)
    yield from records.last(where)
