"""What an answer tells of a file: there, not there, not yet, or unknown; and whether it is what was announced.

Success is 200 to 299 and the file itself: not a firewall's page, a login form, a home page, a « not found » page, nor a
page where data were announced. One check is one moment seen from one place, and « unavailable » accuses somebody: what
may pass (429, time-outs, cut connections, ``errors.PASSING``) or may be ours (the proxy, no way to the server, no name
that is found, an authority that only our inspecting firewall has) is « unknown »; the crawler of data.gouv.fr, which
comes back, says « unavailable » of these. A 500 that stays after another try is of the resource itself, and a closed
port or an unknown name are answers: unavailable. A service that is asked nothing may say nothing, or not understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from opendata_check.fetching import pages
from opendata_check.fetching.announced import announced_format, is_data, is_service, size_differs, type_differs
from opendata_check.fetching.dates import http_date
from opendata_check.fetching.document import Look
from opendata_check.fetching.errors import PASSING, FetchingError, InsecureError, proxy_failure, status_error
from opendata_check.fetching.observing import Seen, is_success
from opendata_check.fetching.secrecy import clean_url
from opendata_check.model.availability import Availability

_REFUSED = frozenset({"private_address", "file_address", "password_in_address"})
# Failures that say for certain that the file cannot be had.
_SURE = frozenset({"bad_address", "dns", "connection_refused", "tls", "too_many_redirects", "bad_encoding"})
_SURE_FLAWS = frozenset({"expired", "self_signed", "wrong_name", "revoked"})
_NOT_A_QUESTION = frozenset({401, 403, 404, 410, 451})
"""What even a service says for certain to whoever asks it nothing."""
_PENDING = re.compile(rb'"status"\s*:\s*"(pending|in_?progress|processing|queued|exporting|stale)', re.IGNORECASE)
_PREPARED = re.compile(rb"being (generated|created|prepared)|in progress", re.IGNORECASE)

_DETAILS = {
    "ok": "le fichier peut être téléchargé",
    "asynchronous": "le serveur fabrique ce fichier à la demande : il n'est pas encore prêt",
    "http_202": "le serveur prépare ce fichier, qui n'est pas encore prêt (réponse 202)",
    "waf_page": "le pare-feu du site répond une page de blocage : un programme ne peut pas télécharger ce fichier",
    "login_page": "l'adresse mène à une page de connexion : le fichier n'est pas public",
    "home_page": "l'adresse renvoie à une page d'accueil au lieu du fichier",
    "html_instead": "le serveur envoie une page web au lieu du fichier annoncé",
    "soft_404": "le serveur envoie une page qui dit que le fichier n'existe pas",
    "empty": "le fichier est vide",
    "nothing": "le serveur répond sans rien envoyer",
    "proxy": proxy_failure("", locked=True).what,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An address to check, with what its catalogue announces."""

    url: str
    announced_type: str = ""
    """Format or media type, as written (``csv``, ``text/csv``)."""
    announced_size: int | None = None
    asynchronous: bool = False
    """True when the server makes the file on request (ArcGIS Hub): it then says « not ready » in several ways."""


def judge(asked: Asked, seen: Seen) -> Availability:
    """Return what was seen, judged against what was announced."""
    if seen.error is not None:
        return _of_error(seen.error)
    look = seen.look
    assert look is not None
    announced = announced_format(asked.announced_type, asked.url)
    state, ground = _verdict(asked, look, announced)
    found = _described(look, state, ground)
    if state != "available":
        return found
    return replace(
        found,
        type_differs=type_differs(announced, look.media_type, look.data),
        size_differs=size_differs(asked.announced_size, found.byte_size),
    )


def _verdict(asked: Asked, look: Look, announced: str) -> tuple[str, str]:
    """Return the state and the ground of an answer."""
    status = look.status
    if status == 429:
        return "unknown", "rate_limited"
    if status == 407:
        return "unknown", "proxy"
    if asked.asynchronous and (status == 202 or _is_pending(look)):
        return "not_ready", "asynchronous"
    if status == 202:
        return "not_ready", "http_202"
    page = pages.page_of(look.data) if pages.is_html(look.data) else None
    if page is not None and status not in (404, 410):
        doubtful = status in PASSING or (is_success(status) and not is_data(announced))
        if pages.is_firewall(page, look.headers, doubtful=doubtful):
            return "unavailable", "waf_page"
    service = is_service(announced)
    if not is_success(status):
        passes = status < 400 or status in PASSING or (service and status not in _NOT_A_QUESTION)
        return ("unknown" if passes else "unavailable"), f"http_{status}"
    if page is not None:
        ground = _wrong_page(asked, look, page, announced)
        return ("unavailable", ground) if ground else ("available", "ok")
    empty = status in (204, 205) or look.total_size == 0
    return ("unavailable", "empty") if empty and not service else ("available", "ok")


def _wrong_page(asked: Asked, look: Look, page: pages.Page, announced: str) -> str:
    """Return on what ground a page sent with a success is not what was asked for, "" when it may be."""
    if pages.is_office_file(page, announced, look.media_type):
        return ""
    if pages.leads_to_login(asked.url, look.final_url):
        return "login_page"
    if pages.leads_home(asked.url, look.final_url, page_announced=not is_data(announced)):
        return "home_page"
    if pages.is_not_found(page):
        return "soft_404"
    if not is_data(announced):
        return ""
    return "login_page" if pages.has_password_field(page) else "html_instead"


def _is_pending(look: Look) -> bool:
    """Return True when the body of an asynchronous download says that it is being made, whatever its status."""
    beginning = look.data[:2000]
    return bool(_PENDING.search(beginning)) or (look.status >= 400 and bool(_PREPARED.search(beginning)))


def _described(look: Look, state: str, ground: str) -> Availability:
    """Return an answer as a value."""
    detail = _DETAILS.get(ground)
    if detail is None and look.status >= 400:
        detail = status_error(look.status, "").what
    return Availability(
        state,
        ground=ground,
        detail=detail or _DETAILS["nothing"],
        status=look.status,
        final_url=clean_url(look.final_url),
        media_type=look.media_type,
        byte_size=look.total_size if is_success(look.status) else None,
        last_modified=_day(look.headers.get("last-modified", "")),
    )


def _of_error(error: FetchingError) -> Availability:
    """Return what the lack of any answer tells."""
    if error.ground in _REFUSED:
        state = "refused"
    elif error.ground in _SURE or (isinstance(error, InsecureError) and error.flaw in _SURE_FLAWS):
        state = "unavailable"
    else:
        state = "unknown"
    return Availability(state, ground=error.ground, detail=error.what, status=error.status)


def _day(value: str) -> date | None:
    """Return the day of an HTTP date, None when it says nothing likely."""
    found = http_date(value)
    return found.date() if found and 1990 <= found.year <= 2200 else None
