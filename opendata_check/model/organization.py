"""Who is audited: a French public body (or one that acts for it), with the facts the law asks about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class OrganizationKind(StrEnum):
    """The legal kinds the texts tell apart."""

    COMMUNE = "commune"
    EPCI = "epci"  # établissement public de coopération intercommunale à fiscalité propre
    EPT = "ept"  # établissement public territorial (métropole du Grand Paris)
    SYNDICAT = "syndicat"
    DEPARTEMENT = "departement"
    REGION = "region"
    CCAS = "ccas"
    ETABLISSEMENT_PUBLIC = "etablissement_public"
    DELEGATAIRE = "delegataire"
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
class DeclaredFact:
    """A fact the organization states about itself."""

    name: str
    """Name the law's conditions use, e.g. ``agents_etp`` or ``subventions_plus_de_23000``."""
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
