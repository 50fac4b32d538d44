"""A CSW catalogue (GeoNetwork, GeoIDE, pycsw…): its ISO records, or one of them, services tied to their datasets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from opendata_check.fetching import Fetcher
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Catalog
from opendata_check.sources.interface import Page, Recognition, SourceError, Target
from opendata_check.sources.reading.csw import addresses as csw_addresses
from opendata_check.sources.reading.iso.mapping import MAPPING as MAPPING

NAME = "CSW (GeoNetwork)"
ACCEPTS = "l'adresse d'un catalogue CSW, ou d'une page de GeoNetwork"
BLIND = 5
PAGE_SIZE = 50

_HINTS = (
    (csw_addresses.CAPABILITIES, "la page est celle d'un service CSW"),
    (re.compile(r"<title>[^<]*geonetwork", re.IGNORECASE), "le titre de la page nomme GeoNetwork"),
    (
        re.compile(r"\bGNLIB\b|catalog\.search#|geonetwork-ui|gn-app\b", re.IGNORECASE),
        "la page porte la marque d'un GeoNetwork",
    ),
    (re.compile(r"[\"']/geonetwork/", re.IGNORECASE), "la page mène à un catalogue GeoNetwork"),
)


@dataclass(frozen=True, slots=True)
class CswSource:
    """A CSW catalogue, asked for all its records, for those that a constraint keeps, or for one."""

    url: str
    """Address of the service, without the parameters of a request."""
    record: str = ""
    constraint: str = ""
    """CQL."""
    words: str = ""
    page_size: int = PAGE_SIZE
    kind: str = "csw"

    @property
    def label(self) -> str:
        """Return what is asked, in French."""
        portal = urlsplit(self.url).netloc.removeprefix("www.")
        if self.record:
            return f"{portal}, fiche {self.record}"
        return f"{portal}, catalogue CSW" + (", recherche" if self.constraint or self.words else "")

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the datasets of the catalogue, services tied to them.

        Raises SourceError when the catalogue cannot be read at all, or does not hold the record asked for.
        """
        from opendata_check.sources.reading.collecting import gather
        from opendata_check.sources.reading.csw.parts import Catalogue
        from opendata_check.sources.reading.csw.request import Asked
        from opendata_check.sources.reading.iso.service import attached

        catalogue = Catalogue(fetcher, self.url)
        if self.record:
            known, parts = None, catalogue.one(self.record)
        else:
            known = catalogue.capabilities()
            parts = catalogue.all(Asked(self.constraint, self.words), known, self.page_size)
        gathered = gather(parts, shown_url(self.url))
        datasets = attached(gathered.datasets, catalogue.services)
        only = datasets[0] if self.record and len(datasets) == 1 else None
        own_name = (known.title or known.provider) if known else ""
        return Catalog(
            source=self.kind,
            place="portal",
            location=(only.landing_page if only else "") or self.url,
            title=(only.title if only else own_name) or self.label,
            datasets=datasets,
            faults=gathered.faults,
            complete=gathered.complete,
            software=catalogue.software or ("GeoNetwork" if csw_addresses.record_pages(self.url) else ""),
            announced=gathered.announced,
            left_out=gathered.left_out,
            interrupted=gathered.interrupted,
        )


def recognise(target: Target) -> CswSource | None:
    """Return the source of an address of a CSW service, or of a GeoNetwork page."""
    found = csw_addresses.named(target.url) if target.url else None
    return CswSource(found.url, found.record, found.cql, found.words) if found else None


def hint(page: Page) -> str:
    """Return what makes a page look like a GeoNetwork's or a CSW service's, "" when nothing does."""
    return next((ground for pattern, ground in _HINTS if pattern.search(page.text)), "")


def confirm(page: Page, fetcher: Fetcher) -> Recognition | None:
    """Ask the likeliest addresses for their capabilities, two at most."""
    from opendata_check.sources.reading.csw.parts import Catalogue

    for url in csw_addresses.candidates(page.final_url, page.text):
        try:
            known = Catalogue(fetcher, url).capabilities()
        except SourceError:
            return None
        if known is not None:
            ground = f"un service CSW {known.version} répond à {urlsplit(url).path}".replace("  ", " ")
            return Recognition(CswSource(url), ground, "tout le catalogue")
    return None
