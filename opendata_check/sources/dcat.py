"""A DCAT catalogue in one document or several pages: RDF/XML, Turtle, N-Triples, TriG, N3, JSON-LD, DCAT-US."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.fetching.keys import key_for
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Catalog
from opendata_check.sources.interface import Page, Recognition, Target
from opendata_check.sources.reading.collecting import gather
from opendata_check.sources.reading.dcat.pages import Pages
from opendata_check.sources.reading.dcat.record import MAPPING
from opendata_check.sources.reading.rdf.syntax import NAMES, is_dcat
from opendata_check.sources.reading.rdf.text import encoding_of

__all__ = ["ACCEPTS", "MAPPING", "NAME", "DcatSource", "confirm", "hint", "recognise"]

NAME = "DCAT"
ACCEPTS = "l'adresse d'un catalogue DCAT (.rdf, .ttl, .jsonld, /catalog.xml, /data.json)"

_PATH = re.compile(
    r"\.(?:rdf|ttl|jsonld|nt|n3|trig|nq)$|/catalog\.(?:xml|json)$|/data\.json$|/api/feed/dcat-ap(?:/|$)"
    r"|/catalog/exports/dcat[a-z_]*/?$|/data-fair/api/v1/catalog/dcat/?$|/rdf\.search$",
    re.IGNORECASE,
)
_SCHEMAS = ("http://www.w3.org/ns/dcat", "http://data.europa.eu/930", "http://data.europa.eu/r5r")
"""Output schemas of a CSW that are DCAT, GeoDCAT-AP or DCAT-AP."""
_RDF_TYPES = ("application/rdf+xml", "text/turtle", "application/ld+json", "application/n-triples", "text/n3")
_LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_MAX_ALTERNATES = 2


@dataclass(frozen=True, slots=True)
class DcatSource:
    """A catalogue at an address."""

    url: str
    kind: str = "dcat"

    @property
    def label(self) -> str:
        """Return the catalogue in French."""
        return f"catalogue DCAT de {_host(self.url)}"

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return what the catalogue describes, all its pages read.

        Raises SourceError when the address cannot be read or describes no catalogue.
        """
        pages = Pages(fetcher, self.url, _headers(self.url))
        gathered = gather(pages.parts(), shown_url(self.url))
        return Catalog(
            source=self.kind,
            place="portal",
            location=self.url,
            title=pages.title or _host(self.url),
            datasets=gathered.datasets,
            faults=gathered.faults,
            complete=gathered.complete,
            publisher_siren=pages.publisher_siren,
            announced=gathered.announced,
            left_out=gathered.left_out,
            interrupted=gathered.interrupted,
        )


def recognise(target: Target) -> DcatSource | None:
    """Return the source of an address whose path or parameters ask for DCAT."""
    if not target.url:
        return None
    try:
        parts = urlsplit(target.url)
        asked = {name.lower(): value for name, value in parse_qsl(parts.query, max_num_fields=100)}
    except ValueError:
        return None
    is_asked = asked.get("outputschema", "").startswith(_SCHEMAS)
    return DcatSource(target.url) if is_asked or _PATH.search(parts.path) else None


def hint(page: Page) -> str:
    """Return what shows that a page is a DCAT catalogue, or announces one."""
    syntax = is_dcat(page.text, page.media_type, urlsplit(page.final_url).path)
    if syntax:
        return f"cette adresse donne un catalogue DCAT en {NAMES[syntax]}"
    return "la page annonce une version RDF" if next(_alternates(page), None) else ""


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Return the catalogue that stands at a page's address, or behind the RDF version that the page announces."""
    if page.status < 400 and (syntax := is_dcat(page.text, page.media_type, urlsplit(page.final_url).path)):
        return Recognition(
            DcatSource(page.final_url), f"cette adresse donne un catalogue DCAT en {NAMES[syntax]}", "tout le document"
        )
    for number, url in enumerate(_alternates(page)):
        if number >= _MAX_ALTERNATES:
            break
        try:
            look = fetcher.look(url, headers=_headers(url))
        except FetchingError:
            continue
        encoding, mark = encoding_of(look.data)
        text = look.data[mark:].decode(encoding, "replace")
        syntax = is_dcat(text, look.media_type, urlsplit(look.final_url).path)
        if look.status < 400 and syntax:
            ground = f"la page annonce une version en {NAMES[syntax]}, qui décrit des jeux de données en DCAT"
            return Recognition(DcatSource(url), ground, f"le document {shown_url(url)}")
    return None


def _alternates(page: Page) -> Iterator[str]:
    """Yield the addresses of the RDF versions a page announces, RDF/XML first."""
    found: list[tuple[int, str]] = []
    for tag in _LINK.findall(page.text):
        said = {name.lower(): html.unescape("".join(given)).strip() for name, *given in _ATTRIBUTE.findall(tag)}
        kind = said.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in said.get("rel", "").lower().split() and kind in _RDF_TYPES and said.get("href"):
            found.append((_RDF_TYPES.index(kind), said["href"]))
    for _, reference in sorted(found, key=lambda pair: pair[0]):
        try:
            url = urljoin(page.final_url, reference)
        except ValueError:
            continue
        if url.lower().startswith(("http://", "https://")):
            yield url


def _headers(url: str) -> dict[str, str]:
    """Return the header that gives the user's key to the portal, as the software behind the address wants it."""
    key = key_for(url)
    if not key:
        return {}
    path = urlsplit(url).path
    if "/api/explore/" in path or "/api/v2/" in path:
        return {"Authorization": f"Apikey {key}"}
    if "/data-fair/" in path:
        return {"x-apiKey": key}
    return {"X-API-KEY": key} if "/api/1/" in path else {"Authorization": key}


def _host(url: str) -> str:
    """Return the host an address names."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url
