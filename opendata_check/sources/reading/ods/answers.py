"""Asks an Opendatasoft API one thing, and tells in our words why it refuses: quota, private portal, odd search.

The bodies of its errors are in the official OpenAPI: ``{error_code, message}``, and for a spent quota
``{errorcode: 10002, reset_time, call_limit…}``; a 200 may hold either. What they say is never repeated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from opendata_check.fetching import Document, Fetcher, FetchingError, NotJsonError, TooLongError, key_for
from opendata_check.fetching.keys import variable_of
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.charsets import text_encoding
from opendata_check.sources.reading.collecting import fault_of

LONGEST_ANSWER = 20 * 1024 * 1024
"""Bytes of one page of a list: json.loads takes some five times as many in memory."""
_LARGEST_VALUE = 250 * 1024 * 1024
_OBJECT, _LIST, _ITEM = 240, 88, 24
"""Bytes that each takes in memory, at most: a page of nothing but brackets takes fifty times its length."""
_SPENT = 10002
_WINDOW = "InvalidRESTParameterError"
_ABSENT = frozenset({"NotFoundResource", "UnknownDataset"})
_PRIVATE = frozenset({"ForbiddenAccess", "Unauthorized", "AuthenticationRequired"})
_ELSEWHERE = frozenset({404, 405, 406, 410, 500, 501})
"""Statuses by which a server says that it has no such interface; it may have an older one."""


class WebPageError(NotJsonError):
    """A web page came where JSON was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer and what the server says of the requests that are left."""

    value: Any
    where: str
    remaining: int | None = None
    reset: str = ""

    @property
    def is_last(self) -> bool:
        """Return True when the portal takes no further request."""
        return self.remaining == 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the portal does not give what was asked."""

    kind: str
    """``quota``, ``private``, ``absent``, ``parameter``, ``query``, ``long``, ``window`` or ``other``."""
    fault: Fault
    elsewhere: bool = False
    """True when an older interface of the same portal may answer."""


def credentials(url: str) -> dict[str, str]:
    """Return the header that carries the user's key to the host of ``url``, when there is one."""
    key = key_for(url)
    return {"Authorization": f"Apikey {key}"} if key else {}


def ask(fetcher: Fetcher, url: str, params: dict[str, Any]) -> Answer:
    """Return the JSON at ``url``. Raises FetchingError; TooLongError for an answer that would fill the memory."""
    with fetcher.document(url, params, accept="application/json", headers=credentials(url)) as got:
        if got.byte_size > LONGEST_ANSWER or _weight(got) > _LARGEST_VALUE:
            raise TooLongError("la réponse est trop longue", where=shown_url(got.final_url))
        value = parsed(got)
        remaining = values.size(got.headers.get("x-ratelimit-remaining"))
        return Answer(value, shown_url(got.final_url), remaining, got.headers.get("x-ratelimit-reset", "")[:60])


def _weight(got: Document) -> int:
    """Return how many bytes the value of a JSON document takes in memory beside its texts, roughly."""
    raw = got.path.read_bytes()
    return raw.count(b"{") * _OBJECT + raw.count(b"[") * _LIST + raw.count(b",") * _ITEM


def parsed(got: Document) -> Any:
    """Return the JSON of a document, in Unicode or in the charset it is said to be in. Raises NotJsonError."""
    where = shown_url(got.final_url)
    raw = got.path.read_bytes()
    if raw.lstrip()[:1] == b"<":
        raise WebPageError("le serveur a répondu une page web au lieu de données", where=where)
    try:
        try:
            return json.loads(raw, parse_constant=lambda _: None)
        except UnicodeDecodeError:
            said = text_encoding(got.charset)
            text = raw.decode("cp1252" if said in ("", "utf-8") else said, "replace")
            return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(
            "la réponse est incomplète ou illisible", where=where, remedy="Réessayez plus tard."
        ) from error


def refusal_of(error: FetchingError, url: str) -> Refusal:
    """Return why a request failed; ``url`` is what was asked."""
    told = refusal_in(object_in(error.beginning), url, error.status)
    if told is not None:
        return told
    if error.status in (401, 403):
        return Refusal("private", _private(url))
    if error.status == 410:
        gone = Fault("ce portail ne donne plus la liste de ses jeux de données par cette interface", error.where)
        return Refusal("other", gone, elsewhere=True)
    absent = error.status == 404 or isinstance(error, WebPageError)
    return Refusal("absent" if absent else "other", fault_of(error), elsewhere=absent or error.status in _ELSEWHERE)


def object_in(beginning: bytes) -> Any:
    """Return the JSON object that the first bytes of an answer are, None when they are none or only a part of one."""
    if beginning.lstrip()[:1] != b"{":
        return None
    try:
        return json.loads(beginning)
    except (ValueError, RecursionError):
        return None


def refusal_in(value: Any, url: str, status: int | None = None) -> Refusal | None:
    """Return the refusal that an answer holds in the API's own form, None when it holds none."""
    if not isinstance(value, dict) or not value.keys() & {"error_code", "errorcode", "error"}:
        return None
    code = values.text(value.get("error_code"), 100)
    number = values.size(value.get("errorcode"))
    if number == _SPENT or (value.get("reset_time") and value.get("call_limit")):
        return Refusal("quota", spent(url, values.text(value.get("reset_time"), 60)))
    where = shown_url(url)
    if code in _PRIVATE or status in (401, 403):
        return Refusal("private", _private(url))
    if code in _ABSENT or status == 404:
        absent = Fault("le portail ne connaît pas cette adresse", where, "Vérifiez l'adresse.")
        return Refusal("absent", absent, elsewhere=code not in _ABSENT)
    if code.startswith("ODSQL"):
        odd = Fault("le portail ne comprend pas cette recherche", where, "Vérifiez les filtres de l'adresse.")
        return Refusal("query", odd)
    kind = "parameter" if code == _WINDOW else "other"
    return Refusal(kind, Fault("le portail refuse la demande", where, "Réessayez plus tard."))


def spent(url: str, reset: str) -> Fault:
    """Return the fault of a quota that is used up, with when it opens again."""
    when = _moment(reset)
    wait = f"Recommencez après le {when}" if when else "Recommencez demain"
    return Fault(
        "le nombre de demandes que ce portail accepte par jour est atteint : la suite n'est pas lue",
        shown_url(url),
        f"{wait}, ou donnez une clé d'accès dans la variable {_variable(url)}.",
    )


def _moment(written: str) -> str:
    """Return when a quota opens again, in French, "" when it cannot be read."""
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return ""
    if not 2000 <= moment.year <= 2200:
        return ""
    from opendata_check.wording import french_date

    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{french_date(moment.date())} à {moment.hour} h {moment.minute:02} (temps universel)"


def _private(url: str) -> Fault:
    """Return the fault of a portal, or of a dataset, that is not open to everybody."""
    return Fault(
        "ce portail n'est pas public : il demande une clé d'accès",
        shown_url(url),
        f"Donnez-la dans la variable {_variable(url)}.",
    )


def _variable(url: str) -> str:
    """Return the environment variable where a key to the portal is looked for."""
    return variable_of(urlsplit(url).hostname or "")
