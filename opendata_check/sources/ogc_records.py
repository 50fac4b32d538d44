"""An OGC API Records (pygeoapi, GeoNetwork, pycsw): its catalogues of records, one of them, or one record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Catalog, Dataset, Fault
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ogc.mapping import MAPPING as MAPPING
from opendata_check.sources.reading.ogc.offers import is_api_page

if TYPE_CHECKING:
    from opendata_check.sources.reading.collecting import Part

NAME = "OGC API Records"
ACCEPTS = "l'adresse d'un service OGC API Records"
PAGE_SIZE = 100

_PATH = re.compile(
    r"^(?P<base>.*?)(?:/collections(?:/(?P<collection>[^/]+)(?:/items(?:/(?P<record>.+?))?)?)?)?/?$", re.IGNORECASE
)
_RECORDS_PATH = re.compile(r"/ogc-?api-?records(?:/|$)", re.IGNORECASE)
_HINT = re.compile(
    r"ogcapi-records-1/1\.0/(?:conf|req)/|\"itemType\"\s*:\s*\"record\"|ogc/1\.0/ogc-catalog", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class OgcRecordsSource:
    """An OGC API Records, asked for all its catalogues, one of them, or one record."""

    base_url: str
    """Address of the landing page, without a final slash."""
    collection: str = ""
    record: str = ""
    words: str = ""
    """Full text search (``q``)."""
    page_size: int = PAGE_SIZE
    kind: str = "ogc_records"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        portal = urlsplit(self.base_url).netloc.removeprefix("www.")
        what = f", fiche {self.record}" if self.record else f", catalogue {self.collection}" if self.collection else ""
        return f"{portal}, OGC API Records{what}"

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the datasets of the catalogues.

        Raises SourceError when the service cannot be read at all, or holds no catalogue of records.
        """
        from opendata_check.sources.reading.collecting import gather

        catalogues = _one_catalogue(self, fetcher) if self.collection else _catalogues(self, fetcher)
        parts = _one(self, fetcher) if self.record else _all(self, fetcher, catalogues)
        gathered = gather(parts, shown_url(self.base_url))
        titles = [title for _, title in catalogues if title]
        only = gathered.datasets[0] if self.record and len(gathered.datasets) == 1 else None
        return Catalog(
            source=self.kind,
            place="portal",
            location=(only.landing_page if only else "") or self.base_url,
            title=(only.title if only else titles[0] if len(titles) == 1 else "") or self.label,
            datasets=gathered.datasets,
            faults=gathered.faults,
            complete=gathered.complete,
            announced=gathered.announced,
            left_out=gathered.left_out,
            interrupted=gathered.interrupted,
        )


def recognise(target: Target) -> OgcRecordsSource | None:
    """Return the source of an address whose path names OGC API Records; other OGC APIs must be asked."""
    return _named(target.url) if target.url and _RECORDS_PATH.search(target.url.partition("?")[0]) else None


def _named(url: str) -> OgcRecordsSource | None:
    """Return what the address of an OGC API names."""
    try:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, max_num_fields=100))
    except ValueError:
        return None
    found = _PATH.match(parts.path)
    if not found or not parts.hostname:
        return None
    base = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}{found['base'].removesuffix('/conformance')}"
    collection, record = unquote(found["collection"] or ""), unquote(found["record"] or "")
    return OgcRecordsSource(
        base.rstrip("/"), values.text(collection, 200), values.text(record, 300), values.text(asked.get("q"), 200)
    )


def hint(page: Page) -> str:
    """Return what makes a page look like an OGC API Records, "" when nothing does."""
    if _HINT.search(page.text):
        return "la réponse parle d'OGC API Records"
    return "la réponse est celle d'une API OGC" if is_api_page(page) else ""


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Ask the service for its collections: some must hold records. One request, a second for the collection named."""
    source = _named(page.final_url)
    if source is None:
        return None
    try:
        catalogues = _one_catalogue(source, fetcher) if source.collection else _catalogues(source, fetcher)
    except SourceError:
        return None
    count = len(catalogues)
    ground = f"l'API OGC a {count} catalogue{'s' if count > 1 else ''} de fiches"
    return Recognition(source, ground, source.label.partition(", OGC API Records, ")[2] or "tout le service")


def _catalogues(source: OgcRecordsSource, fetcher: Fetcher) -> list[tuple[str, str]]:
    """Return (id, title) of the collections that hold records. Raises SourceError when none does."""
    from opendata_check.sources.reading.ogc import answers as ogc_json

    try:
        answer = ogc_json.ask(fetcher, f"{source.base_url}/collections")
    except FetchingError as error:
        raise _failure(error) from error
    known = [ogc_json.mapping(item) for item in ogc_json.items_of(ogc_json.mapping(answer).get("collections"))]
    found = [
        (values.text(item.get("id"), 200), values.text(item.get("title"))) for item in known if _holds_records(item)
    ]
    found = [pair for pair in found if pair[0]]
    if not found:
        raise SourceError("ce service n'a aucun catalogue de fiches", where=shown_url(source.base_url))
    return found


def _one_catalogue(source: OgcRecordsSource, fetcher: Fetcher) -> list[tuple[str, str]]:
    """Return (id, title) of the collection asked for. Raises SourceError when it holds something else than records."""
    from opendata_check.sources.reading.ogc import answers as ogc_json

    try:
        answer = ogc_json.mapping(ogc_json.ask(fetcher, ogc_json.collection_url(source.base_url, source.collection)))
    except FetchingError as error:
        raise _failure(error) from error
    if not _holds_records(answer) and not _RECORDS_PATH.search(source.base_url):
        raise SourceError("cette collection n'est pas un catalogue de fiches", where=shown_url(source.base_url))
    return [(source.collection, values.text(answer.get("title")))]


def _holds_records(collection: Mapping[str, Any]) -> bool:
    """Return True for a collection of records, as itemType or its links tell."""
    from opendata_check.sources.reading.ogc.answers import links_of

    kind = values.text(collection.get("itemType") or collection.get("type"), 40).lower()
    if kind in ("record", "catalog", "recordcollection"):
        return True
    return any("ogc-catalog" in values.text(link.get("rel")) for link in links_of(collection))


def _failure(error: FetchingError) -> SourceError:
    """Return a failure as the error of a source, in the words of the service's code when it gives one."""
    from opendata_check.sources.reading.ogc.answers import told

    fault = told(error)
    return SourceError(fault.what, where=fault.where, remedy=fault.remedy)


def _all(source: OgcRecordsSource, fetcher: Fetcher, catalogues: list[tuple[str, str]]) -> Iterator[Part]:
    """Yield what the records of the catalogues are. Raises SourceError when the only catalogue cannot be read."""
    from opendata_check.sources.reading.collecting import Announced
    from opendata_check.sources.reading.ogc import answers as ogc_json

    params = {"q": source.words} if source.words else {}
    before = nameless = 0
    for collection, _ in catalogues:
        url = f"{ogc_json.collection_url(source.base_url, collection)}/items"
        own = 0
        try:
            for found in ogc_json.read_items(fetcher, url, params, page_size=source.page_size):
                if isinstance(found, Announced):
                    own = found.count
                    yield Announced(before + own)
                elif isinstance(found, Fault):
                    yield found
                elif (part := _part(found)) is not None:
                    yield part
                else:
                    nameless += 1
        except FetchingError as error:
            if len(catalogues) == 1:
                raise _failure(error) from error
            yield ogc_json.told(error)
        before += own
    if nameless:
        one, many = "fiche n'a pas d'identifiant : elle n'est pas lue", "fiches sans identifiant ne sont pas lues"
        yield Fault(f"{nameless} {one if nameless == 1 else many}", shown_url(source.base_url))


def _one(source: OgcRecordsSource, fetcher: Fetcher) -> Iterator[Part]:
    """Yield the record asked for. Raises SourceError when the service does not hold it."""
    from opendata_check.sources.reading.ogc import answers as ogc_json

    url = f"{ogc_json.collection_url(source.base_url, source.collection)}/items"
    try:
        feature = ogc_json.ask(fetcher, f"{url}/{quote(source.record, safe='')}")
    except FetchingError as error:
        raise _failure(error) from error
    part = _part(feature) if ogc_json.mapping(feature).get("properties") else None
    if part is None:
        raise SourceError(
            "le service a répondu autre chose que prévu", where=shown_url(url), remedy="Réessayez plus tard."
        )
    yield part


def _part(feature: Mapping[str, Any]) -> Part | None:
    """Return what a record is: a dataset, what is left out; None when it has no identifier."""
    from opendata_check.sources.reading.collecting import LeftOut
    from opendata_check.sources.reading.iso.record import KEPT_LEVELS
    from opendata_check.sources.reading.ogc import record as ogc_record

    level = ogc_record.kind_of(feature)
    if level not in KEPT_LEVELS:
        return LeftOut(level)
    dataset: Dataset = ogc_record.dataset_of(feature)
    return dataset if dataset.id else None
