"""A CKAN portal, or one that answers like it (DKAN, OneGeo Suite): all of it, an organization, a dataset, a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Catalog, Dataset
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan.api import Api, CkanError
from opendata_check.sources.reading.ckan.fields import publisher_siren
from opendata_check.sources.reading.ckan.pages import read_records
from opendata_check.sources.reading.ckan.probing import found_behind, sign_of
from opendata_check.sources.reading.ckan.record import MAPPING, dataset_of, identifier_of, left_out
from opendata_check.sources.reading.ckan.scope import Scope, of_action
from opendata_check.sources.reading.ckan.values import Record, first, local, mapping, with_extras
from opendata_check.sources.reading.collecting import gather

__all__ = ["ACCEPTS", "BLIND", "MAPPING", "NAME", "CkanSource", "confirm", "hint", "recognise"]

NAME = "CKAN"
ACCEPTS = "la page d'un portail CKAN, d'une de ses organisations, d'un de ses jeux de données ou d'une recherche"
BLIND = 2

_NOT_THERE = {
    "organization": "cette organisation n'existe pas sur ce portail",
    "group": "ce groupe n'existe pas sur ce portail",
    "dataset": "ce jeu de données n'existe pas sur ce portail",
}


@dataclass(frozen=True, slots=True)
class CkanSource:
    """A portal with CKAN's action API, and what is asked of it."""

    base_url: str
    """What stands before ``/api/3/action``, without a final slash."""
    what: str = "portal"
    """As in ``Scope``, whose fields follow."""
    key: str = ""
    q: str = ""
    fq: str = ""
    software: str = ""
    """When the portal was asked already."""
    portal_title: str = ""
    kind: str = "ckan"

    @property
    def scope(self) -> Scope:
        """Return what is asked."""
        return Scope(self.what, self.key, self.q, self.fq)

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        return f"{self.base_url.partition('://')[2].removeprefix('www.')}, {self.scope.words}"

    @property
    def location(self) -> str:
        """Return the web page of what is asked."""
        if self.what in ("organization", "group", "dataset"):
            return f"{self.base_url}/{self.what}/{quote(self.key, safe='')}"
        if self.what == "search":
            return f"{self.base_url}/dataset?{urlencode({'q': ' '.join(filter(None, (self.q, self.fq)))})}"
        return f"{self.base_url}/"

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the public datasets.

        Raises SourceError when what is named does not exist, or when nothing at all can be read. A list that breaks
        off gives what was read, ``complete`` False and a fault.
        """
        api = Api(fetcher, self.base_url)
        try:
            return _one_dataset(self, api) if self.what == "dataset" else _many(self, api)
        except CkanError as error:
            raise _source_error(self, api, error) from error


def recognise(target: Target) -> CkanSource | None:
    """Return the source of an address of the action API; CKAN's pages have too common addresses to be sure."""
    found = of_action(target.url) if target.url else None
    return _source(found[0], found[1]) if found else None


def hint(page: Page) -> str:
    """Return what makes a page look like CKAN's, "" when nothing does."""
    return sign_of(page)


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Return the portal behind a page when its action API answers."""
    found = found_behind(page, fetcher)
    if found is None:
        return None
    answer, scope = found
    source = _source(answer.base_url, scope, answer.software, answer.title)
    ground = f"l'interface /api/3/action {f'de {answer.software} ' if answer.software else ''}répond"
    return Recognition(source, ground, scope.words)


def _source(base_url: str, scope: Scope, software: str = "", title: str = "") -> CkanSource:
    """Return the source of a scope."""
    return CkanSource(base_url, scope.what, scope.key, scope.q, scope.fq, software, title)


def _many(source: CkanSource, api: Api) -> Catalog:
    """Return the catalogue of a list. Raises CkanError."""
    described = _described(source, api)
    found = gather(read_records(api, source.scope), api.address("package_search"))
    if source.what in ("organization", "group") and not described and found.complete and not found.datasets:
        raise SourceError(
            "ce portail ne montre rien sous ce nom", where=source.location, remedy="Vérifiez l'adresse de la page."
        )
    software, title = ("", "") if found.interrupted else _status(source, api)
    named = values.text(local(first(described, "title", "display_name")))
    return Catalog(
        source=source.kind,
        place="portal",
        location=source.location,
        title=named or (title if source.what == "portal" else "") or source.label,
        datasets=found.datasets,
        faults=found.faults,
        complete=found.complete,
        publisher_siren=publisher_siren(described),
        software=software,
        announced=found.announced,
        left_out=found.left_out,
        interrupted=found.interrupted,
    )


def _described(source: CkanSource, api: Api) -> Record:
    """Return what the portal says of the organization or group; nothing when it does not tell.

    Raises CkanError when it says that there is none of that name.
    """
    if source.what not in ("organization", "group"):
        return {}
    params: dict[str, Any] = {"id": source.key, "include_datasets": "false", "include_users": "false"}
    try:
        return with_extras(mapping(api.ask(f"{source.what}_show", params)))
    except CkanError as error:
        if error.kind == "missing":
            raise
        return {}  # imitations have no such action: the list will tell


def _status(source: CkanSource, api: Api) -> tuple[str, str]:
    """Return the portal's software and title, as far as it tells."""
    if source.software:
        return source.software, source.portal_title
    try:
        status = mapping(api.ask("status_show"))
    except CkanError:
        return "", source.portal_title
    version = values.text(status.get("ckan_version"), 20)
    return f"CKAN {version}".strip(), values.text(local(status.get("site_title")), 200)


def _one_dataset(source: CkanSource, api: Api) -> Catalog:
    """Return the catalogue of a single dataset. Raises CkanError, or SourceError when it is not public."""
    shown = api.ask("package_show", {"id": source.key})
    record = mapping(next(iter(shown), None) if isinstance(shown, list) else shown)  # DKAN answers with a list
    if not identifier_of(record):
        raise SourceError(_NOT_THERE["dataset"], where=source.location, remedy="Vérifiez l'adresse de la page.")
    reason = left_out(record)
    if reason is not None and reason.reason in ("private", "deleted", "draft", "inactive"):
        raise SourceError("ce jeu de données n'est pas public", where=source.location)
    dataset: Dataset = dataset_of(record, source.base_url)
    software, _ = _status(source, api)
    return Catalog(
        source=source.kind,
        place="portal",
        location=dataset.landing_page,
        title=dataset.title,
        datasets=(dataset,),
        publisher_siren=dataset.publisher_siren,
        software=software,
    )


def _source_error(source: CkanSource, api: Api, error: CkanError) -> SourceError:
    """Return why nothing can be seen, and another way in when the portal has one."""
    if error.kind == "missing" and source.what in _NOT_THERE:
        return SourceError(_NOT_THERE[source.what], where=source.location, remedy="Vérifiez l'adresse de la page.")
    remedy = error.fault.remedy
    if error.kind == "forbidden" and source.what == "dataset":
        return SourceError("ce jeu de données n'est pas public", where=source.location, remedy=remedy)
    if error.kind in ("absent", "forbidden", "search", "shape"):
        remedy = " ".join(filter(None, (_other_way(source, api), remedy)))
    return SourceError(error.fault.what, where=error.fault.where, remedy=remedy)


def _other_way(source: CkanSource, api: Api) -> str:
    """Return the words that lead to the portal's catalogue in RDF or in DCAT-US, "" when it has none."""
    for name, sign in (("catalog.xml", b"rdf:RDF"), ("data.json", b'"dataset"')):
        url = f"{source.base_url}/{name}"
        try:
            seen = api.fetcher.look(url)
        except FetchingError:
            continue
        if seen.status == 200 and sign in seen.data:
            return f"Son catalogue DCAT, lui, répond : donnez {url}."
    return ""
