"""What the audit hands to the checks: datasets with their files' facts, schemas and verdicts of validation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault
from opendata_check.model.copies import Copy
from opendata_check.model.facts import ContentFacts, RowRange
from opendata_check.model.legal import Duty
from opendata_check.model.organization import Organization
from opendata_check.model.schema import SchemaMatch, TableValidation


@dataclass(frozen=True, slots=True)
class UnknownNumbers:
    """Numbers of one column that a register does not hold."""

    kind: str
    """``siret`` or ``siren``: as far as the register could tell."""
    column: str
    letter: str
    count: int
    of: int
    """Different numbers looked for."""
    rows: tuple[RowRange, ...] = ()
    """The first row of each."""


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """One file (or one member of an archive) with what was read in it."""

    distribution: Distribution
    name: str
    """As printed: relative path, file name of the URL, ``archive.zip › a.csv``."""
    facts: ContentFacts | None = None
    """None when the bytes could not be had: then ``fault`` says why."""
    schema: SchemaMatch | None = None
    validation: TableValidation | None = None
    fault: Fault | None = None
    unreachable: bool = False
    """True when the fault is the publisher's (404, HTML in place of the file); False when ours or the network's."""
    member: bool = False
    """True for a member of an archive."""
    availability: Availability | None = None
    """What trying its link gave, when it was tried without being read."""

    unknown_numbers: tuple[UnknownNumbers, ...] = ()
    """SIRET or SIREN that the extract of Sirene given does not hold, by column."""

    @property
    def was_seen(self) -> bool:
        """Return whether it was opened, or its link tried with success or fault: else nothing can be said of it."""
        answered = self.availability is not None and self.availability.state in ("available", "unavailable", "refused")
        return self.facts is not None or self.fault is not None or answered


@dataclass(frozen=True, slots=True)
class Match:
    """A dataset that seems to answer an obligation or a usual family of datasets."""

    family: str
    """Id of an obligation (``subventions``) or of a family of rules/expected_datasets.yaml (``deliberations``)."""
    confidence: float
    """0 to 1."""
    by: str
    """``declared_schema``, ``columns``, ``file_name``, ``keyword`` or ``title``."""
    heard: str = ""
    """Expression of the rules that words were recognised by; "" when a schema or columns told."""
    rivals: tuple[str, ...] = ()
    """Families nearly as likely, the surest first: somebody must choose."""

    @property
    def named(self) -> bool:
        """Return whether something names the family; an ambiguous word (0.5) only makes one look."""
        return self.confidence > 0.5


@dataclass(frozen=True, slots=True)
class InspectedDataset:
    """A dataset, its files, and what it seems to be."""

    dataset: Dataset
    files: tuple[InspectedFile, ...]
    matches: tuple[Match, ...] = ()
    catalog_location: str = ""
    copies: tuple[Copy, ...] = ()
    """The dataset as each catalogue describes it, the one that has most authority first; empty when it was not looked
    for elsewhere."""

    @property
    def key(self) -> str:
        """Return what identifies the dataset across catalogues in a report."""
        return self.dataset.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything gathered about one body: what the checks judge."""

    organization: Organization | None
    on: date
    duties: tuple[Duty, ...]
    catalogs: tuple[Catalog, ...]
    datasets: tuple[InspectedDataset, ...]

    def duty(self, obligation: str) -> Duty | None:
        """Return the duty of that id, or None when the law's rules do not hold it."""
        for duty in self.duties:
            if duty.obligation == obligation:
                return duty
        return None
