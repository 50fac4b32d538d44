"""Many bodies audited in one go: who was asked for, what became of each, how each stands against the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opendata_check.model.catalog import Fault
from opendata_check.model.summary import AuditSummary


class LotState(StrEnum):
    """What became of one line of the list."""

    DONE = "done"
    PARTIAL = "partial"  # audited, but a source stayed unseen
    FAILED = "failed"  # not audited: ``fault`` says why
    DUPLICATE = "duplicate"  # the same body stands higher in the list
    UNKNOWN = "unknown"  # what is written names nobody, or several: ``fault`` says whom
    WAITING = "waiting"  # not yet audited


@dataclass(frozen=True, slots=True)
class LotEntry:
    """One line of the list."""

    line: int
    """Physical line in the file, 1-based."""
    typed: str
    """What names the body, as written: a name, a code, a SIREN or a URL."""
    key: str
    """Name of its folder in the output: ``54395-nancy``; unique in the lot, the same at each run."""
    extra: tuple[tuple[str, str], ...] = ()
    """The other columns of the list: (label, value), in the list's order."""


@dataclass(frozen=True, slots=True)
class LotChange:
    """How many findings changed since a body's last audit: figures alone, since a lot may count 35 000 bodies."""

    mended: int
    new: int
    unchanged: int
    unseen: int = 0
    """Gone, but what they are about was not looked at again: nobody knows."""


@dataclass(frozen=True, slots=True)
class LotResult:
    """What became of one line."""

    entry: LotEntry
    state: LotState
    summary: AuditSummary | None = None
    """None when it was not audited."""
    fault: Fault | None = None
    change: LotChange | None = None
    """Against its audit of the last run; None when there was none."""
    previous: AuditSummary | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """Whose name the lot's pages bear: nothing of ours need show."""

    name: str = ""
    """« Syndicat numérique du Val »."""
    contact: str = ""
    text: str = ""
    """A paragraph for the first page."""
    logo: str = ""
    """``data:`` URI of a PNG, JPEG or SVG made safe; "" for none."""
    colour: str = ""
    """« #1b4965 »; "" for ours."""


@dataclass(frozen=True, slots=True)
class Lot:
    """A whole run, in the order of the list."""

    title: str
    on: date
    tool_version: str
    results: tuple[LotResult, ...]
    cover: Cover = Cover()
    previous_on: date | None = None
    """Date of the run it is compared with."""
