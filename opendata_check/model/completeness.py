"""For one body: each family of datasets that the law wants or that comparable bodies publish, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dataset that answers a family, or may answer it."""

    dataset: str
    """Key of the dataset in the report."""
    title: str
    confidence: float
    """0 to 1."""
    by: str
    """``declared_schema``, ``columns``, ``file_name``, ``keyword`` or ``title``."""
    heard: str = ""
    """Expression of the rules it was recognised by; "" when a schema or columns told."""
    rivals: tuple[str, ...] = ()
    """Families it answers nearly as well."""
    also_at: tuple[str, ...] = ()
    """Other places where copies of it stand."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who could publish a family for this body."""

    kind: str
    """Code of the table « holders » of rules/expected_datasets.yaml."""
    name: str
    """Its name when it is known, else French words: « le syndicat (énergie, eau…) »."""
    named: bool = False
    """True when ``name`` is a body's own name."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a family is open already, by someone else."""

    by: str
    where: str
    title: str
    national: bool
    """True when the State publishes it for everyone."""


@dataclass(frozen=True, slots=True)
class ExpectedFamily:
    """One family and where it stands for this body."""

    family: str
    title: str
    obligation: str
    """Id of the obligation it answers; ``usage`` when no text asks for it: it counts in no verdict and no score."""
    state: str
    """Key of the table of words « outcomes »: ``compliant``, ``non_compliant``, ``not_found``, ``not_applicable``,
    ``already_open`` or ``unverifiable``."""
    reason: str
    """Why this state: ``found``, ``faults``, ``probable``, ``by_others``, ``national``, ``exempt``, ``no_event``,
    ``need``, ``holder``, ``stratum``, ``competence_unknown``, ``duty_unknown``, ``event_unknown``, ``place_unseen``,
    ``incomplete`` or ``not_found``."""
    found: tuple[Candidate, ...] = ()
    """The surest first."""
    probable: tuple[Candidate, ...] = ()
    """Datasets somebody must look at, the surest first."""
    elsewhere: tuple[Elsewhere, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    """Others who could publish it, the most frequent first."""
    holder: str = ""
    """French: who usually has it in the house."""
    software: str = ""
    frequency: str = ""
    effort: str = ""
    """Key of the table of words « efforts »."""
    stratum: int = 0
    """Inhabitants from which communes commonly publish it: an observation, never a legal threshold."""
    common: bool = False
    """Among the families that bodies open first."""
    mine: bool = False
    """True when bodies of this kind are the first to publish it."""
    guarded: bool = False
    """True when public security may forbid its details: never suggested."""

    @property
    def usual(self) -> bool:
        """Return whether no text asks for it."""
        return self.obligation == "usage"


@dataclass(frozen=True, slots=True)
class YearSeries:
    """Files that come out year by year, and the years that are not there."""

    family: str
    """"" for the files of one dataset that answers no family."""
    title: str
    """The family's, else the dataset's."""
    datasets: tuple[str, ...]
    """Keys of the datasets, sorted."""
    present: tuple[str, ...]
    """« 2019 », or « 2019-2020 » for school years; sorted."""
    missing: tuple[str, ...]
    """Years between the first and the last that nothing holds."""
    expected: str = ""
    """The year that has just ended, when the series stops before it: a question, never a gap."""
    certain: bool = True
    """False when another file of the series tells no year, or when nobody is sure the files belong together."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparable bodies published, by a dated count: no ranking."""

    label: str
    """French: « les communes de 3 500 à 5 000 habitants »."""
    median: int
    """Datasets of the body in the middle, among those that publish."""
    year: int
    source: str
    publishing: int | None = None
    """How many of them published something."""
    bodies: int | None = None
    """How many there are."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is expected of a body and where each of it stands, in the order of rules/expected_datasets.yaml."""

    families: tuple[ExpectedFamily, ...] = ()
    series: tuple[YearSeries, ...] = ()
    comparison: Comparison | None = None
