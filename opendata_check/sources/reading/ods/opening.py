"""Finds which version of its API an Opendatasoft portal answers with, and gives its first answer."""

from __future__ import annotations

from typing import Any

from opendata_check.fetching import Fetcher, FetchingError, TooLongError
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading.collecting import fault_of
from opendata_check.sources.reading.ods.answers import Answer, Refusal, ask, refusal_in, refusal_of
from opendata_check.sources.reading.ods.pages import entries_of, list_params
from opendata_check.sources.reading.ods.places import VERSIONS, Place
from opendata_check.sources.reading.ods.record import dataset_of
from opendata_check.sources.reading.ods.search import Filters

NOT_ONE = "ce site ne répond pas comme un portail Opendatasoft"


def places(site: str, named: str, *, imitation: bool) -> list[Place]:
    """Return where the API may answer: the richest version, the one an address named, then the others."""
    if imitation:
        return [Place(site, "v1", imitation=True)]
    known = [named] if named in (*VERSIONS, "v2") else []
    return [Place(site, version) for version in dict.fromkeys((VERSIONS[0], *known, *VERSIONS[1:]))]


def first_page(fetcher: Fetcher, tried: list[Place], filters: Filters, size: int) -> tuple[Place, Answer] | Fault:
    """Return the first page of a list and which version gave it, or why there is none."""
    problem: Fault | None = None
    for place in tried:
        params = list_params(place, filters, 0, size)
        if params is None:
            cannot = "l'interface de ce portail ne sait pas faire cette recherche"
            return problem or Fault(cannot, place.site, "Donnez l'adresse de la page de recherche du portail.")
        answer = _answer(fetcher, place.catalogue, params)
        if isinstance(answer, Refusal) and answer.kind == "long" and size > 1:
            return first_page(fetcher, [place], filters, max(1, size // 10))
        if isinstance(answer, Answer):
            if entries_of(answer.value) is not None:
                return place, answer
            answer = refusal_in(answer.value, place.catalogue) or _odd(place)
        if not answer.elsewhere and answer.kind != "absent":
            return answer.fault
        if answer.kind != "absent":
            problem = problem or answer.fault
    return problem or _odd(tried[0]).fault


def only_dataset(fetcher: Fetcher, tried: list[Place], identifier: str) -> tuple[Place, Answer] | Fault:
    """Return the record of one dataset and which version gave it, or why there is none."""
    problem: Fault | None = None
    for place in tried:
        url = place.dataset(identifier)
        params = {"interopmetas": "true", "extrametas": "true"} if place.is_old else {"lang": "fr", "timezone": "UTC"}
        answer = _answer(fetcher, url, params)
        if isinstance(answer, Answer):
            if dataset_of(answer.value, place) is not None:
                return place, answer
            answer = refusal_in(answer.value, url) or _odd(place)
        fault = answer.fault
        if answer.kind == "absent":
            fault = Fault("ce jeu de données n'existe pas sur ce portail", fault.where, "Vérifiez l'adresse.")
        if not answer.elsewhere:
            return fault
        problem = problem or fault
    return problem or _odd(tried[0]).fault


def _answer(fetcher: Fetcher, url: str, params: dict[str, Any]) -> Answer | Refusal:
    """Return what one address answers. An older one is worth asking when a newer is not there, not when it refuses."""
    try:
        return ask(fetcher, url, params)
    except TooLongError as error:
        return Refusal("long", fault_of(error))
    except FetchingError as error:
        return refusal_of(error, url)


def _odd(place: Place) -> Refusal:
    """Return the refusal of a site that answers, but not like such a portal."""
    return Refusal("other", Fault(NOT_ONE, place.site, "Vérifiez l'adresse."), elsewhere=True)
