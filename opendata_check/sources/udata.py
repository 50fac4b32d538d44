"""data.gouv.fr, or another udata portal: an organization's datasets, one dataset, or what bears a body's SIREN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Catalog, Dataset, Fault
from opendata_check.model.organization import Organization
from opendata_check.sources.interface import SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.udata_pages import read_pages
from opendata_check.sources.reading.udata_record import dataset_of, is_public, mapping

ACCEPTS = "la page d'une organisation ou d'un jeu de données de data.gouv.fr"

PAGE_SIZE = 100
_NAME_PAGES = 5
_PATH = re.compile(
    r"(?:/[a-z]{2})?(?:/admin)?(?:/api/[12])?/(?P<what>organizations|datasets)(?:/(?P<key>[^/]+))?(?:/|$)",
    re.IGNORECASE,
)
_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class UdataSource:
    """A udata portal, asked about one thing."""

    base_url: str
    """Scheme and host, without a final slash."""
    what: str
    """``organization`` or ``dataset`` (``key`` is a slug or an id), or ``siren`` (``key`` is the SIREN)."""
    key: str
    name: str = ""
    """With ``siren``: the body's name, to search by it."""
    siret: str = ""
    """With ``siren``: the whole SIRET, when the user typed it."""
    page_size: int = PAGE_SIZE
    kind: str = "udata"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        portal = urlsplit(self.base_url).netloc.removeprefix("www.")
        words = {"organization": "organisation", "dataset": "jeu de données", "siren": "SIREN"}
        return f"{portal}, {words[self.what]} {self.key}"

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the public datasets.

        Raises SourceError when the organization or dataset named does not exist, or when the portal cannot be read at
        all. A list that breaks off gives what was read, ``complete`` False and a fault.
        """
        if self.what == "dataset":
            return _one_dataset(self, fetcher)
        if self.what == "organization":
            found = _record(fetcher, self.api("organizations", self.key), "cette organisation")
            return _catalog(self, [found], [], fetcher)
        organizations, faults = _by_siren(self, fetcher)
        return _catalog(self, organizations, faults, fetcher)

    def api(self, *parts: str) -> str:
        """Return the URL of an API resource."""
        return "/".join([self.base_url, "api/1", *(quote(part, safe="") for part in parts), ""])


def recognise(target: Target) -> UdataSource | None:
    """Return the source of a URL with udata's paths, or of an organization whose SIREN is known."""
    if target.url:
        return _from_url(target.url, target.base_url)
    if target.path is not None:
        return None
    digits = re.sub(r"[\s.]", "", target.text)
    siret = digits if re.fullmatch(r"\d{14}", digits, re.ASCII) else ""
    organization = target.organization
    siren = (organization.siren if organization else None) or siret[:9]
    if not siren:
        return None
    return UdataSource(target.base_url, "siren", siren, _name(organization), siret)


def _name(organization: Organization | None) -> str:
    """Return the name to search by, "" when there is none."""
    return organization.name if organization else ""


def _from_url(url: str, base_url: str) -> UdataSource | None:
    """Return the source a URL names; data.gouv.fr's own URLs are asked to ``base_url``.

    Raises SourceError for an address of data.gouv.fr that is neither an organization's nor a dataset's.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        asked = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    is_national = host in ("data.gouv.fr", "www.data.gouv.fr")
    base = base_url if is_national else f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"
    found = _PATH.match(parts.path)
    key = unquote(found["key"]) if found and found["key"] else ""
    of_organization = asked.get("organization", [""])[-1]
    if found and not key and _ID.fullmatch(of_organization):
        return UdataSource(base, "organization", of_organization)
    if found and key and not (found["what"].lower() == "datasets" and key in ("r", "search")):
        return UdataSource(base, found["what"].lower().removesuffix("s"), key)
    if is_national or host.endswith(".data.gouv.fr"):
        raise SourceError(
            "cette adresse de data.gouv.fr n'est ni celle d'une organisation, ni celle d'un jeu de données",
            where=values.text(url, 300),
            remedy="Copiez l'adresse de la page de votre organisation.",
        )
    return None


def _record(fetcher: Fetcher, url: str, what: str) -> Mapping[str, Any]:
    """Return one API record. Raises SourceError naming ``what`` when it does not exist or cannot be read."""
    try:
        record = fetcher.json(url)
    except FetchingError as error:
        if error.status == 404:
            raise SourceError(
                f"{what} n'existe pas sur ce portail", where=error.where, remedy="Vérifiez l'adresse de la page."
            ) from error
        if error.status == 410:
            raise SourceError(f"{what} a été supprimée ou retirée du portail", where=error.where) from error
        raise SourceError(error.what, where=error.where, remedy=error.remedy) from error
    if not isinstance(record, dict) or not record.get("id"):
        raise SourceError("le portail a répondu autre chose que prévu", where=url, remedy="Réessayez plus tard.")
    if record.get("deleted"):
        raise SourceError(f"{what} a été supprimée ou retirée du portail", where=url)
    return record


def _one_dataset(source: UdataSource, fetcher: Fetcher) -> Catalog:
    """Return the catalogue of a single dataset, with the SIREN of who publishes it when the portal tells."""
    record = _record(fetcher, source.api("datasets", source.key), "cette page de données")
    dataset = dataset_of(record)
    owner = values.text(mapping(record.get("organization")).get("id"), 100)
    siren = None
    if owner:
        try:
            siren = values.siren_of(mapping(fetcher.json(source.api("organizations", owner))).get("business_number_id"))
        except FetchingError:
            siren = None  # the dataset itself was read: whose number it is stays unknown, as for many organizations
    return Catalog(
        source=source.kind,
        place="portal",
        location=dataset.landing_page or f"{source.base_url}/datasets/{source.key}/",
        title=dataset.title,
        datasets=(dataset,),
        publisher_siren=siren,
    )


def _catalog(
    source: UdataSource, organizations: list[Mapping[str, Any]], faults: list[Fault], fetcher: Fetcher
) -> Catalog:
    """Return what organizations publish, together; none of them gives an empty catalogue."""
    datasets: dict[str, Dataset] = {}
    for organization in organizations:
        endpoint = source.api("organizations", str(organization["id"]), "datasets")
        for part in read_pages(fetcher, endpoint, {"sort": "-created"}, page_size=source.page_size):
            if isinstance(part, Fault):
                faults.append(part)
                continue
            records = [
                record for record in part if isinstance(record, dict) and (record.get("id") or record.get("slug"))
            ]
            if len(records) < len(part):
                faults.append(Fault(f"{len(part) - len(records)} jeux de données n'ont pas pu être lus", endpoint))
            for dataset in (dataset_of(record) for record in records if is_public(record)):
                datasets.setdefault(dataset.id, dataset)
    first: Mapping[str, Any] = organizations[0] if organizations else {}
    own = source.key if source.what == "siren" else None
    return Catalog(
        source=source.kind,
        place="portal",
        location=_page(source, first),
        title=values.text(first.get("name")) or source.name or source.label,
        datasets=tuple(datasets.values()),
        faults=tuple(faults),
        complete=not faults,
        publisher_siren=values.siren_of(first.get("business_number_id")) or (own if organizations else None),
    )


def _page(source: UdataSource, organization: Mapping[str, Any]) -> str:
    """Return the web page of an organization, or the portal's when none was found."""
    slug = values.text(organization.get("slug") or organization.get("id"), 200)
    return values.web_url(organization.get("page")) or f"{source.base_url}/{f'organizations/{slug}/' if slug else ''}"


def _by_siren(source: UdataSource, fetcher: Fetcher) -> tuple[list[Mapping[str, Any]], list[Fault]]:
    """Return the organizations that bear the SIREN, and the fault of the search that failed, if one did.

    The portal only searches a whole SIRET, exactly: the likeliest ones are tried, then the name; an organization is
    kept only when its own SIRET begins with the SIREN, never for its name alone.
    Raises SourceError when the first search failed: nothing can be said then.
    """
    sirets = dict.fromkeys([siret for siret in (source.siret, *likely_sirets(source.key)) if siret])
    searches: list[tuple[dict[str, str], int]] = [({"business_number_id": siret}, 1) for siret in sirets]
    if source.name:
        searches.append(({"q": source.name}, _NAME_PAGES))
    found: dict[str, Mapping[str, Any]] = {}
    for number, (params, most) in enumerate(searches):
        pages = read_pages(fetcher, source.api("organizations"), params, page_size=source.page_size)
        for part in islice(pages, most):
            if isinstance(part, Fault):
                if number == 0:
                    raise SourceError(part.what, where=part.where, remedy=part.remedy)
                return list(found.values()), [part]
            for record in map(mapping, part):
                same = values.siren_of(record.get("business_number_id")) == source.key
                if same and record.get("id") and not record.get("deleted"):
                    found.setdefault(str(record["id"]), record)
    return list(found.values()), []


def likely_sirets(siren: str) -> list[str]:
    """Return the SIRETs of the first three establishments a SIREN may have had.

    The last five digits are an establishment's number, given in order, and one control digit (Luhn) that makes it
    unique (Insee, Sirene).
    """
    from stdnum import luhn

    numbered = [f"{siren}{number:04}" for number in (1, 2, 3)]
    return [number + luhn.calc_check_digit(number) for number in numbered]
