"""An ArcGIS Hub site (formerly ArcGIS Open Data): all of its data, a search, or one dataset.

Its DCAT-US feed gives the whole catalogue in one document, and the addresses of the files. A site may turn it off: then
its search interfaces are asked, the OGC one first, the older one after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from opendata_check.fetching import Fetcher
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Catalog, Dataset, Fault
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading.arcgis.address import host_of, is_everybodys, is_hub, is_interface, named_by
from opendata_check.sources.reading.arcgis.item import ITEM_MAPPING, item_dataset
from opendata_check.sources.reading.arcgis.pages import OLD_SEARCH, SEARCH, Entry, Hub, HubError, has_feed, has_search
from opendata_check.sources.reading.arcgis.record import KEY, feed_dataset, is_page, key_in, mapping
from opendata_check.sources.reading.arcgis.record import MAPPING as FEED_MAPPING
from opendata_check.sources.reading.collecting import Announced, Gathered, LeftOut, Part, gather

__all__ = ["ACCEPTS", "MAPPING", "NAME", "ArcgisHubSource", "confirm", "hint", "recognise"]

NAME = "ArcGIS Hub"
ACCEPTS = "un site ArcGIS Hub (*.hub.arcgis.com, *.opendata.arcgis.com) ou la page d'un de ses jeux de données"
MAPPING = {
    name: "; ".join(
        f"{where}: {said[name]}" for where, said in (("feed", FEED_MAPPING), ("search", ITEM_MAPPING)) if name in said
    )
    for name in (*FEED_MAPPING, *(name for name in ITEM_MAPPING if name not in FEED_MAPPING))
}

_SIGNS = (
    (r"hubcdn\.arcgis\.com|/opendata-ui/", "la page charge les programmes d'ArcGIS Hub"),
    (r"window\.__SITE\b", "la page porte les réglages d'un site ArcGIS Hub"),
)


@dataclass(frozen=True, slots=True)
class ArcgisHubSource:
    """A site, asked about one thing."""

    site: str
    """Scheme and host."""
    what: str = "portal"
    """``portal``, ``search`` or ``dataset``."""
    key: str = ""
    """With ``dataset``: its item's id, with its layer or not, or the name in its address."""
    query: str = ""
    """With ``search``: its filters, as in an address."""
    collection: str = "dataset"
    kind: str = "arcgis_hub"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        return f"{urlsplit(self.site).netloc}, {self.scope}"

    @property
    def scope(self) -> str:
        """Return what is asked there, in French."""
        if self.what == "dataset":
            return f"jeu de données {self.key}"
        asked = ", ".join(value for _, value in parse_qsl(self.query))
        return f"recherche {asked}" if asked else "tout le site"

    @property
    def location(self) -> str:
        """Return the web page of what is asked."""
        if self.what == "dataset":
            return f"{self.site}/datasets/{quote(self.key, safe=':')}"
        return (
            f"{self.site}/search?{urlencode({'collection': self.collection})}&{self.query}"
            if self.query
            else f"{self.site}/"
        )

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the public datasets.

        Raises SourceError when the dataset named does not exist, or when no interface of the site can be read. A list
        that breaks off gives what was read, ``complete`` False and a fault.
        """
        hub = Hub(fetcher, self.site)
        found = _first(_ways(self, hub), self.label, is_one=self.what == "dataset")
        alone = found.datasets[0] if self.what == "dataset" and len(found.datasets) == 1 else None
        return Catalog(
            source=self.kind,
            place="portal",
            location=alone.landing_page or self.location if alone else self.location,
            title=alone.title if alone else urlsplit(self.site).netloc,
            datasets=found.datasets,
            faults=found.faults,
            complete=found.complete,
            software=NAME,
            announced=found.announced,
            left_out=found.left_out,
            interrupted=found.interrupted,
        )


def recognise(target: Target) -> ArcgisHubSource | None:
    """Return the source of an address on ArcGIS's hosts, or of a site's interface.

    Raises SourceError for the address of ArcGIS's own site, which is nobody's catalogue.
    """
    if not target.url:
        return None
    host = host_of(target.url)
    if not (is_everybodys(host) or is_hub(host) or is_interface(target.url)):
        return None
    source = _source(target.url)
    if source is not None and is_everybodys(host) and source.what != "dataset":
        raise SourceError(
            "cette adresse est celle d'ArcGIS, où se trouvent les données de tout le monde",
            where=shown_url(target.url),
            remedy="Donnez l'adresse de votre site.",
        )
    return source


def hint(page: Page) -> str:
    """Return what makes a page look like ArcGIS Hub's, "" when nothing does."""
    if is_hub(host_of(page.final_url)):
        return "l'adresse mène à un site ArcGIS Hub"
    return next((words for sign, words in _SIGNS if re.search(sign, page.text)), "")


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Return the source of a page whose site has the search interface or the feed of ArcGIS Hub."""
    source = _source(page.final_url)
    if source is None or is_everybodys(host_of(page.final_url)):
        return None
    if has_search(source.site, fetcher):
        return Recognition(source, f"l'interface {SEARCH} d'ArcGIS Hub répond", source.scope)
    if has_feed(source.site, fetcher):
        return Recognition(source, "le catalogue /api/feed/dcat-us d'ArcGIS Hub répond", source.scope)
    return None


def _source(url: str) -> ArcgisHubSource | None:
    """Return the source of what an address names."""
    found = named_by(url)
    return ArcgisHubSource(found.site, found.what, found.key, found.query, found.collection) if found else None


# ---- reading


Way = Callable[[], Iterator[Part]]
"""One of the interfaces; it raises HubError when it gives nothing at all."""


def _ways(source: ArcgisHubSource, hub: Hub) -> list[Way]:
    """Return the interfaces to try, the best first."""
    if source.what == "search":
        asked = dict(parse_qsl(source.query))
        return [
            lambda: _items(hub, hub.items(source.collection, asked)),
            lambda: _items(hub, hub.old_items({name: value for name, value in asked.items() if name == "q"})),
        ]
    if source.what == "dataset":
        return [lambda: _one_of_feed(source, hub), lambda: _one_item(source, hub)]
    return [
        lambda: _of_feed(hub.feed()),
        lambda: _items(hub, hub.items("dataset", {})),
        lambda: _items(hub, hub.old_items({})),
    ]


def _first(ways: list[Way], where: str, *, is_one: bool) -> Gathered:
    """Return what the first interface gives that has something; raises SourceError when none answers."""
    refused: list[HubError] = []
    empty: Gathered | None = None
    for way in ways:
        try:
            found = gather(way(), where)
        except HubError as error:
            refused.append(error)
            continue
        if found.datasets or found.interrupted:
            return found
        empty = empty or found
    if empty is not None and not is_one:
        return empty
    if is_one and (empty is not None or any(error.missing for error in refused)):
        raise SourceError(
            "ce jeu de données n'existe pas sur ce site", where=where, remedy="Vérifiez l'adresse de la page."
        )
    fault = refused[0].fault
    raise SourceError(fault.what, where=fault.where, remedy=fault.remedy)


def _of_feed(entries: Iterator[Entry]) -> Iterator[Part]:
    """Yield the datasets of the feed; two that share an item are told apart by the feed's own identifier."""
    known: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry, Fault | Announced):
            yield entry
        elif is_page(entry):
            yield LeftOut("page")
        else:
            dataset = feed_dataset(entry)
            name = next(iter(dataset.identifiers), "") or dataset.landing_page
            if known.setdefault(dataset.id, name) != name and name:
                dataset = replace(dataset, id=name)
            yield dataset


def _items(hub: Hub, entries: Iterator[Entry]) -> Iterator[Part]:
    """Yield the datasets of a search interface; applications and pages are no data."""
    for entry in entries:
        if isinstance(entry, Fault | Announced):
            yield entry
            continue
        attributes = mapping(entry.get("properties")) or mapping(entry.get("attributes"))
        collections = attributes.get("collection")
        if isinstance(collections, list) and collections and "Dataset" not in collections:
            yield LeftOut("application")
            continue
        dataset = item_dataset(attributes, hub.site, entry.get("id"))
        if dataset.id:
            yield dataset
        else:
            yield Fault("une fiche sans identifiant n'a pas pu être lue", hub.site)


def _one_of_feed(source: ArcgisHubSource, hub: Hub) -> Iterator[Part]:
    """Yield the dataset that is named, out of the feed; an item with several layers gives several."""
    params = {"id": source.key.partition("_")[0]} if KEY.fullmatch(source.key) else {}
    found = False
    for part in _of_feed(hub.feed(params)):
        if isinstance(part, Dataset) and _is(part, source.key):
            found = True
            yield part
        elif isinstance(part, Fault) and not found:
            raise HubError(part)  # what was not read may hold it


def _one_item(source: ArcgisHubSource, hub: Hub) -> Iterator[Part]:
    """Yield the dataset that is named, from the older search interface, which knows ids and names in addresses."""
    url = hub.site + OLD_SEARCH
    if KEY.fullmatch(source.key):
        found = hub.ask(f"{url}/{source.key}", {}).get("data")
    else:
        listed = hub.ask(url, {"filter[slug]": source.key}, "data")["data"]
        found = next((entry for entry in listed if isinstance(entry, dict)), None)
    if isinstance(found, dict):
        yield from _items(hub, iter([found]))


def _is(dataset: Dataset, key: str) -> bool:
    """Return True for the dataset that ``key`` names: an item, one of its layers, or the last part of an address."""
    if KEY.fullmatch(key):
        return dataset.id == key or dataset.id.partition("_")[0] == key or key_in(dataset.landing_page) == key
    slug = unquote(dataset.landing_page).rstrip("/").rpartition("/")[2].casefold()
    return slug == key.casefold() or slug.rpartition("::")[2] == key.casefold()
