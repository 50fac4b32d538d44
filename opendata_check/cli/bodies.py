"""Who is meant and what is known of it: from a name, a file of answers, or facts typed for a body nobody named."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from opendata_check import config as settings
from opendata_check.cli import options
from opendata_check.errors import UsageError
from opendata_check.law import hypothesis
from opendata_check.law.loading import law as national_law
from opendata_check.law.loading import with_local_rules
from opendata_check.law.plausibility import doubts, unread_answers
from opendata_check.law.questions import open_questions, set_aside
from opendata_check.law.rules import Law, Obligation
from opendata_check.law.scoping import open_elsewhere, scope
from opendata_check.model.organization import EvidenceKind, HeadcountBand, Organization, OrganizationKind
from opendata_check.model.scope import ScopeAnswer
from opendata_check.wording import french_date, kind_named


@dataclass(frozen=True, slots=True)
class Told:
    """What was typed about a body."""

    name: str = ""
    kind: str | None = None
    epci: bool = False
    agents: str | None = None
    agents_band: str | None = None
    sirene: str | None = None
    population: str | None = None
    population_totale: str | None = None
    facts: tuple[str, ...] = ()
    config: str | None = None

    @property
    def again(self) -> str:
        """Return what to type again to mean the same body; "" for one that nobody named."""
        import shlex

        if self.kind is not None or (self.epci and not self.name):
            return ""
        return shlex.quote(self.name) if self.name else f"--config {shlex.quote(self.config or settings.FILE_NAME)}"


def law_with(rules: str | None) -> Law:
    """Return the law of the country, with the user's own rules when a folder is named. Raises LawError."""
    return national_law() if rules is None else with_local_rules(national_law(), Path(rules))


def checked_date(text: str | None, law: Law) -> date:
    """Return the day to judge. Raises UsageError before the first text known."""
    day = options.read_date(text)
    first = law.first_text
    if day < first:
        said = law.say("reasons", "before_all", annee=str(day.year), debut=french_date(first))
        raise UsageError(said, where="--on", remedy=f"Donnez une date à partir du {french_date(first)}.")
    return day


def rule_named(law: Law, text: str) -> Obligation:
    """Return the rule whose id is typed, applied or not. Raises UsageError with the nearest ids."""
    from difflib import get_close_matches

    wanted = text.strip().lower()
    if wanted in law.by_id:
        return law.by_id[wanted]
    close = get_close_matches(wanted, list(law.by_id), n=3, cutoff=0.5)
    hint = f"Vouliez-vous dire : {', '.join(close)} ? " if close else ""
    shown = "".join(character for character in text if character.isprintable())[:60]
    raise UsageError(f"aucune règle ne s'appelle « {shown} »", remedy=f"{hint}La liste : opendata-check rules list.")


def answer(told: Told, on: date, law: Law) -> ScopeAnswer:
    """Return every duty of the body meant. Raises UsageError, ConfigError or a territory error."""
    organization, remarks = organization_of(told, on, law)
    duties = scope(organization, on, law)
    if on > law.read_on:
        remarks = (*remarks, law.say("reasons", "after_reading", date=french_date(law.read_on)))
    from opendata_check import __version__

    return ScopeAnswer(
        organization=organization,
        on=on,
        duties=duties,
        questions=open_questions(duties, law),
        already_open=open_elsewhere(organization, on, law),
        set_aside=set_aside(law),
        remarks=(*remarks, *doubts(organization, law), *unread_answers(organization, law)),
        tool_version=__version__,
    )


def organization_of(told: Told, on: date, law: Law) -> tuple[Organization, tuple[str, ...]]:
    """Return the body meant, and French remarks on what had to be supposed."""
    facts = _facts(told, law)
    band = _typed_band(told.agents_band)
    kind = _kind(told)
    if kind is not None:
        if told.name:
            raise UsageError(
                "un nom et --kind ne vont pas ensemble",
                where="scope",
                remedy="Donnez un nom, ou décrivez un organisme avec --kind.",
            )
        organization, remarks = _imagined(kind, facts, on, told, law)
    else:
        organization, remarks = _named(told, law)
        organization = hypothesis.with_facts(organization, facts, on, "chiffre donné avec la commande")
    return _with_band(organization, band, told.sirene), remarks


def with_band(organization: Organization, agents_band: str | None, sirene: str | None) -> Organization:
    """Return the organization with the headcount band typed, else the one read in a Sirene extract. UsageError."""
    return _with_band(organization, _typed_band(agents_band), sirene)


def _with_band(organization: Organization, band: HeadcountBand | None, sirene: str | None) -> Organization:
    if band is None and sirene is not None:
        band = _band_in(sirene, organization)
    return organization if band is None else replace(organization, headcount_band=band)


def _facts(told: Told, law: Law) -> dict[str, bool | float | str]:
    facts: dict[str, bool | float | str] = {}
    for written in told.facts:
        name, equals, value = written.partition("=")
        if not equals:
            said = f"« {written[:60]} » n'est pas de la forme NOM=VALEUR"
            raise UsageError(said, where="--fact", remedy="Par exemple : site_internet=oui.")
        facts[name.strip()] = hypothesis.read_fact(law, name.strip(), value, "--fact")
    for option, name, text in (
        ("--agents", "agents_etp", told.agents),
        ("--population", "population", told.population),
        ("--population-totale", "population_totale", told.population_totale),
    ):
        number = options.read_number(text, option, highest=law.facts[name].highest)
        if number is not None:
            facts[name] = number
    municipale, totale = facts.get("population"), facts.get("population_totale")
    if isinstance(municipale, float) and isinstance(totale, float) and totale < municipale:
        raise UsageError(
            "la population totale ne peut pas être inférieure à la population municipale",
            where="--population-totale",
            remedy="Vérifiez les deux nombres.",
        )
    return facts


def _kind(told: Told) -> OrganizationKind | None:
    if told.kind is None:
        return OrganizationKind.EPCI if told.epci and not told.name else None
    found = kind_named(told.kind)
    if not found:
        known = ", ".join(kind.value for kind in OrganizationKind if kind is not OrganizationKind.UNKNOWN)
        said = f"« {told.kind[:40]} » n'est pas une nature connue"
        raise UsageError(said, where="--kind", remedy=f"Choisissez : {known}.")
    kind = OrganizationKind(found)
    if told.epci and kind not in {OrganizationKind.COMMUNE, OrganizationKind.EPCI}:
        raise UsageError(
            "--epci ne va qu'avec une commune ou une intercommunalité", where="--epci", remedy="Retirez --epci."
        )
    return kind


def _imagined(
    kind: OrganizationKind, facts: dict[str, bool | float | str], on: date, told: Told, law: Law
) -> tuple[Organization, tuple[str, ...]]:
    """Return a body made of facts alone. Without a count of people, its agents are supposed to work full time."""
    remarks: tuple[str, ...] = ()
    etp = facts.get("agents_etp")
    if isinstance(etp, float) and "agents_effectif" not in facts and told.agents_band is None:
        facts = {**facts, "agents_effectif": float(math.ceil(etp))}
        remarks = (law.say("reasons", "full_time"),)
    return hypothesis.imagined(kind, facts, on, source="chiffre donné avec la commande"), remarks


def _named(told: Told, law: Law) -> tuple[Organization, tuple[str, ...]]:
    """Return the body named, with its answers: those of --config, else those of ./opendata-check.toml about it."""
    given = Path(told.config or settings.FILE_NAME)
    wanted = told.config is not None or given.is_file()
    known = settings.read(given) if wanted else settings.Config()
    if told.name and told.config is None:
        organization = options.resolve_organization(told.name, settings.Config())
        if organization is None or not options.speaks_of(known, organization):
            known = settings.Config()
    organization = options.resolve_organization(told.name or None, known)
    if organization is None:
        raise UsageError(
            "il manque le nom ou le code de l'organisme",
            remedy="Par exemple : opendata-check scope 54395, ou : scope --kind commune --population 3600.",
        )
    used = known.path is not None and told.config is None
    return organization, (law.say("reasons", "answers_used", fichier=str(given)),) if used else ()


def _typed_band(text: str | None) -> HeadcountBand | None:
    from opendata_check.territory.headcount import BANDS, band

    if text is None or text.strip().upper() == "NN":
        return None
    found = band(text, evidence=EvidenceKind.DECLARED)
    if found is None:
        raise UsageError(
            f"« {text[:40]} » n'est pas une tranche d'effectif de l'Insee",
            where="--agents-band",
            remedy=f"Choisissez : {', '.join(BANDS)}.",
        )
    return found


def _band_in(path: str, organization: Organization) -> HeadcountBand | None:
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.model.report import Progress
    from opendata_check.territory.sirene import bands_of

    if organization.siren is None:
        raise UsageError(
            "nous ne connaissons pas le SIREN de cet organisme", where="--sirene", remedy="Utilisez --agents-band."
        )
    line = ProgressLine()

    def show(rows: int) -> None:
        line.show(Progress(f"Lecture de Sirene : {rows} lignes"))

    found = bands_of(Path(path), {organization.siren}, show)
    line.clear()
    if organization.siren not in found:
        print(  # noqa: T201 - what was not found must be said, and the answer goes on without it
            f"{path} : aucune tranche d'effectif pour le SIREN {organization.siren}.", file=sys.stderr
        )
    return found.get(organization.siren)
