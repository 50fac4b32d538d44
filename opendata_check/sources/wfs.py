"""A WFS or an OGC API Features: its layers as datasets, or what they offer to complete another catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ogc.mapping import FEATURES_MAPPING as MAPPING
from opendata_check.sources.reading.ogc.offers import api_parts, completed, count_of, is_api_page, offers
from opendata_check.sources.reading.ogc.services import endpoint, query_of

if TYPE_CHECKING:
    from opendata_check.sources.reading.collecting import Part

__all__ = ["ACCEPTS", "MAPPING", "NAME", "WfsSource", "completed", "confirm", "count_of", "hint", "offers", "recognise"]

NAME = "WFS ou OGC API Features"
ACCEPTS = "l'adresse d'un service WFS ou OGC API Features"

_WFS_PATH = re.compile(r"/wfs(?:server)?/?$", re.IGNORECASE)
_FEATURES_PATH = re.compile(r"/ogc/features(?:/v\d+)?(?:/collections(?:/.*)?)?/?$", re.IGNORECASE)
_WFS_HINT = re.compile(r"<(?:\w+:)?WFS_Capabilities\b", re.IGNORECASE)
_FEATURES_HINT = re.compile(r"ogcapi-features-1/1\.0/(?:conf|req)/core|\"itemType\"\s*:\s*\"feature\"", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WfsSource:
    """A service of features, asked for all its layers or for one."""

    url: str
    """A WFS: its address without the parameters of a request. An OGC API: its landing page, without a final slash."""
    protocol: str = "wfs"
    """``wfs`` or ``ogc-api-features``."""
    layer: str = ""
    kind: str = "wfs"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        portal = urlsplit(self.url).netloc.removeprefix("www.")
        service = "WFS" if self.protocol == "wfs" else "OGC API Features"
        return f"{portal}, service {service}" + (f", couche {self.layer}" if self.layer else "")

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the layers as datasets. Raises SourceError when the service does not say what it holds."""
        from opendata_check.sources.reading.collecting import gather

        title, parts = (_wfs_parts if self.protocol == "wfs" else _features_parts)(self, fetcher)
        gathered = gather(parts, shown_url(self.url))
        if self.layer and not gathered.datasets:
            raise SourceError("cette couche n'existe pas sur ce service", where=shown_url(self.url))
        return Catalog(
            source=self.kind,
            place="portal",
            location=self.url,
            title=title or self.label,
            datasets=gathered.datasets,
            faults=gathered.faults,
            complete=gathered.complete,
            left_out=gathered.left_out,
            interrupted=gathered.interrupted,
        )


def recognise(target: Target) -> WfsSource | None:
    """Return the source of an address of a WFS, or of GeoServer's OGC API Features; others must be asked."""
    if not target.url:
        return None
    try:
        parts = urlsplit(target.url)
    except ValueError:
        return None
    asked = query_of(target.url)
    service = asked.get("service", "").lower()
    if service == "wfs" or (not service and _WFS_PATH.search(parts.path)):
        return _of_wfs(target.url, asked.get("typenames") or asked.get("typename") or "")
    if service or not _FEATURES_PATH.search(parts.path):
        return None
    base, layer = api_parts(target.url)
    return WfsSource(base, "ogc-api-features", layer) if base else None


def _of_wfs(url: str, layer: str) -> WfsSource | None:
    """Return the source of a WFS address; several layers named at once are the whole service."""
    if not urlsplit(url).hostname:
        return None
    return WfsSource(endpoint(url), "wfs", "" if "," in layer else values.text(layer, 300))


def hint(page: Page) -> str:
    """Return what makes a page look like a service of features, "" when nothing does."""
    if _WFS_HINT.search(page.text):
        return "la réponse est celle d'un service WFS"
    if _FEATURES_HINT.search(page.text):
        return "la réponse parle d'OGC API Features"
    return "la réponse est celle d'une API OGC" if is_api_page(page) else ""


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Ask the service what it holds: one request."""
    from opendata_check.sources.reading.ogc import answers as ogc_json
    from opendata_check.sources.reading.ogc import features as ogc_features

    if _WFS_HINT.search(page.text):
        service = _of_wfs(page.final_url, "")
        return Recognition(service, "le service répond en WFS", "toutes les couches") if service else None
    base, layer = api_parts(page.final_url)
    if not base:
        return None
    source = WfsSource(base, "ogc-api-features", layer)
    try:
        count = len(ogc_features.feature_collections(ogc_json.ask(fetcher, f"{source.url}/collections")))
    except FetchingError:
        return None
    ground = f"l'API OGC a {count} collection{'s' if count > 1 else ''} d'objets"
    scope = f"la couche {source.layer}" if source.layer else "toutes les couches"
    return Recognition(source, ground, scope) if count else None


def _wfs_parts(source: WfsSource, fetcher: Fetcher) -> tuple[str, Iterator[Part]]:
    """Return the title of a WFS and its layers. Raises SourceError."""
    from opendata_check.sources.reading.ogc import offers as ogc_offers
    from opendata_check.sources.reading.ogc import wfs as ogc_wfs

    known = ogc_offers.capabilities(fetcher, source.url)

    def parts() -> Iterator[Part]:
        yield from ogc_wfs.datasets(known, source.url, source.layer)
        if known.fault:
            yield Fault(f"la liste des couches n'est pas lue jusqu'au bout : {known.fault}", shown_url(source.url))

    return known.title, parts()


def _features_parts(source: WfsSource, fetcher: Fetcher) -> tuple[str, Iterator[Part]]:
    """Return the title of an OGC API Features and its collections. Raises SourceError."""
    from opendata_check.sources.reading.ogc import answers as ogc_json
    from opendata_check.sources.reading.ogc import features as ogc_features
    from opendata_check.sources.reading.ogc import offers as ogc_offers

    listed = ogc_features.feature_collections(ogc_offers.collections(fetcher, source.url))
    if not listed:
        raise SourceError("ce service n'a aucune collection d'objets", where=shown_url(source.url))
    try:
        landing = ogc_json.mapping(ogc_json.ask(fetcher, source.url))
    except FetchingError:
        landing = {}  # it only gives a title and a licence

    def parts() -> Iterator[Part]:
        for collection in listed:
            dataset = ogc_features.dataset_of(collection, source.url, landing)
            if source.layer in ("", dataset.id):
                yield dataset

    return values.text(landing.get("title")), parts()
