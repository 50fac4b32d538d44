"""What a place publishes, in DCAT's terms: Catalog, Dataset, Distribution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be seen or read; the audit goes on. All words are French."""

    what: str
    where: str = ""
    remedy: str = ""

    @property
    def line(self) -> str:
        """Return the fault on one line: where, what, remedy."""
        text = f"{self.where} : {self.what}" if self.where else self.what
        return f"{text.rstrip('.')}. {self.remedy}" if self.remedy else text


@dataclass(frozen=True, slots=True)
class ServiceOffer:
    """What a geographic service says of one layer or collection; fields it does not give are empty."""

    protocol: str
    """``wfs``, ``wms``, ``wmts``, ``atom``, ``ogc-api-features``, ``esri-rest``, ``wcs``, ``csw``…"""
    layer: str = ""
    """Layer, feature type or collection within the service."""
    formats: tuple[str, ...] = ()
    """Output formats offered, as written."""
    crs: tuple[str, ...] = ()
    """Coordinate reference systems offered, as written (``EPSG:2154``, ``urn:ogc:def:crs:…``)."""
    count: int | None = None
    """Features held, when the service tells it cheaply."""
    version: str = ""


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """What the catalogue says of one column of the data."""

    name: str
    label: str = ""
    type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Inspire:
    """What an ISO 19139 or 19115-3 record says that DCAT has no word for; empty where the record is silent."""

    hierarchy_level: str = ""
    """``dataset``, ``series``, ``service``, ``nonGeographicDataset``…"""
    themes: tuple[str, ...] = ()
    """INSPIRE themes (keywords of the thesaurus GEMET - INSPIRE themes)."""
    topic_categories: tuple[str, ...] = ()
    conformity: tuple[tuple[str, bool | None], ...] = ()
    """(specification, pass): None when the record says « not evaluated »."""
    lineage: str = ""
    access_constraints: tuple[str, ...] = ()
    use_constraints: tuple[str, ...] = ()
    reference_systems: tuple[str, ...] = ()
    language: str = ""
    metadata_language: str = ""
    metadata_contact: bool = False
    """True when the record names who answers for the metadata."""
    resource_identifier: str = ""
    spatial_resolution: str = ""
    missing: tuple[str, ...] = ()
    """Mandatory elements of Regulation 1205/2008 (annex, parts B and C) that the record lacks: their ISO names."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """One downloadable form of a dataset: a local file or a URL."""

    id: str
    """Stable within the dataset: relative path (POSIX) or the portal's resource id."""
    title: str
    path: Path | None = None
    """Local file, for the folder source."""
    url: str | None = None
    declared_format: str = ""
    """What the catalogue says, lower case, as written (``csv``, ``geojson``…); "" when nothing is said."""
    media_type: str = ""
    byte_size: int | None = None
    checksum: str = ""
    """``algorithm:hex``, or "" when unknown."""
    modified: date | None = None
    """Declared date of last change; a file's mtime is never used."""
    schema_name: str = ""
    """Declared schema id (``scdl/deliberations``) or URL; "" when none."""
    schema_version: str = ""
    description: str = ""
    role: str = "main"
    """``main``, ``documentation``, ``api``, ``code`` or ``other``."""
    available: bool | None = None
    """What the portal says of its own availability check; None when it says nothing."""
    access_url: str = ""
    """Page or service that leads to the data, when ``url`` is not it (dcat:accessURL beside dcat:downloadURL)."""
    stable_url: str = ""
    """Address that the portal promises to keep (udata: ``latest``)."""
    issued: date | None = None
    license: str = ""
    """Licence of this distribution alone, as declared; "" when the catalogue says nothing of it."""
    license_url: str = ""
    asynchronous: bool = False
    """True when the server makes the file on request: a 202 is « not ready », not « broken » (ArcGIS Hub)."""
    synthesised: bool = False
    """True when the portal makes the file from the dataset's rows and its catalogue does not list it (Opendatasoft).
    Several of them are one content in several formats."""
    row_count: int | None = None
    """Rows the portal says it holds."""
    service: ServiceOffer | None = None
    """What a service (WFS, OGC API, WMS…) offers, when the distribution is one."""
    also_at: tuple[str, ...] = ()
    """Other addresses of the same file, sorted: those that copies of the dataset give."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as its catalogue describes it; fields the catalogue does not give are empty."""

    id: str
    """Stable within the catalogue."""
    title: str
    distributions: tuple[Distribution, ...]
    description: str = ""
    license: str = ""
    """Licence id, title or URL, as declared."""
    license_url: str = ""
    frequency: str = ""
    """Update frequency as declared."""
    issued: date | None = None
    modified: date | None = None
    """Declared date of the last change of the data (udata: last_update)."""
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    spatial: str = ""
    temporal: str = ""
    publisher: str = ""
    contact: str = ""
    """Contact point as declared (e-mail or form); never a private person's in our examples."""
    landing_page: str = ""
    described: bool = False
    """True when metadata exist (a portal's record, a data package, a catalogue row, a sidecar)."""
    harvested_from: str = ""
    """Domain or URL the record was harvested from; "" when native."""
    identifiers: tuple[str, ...] = ()
    """Other names of this very dataset, in its own portal or where it was harvested (dct:identifier, remote id, URI,
    URL of the record): two records that share one are copies."""
    metadata_modified: date | None = None
    """Declared date of the last change of the record itself (udata: last_modified; ISO: dateStamp)."""
    language: str = ""
    access_rights: str = ""
    """``open``, ``restricted``… as declared."""
    publisher_siren: str | None = None
    """SIREN of whoever publishes this dataset, when the record tells."""
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north, in degrees (WGS 84)."""
    series: str = ""
    """Id of the series or parent the dataset belongs to."""
    conforms_to: tuple[str, ...] = ()
    """Standards or specifications the whole dataset says it follows."""
    applicable_legislation: tuple[str, ...] = ()
    """dcatap:applicableLegislation, hence high-value datasets."""
    hvd_categories: tuple[str, ...] = ()
    fields: tuple[FieldDescription, ...] = ()
    """Columns the catalogue documents."""
    declared_quality: tuple[tuple[str, bool | float], ...] = ()
    """What the portal thinks of the record (udata's ``quality`` block), by key, sorted."""
    inspire: Inspire | None = None
    about_others: bool = False
    """True for a dataset that speaks of the body's territory but that someone else publishes."""

    @property
    def spare_exports(self) -> frozenset[str]:
        """Return the ids of the synthesised distributions but the first: the same rows again, in other formats.

        Portals make each one on request and count it against a daily quota: one is read for all.
        """
        made = [one.id for one in self.distributions if one.synthesised]
        return frozenset(made[1:])

    @property
    def stated_license(self) -> tuple[str, str]:
        """Return the licence and its URL: the dataset's own, else the first that one of its distributions states."""
        own = (self.license, self.license_url)
        said = (own, *((one.license, one.license_url) for one in self.distributions))
        return next(((text, url) for text, url in said if text.strip() or url.strip()), ("", ""))


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything one source showed."""

    source: str
    """Kind: ``folder`` or ``udata``…"""
    place: str
    """Kind of place for Proof.places: ``folder``, ``portal``, ``site``."""
    location: str
    """Folder or URL, as the user would recognise it."""
    title: str
    datasets: tuple[Dataset, ...]
    faults: tuple[Fault, ...] = ()
    complete: bool = True
    """False when a part of the source stayed unseen (exit code 3)."""
    publisher_siren: str | None = None
    """SIREN of the organization the portal names, when it does."""
    software: str = ""
    """The portal's software and version, when it tells (``CKAN 2.12.0``)."""
    announced: int | None = None
    """How many datasets the portal said it has, in the scope that was asked."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Records seen and not kept, by reason (``archived``, ``deleted``, ``private``, ``service``, ``federated``,
    ``own_report``…)."""
    publisher_badges: tuple[str, ...] = ()
    """What the portal vouches for (udata: ``certified``, ``local-authority``…)."""
    about_others: bool = False
    """True for a list of what anyone publishes about a territory: it proves nothing of what the body owes."""
    interrupted: bool = False
    """True when the user stopped the reading (Ctrl-C): what was read until then is here."""
