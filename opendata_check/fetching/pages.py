"""What a web page that comes in place of data is: a firewall's, a login form, a home page, a « not found »."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from opendata_check.folding import fold

_SHORT_PAGE = 600
"""Visible characters: a page of firewall or of error says little else."""
_TAGS = re.compile(r"<(script|style|noscript|template)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)|<[^<>]*>?", re.DOTALL)
_TITLE = re.compile(r"<title[^>]{0,500}>(.{0,500}?)</title", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"<h[12][^>]{0,500}>(.{0,1000}?)</h[12]", re.DOTALL | re.IGNORECASE)
_PASSWORD_FIELD = re.compile(r"<input\b[^>]{0,1000}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_HTML_START = re.compile(
    rb"\A(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}>\s*)?(<!--(?:(?!-->).){0,2000}-->\s*)*"
    rb"<(!doctype\s+html|html\b|head\b|body\b|title\b|meta\s|script\b)",
    re.IGNORECASE | re.DOTALL,
)

# Texts are compared once folded: no accent, no capital.
_FIREWALL = re.compile(
    r"request rejected|requested url was rejected|support id is|incident id|access denied|acces refuse|acces bloque"
    r"|attention required|just a moment|checking your browser|verif\w+ (you are|que vous etes) (a )?(human|humain)"
    r"|are you (a )?(human|robot)|etes.vous un (humain|robot)|captcha|ddos|web application firewall|pare-feu applicatif"
    r"|unusual traffic|trafic inhabituel|security check|controle de securite|enable javascript and cookies to continue"
    r"|you have been blocked|vous avez ete bloque|sucuri|imperva|incapsula|cloudflare ray id|human verification"
)
_FIREWALL_SOURCE = re.compile(r"_incapsula_resource|window\._cf_chl_opt|/_sec/cp_challenge|ddos-guard", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"(erreur|error|http)\W{0,3}404|^404\b|404\W{1,3}(not found|page|erreur|error|fichier|introuvable)"
    r"|(page|document|fichier|ressource|contenu|donnees?|dataset|jeu de donnees) "
    r"(est |demandee? )*(introuvable|inexistante?|non trouvee?)"
    r"|(page|document|fichier|ressource|contenu)( \w+){0,4} "
    r"(n'existe (pas|plus)|n'est plus disponible|a ete supprimee?)"
    r"|n'a pas ete trouvee?|(page|file|document|resource)( \w+){0,3} (not found|cannot be found|could not be found)"
    r"|^not found\b|no longer (exists|available)"
)
_LOGIN = re.compile(
    r"(^|[/._-])(log-?in|log_in|sign-?in|sign_in|connexion|se-connecter|authentification|identification|auth|authn|sso"
    r"|cas|saml2?|oauth2?|openid|openid-connect|adfs|idp|shibboleth\.sso|shibboleth|wp-login\.php|logon)(?=[/._?-]|$)",
    re.IGNORECASE,
)
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


def is_firewall(page: Page, headers: Mapping[str, str]) -> bool:
    """Return True for the page with which a firewall answers a robot."""
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if not page.short:
        return bool(re.match(r"just a moment|attention required! \| cloudflare|request rejected", page.title))
    return bool(_FIREWALL.search(f"{page.titles}\n{page.text}") or _FIREWALL_SOURCE.search(page.source))


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


def leads_home(asked: str, final: str) -> bool:
    """Return True when a redirect led from a page in the depth of a site to a home page."""
    return asked != final and _HOME.fullmatch(_path(final)) is not None and _HOME.fullmatch(_path(asked)) is None


def _is_login(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(_LOGIN.search(parts.path) or _LOGIN.match(host))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
