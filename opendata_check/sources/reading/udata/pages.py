"""Asks udata's API: one record, or a list page after page, always on the portal that was asked, with only the fields
that are read when the portal accepts that; says in our words why it refused."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from opendata_check.fetching import Fetcher, FetchingError, TooLongError, key_for
from opendata_check.fetching.keys import variable_of
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import Announced
from opendata_check.sources.reading.udata.record import MAX_RESOURCES, left_out

MAX_PAGES = 2_000
_MOST_FAILURES = 5
_RESOURCES_PAGE = 500
_ODD = "la réponse du portail n'a pas la forme attendue"
_RESOURCE_MASK = (
    "id,title,description,type,format,url,latest,checksum,filesize,mime,created_at,last_modified,published,"
    "harvest{issued_at},schema,extras{check:available,check:status,check:headers:content-length,"
    "analysis:content-length,analysis:checksum}"
)
_BARE_MASK = (
    "id,slug,title,description,description_short,created_at,last_modified,last_update,deleted,archived,private,tags,"
    "badges{kind},frequency,license,access_type,page,uri,doi,quality,schema,"
    "organization{id,name,slug,business_number_id},temporal_coverage,spatial,contact_points{email,contact_form,role},"
    "harvest{domain,source_url,remote_id,remote_url,uri,dct_identifier,doi,created_at,issued_at},"
    "extras{inspire:identifier,inspire:resource_identifier,transport:url,datafairDatasetId}"
)
DATASET_MASK = f"{_BARE_MASK},resources{{{_RESOURCE_MASK}}}"
"""``X-Fields`` of a dataset: what dataset_of reads, and nothing else."""
COUNTED_MASK = f"{_BARE_MASK},resources"
"""The same for API v2, whose record holds the number of its resources."""
_NAMED_MASK = "data{id},next_page,total"

Part = list[Any] | Fault | Announced


@dataclass
class Reader:
    """A udata portal's API, asked within limits. What a portal does not understand is not asked twice."""

    fetcher: Fetcher
    base_url: str
    _masked: bool = True
    _failures: int = 0
    _headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key = key_for(self.base_url)
        if key:
            self._headers["X-API-KEY"] = key

    def json(self, url: str) -> Any:
        """Return whatever stands at ``url``. Raises FetchingError."""
        return self._ask(url, None, "")

    def record(self, url: str, mask: str = "") -> Mapping[str, Any] | None:
        """Return one record, None when something else was answered. Raises FetchingError."""
        answer = self._ask(url, None, mask)
        return answer if isinstance(answer, dict) and values.text(answer.get("id"), 100) else None

    def pages(self, endpoint: str, params: Mapping[str, Any], mask: str = "", *, page_size: int) -> Iterator[Part]:
        """Yield what the portal announces and the entries of each page; a Fault comes last when the list broke off.

        Only the page number of ``next_page`` is followed: its host is the one the server believes it has. A page too
        long for the fetcher is asked for again in smaller ones.
        """
        page = 1
        for _ in range(MAX_PAGES):
            page = yield from self._page(endpoint, params, mask, page, page_size)
            if not page:
                return
        yield Fault(f"la liste a plus de {MAX_PAGES} pages : la suite n'est pas lue", endpoint)

    def whole(self, entry: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Fault]]:
        """Return a dataset's record with its resources, and what went wrong.

        An entry that is only named (too long for one answer) and one that only counts its resources (API v2) are
        asked for in pieces. After a few failures no more is asked for: the faults told are enough.
        """
        record, held = entry, entry.get("resources")
        if set(entry) != {"id"} and (isinstance(held, list) or not _is_counted(held)):
            return record, _too_many(held, record)
        if left_out(record) or self._failures >= _MOST_FAILURES:
            return record, []
        url = f"{self.base_url}/api/2/datasets/{quote(values.text(entry.get('id'), 100), safe='')}/"
        faults: list[Fault] = []
        try:
            if set(entry) == {"id"}:
                record = self.record(url, COUNTED_MASK) or entry
            found = self._resources(f"{url}resources/", faults)
        except FetchingError as error:
            faults.append(told(error))
            found = []
        self._failures += bool(faults)
        return {**record, "resources": found}, faults + _too_many(found, record)

    def _resources(self, endpoint: str, faults: list[Fault]) -> list[Any]:
        """Return the resources of a dataset from API v2, one more than are kept at most."""
        found: list[Any] = []
        for part in self.pages(endpoint, {}, f"data{{{_RESOURCE_MASK}}},next_page,total", page_size=_RESOURCES_PAGE):
            if isinstance(part, Fault):
                faults.append(part)
            elif isinstance(part, list):
                found += part
            if len(found) > MAX_RESOURCES:
                break
        return found

    def _page(
        self, endpoint: str, params: Mapping[str, Any], mask: str, page: int, size: int
    ) -> Generator[Part, None, int]:
        """Yield what one page holds; return the number of the page that follows, 0 when none does or can be read."""
        try:
            answer = self._ask(endpoint, {**params, "page": page, "page_size": size}, mask)
        except TooLongError as error:
            return (yield from self._smaller(endpoint, params, mask, page, size, error))
        except FetchingError as error:
            if error.status != 404 or page == 1:  # past the end of a list that became shorter since, udata says 404
                yield told(error)
            return 0
        if isinstance(answer, list):  # what udata answered before 2018: the whole list at once
            yield answer
            return 0
        entries = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(entries, list):
            yield Fault(_ODD, endpoint, "Réessayez plus tard.")
            return 0
        total = values.size(answer.get("total"))
        if total is not None:
            yield Announced(total)
        yield entries
        following = _page_number(answer.get("next_page"))
        if answer.get("next_page") and following != page + 1:
            yield Fault("la pagination du portail tourne en rond : la suite n'est pas lue", endpoint)
            return 0
        return following

    def _smaller(
        self, endpoint: str, params: Mapping[str, Any], mask: str, page: int, size: int, error: FetchingError
    ) -> Generator[Part, None, int]:
        """Yield what a page too long holds, in smaller pages; alone, an entry is only named: API v2 tells the rest."""
        if size == 1:
            if mask not in ("", _NAMED_MASK):
                return (yield from self._page(endpoint, params, _NAMED_MASK, page, size))
            yield told(error)
            return 0
        smaller = size // 10 if size % 10 == 0 else 1
        times = size // smaller
        for part in range((page - 1) * times + 1, page * times + 1):
            if not (yield from self._page(endpoint, params, mask, part, smaller)):
                return 0
        return page + 1

    def _ask(self, url: str, params: dict[str, Any] | None, mask: str) -> Any:
        """Return an answer, masked if the portal knows how; one that refuses masks, or empties what it answers, is
        asked without. Raises FetchingError."""
        if mask and self._masked:
            try:
                answer = self.fetcher.json(url, params, self._headers | {"X-Fields": mask})
            except FetchingError as error:
                if error.status != 400:
                    raise
            else:
                if not _is_emptied(answer):
                    return answer
            answer = self.fetcher.json(url, params, self._headers)
            self._masked = False
            return answer
        return self.fetcher.json(url, params, self._headers)


def told(error: FetchingError) -> Fault:
    """Return why udata refused, in our words: its own codes first, else what the fetcher says of the failure."""
    message = _message(error.beginning)
    if error.status == 400 and "window is too large" in message:
        what, remedy = "la recherche du portail ne montre que ses 10 000 premiers résultats", "Précisez la recherche."
    elif error.status == 400 and "must be an identifier" in message:
        what, remedy = "le portail attend un identifiant à la place d'un nom", "Vérifiez l'adresse."
    elif error.status == 400:
        what, remedy = "le portail refuse un des critères de la demande (réponse 400)", "Vérifiez l'adresse."
    elif error.status == 401:
        variable = variable_of(urlsplit(error.where).hostname or "")
        what, remedy = (
            "ces données ne sont montrées qu'à leurs membres (réponse 401)",
            f"Donnez votre clé d'API dans {variable}.",
        )
        if key_for(error.where):
            what, remedy = "le portail refuse votre clé d'API (réponse 401)", f"Vérifiez {variable}."
    elif error.status == 423:
        what, remedy = "le portail est verrouillé pendant un moissonnage", "Réessayez dans quelques minutes."
    elif error.status == 501:
        what, remedy = "la recherche est désactivée sur ce portail", "Donnez l'adresse d'une organisation."
    else:
        what, remedy = error.what, error.remedy
    return Fault(what, error.where, remedy)


def _message(beginning: bytes) -> str:
    """Return the ``message`` of an error's JSON body, "" when it is something else (nginx answers HTML)."""
    try:
        body = json.loads(beginning)
    except (ValueError, RecursionError):
        return ""
    return values.text(body.get("message")) if isinstance(body, dict) else ""


def _is_emptied(answer: Any) -> bool:
    """Return True when a mask made the portal answer entries without their id, or nothing."""
    entries = answer.get("data", [answer]) if isinstance(answer, dict) else answer
    if not isinstance(entries, list) or not entries:
        return False
    return not any(isinstance(entry, dict) and (entry.get("id") or entry.get("slug")) for entry in entries)


def _is_counted(held: Any) -> bool:
    """Return True for resources that API v2 counts (``{"href": …, "total": 3}``), and has some."""
    return isinstance(held, dict) and bool(values.size(held.get("total")))


def _too_many(held: Any, record: Mapping[str, Any]) -> list[Fault]:
    """Return the fault of a dataset with more resources than are kept."""
    if not isinstance(held, list) or len(held) <= MAX_RESOURCES:
        return []
    where = values.web_url(record.get("page")) or values.text(record.get("id"), 100)
    return [Fault(f"ce jeu de données a plus de {MAX_RESOURCES} fichiers : les autres ne sont pas lus", where)]


def _page_number(next_page: Any) -> int:
    """Return the page a ``next_page`` URL asks for, 0 when there is none."""
    if not isinstance(next_page, str):
        return 0
    try:
        asked = parse_qs(urlsplit(next_page).query).get("page", ["0"])[-1]
        return int(asked) if asked.isascii() and len(asked) < 10 else 0
    except ValueError:
        return 0
