"""One dataset met in several places: its copies, and the one dataset they make."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.model.catalog import Dataset

HARVEST_ID = "harvest_id"
IDENTIFIER = "identifier"
URL = "url"
CHECKSUM = "checksum"
TITLE = "title"
GROUNDS = (HARVEST_ID, IDENTIFIER, URL, CHECKSUM, TITLE)
"""Why records are held to be the same dataset, the strongest ground first: a copy names the very record it was
harvested from; records share an identifier, an address (of their page or files), the bytes of their files; or have
the same title, publisher and formats."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A dataset as one catalogue describes it."""

    catalog: int
    """Rank of its catalogue among all that were read, sorted by kind and location: in whatever order they were."""
    source: str
    """Kind of the catalogue, as in ``Catalog.source``."""
    location: str
    """Where the catalogue is, as in ``Catalog.location``."""
    dataset: Dataset

    @property
    def native(self) -> bool:
        """Return True when the record was written there, False when it was harvested from elsewhere."""
        return not self.dataset.harvested_from


@dataclass(frozen=True, slots=True)
class MergedDataset:
    """One dataset with all its copies."""

    dataset: Dataset
    """The copy that has most authority, completed by the others; each file stands once, with all its addresses."""
    copies: tuple[Copy, ...]
    """At least one, the one that has most authority first."""
    grounds: tuple[str, ...] = ()
    """Why they are one, in the order of ``GROUNDS``; empty for a single copy."""
