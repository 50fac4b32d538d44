"""What a source is: a place where a body publishes, which can be asked for its catalogue.

A kind of source is one module of this folder. It holds ``ACCEPTS``, French words for what it takes, and
``recognise(target) -> Source | None``; ``detect`` finds the modules by listing the folder.
"""

from __future__ import annotations

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
