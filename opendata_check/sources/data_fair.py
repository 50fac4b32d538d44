"""A data-fair portal (Koumoul): all of a public site, a search, an organization's datasets, or one dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import LeftOut, Part, gather
from opendata_check.sources.reading.data_fair.pages import Reader, is_back_office, told
from opendata_check.sources.reading.data_fair.record import MAPPING, Portal, dataset_of, id_of, left_out, mapping

__all__ = ["ACCEPTS", "BLIND", "MAPPING", "NAME", "DataFairSource", "confirm", "hint", "recognise"]

NAME = "data-fair"
ACCEPTS = "un portail data-fair (Koumoul), ou la page d'un de ses jeux de données"
BLIND = 4

PAGE_SIZE = 100
_FILTERS = frozenset({"q", "topics", "keywords", "owner", "concepts", "spatial", "publicationSites", "type"})
_WORDS = {"q": "recherche", "owner": "organisme", "topics": "thème", "keywords": "mot-clé"}
_API = re.compile(r"(?P<root>.*?/data-fair)(?:/(?:api/v1|embed|dataset)(?:/.*)?)?/?")
_OF_API = re.compile(r".*/data-fair/(?:api/v1|embed)?/?(?:catalog/)?datasets?(?:/(?P<key>[^/]+)(?:/.*)?)?/?")
_OF_SITE = re.compile(r"/datasets?(?:/(?P<key>[^/]+)(?:/[\w-]+)?)?/?")
_HINTS = (
    (r"/data-fair/(api/v1|embed|app)/", "un lien vers l'interface de data-fair"),
    (r"/portals-manager/|data-fair-portals|/portal/api/", "les fichiers d'un portail data-fair"),
    (r'"mainPublicUrl"|@data-fair/', "les réglages d'un portail data-fair dans la page"),
)


@dataclass(frozen=True, slots=True)
class DataFairSource:
    """A data-fair API, asked about one thing."""

    api: str
    """``https://…/data-fair/api/v1``."""
    what: str = "portal"
    """``portal`` (the catalogue of a public site), ``list`` (of whatever the host holds) or ``dataset``."""
    key: str = ""
    """With ``dataset``: its slug or id."""
    params: tuple[tuple[str, str], ...] = ()
    """Filters of the list."""
    page_size: int = PAGE_SIZE
    kind: str = "data_fair"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        host = urlsplit(self.api).netloc
        if self.what == "dataset":
            return f"{host}, jeu de données {self.key}"
        asked = ", ".join(f"{_WORDS.get(key, key)} {value}" for key, value in self.params)
        return f"{host}, {asked or 'tout le portail'}"

    @property
    def site(self) -> str:
        """Return the site that the API belongs to."""
        return self.api.removesuffix("/data-fair/api/v1")

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the public datasets.

        Raises SourceError when the dataset named does not exist, or when the portal cannot be read at all. A list that
        breaks off gives what was read, ``complete`` False and a fault.
        """
        reader = Reader(fetcher, self.api)
        if self.what == "dataset":
            return _one_dataset(self, reader)
        about = _About()
        read = gather(_parts(self, reader, about), self.label)
        shown = [(key, value) for key, value in self.params if key in _FILTERS]
        return Catalog(
            source=self.kind,
            place="portal",
            location=f"{self.site}/datasets?{urlencode(shown)}" if shown else f"{self.site}/",
            title=about.owner or urlsplit(self.api).netloc,
            datasets=read.datasets,
            faults=read.faults,
            complete=read.complete,
            software=about.software,
            announced=read.announced,
            left_out=read.left_out,
            interrupted=read.interrupted,
        )


@dataclass
class _About:
    """What the portal says of itself, read on the way."""

    owner: str = ""
    contact: str = ""
    software: str = ""


def recognise(target: Target) -> DataFairSource | None:
    """Return the source of a URL that goes through ``/data-fair/``; a portal's own pages look like any other's."""
    if not target.url:
        return None
    try:
        parts = urlsplit(target.url)
    except ValueError:
        return None
    if not re.search(r"/data-fair/(api/v1|embed|dataset)(/|$)", parts.path):
        return None
    return _source(target.url)


def hint(page: Page) -> str:
    """Return what makes a page look like data-fair's, "" when nothing does."""
    seen = next((words for pattern, words in _HINTS if re.search(pattern, page.text)), "")
    policy = page.headers.get("content-security-policy", "")
    return seen or ("une page qui s'adresse à koumoul.com" if "https://koumoul.com" in policy else "")


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Return the source of a page whose site has data-fair's API: what the page's address names."""
    try:
        source = _source(page.final_url)
    except ValueError:
        return None
    if source is None:
        return None
    url = f"{source.api}/catalog/datasets"
    try:
        answer = Reader(fetcher, source.api).json(url, {"size": 0})
    except FetchingError as error:
        if not is_back_office(error):
            return None
        ground = "l'interface /data-fair/api/v1 répond, du côté de l'administration"
        source = replace(source, what="list") if source.what == "portal" else source
        return Recognition(source, ground, source.label.partition(", ")[2])
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        return None
    if values.size(answer.get("count")) is None:
        return None
    return Recognition(source, "l'interface /data-fair/api/v1/catalog répond", source.label.partition(", ")[2])


def _source(url: str) -> DataFairSource | None:
    """Return the source that a URL of a data-fair site names: a dataset, a search, or the whole."""
    parts = urlsplit(url)
    base = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"
    through = _API.fullmatch(parts.path)
    api = f"{base}{through['root'] if through else '/data-fair'}/api/v1"
    named = (_OF_API if through else _OF_SITE).fullmatch(parts.path)
    key = unquote(named["key"] or "") if named else ""
    if key and not key.endswith(".json"):
        return DataFairSource(api, "dataset", key)
    try:
        asked = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        asked = []
    params = tuple((name, value) for name, value in asked if name in _FILTERS and value.strip())
    is_list = through is not None and "/catalog" not in parts.path and named is not None
    return DataFairSource(api, "list" if is_list else "portal", params=params)


def _one_dataset(source: DataFairSource, reader: Reader) -> Catalog:
    """Return the catalogue of a single dataset. Raises SourceError when it cannot be read."""
    url = f"{source.api}/datasets/{quote(source.key, safe='')}"
    try:
        record = reader.json(url)
    except FetchingError as error:
        fault = told(error)
        what = "ce jeu de données n'existe pas sur ce portail" if error.status == 404 else fault.what
        raise SourceError(what, where=fault.where, remedy=fault.remedy) from error
    if not id_of(record):
        raise SourceError("le portail a répondu autre chose que prévu", where=url, remedy="Réessayez plus tard.")
    dataset = dataset_of(record, Portal(source.api, source.site))
    return Catalog(
        source=source.kind,
        place="portal",
        location=dataset.landing_page or url,
        title=dataset.title,
        datasets=(dataset,),
    )


def _parts(source: DataFairSource, reader: Reader, about: _About) -> Iterator[Part]:
    """Yield what the list holds. Raises SourceError when its very first slice cannot be read."""
    endpoint, params = f"{source.api}/catalog/datasets", dict(source.params)
    if source.what == "list":
        endpoint = f"{source.api}/datasets"
        params["visibility"] = "public"
        if "owner" not in params:
            params["owner"] = _only_owner(source, reader)
    portal: Portal | None = None
    dropped: set[str] = set()
    for part in reader.slices(endpoint, params, page_size=source.page_size):
        if isinstance(part, Fault) and portal is None:
            raise SourceError(part.what, where=part.where, remedy=part.remedy)
        if not isinstance(part, list):
            yield part
            continue
        records = [entry for entry in part if id_of(entry)]
        if len(records) < len(part):
            yield Fault(f"{len(part) - len(records)} jeux de données n'ont pas pu être lus", endpoint)
        if portal is None:
            portal = _portal(source, reader, records[0] if records else {}, about)
        for record in records:
            reason = left_out(record)
            if not reason:
                yield dataset_of(record, portal)
            elif id_of(record) not in dropped:
                dropped.add(id_of(record))
                yield LeftOut(reason)


def _only_owner(source: DataFairSource, reader: Reader) -> str:
    """Return the one organization whose datasets a host holds. Raises SourceError when there are several."""
    url = f"{source.api}/datasets"
    try:
        answer = mapping(reader.json(url, {"size": 0, "visibility": "public", "facets": "owner"}))
    except FetchingError as error:
        fault = told(error)
        raise SourceError(fault.what, where=fault.where, remedy=fault.remedy) from error
    facet = mapping(answer.get("facets")).get("owner")
    owners = [mapping(mapping(found).get("value")) for found in facet] if isinstance(facet, list) else []
    known = [f"{owner.get('type')}:{owner['id']}" for owner in owners if owner.get("id")]
    if len(known) != 1:
        raise SourceError(
            "cette adresse sert les données de plusieurs organismes",
            where=url,
            remedy="Donnez l'adresse du portail public, ou ajoutez ?owner=organization:… à celle-ci.",
        )
    return values.text(known[0], 200)


def _portal(source: DataFairSource, reader: Reader, first: Mapping[str, Any], about: _About) -> Portal:
    """Return what is known of the portal besides its records: whose it is, whom to write to, in two requests at most.

    A public site's list does not tell its owner: the record of its first dataset does. What cannot be had stays "".
    """
    owner = mapping(first.get("owner"))
    if not owner and first:
        owner = mapping(_quietly(reader, f"{source.api}/datasets/{quote(id_of(first), safe='')}").get("owner"))
    if owner.get("type") != "user":
        about.owner = values.text(owner.get("name"))
    if source.what == "portal":
        info = mapping(_quietly(reader, f"{source.api}/catalog/api-docs.json").get("info"))
        who = mapping(info.get("contact"))
        about.contact = values.email(who.get("email")) or values.web_url(who.get("url"))
        about.software = " ".join(["data-fair", values.text(info.get("version"), 30)]).strip()
    site = source.site if source.what == "portal" else ""
    return Portal(source.api, site, about.owner if source.what == "portal" else "", about.contact)


def _quietly(reader: Reader, url: str) -> Mapping[str, Any]:
    """Return the object at ``url``, an empty one when it cannot be had."""
    try:
        return mapping(reader.json(url))
    except FetchingError:
        return {}
