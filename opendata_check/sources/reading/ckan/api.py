"""Asks CKAN's action API, and tells in our words the many ways in which it and its imitations refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from opendata_check.fetching import Fetcher, FetchingError, NotJsonError, TooLongError, TooSlowError
from opendata_check.fetching.keys import key_for, variable_of
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan.values import mapping

_LATER = "Réessayez plus tard."
_TYPES = {
    "not found error": "missing",
    "authorization error": "forbidden",
    "validation error": "query",
    "search query error": "query",
    "integrity error": "query",
    "search error": "search",
    "search index error": "search",
}


class CkanError(Exception):
    """An action that gave no result.

    ``kind`` is ``absent`` (the portal has no such action), ``missing`` (no such record), ``forbidden``, ``query`` (the
    parameters are refused), ``search`` (the search engine is down), ``long``, ``slow``, ``shape`` or ``network``.
    """

    def __init__(self, kind: str, fault: Fault, status: int | None = None) -> None:
        super().__init__(fault.line)
        self.kind = kind
        self.fault = fault
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """The action API of one portal."""

    fetcher: Fetcher
    base_url: str
    """Without a final slash: ``https://www.datasud.fr/fr/indexer/service/ckan``."""

    def address(self, action: str) -> str:
        """Return the URL of an action."""
        return f"{self.base_url}/api/3/action/{action}"

    def headers(self) -> dict[str, str]:
        """Return the header that carries the user's key, if there is one for this portal."""
        key = key_for(self.base_url)
        return {"Authorization": key} if key else {}

    def ask(self, action: str, params: dict[str, Any] | None = None) -> Any:
        """Return the ``result`` of an action. Raises CkanError."""
        url = self.address(action)
        try:
            answer = self.fetcher.json(url, params, headers=self.headers())
        except FetchingError as error:
            raise _refusal(error, action, url) from error
        if isinstance(answer, dict) and answer.get("success") is not False and "result" in answer:
            return answer["result"]
        if isinstance(answer, dict | str):
            kind = _kind_of_body(answer)
            if kind:
                raise CkanError(kind, _fault(kind, action, url), 200)
        raise CkanError("shape", _fault("shape", action, url), 200)


def _refusal(error: FetchingError, action: str, url: str) -> CkanError:
    """Return what a failed request means."""
    if isinstance(error, TooLongError):
        return CkanError("long", Fault(error.what, error.where, error.remedy), error.status)
    if isinstance(error, TooSlowError):
        return CkanError("slow", Fault(error.what, error.where, error.remedy), error.status)
    if isinstance(error, NotJsonError):
        return CkanError("absent", Fault(error.what, error.where, error.remedy), error.status)
    kind = _kind_of_bytes(error.beginning)
    if not kind and error.status in (404, 405, 410, 501):
        kind = "absent"  # a web server's own page, Drupal's often
    elif not kind and error.status in (401, 403):
        kind = "forbidden"
    if not kind:
        return CkanError("network", Fault(error.what, error.where, error.remedy), error.status)
    return CkanError(kind, _fault(kind, action, url), error.status)


def _kind_of_bytes(beginning: bytes) -> str:
    """Return what the body of an error says, "" when it is not CKAN's."""
    try:
        return _kind_of_body(json.loads(beginning))
    except (ValueError, RecursionError):  # cut, HTML, or nothing
        text = beginning[:400].decode("utf-8", "replace").lower()
        return next((kind for name, kind in _TYPES.items() if f'"{name}"' in text), "")


def _kind_of_body(answer: Any) -> str:
    """Return what a JSON body says: a bare text, or an object with an ``error``."""
    if isinstance(answer, str):
        return "absent" if "not known" in answer or "Action name" in answer else "query"
    error = mapping(answer).get("error")
    if error is None:
        return ""
    said = error if isinstance(error, str) else values.text(mapping(error).get("message"))
    named = values.text(mapping(error).get("__type")).lower()
    if named in _TYPES:
        return _TYPES[named]
    folded = said.lower()
    for words, kind in (("not found", "missing"), ("denied", "forbidden"), ("solr", "search"), ("search", "search")):
        if words in folded:
            return kind
    return "query"


def _fault(kind: str, action: str, url: str) -> Fault:
    """Return the French words for a refusal."""
    host = url.split("/")[2].partition(":")[0]
    what, remedy = {
        "absent": (f"ce portail n'a pas l'interface attendue ({action})", "Vérifiez l'adresse."),
        "missing": ("ce portail ne connaît pas ce qui est demandé", "Vérifiez l'adresse de la page."),
        "forbidden": (
            "ce portail ne montre cela qu'avec un compte",
            f"Demandez-lui une clé et mettez-la dans la variable {variable_of(host)}.",
        ),
        "query": ("ce portail refuse la demande", "Vérifiez l'adresse de la page."),
        "search": ("le moteur de recherche du portail est en panne", _LATER),
        "shape": ("la réponse du portail n'a pas la forme attendue", _LATER),
    }[kind]
    return Fault(what, values.text(url, 300), remedy)
