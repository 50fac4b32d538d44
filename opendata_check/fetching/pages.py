"""What a web page that comes in place of data is: a firewall's, a login form, a home page, a « not found »."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from opendata_check.folding import fold

_SHORT_PAGE = 600
"""Visible characters: a page of firewall or of error says little else."""
_TAGS = re.compile(
    r"<(script|style|noscript|template)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)|<[^<>]*>?", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title[^>]{0,500}>(.{0,500}?)</title", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"<h1[^>]{0,500}>(.{0,1000}?)</h1", re.DOTALL | re.IGNORECASE)
_PASSWORD_FIELD = re.compile(r"<input\b[^>]{0,1000}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_HTML_START = re.compile(
    rb"\A(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}>\s*)?(<!--(?:(?!-->).){0,2000}-->\s*)*"
    rb"<(!doctype\s+html|html\b|head\b|body\b|title\b|meta\s|script\b)",
    re.IGNORECASE | re.DOTALL,
)
# Programs that « save as Excel » write a page, which Excel opens.
_OFFICE = {"xls": "excel", "xlsx": "excel", "ods": "excel", "doc": "word", "docx": "word"}
_OFFICE_TYPES = frozenset({"application/vnd.ms-excel", "application/msexcel", "application/msword"})

# Texts are compared once folded: no accent, no capital.
_FIREWALL = re.compile(
    r"request rejected|requested url was rejected|support id is|incident id|^attention required|^just a moment"
    r"|checking your browser|verif\w+ (you are|que vous etes) (a )?(human|humain)"
    r"|prouve\w* que vous etes (un )?humain|are you (a )?(human|robot)|etes.vous un (humain|robot)"
    r"|unusual traffic|trafic inhabituel|enable javascript and cookies to continue|you have been blocked"
    r"|vous avez ete bloque|cloudflare ray id|human verification",
    re.MULTILINE,
)
# What a page may well say of something else.
_PERHAPS_FIREWALL = re.compile(
    r"access denied|acces refuse|acces bloque|attention required|just a moment|(?<!by re)(?<!par re)captcha|ddos"
    r"|web application firewall|pare-feu applicatif|security check|controle de securite|sucuri|imperva|incapsula"
)
_FIREWALL_SOURCE = re.compile(r"_incapsula_resource|window\._cf_chl_opt|/_sec/cp_challenge|ddos-guard", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"(erreur|error|http)\W{0,3}404|^404\W*$|404\W{1,3}(not found|page|erreur|error|fichier|introuvable)"
    r"|(page|document|fichier|ressource|contenu|donnees?|dataset|jeu de donnees) "
    r"(est |demandee? )*(introuvable|inexistante?|non trouvee?)"
    r"|(page|document|fichier|ressource|contenu|donnees?)( \w+){0,6} "
    r"(n'existe (pas|plus)|n'est plus disponible|a ete supprimee?|n'a pas ete trouvee?)"
    r"|(page|file|document|resource)( \w+){0,3} (not found|cannot be found|could not be found)"
    r"|^not found\b|no longer (exists|available)"
)
# Whole parts of a path: « /login-des-associations » is none.
_LOGIN = re.compile(
    r"/(log-?in|log_in|sign-?in|sign_in|connexion|se-connecter|authentification|auth|authn|sso|saml2?|oauth2?|openid"
    r"|openid-connect|adfs|idp|shibboleth\.sso|shibboleth|wp-login|logon)(\.\w{1,5})?(?=[/;]|$)",
    re.IGNORECASE,
)
_LOGIN_HOST = re.compile(r"(login|signin|connexion|auth|sso|idp|openid|adfs)\.", re.IGNORECASE)
_HOME = re.compile(r"/*((fr|fr-fr|fr_fr|en)/*)?((index|accueil|home|default|welcome)(\.\w{2,5})?/*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What shows of a web page."""

    title: str
    headings: str
    text: str
    """The beginning of what is visible."""
    short: bool
    source: str

    @property
    def titles(self) -> str:
        """Return the title and the headings, folded, a line each."""
        return f"{self.title}\n{self.headings}"


def is_html(data: bytes) -> bool:
    """Return True when bytes begin as a web page does, whatever the server calls them."""
    return bool(_HTML_START.match(data[:4096]))


def page_of(data: bytes) -> Page:
    """Return what shows of a web page."""
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:  # the beginning of a page may stop in the middle of a character
        source = data.decode("utf-8", "ignore") if error.start > len(data) - 4 else data.decode("cp1252", "replace")
    visible = " ".join(html.unescape(_TAGS.sub(" ", source)).split())
    title = _TITLE.search(source)
    headings = [fold(html.unescape(_TAGS.sub(" ", one))) for one in _HEADING.findall(source)[:5]]
    return Page(
        fold(html.unescape(title[1])) if title else "",
        "\n".join(headings),
        fold(visible),
        len(visible) < _SHORT_PAGE,
        source,
    )


def is_office_file(page: Page, announced: str, media_type: str) -> bool:
    """Return True for a page that an office program takes for one of its files, when such a file was announced."""
    program = _OFFICE.get(announced)
    if program is None:
        return False
    source = page.source.lower()
    return f"urn:schemas-microsoft-com:office:{program}" in source or (
        media_type in _OFFICE_TYPES and "<table" in source
    )


def is_firewall(page: Page, headers: Mapping[str, str], *, doubtful: bool) -> bool:
    """Return True for the page with which a firewall answers a robot.

    ``doubtful`` asks for words that such pages alone say: nothing else tells that this one is not what was wanted.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if not page.short:
        return bool(re.match(r"just a moment|attention required! \| cloudflare|request rejected", page.title))
    said = f"{page.titles}\n{page.text}"
    if _FIREWALL.search(said) or _FIREWALL_SOURCE.search(page.source):
        return True
    return not doubtful and bool(_PERHAPS_FIREWALL.search(said))


def is_not_found(page: Page) -> bool:
    """Return True for a page that says there is nothing there, though its status says success."""
    said = f"{page.titles}\n{page.text}" if page.short else page.titles
    return any(_NOT_FOUND.search(line) for line in said.splitlines())


def has_password_field(page: Page) -> bool:
    """Return True when a page asks for a password."""
    return bool(_PASSWORD_FIELD.search(page.source))


def leads_to_login(asked: str, final: str) -> bool:
    """Return True when a redirect led from something else to a login page."""
    return asked != final and _is_login(final) and not _is_login(asked)


def leads_home(asked: str, final: str, *, page_announced: bool) -> bool:
    """Return True when a redirect led from a page in the depth of a site to a home page.

    Where a page was announced, that of another site, or one that a question or a fragment chooses, may be the one.
    """
    there, here = _parts(final), _parts(asked)
    if asked == final or not _HOME.fullmatch(there.path) or _HOME.fullmatch(here.path):
        return False
    return not page_announced or (_site(there) == _site(here) and not there.query and not there.fragment)


def _is_login(url: str) -> bool:
    parts = _parts(url)
    return bool(_LOGIN.search(parts.path) or _LOGIN_HOST.match(_site(parts)))


def _site(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
