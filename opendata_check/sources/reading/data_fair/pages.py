"""Asks data-fair's API: one record, or a list slice after slice within its window of 10 000; says in our words why it
refused (data-fair tells its errors in plain text)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from opendata_check.fetching import Fetcher, FetchingError, TooLongError, key_for
from opendata_check.fetching.keys import variable_of
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import Announced

WINDOW = 10_000
"""data-fair refuses ``size + skip`` beyond it."""
MAX_SLICES = 2_000
SELECT = (
    "id,slug,title,description,summary,keywords,topics,license,frequency,spatial,temporal,timePeriod,creator,origin,"
    "conformsTo,createdAt,updatedAt,dataUpdatedAt,modified,status,file,originalFile,remoteFile,storage,schema,count,"
    "bbox,isMetaOnly,isRest,isVirtual,extensions,attachments,completeness"
)
"""The fields that dataset_of reads; ``owner``, ``page``, ``href``, ``visibility`` and ``public`` come by themselves."""
_LIGHT = "id,slug,title,license,frequency,createdAt,updatedAt,dataUpdatedAt,file,originalFile,count,isRest,isMetaOnly"
_ODD = "la réponse du portail n'a pas la forme attendue"

Part = list[Any] | Fault | Announced


@dataclass
class Reader:
    """A data-fair API, asked within limits."""

    fetcher: Fetcher
    api: str
    _headers: dict[str, str] = field(default_factory=dict)
    _selects: bool = True

    def __post_init__(self) -> None:
        key = key_for(self.api)
        if key:
            self._headers["x-apiKey"] = key

    def json(self, url: str, params: dict[str, Any] | None = None) -> Any:
        """Return whatever stands at ``url``. Raises FetchingError."""
        return self.fetcher.json(url, params, self._headers)

    def slices(self, endpoint: str, params: Mapping[str, Any], *, page_size: int) -> Iterator[Part]:
        """Yield what the portal announces and the entries of each slice; a Fault comes last when the list broke off.

        A list longer than the window is read from its other end too, which doubles it.
        """
        forth = {**params, "sort": "createdAt:1,id:1"}
        total, is_whole = yield from self._one_way(endpoint, forth, page_size, WINDOW)
        if not is_whole or total <= WINDOW:
            return
        back = {**params, "sort": "createdAt:-1,id:-1"}
        total, is_whole = yield from self._one_way(endpoint, back, page_size, min(WINDOW, total - WINDOW))
        if is_whole and total > 2 * WINDOW:
            yield Fault(f"le portail ne laisse lire que {2 * WINDOW} de ses {total} jeux de données", endpoint)

    def _one_way(
        self, endpoint: str, params: Mapping[str, Any], page_size: int, most: int
    ) -> Generator[Part, None, tuple[int, bool]]:
        """Yield at most the first ``most`` entries of a sorted list; return how many there are in all, and whether
        those that were wanted came. A slice too long is asked for again in smaller ones, an entry with less of it."""
        skip, size, select, first = 0, page_size, SELECT, None
        for _ in range(MAX_SLICES):
            try:
                answer = self._ask(endpoint, {**params, "skip": skip, "size": min(size, most - skip)}, select)
            except TooLongError as error:
                if select == _LIGHT:
                    yield told(error)
                    return 0, False
                size, select = (max(1, size // 4), SELECT) if size > 1 else (1, _LIGHT)
                continue
            except FetchingError as error:
                yield told(error)
                return 0, False
            entries = answer.get("results") if isinstance(answer, dict) else None
            if not isinstance(entries, list):
                yield Fault(_ODD, endpoint, "Réessayez plus tard.")
                return 0, False
            total = values.size(answer.get("count"))
            if total is not None:
                yield Announced(total)
            key = _key(entries)
            if skip and key and key == first:
                yield Fault("la pagination du portail tourne en rond : la suite n'est pas lue", endpoint)
                return 0, False
            if select == _LIGHT:
                yield Fault(f"la fiche « {key} » est trop longue : seul l'essentiel en est lu", endpoint)
            yield entries
            skip, first = skip + len(entries), key
            if not entries or skip >= min(most, total or most) or (total is None and len(entries) < size):
                return total or 0, True
            size, select = min(page_size, size * 4), SELECT
        yield Fault(f"la liste est donnée en plus de {MAX_SLICES} morceaux : la suite n'est pas lue", endpoint)
        return 0, False

    def _ask(self, endpoint: str, params: dict[str, Any], select: str) -> Any:
        """Return one slice, with only the fields that are read unless the portal refuses that. Raises FetchingError."""
        if not self._selects:
            return self.json(endpoint, params)
        try:
            return self.json(endpoint, params | {"select": select})
        except FetchingError as error:
            if error.status != 400 or is_back_office(error) or b"size + skip" in error.beginning:
                raise
        answer = self.json(endpoint, params)
        self._selects = False
        return answer


def _key(entries: list[Any]) -> str:
    """Return the id of the first entry, "" when it has none."""
    return values.text(entries[0].get("id"), 100) if entries and isinstance(entries[0], dict) else ""


def is_back_office(error: FetchingError) -> bool:
    """Return True when the host is that of the administration, which has no catalogue of its own."""
    return error.status == 400 and b"publication site" in error.beginning


def told(error: FetchingError) -> Fault:
    """Return why data-fair refused, in our words: its own texts first, else what the fetcher says of the failure."""
    if is_back_office(error):
        what = "cette adresse est celle de l'administration, qui n'a pas de catalogue public"
        remedy = "Donnez l'adresse du portail public."
    elif error.status == 400 and b"size + skip" in error.beginning:
        what, remedy = "le portail ne laisse lire que le début de sa liste", "Précisez la recherche."
    elif error.status == 400:
        what, remedy = "le portail refuse un des critères de la demande (réponse 400)", "Vérifiez l'adresse."
    elif error.status in (401, 403):
        variable = variable_of(urlsplit(error.where).hostname or "")
        what = f"le portail ne montre pas ces données à tout le monde (réponse {error.status})"
        remedy = f"Donnez votre clé d'API dans {variable}."
        if key_for(error.where):
            what, remedy = f"le portail refuse votre clé d'API (réponse {error.status})", f"Vérifiez {variable}."
    elif error.status == 409:
        what, remedy = "ce jeu de données est en cours de traitement sur le portail", "Réessayez dans quelques minutes."
    elif error.status == 429:
        what = "le portail limite le nombre ou le coût des demandes (réponse 429)"
        remedy = error.remedy if error.retry_after else "Réessayez dans une minute."
    else:
        what, remedy = error.what, error.remedy
    return Fault(what, error.where, remedy)
