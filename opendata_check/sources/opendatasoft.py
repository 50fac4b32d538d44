"""A portal made with Opendatasoft (Huwise), or one that answers like it: all of it, a search in it, or one dataset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import gather
from opendata_check.sources.reading.ods import search as ods_search
from opendata_check.sources.reading.ods.addresses import Asked, asked_by, whole_site
from opendata_check.sources.reading.ods.answers import ask, refusal_of
from opendata_check.sources.reading.ods.mapping import MAPPING
from opendata_check.sources.reading.ods.opening import first_page, only_dataset, places
from opendata_check.sources.reading.ods.pages import Reading, entries_of, read, total_of
from opendata_check.sources.reading.ods.places import Place
from opendata_check.sources.reading.ods.record import dataset_of

__all__ = ["ACCEPTS", "BLIND", "MAPPING", "NAME", "OpendatasoftSource", "confirm", "hint", "recognise"]

NAME = "Opendatasoft"
ACCEPTS = "la page d'un portail Opendatasoft, d'une recherche ou d'un jeu de données de ce portail"
BLIND = 1
PAGE_SIZE = 100

_SIGNS = (
    (
        re.compile(r"<ods-|\bods-(?:front|box|catalog|dataset|widgets)\b|ng-app=\"ods"),
        "sa page est faite de balises ods-",
    ),
    (re.compile(r"/static/ods\b|[\w-]\.opendatasoft\.com/static|/api/explore/v2\."), "sa page appelle Opendatasoft"),
    (re.compile(r"/d4c/api/|\bd4c-[a-z]+\b"), "sa page est faite de balises d4c- (Data4Citizen)"),
)


@dataclass(frozen=True, slots=True)
class OpendatasoftSource:
    """A portal, and what is asked of it."""

    base_url: str
    """Scheme and host; for Data4Citizen, also what comes before ``/d4c``. Without a final slash."""
    dataset: str = ""
    """Id of the only dataset asked for."""
    filters: ods_search.Filters = ()
    """The search asked for, none for the whole portal."""
    version: str = ""
    """API version that the address names."""
    imitation: bool = False
    """True for Data4Citizen, which only answers like API v1."""
    page_size: int = PAGE_SIZE
    kind: str = "opendatasoft"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        return f"{urlsplit(self.base_url).netloc}, {self.scope}"

    @property
    def scope(self) -> str:
        """Return which part of the portal is asked, in French."""
        if self.dataset:
            return f"jeu de données {values.text(self.dataset, 200)}"
        return f"recherche {values.text(ods_search.words(self.filters), 200)}" if self.filters else "tout le portail"

    @property
    def places(self) -> list[Place]:
        """Return where the API may answer, the richest version first."""
        return places(self.base_url, self.version, imitation=self.imitation)

    @property
    def location(self) -> str:
        """Return the page that shows what is asked."""
        if self.imitation or not self.filters:
            return f"{self.base_url}/" if self.imitation else f"{self.base_url}/explore/"
        shown = ods_search.page_query(self.filters)
        if shown:
            return f"{self.base_url}/explore/?{shown}"
        asked = urlencode(ods_search.new_params(self.filters), doseq=True, quote_via=quote)
        return f"{self.places[0].catalogue}?{asked}"

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return what the portal shows. Raises SourceError when its first answer cannot be had."""
        return _one_dataset(self, fetcher) if self.dataset else _list(self, fetcher)


def recognise(target: Target) -> OpendatasoftSource | None:
    """Return the source of an address with Opendatasoft's paths or host."""
    return _source(asked_by(target.url)) if target.url else None


def hint(page: Page) -> str:
    """Return what in a page shows Opendatasoft's work, "" when nothing does."""
    if "ods-api-analytics-app" in page.headers.get("access-control-allow-headers", "").lower():
        return "ses en-têtes sont ceux d'Opendatasoft"
    return next((words for sign, words in _SIGNS if sign.search(page.text)), "")


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Return the portal behind a page when its API answers: v2.1, then v1 (for an imitation, only the latter)."""
    source = _source(asked_by(page.final_url) or asked_by(page.url) or whole_site(page.final_url, page.text))
    if source is None:
        return None
    for place in (source.places[0], source.places[-1])[: 1 if source.imitation else 2]:
        name = "de Data4Citizen" if place.imitation else f"Opendatasoft {place.version}"
        try:
            value = ask(fetcher, place.catalogue, {"rows": 0} if place.is_old else {"limit": 0}).value
        except FetchingError as error:
            told_so = error.beginning.lstrip()[:1] == b"{"  # in JSON: a mere web page could refuse as well
            if told_so and refusal_of(error, place.catalogue).kind in ("quota", "private"):
                return Recognition(source, f"l'interface {name} répond, et refuse l'accès", source.scope)
            continue
        count = total_of(value)
        if count is not None and entries_of(value) is not None:
            return Recognition(source, f"l'interface {name} répond et annonce {_counted(count)}", source.scope)
    return None


def _counted(count: int) -> str:
    return f"{count} jeux de données" if count > 1 else f"{count} jeu de données"


def _source(asked: Asked | None) -> OpendatasoftSource | None:
    """Return the source of what an address asks."""
    if asked is None:
        return None
    return OpendatasoftSource(asked.site, asked.dataset, asked.filters, asked.version, asked.imitation)


def _list(source: OpendatasoftSource, fetcher: Fetcher) -> Catalog:
    """Return the catalogue of a search or of a whole portal."""
    opened = first_page(fetcher, source.places, source.filters, source.page_size)
    if isinstance(opened, Fault):
        raise SourceError(opened.what, where=opened.where, remedy=opened.remedy)
    place, first = opened
    found = gather(read(Reading(fetcher, place, source.filters, source.page_size, first)), first.where)
    return Catalog(
        source=source.kind,
        place="portal",
        location=source.location,
        title=_title(source),
        datasets=found.datasets,
        faults=found.faults,
        complete=found.complete,
        software=_software(place),
        announced=found.announced,
        left_out=found.left_out,
        interrupted=found.interrupted,
    )


def _title(source: OpendatasoftSource) -> str:
    """Return a producer's name when only it is asked for, else the portal's host."""
    producer = ods_search.producer(source.filters)
    return values.text(producer, 300) or urlsplit(source.base_url).netloc


def _software(place: Place) -> str:
    """Return what the portal runs on, as far as its answers tell."""
    return "Data4Citizen (API Opendatasoft v1)" if place.imitation else f"Opendatasoft (API {place.version})"


def _one_dataset(source: OpendatasoftSource, fetcher: Fetcher) -> Catalog:
    """Return the catalogue of a single dataset."""
    opened = only_dataset(fetcher, source.places, source.dataset)
    if isinstance(opened, Fault):
        raise SourceError(opened.what, where=opened.where, remedy=opened.remedy)
    place, answer = opened
    dataset = dataset_of(answer.value, place)
    assert dataset is not None  # only_dataset has looked
    return Catalog(
        source=source.kind,
        place="portal",
        location=place.page(source.dataset),
        title=dataset.title,
        datasets=(dataset,),
        publisher_siren=dataset.publisher_siren,
        software=_software(place),
    )
