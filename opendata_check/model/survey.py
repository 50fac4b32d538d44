"""What a portal's catalogue shows without opening a single file: what the `portal` command prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.finding import Finding
from opendata_check.model.identification import KnownSource
from opendata_check.model.inspected import InspectedDataset


@dataclass(frozen=True, slots=True)
class Survey:
    """One or several portals' catalogues, each dataset counted once."""

    target: str
    on: date
    sources: tuple[KnownSource, ...]
    catalogs: tuple[Catalog, ...]
    datasets: tuple[InspectedDataset, ...]
    """Sorted as the catalogues give them; files hold no facts: nothing was opened."""
    findings: tuple[Finding, ...]
    """Of the checks that metadata and links suffice for."""
    links_checked: bool
    faults: tuple[Fault, ...]
    tool_version: str
    interrupted: bool = False

    @property
    def partial(self) -> bool:
        """Return True when a part stayed unseen (exit code 3)."""
        return self.interrupted or any(not catalog.complete for catalog in self.catalogs)
