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
