"""What an answer tells of a file: there, not there, not yet, or unknown; and whether it is what was announced.

Success is 200 to 299 and the file itself: not a firewall's page, a login form, a home page, a « not found » page, nor a
page where data were announced. One check is one moment seen from one place, and « unavailable » accuses somebody: what
may be ours or may pass (429, time-outs, cut connections, 502, 503, 504: all of a server that is busy or behind one that
is) is « unknown »; the crawler of data.gouv.fr, which comes back, says « unavailable » of these. A 500 that stays after
another try is of the resource itself, and a closed port or an unknown name are answers: unavailable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime

from opendata_check.fetching import pages
from opendata_check.fetching.announced import announced_format, is_data, size_differs, type_differs
from opendata_check.fetching.document import Look
from opendata_check.fetching.errors import FetchingError, status_error
from opendata_check.fetching.observing import Seen, is_success
from opendata_check.model.availability import Availability

_REFUSED = frozenset({"private_address", "file_address", "password_in_address"})
# Failures that say for certain that the file cannot be had.
_SURE = frozenset(
    {
        "bad_address", "dns", "connection_refused", "bad_certificate", "tls", "too_many_redirects", "bad_encoding",
        "huge_headers",
    }
)  # fmt: skip
_PASSING = frozenset({502, 503, 504})
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
    if asked.asynchronous and (status == 202 or _is_pending(look)):
        return "not_ready", "asynchronous"
    if status == 202:
        return "not_ready", "http_202"
    page = pages.page_of(look.data) if pages.is_html(look.data) else None
    if page is not None and pages.is_firewall(page, look.headers):
        return "unavailable", "waf_page"
    if status in (204, 205):
        return "unavailable", "empty"
    if not is_success(status):
        return ("unknown" if status in _PASSING or status < 400 else "unavailable"), f"http_{status}"
    if page is not None:
        ground = _wrong_page(asked, look, page, data_announced=is_data(announced))
        return ("unavailable", ground) if ground else ("available", "ok")
    return ("unavailable", "empty") if look.total_size == 0 else ("available", "ok")


def _wrong_page(asked: Asked, look: Look, page: pages.Page, *, data_announced: bool) -> str:
    """Return on what ground a page sent with a success is not what was asked for, "" when it may be."""
    if pages.leads_to_login(asked.url, look.final_url) or (data_announced and pages.has_password_field(page)):
        return "login_page"
    if pages.leads_home(asked.url, look.final_url):
        return "home_page"
    if pages.is_not_found(page):
        return "soft_404"
    return "html_instead" if data_announced else ""


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
        final_url=look.final_url,
        media_type=look.media_type,
        byte_size=look.total_size if is_success(look.status) else None,
        last_modified=_day(look.headers.get("last-modified", "")),
    )


def _of_error(error: FetchingError) -> Availability:
    """Return what the lack of any answer tells."""
    if error.ground in _REFUSED:
        state = "refused"
    elif error.ground in _SURE:
        state = "unavailable"
    else:
        state = "unknown"
    return Availability(state, ground=error.ground, detail=error.what, status=error.status)


def _day(value: str) -> date | None:
    """Return the day of an HTTP date, None when it says nothing likely."""
    try:
        day = parsedate_to_datetime(value).date()
    except (TypeError, ValueError, OverflowError):
        return None
    return day if 1990 <= day.year <= 2200 else None
