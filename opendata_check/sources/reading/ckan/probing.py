"""Where the action API of CKAN, or of what imitates it, may stand behind a page, and whether it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.sources.interface import Page
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan.api import Api
from opendata_check.sources.reading.ckan.scope import Scope, of_page
from opendata_check.sources.reading.ckan.values import mapping

ONEGEO_PATH = "/fr/indexer/service/ckan"
_GENERATOR = re.compile(r"<meta\s(?=[^>]{0,200}generator)[^>]{0,200}content=[\"']ckan\s?([\d.]{0,12})", re.IGNORECASE)
_SITE_ROOT = re.compile(
    r"(?:data-site-root=[\"']|<meta\s+name=[\"']site-root[\"']\s+content=[\"'])(https?://[^\"'\s]{1,300})",
    re.IGNORECASE,
)
_BACK_OFFICE = re.compile(r"https://[\w-]{1,60}\.data4citizen\.com(?![\w.-])", re.IGNORECASE)
_DKAN = re.compile(r"/profiles/dkan/|\bdkan_[a-z]+|\bDKAN\b")
_ONEGEO = re.compile(r"onegeo[-_ ]?suite|/indexer/service/ckan", re.IGNORECASE)
_FILES = re.compile(r"/webassets/(?:base|ckan|vendor)/|ckan-footer-logo|\bckan-icon\b")
_SIGNS = (
    (re.compile(r"data-site-root=|name=\"site-root\"|data-locale-root="), "la page porte les marques de CKAN"),
    (_FILES, "la page charge les fichiers de CKAN"),
    (re.compile(r"/api/3/action/|/api/action/package_"), "la page cite l'interface /api/3/action"),
    (_DKAN, "la page porte les marques de DKAN"),
    (_ONEGEO, "la page porte les marques de OneGeo Suite"),
    (_BACK_OFFICE, "la page cite un dépôt CKAN de Data4Citizen"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An action API that answered."""

    base_url: str
    software: str = ""
    title: str = ""


def sign_of(page: Page) -> str:
    """Return French words for what makes a page look like CKAN's or an imitation's, "" when nothing does."""
    generator = _GENERATOR.search(page.text)
    if generator:
        return f"la page se dit produite par CKAN {generator[1]}".strip()
    if re.fullmatch(r'\s*\{"version":\s*[123]\}\s*', page.text) and page.final_url.rstrip("/").endswith(
        ("/api/3", "/api")
    ):
        return "la page donne la version de l'interface de CKAN"
    return next((words for sign, words in _SIGNS if sign.search(page.text)), "")


def found_behind(page: Page, fetcher: Fetcher) -> tuple[Answer, Scope] | None:
    """Return the portal behind a page and what the page stands for, None when no interface answers (two requests)."""
    _, scope = of_page(page.final_url)
    for base_url, action in _tries(page):
        answer = _asked(Api(fetcher, base_url), action)
        if answer is not None:
            return answer, scope
    return None


def _tries(page: Page) -> list[tuple[str, str]]:
    """Return the two likeliest requests: an address and an action.

    An imitation has no status_show; CKAN always has one, and its search is a second way to see it.
    """
    bases = list(dict.fromkeys(base for base in _bases(page) if base))
    if _DKAN.search(page.text):
        return [(bases[0], "package_list"), (bases[0], "status_show")]
    if bases[0].endswith(ONEGEO_PATH):
        return [(bases[0], "package_search"), (bases[1], "status_show")]
    return [(bases[0], "status_show"), (bases[1], "status_show") if len(bases) > 1 else (bases[0], "package_search")]


def _bases(page: Page) -> Iterator[str]:
    """Yield the addresses under which the API may be, the likeliest first."""
    origin = "/".join(page.final_url.split("/")[:3]).split("?")[0]
    back_office = _BACK_OFFICE.search(page.text)
    if back_office:
        yield back_office[0].lower()
    root = _SITE_ROOT.search(page.text)
    if root and root[1].rstrip("/").startswith(origin):
        yield root[1].rstrip("/")
    if _ONEGEO.search(page.text) or "/explorer/" in page.final_url:
        yield origin + ONEGEO_PATH
    yield of_page(page.final_url)[0]
    yield origin


def _asked(api: Api, action: str) -> Answer | None:
    """Return what the API says of itself, None when what answers is no action API."""
    params = "?rows=1" if action == "package_search" else ""
    try:
        seen = api.fetcher.look(f"{api.address(action)}{params}", headers=api.headers())
    except FetchingError:
        return None
    value = _value(seen.data)
    if not _is_action_api(value):
        return None
    result = mapping(mapping(value).get("result"))
    version = values.text(result.get("ckan_version"), 20)
    known = action == "status_show" and seen.status == 200
    software = f"CKAN {version}".strip() if known else ""
    return Answer(api.base_url, software, values.text(result.get("site_title"), 200))


def _value(data: bytes) -> Any:
    """Return the JSON of an answer; of one longer than what was looked at, whether it says it succeeded."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        succeeded = re.match(rb'\s*\{\s*"help":.{0,2000}?"success":\s*true,\s*"result":', data[:3000], re.DOTALL)
        return {"success": True, "result": {}} if succeeded else None


def _is_action_api(value: Any) -> bool:
    """Return True for CKAN's envelope, an error's too, and for its bare text when it does not know an action."""
    if isinstance(value, str):
        return value.startswith("Bad request")
    answer = mapping(value)
    return isinstance(answer.get("success"), bool) and ("result" in answer or "error" in answer)
