"""Asks a WFS or an OGC API Features what its layers offer, to complete what a catalogue says of its services."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Distribution, ServiceOffer
from opendata_check.sources.interface import Page, SourceError
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ogc.services import endpoint

if TYPE_CHECKING:
    from opendata_check.sources.reading.ogc.wfs import Wfs

_VERSION = "2.0.0"
_COLLECTION = re.compile(
    r"^(?P<base>.*?)(?:/conformance|/collections(?:/(?P<layer>[^/]+)(?:/items.*)?)?)?/?$", re.IGNORECASE
)
_SERVERS = re.compile(r"pygeoapi|ldproxy", re.IGNORECASE)
_TITLE = re.compile(r"<title>[^<]*(?:pygeoapi|ldproxy|OGC ?API)", re.IGNORECASE)
_LINKS = re.compile(r"\"rel\"\s*:\s*\"(?:conformance|http://www\.opengis\.net/def/rel/ogc/1\.0/conformance)\"")
_ITEMS = re.compile(r"\"type\"\s*:\s*\"FeatureCollection\"")


def is_api_page(page: Page) -> bool:
    """Return True for a page that an OGC API may have given: its server, its title, or the links of its JSON."""
    if _SERVERS.search(page.headers.get("x-powered-by", "")) or _TITLE.search(page.text[:100_000]):
        return True
    if _LINKS.search(page.text):
        return True
    return "/collections/" in page.final_url and bool(_ITEMS.search(page.text))


def api_parts(url: str) -> tuple[str, str]:
    """Return the landing page of an OGC API and the collection that one of its addresses names; "" when it is none."""
    try:
        parts = urlsplit(url)
        found = _COLLECTION.match(parts.path)
        if not parts.hostname or not found:
            return "", ""
    except ValueError:
        return "", ""
    base = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}{found['base']}".rstrip("/")
    return base, values.text(unquote(found["layer"] or ""), 200)


def offers(fetcher: Fetcher, url: str, protocol: str) -> tuple[ServiceOffer, ...]:
    """Return what each layer of a service offers: ``protocol`` is ``wfs`` or ``ogc-api-features``.

    One request. Raises SourceError when the service does not say what it holds.
    """
    from opendata_check.sources.reading.ogc import features as ogc_features
    from opendata_check.sources.reading.ogc import wfs as ogc_wfs

    if protocol == "wfs":
        return ogc_wfs.offers(capabilities(fetcher, url))
    base, _ = api_parts(url)
    if not base:
        return ()
    return tuple(map(ogc_features.offer_of, ogc_features.feature_collections(collections(fetcher, base))))


def completed(distribution: Distribution, known: Iterable[ServiceOffer]) -> Distribution:
    """Return a distribution whose service is completed by what the service itself says of that layer."""
    own = distribution.service
    if own is None:
        return distribution
    layers = list(known)
    short = own.layer.rpartition(":")[2].lower()
    found = next((offer for offer in layers if offer.layer == own.layer), None) or next(
        (offer for offer in layers if short and offer.layer.rpartition(":")[2].lower() == short), None
    )
    if found is None:
        return distribution
    return replace(distribution, service=replace(found, count=found.count if found.count is not None else own.count))


def count_of(fetcher: Fetcher, url: str, offer: ServiceOffer) -> int | None:
    """Return how many features a layer holds, asked without any of them (``resultType=hits``); None when not told."""
    from opendata_check.sources.reading.ogc import answers as ogc_json
    from opendata_check.sources.reading.ogc import wfs as ogc_wfs

    try:
        if offer.protocol == "wfs":
            version = offer.version or _VERSION
            types = "typeNames" if version.startswith("2") else "typeName"
            asked = {"service": "WFS", "version": version, "request": "GetFeature", "resultType": "hits"}
            with fetcher.document(endpoint(url), asked | {types: offer.layer}, accept="application/xml") as document:
                return ogc_wfs.hits(document.path)
        base, _ = api_parts(url)
        if not base:
            return None
        items = f"{ogc_json.collection_url(base, offer.layer)}/items"
        return values.size(ogc_json.mapping(ogc_json.ask(fetcher, items, {"limit": 1})).get("numberMatched"))
    except FetchingError:
        return None


def capabilities(fetcher: Fetcher, url: str) -> Wfs:
    """Return what a WFS says of itself. Raises SourceError."""
    from opendata_check.sources.reading.ogc import wfs as ogc_wfs
    from opendata_check.sources.reading.ogc.exception import refusal_in

    asked = {"service": "WFS", "version": _VERSION, "request": "GetCapabilities"}
    try:
        with fetcher.document(endpoint(url), asked, accept="application/xml, text/xml;q=0.9, */*;q=0.5") as document:
            return ogc_wfs.wfs_of(document.path)
    except ogc_wfs.NotWfs as error:
        raise SourceError(f"le service ne dit pas ce qu'il contient : {error}", where=shown_url(url)) from error
    except FetchingError as error:
        refusal = refusal_in(error.beginning)
        what = f"le service ne dit pas ce qu'il contient : {refusal.words}" if refusal else error.what
        raise SourceError(what, where=error.where, remedy=error.remedy) from error


def collections(fetcher: Fetcher, base: str) -> object:
    """Return the JSON of an OGC API's collections. Raises SourceError."""
    from opendata_check.sources.reading.ogc import answers as ogc_json

    try:
        return ogc_json.ask(fetcher, f"{base}/collections")
    except FetchingError as error:
        fault = ogc_json.told(error)
        raise SourceError(fault.what, where=fault.where, remedy=fault.remedy) from error
