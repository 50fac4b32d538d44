"""One dataset of the single list made of all catalogues, with where its files may be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opendata_check.model.catalog import Dataset
from opendata_check.model.copies import Copy


@dataclass(frozen=True, slots=True)
class Listed:
    """A dataset that stands once, whatever the number of places it is at."""

    dataset: Dataset
    """Its id differs from every other's in the list."""
    copies: tuple[Copy, ...]
    location: str
    """The place it is taken from: a folder or a portal, as the user would recognise it."""
    root: Path | None
    """The folder its local files must not leave; None when it has none."""
    online: bool
    """True when it stands on a portal too: its addresses may be followed. A folder alone never goes on line."""
