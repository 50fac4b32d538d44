"""data.gouv.fr, or another udata portal: an organization's datasets, one dataset, a search, a commune's territory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from opendata_check.fetching import Fetcher, FetchingError, TooLongError
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import Part, gather
from opendata_check.sources.reading.udata.address import OBJECT_ID, SEARCH_FILTERS, Named, named_by, place_of, sign_of
from opendata_check.sources.reading.udata.list import ListQuery, read_list
from opendata_check.sources.reading.udata.owner import badges_of, likely_sirets, organizations_of
from opendata_check.sources.reading.udata.pages import COUNTED_MASK, DATASET_MASK, Reader, told
from opendata_check.sources.reading.udata.record import MAPPING, dataset_of, mapping

__all__ = [
    "ACCEPTS",
    "BLIND",
    "MAPPING",
    "NAME",
    "UdataSource",
    "about",
    "confirm",
    "hint",
    "likely_sirets",
    "recognise",
]

NAME = "udata"
ACCEPTS = "la page d'une organisation, d'un jeu de données ou d'une recherche de data.gouv.fr"
BLIND = 3

PAGE_SIZE = 100
_WORDS = {
    "organization": "organisation",
    "dataset": "jeu de données",
    "siren": "SIREN",
    "id": "identifiant",
    "resource": "fichier",
    "zone": "données sur",
    "search": "recherche",
    "portal": "tout le portail",
}


@dataclass(frozen=True, slots=True)
class UdataSource:
    """A udata portal, asked about one thing."""

    base_url: str
    """Scheme and host, without a final slash."""
    what: str
    """``organization`` or ``dataset`` (``key`` is a slug or an id), ``id`` (either's), ``resource`` (``key`` is its
    uuid), ``siren``, ``zone`` (``key`` is an INSEE code, or a whole zone id), ``search`` or ``portal``."""
    key: str = ""
    name: str = ""
    """With ``siren`` and ``zone``: the body's name, to search by it."""
    siret: str = ""
    """With ``siren``: the whole SIRET, when the user typed it."""
    page_size: int = PAGE_SIZE
    kind: str = "udata"
    siren: str = ""
    """With ``zone``: whose own datasets are not « by others »."""
    params: tuple[tuple[str, str], ...] = ()
    """With ``search``: its filters."""
    software: str = ""
    """``udata`` and its version, when the portal told."""

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        portal = urlsplit(self.base_url).netloc.removeprefix("www.")
        asked = ", ".join(f"{key} {value}" for key, value in self.params) or self.key
        return f"{portal}, {_WORDS[self.what]} {asked}".rstrip()

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the public datasets.

        Raises SourceError when the organization or dataset named does not exist, or when the portal cannot be read at
        all. A list that breaks off gives what was read, ``complete`` False and a fault.
        """
        reader = Reader(fetcher, self.base_url)
        if self.what in ("dataset", "resource"):
            key = self.key if self.what == "dataset" else _dataset_holding(self, reader)
            return _one_dataset(self, reader, key)
        try:
            return _list(self, reader)
        except SourceError as error:
            missing = isinstance(error.__cause__, FetchingError) and error.__cause__.status == 404
            if self.what != "id" or not missing:
                raise
        return _one_dataset(self, reader, self.key)

    @property
    def zone(self) -> str:
        """Return the portal's id of the zone: a commune's is made from its INSEE code."""
        return self.key if ":" in self.key else f"fr:commune:{self.key}"

    def api(self, *parts: str, version: int = 1) -> str:
        """Return the URL of an API resource."""
        return "/".join([self.base_url, f"api/{version}", *(quote(part, safe="") for part in parts), ""])


def recognise(target: Target) -> UdataSource | None:
    """Return the source of a URL with udata's paths, of an id, or of an organization whose SIREN is known.

    Raises SourceError for an address of data.gouv.fr where nothing can be audited.
    """
    if target.url:
        return _from_url(target.url, target.base_url)
    if target.path is not None:
        return None
    if OBJECT_ID.fullmatch(target.text):
        return UdataSource(target.base_url, "id", target.text)
    digits = re.sub(r"[\s.]", "", target.text)
    siret = digits if re.fullmatch(r"\d{14}", digits, re.ASCII) else ""
    organization = target.organization
    siren = (organization.siren if organization else None) or siret[:9]
    if not siren:
        return None
    return UdataSource(target.base_url, "siren", siren, organization.name if organization else "", siret)


def about(organization: Organization, base_url: str) -> UdataSource | None:
    """Return the source of what anyone publishes about the territory of a body, None when it has none of its own."""
    insee, siren = organization.insee_code or "", organization.siren or ""
    zones = {
        OrganizationKind.COMMUNE: insee,
        OrganizationKind.COMMUNE_DELEGUEE: insee,
        OrganizationKind.EPCI: siren and f"fr:epci:{siren}",
        OrganizationKind.DEPARTEMENT: organization.departement_code
        and f"fr:departement:{organization.departement_code}",
    }
    zone = zones.get(organization.kind)
    return UdataSource(base_url.rstrip("/"), "zone", zone, organization.name, siren=siren) if zone else None


def hint(page: Page) -> str:
    """Return what makes a page look like udata's, "" when nothing does."""
    return sign_of(page.text)


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Return the source of a page whose site answers ``/api/1/site/`` as udata does: what the page's address names."""
    parts = urlsplit(page.final_url)
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    try:
        site = Reader(fetcher, base).record(f"{base}/api/1/site/")
    except FetchingError:
        return None
    if site is None or not (isinstance(site.get("metrics"), dict) or site.get("version")) or not site.get("title"):
        return None
    software = " ".join(["udata", values.text(site.get("version"), 30)]).strip()
    named = named_by(page.final_url) or Named("portal")
    source = UdataSource(base, named.what, named.key, params=named.params, software=software)
    scope = source.label.partition(", ")[2]
    return Recognition(source, f"l'interface /api/1/site répond ({software})", scope)


def _from_url(url: str, base_url: str) -> UdataSource | None:
    """Return the source a URL names; data.gouv.fr's own URLs are asked to ``base_url``.

    Raises SourceError for an address of data.gouv.fr that names nothing we read.
    """
    place = place_of(url, base_url)
    if place is None:
        return None
    base, named = place
    if named is None:
        raise SourceError(
            "cette adresse de data.gouv.fr n'est ni celle d'une organisation, ni celle d'un jeu de données",
            where=values.text(url, 300),
            remedy="Copiez l'adresse de la page de votre organisation.",
        )
    return UdataSource(base, named.what, named.key, params=named.params)


def _record(reader: Reader, url: str, what: str, mask: str = "") -> Mapping[str, Any]:
    """Return one API record. Raises SourceError naming ``what`` when it does not exist or cannot be read."""
    try:
        record = reader.record(url, mask)
    except FetchingError as error:
        if error.status == 404:
            raise SourceError(
                f"{what} n'existe pas sur ce portail", where=error.where, remedy="Vérifiez l'adresse de la page."
            ) from error
        if error.status == 410:
            raise SourceError(f"{what} a été supprimée ou retirée du portail", where=error.where) from error
        fault = told(error)
        raise SourceError(fault.what, where=fault.where, remedy=fault.remedy) from error
    if record is None:
        raise SourceError("le portail a répondu autre chose que prévu", where=url, remedy="Réessayez plus tard.")
    if record.get("deleted"):
        raise SourceError(f"{what} a été supprimée ou retirée du portail", where=url)
    return record


def _dataset_holding(source: UdataSource, reader: Reader) -> str:
    """Return the id of the dataset that holds a resource. Raises SourceError when the portal cannot tell."""
    url = source.api("datasets", "resources", source.key, version=2)
    try:
        answer = reader.json(url)
    except FetchingError as error:
        fault = told(error)
        what = "ce fichier n'existe pas sur ce portail" if error.status == 404 else fault.what
        raise SourceError(what, where=fault.where, remedy="Donnez l'adresse du jeu de données.") from error
    holder = values.text(mapping(answer).get("dataset_id"), 100)
    if not holder:
        raise SourceError(
            "le portail ne dit pas de quel jeu de données vient ce fichier",
            where=url,
            remedy="Donnez l'adresse du jeu de données.",
        )
    return holder


def _one_dataset(source: UdataSource, reader: Reader, key: str) -> Catalog:
    """Return the catalogue of a single dataset, with the SIREN of who publishes it when the portal tells.

    One whose record is too long for one answer is read in pieces.
    """
    what = "cette page de données"
    try:
        record = _record(reader, source.api("datasets", key), what, DATASET_MASK)
    except SourceError as error:
        if not isinstance(error.__cause__, TooLongError):
            raise
        record = _record(reader, source.api("datasets", key, version=2), what, COUNTED_MASK)
    record, faults = reader.whole(record)
    owner = values.text(mapping(record.get("organization")).get("id"), 100)
    organization: Mapping[str, Any] = {}
    if owner:
        try:
            organization = mapping(reader.json(source.api("organizations", owner)))
        except FetchingError:
            organization = {}  # the dataset itself was read: whose number it is stays unknown
    siren = values.siren_of(organization.get("business_number_id"))
    dataset = dataset_of(record, siren)
    return Catalog(
        source=source.kind,
        place="portal",
        location=dataset.landing_page or f"{source.base_url}/datasets/{key}/",
        title=dataset.title,
        datasets=(dataset,),
        faults=tuple(faults),
        complete=not faults,
        publisher_siren=siren,
        software=source.software,
        publisher_badges=badges_of([organization]),
    )


def _list(source: UdataSource, reader: Reader) -> Catalog:
    """Return what a list holds: what organizations publish, together (none of them gives an empty catalogue), or what
    the portal finds."""
    owners: list[Mapping[str, Any]] = []
    read = gather(_parts(source, reader, owners), source.label)
    first: Mapping[str, Any] = owners[0] if owners and source.what in ("organization", "id", "siren") else {}
    own = source.key if source.what == "siren" and owners else None
    return Catalog(
        source=source.kind,
        place="portal",
        location=_page(source, first),
        title=values.text(first.get("name")) or _title(source, found=bool(owners) or not read.complete),
        datasets=read.datasets,
        faults=read.faults,
        complete=read.complete,
        publisher_siren=values.siren_of(first.get("business_number_id")) or own,
        software=source.software,
        announced=read.announced,
        left_out=read.left_out,
        publisher_badges=badges_of(owners) if first else (),
        about_others=source.what == "zone",
        interrupted=read.interrupted,
    )


def _title(source: UdataSource, *, found: bool) -> str:
    if source.what == "zone":
        return f"Ce que tous publient sur {source.name or source.key}"
    if source.what == "siren" and not found:
        return f"{source.name or 'Cet organisme'} : aucune organisation n'y porte le SIREN {source.key}"
    return source.name or source.label


def _parts(source: UdataSource, reader: Reader, owners: list[Mapping[str, Any]]) -> Iterator[Part]:
    """Yield what the source's lists hold; ``owners`` receives the organizations that are the body itself."""
    if source.what in ("organization", "id"):
        owners.append(_record(reader, source.api("organizations", source.key), "cette organisation"))
    siren = source.key if source.what == "siren" else source.siren
    if siren:
        for part in organizations_of(reader, siren, siret=source.siret, name=source.name, page_size=source.page_size):
            if isinstance(part, Fault):
                yield part
            else:
                owners.append(part)
    sirens = {str(owner["id"]): values.siren_of(owner.get("business_number_id")) for owner in owners}
    if source.what in ("zone", "search", "portal"):
        yield from read_list(reader, _found(source, reader), sirens, others=source.what == "zone")
        return
    for owner in owners:
        endpoint = source.api("organizations", str(owner["id"]), "datasets")
        query = ListQuery(endpoint, {"sort": "-created"}, DATASET_MASK, source.page_size, announces=False)
        yield from read_list(reader, query, sirens)


def _found(source: UdataSource, reader: Reader) -> ListQuery:
    """Return the list of what the portal finds: in a zone, by a search, or everything. Raises SourceError."""
    params: dict[str, Any] = {"sort": "-created"}
    for key, value in (("geozone", source.zone),) if source.what == "zone" else source.params:
        params[key] = [*params[key], value] if key in params else [value]
    named = params.get("organization", [""])[-1]
    if named and not OBJECT_ID.fullmatch(named):  # the list wants an id where people copy a name
        params["organization"] = [_record(reader, source.api("organizations", named), "cette organisation")["id"]]
    if SEARCH_FILTERS & set(params):
        return ListQuery(
            source.api("datasets", "search", version=2), params, COUNTED_MASK, source.page_size, announces=True
        )
    return ListQuery(source.api("datasets"), params, DATASET_MASK, source.page_size, announces=True)


def _page(source: UdataSource, organization: Mapping[str, Any]) -> str:
    """Return the web page of what was asked: an organization's, a search's, or the portal's when none was found."""
    if source.what in ("zone", "search"):
        asked = [("geozone", source.zone)] if source.what == "zone" else list(source.params)
        return f"{source.base_url}/datasets/?{urlencode(asked)}"
    slug = values.text(organization.get("slug") or organization.get("id"), 200)
    return values.web_url(organization.get("page")) or f"{source.base_url}/{f'organizations/{slug}/' if slug else ''}"
