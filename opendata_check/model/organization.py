"""Who is audited: a French public body (or one that acts for it), with the facts the law asks about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class OrganizationKind(StrEnum):
    """The legal kinds the texts tell apart."""

    COMMUNE = "commune"
    COMMUNE_DELEGUEE = "commune_deleguee"  # déléguée or associée: no legal personality of its own
    EPCI = "epci"  # établissement public de coopération intercommunale à fiscalité propre
    EPT = "ept"  # établissement public territorial (métropole du Grand Paris)
    SYNDICAT = "syndicat"
    DEPARTEMENT = "departement"
    REGION = "region"
    COLLECTIVITE_PARTICULIERE = "collectivite_particuliere"  # Métropole de Lyon, Corse, Guyane, Martinique, Mayotte
    CCAS = "ccas"
    CIAS = "cias"
    ETABLISSEMENT_PUBLIC = "etablissement_public"  # administratif: régie personnalisée, caisse des écoles…
    EPIC = "epic"  # établissement public industriel et commercial: office, régie personnalisée d'un SPIC
    SOCIETE_LOCALE = "societe_locale"  # SPL, SEM, SEMOP
    DELEGATAIRE = "delegataire"
    ECOLE = "ecole"  # no legal personality: the commune's
    ETABLISSEMENT_ENSEIGNEMENT = "etablissement_enseignement"  # collège, lycée: outside this tool
    UNKNOWN = "unknown"


class EvidenceKind(StrEnum):
    """How a fact came to us."""

    OBSERVED = "observed"  # read in a file, a catalogue or an embedded national reference
    DECLARED = "declared"  # said by the organization (opendata-check.toml or an option)


@dataclass(frozen=True, slots=True)
class PopulationFigures:
    """One vintage of legal population figures; figures of two vintages are never compared with each other."""

    reference_year: int
    """Census reference year (millésime), e.g. 2023."""
    in_force_year: int
    """Civil year during which these figures are the legal ones, e.g. 2026."""
    municipale: int | None
    totale: int | None
    source: str
    """French words naming the source, e.g. « Insee, populations de référence 2023 »."""
    evidence: EvidenceKind = EvidenceKind.OBSERVED


@dataclass(frozen=True, slots=True)
class HeadcountBand:
    """The Insee headcount band of a legal unit: people on the payroll, never full-time equivalents."""

    code: str
    """Insee code of the band, e.g. ``21``."""
    lowest: int
    highest: int | None
    """None for the last band, which has no upper end."""
    year: int | None = None
    """Year of the count (31 December), None when it was not given."""
    evidence: EvidenceKind = EvidenceKind.OBSERVED


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """A fact the organization states about itself."""

    name: str
    """Name in rules/facts.yaml, e.g. ``site_internet`` or ``vehicules_du_parc``."""
    value: bool | int | float | str
    stated_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Organization:
    """A public body. Codes follow the COG (INSEE) and Sirene; absent facts are None, never guessed."""

    name: str
    kind: OrganizationKind
    insee_code: str | None = None
    siren: str | None = None
    departement_code: str | None = None
    departement_name: str | None = None
    epci_siren: str | None = None
    epci_name: str | None = None
    epci_nature: str | None = None
    """For an EPCI: CC, CA, CU, METRO, MET69."""
    populations: tuple[PopulationFigures, ...] = ()
    """Newest vintage first."""
    agents_etp: float | None = None
    """Staff in full-time equivalents (ETP); in no national file, so declared or None."""
    agents_etp_stated_on: date | None = None
    agents_effectif: int | None = None
    """Staff in people, whatever their hours; declared or None."""
    agents_effectif_stated_on: date | None = None
    headcount_band: HeadcountBand | None = None
    acts_as: tuple[OrganizationKind, ...] = ()
    """Other kinds whose powers this body exercises: Paris is a commune that is also a département."""
    declared: tuple[DeclaredFact, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """French sentences the answer must say, e.g. that an old code was replaced by this commune."""
    largest_member_populations: tuple[PopulationFigures, ...] = ()
    """For an EPCI or an EPT: figures of its most populated member commune, newest vintage first. They answer
    « at least one member commune of N inhabitants » for any dated N."""

    def declared_value(self, name: str) -> bool | int | float | str | None:
        """Return the value declared for ``name``, or None when nothing was declared."""
        for fact in self.declared:
            if fact.name == name:
                return fact.value
        return None
