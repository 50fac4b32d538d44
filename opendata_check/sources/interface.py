"""What a source is: a place where a body publishes, which can be asked for its catalogue.

A kind of source is one module of this folder; ``detect`` finds the modules by listing the folder. It holds:

- ``ACCEPTS``: French words for what it takes;
- ``recognise(target) -> Source | None``: the source of an address whose very shape tells the kind, without any request;

and, for a kind of portal that a bare address may hide:

- ``hint(page) -> str``: French words for what makes a fetched page look like this kind, "" when nothing does; it asks
  for nothing;
- ``confirm(page, fetcher) -> Recognition | None``: asks the portal's own interface (one request, two at most) whether
  it is there, and which scope the page stands for (a dataset, an organization, a search, the whole portal). Never
  raises FetchingError: no answer is None;
- ``BLIND``: rank (1 first) among the kinds tried when no page hints at anything, absent when it makes no sense;
- ``MAPPING``: what each field of Dataset and Distribution is read from (``dataset.title``: ``metas.default.title``);
  docs/portails.md shows it and tests hold it against the recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from opendata_check.errors import OpendataCheckError
from opendata_check.fetching import Fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.model.organization import Organization

DEFAULT_BASE_URL = "https://www.data.gouv.fr"
"""The national portal; another udata portal (or a test's server) may stand for it."""


class SourceError(OpendataCheckError):
    """Nothing at all can be seen at the place the user named."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the user typed, looked at from outside. At most one of ``path`` and ``url`` is set."""

    text: str
    path: Path | None
    """An existing folder or file."""
    url: str | None
    """An http(s) URL."""
    organization: Organization | None
    base_url: str


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at an address: the beginning of the answer, whatever its status."""

    url: str
    """As asked for."""
    final_url: str
    """After redirects."""
    status: int
    media_type: str
    headers: Mapping[str, str]
    """Names in lower case."""
    text: str
    """The first 256 kB, decoded, undecodable bytes replaced."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """A kind of portal that was found, and on what ground."""

    source: Source
    ground: str
    """French: what showed it (« l'interface /api/3 répond en version 3 »)."""
    scope: str = ""
    """French: what is asked there (« tout le portail », « l'organisation ville-de-nancy »)."""


class Source(Protocol):
    """A place that can be asked for its catalogue."""

    @property
    def kind(self) -> str:
        """Return the kind, as in ``Catalog.source``."""

    @property
    def label(self) -> str:
        """Return the place in French, as the user would recognise it."""

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return what the place publishes. Raises SourceError when nothing can be seen."""
