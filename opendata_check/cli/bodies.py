"""Who is meant and what is known of it: from a name, a file of answers, or facts typed for a body nobody named."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from opendata_check import config as settings
from opendata_check.cli import options
from opendata_check.errors import ConfigError, UsageError
from opendata_check.folding import fold
from opendata_check.law import hypothesis
from opendata_check.law.examples import check_examples
from opendata_check.law.loading import law as national_law
from opendata_check.law.loading import with_local_rules
from opendata_check.law.plausibility import doubts, unread_answers
from opendata_check.law.questions import open_questions, set_aside
from opendata_check.law.rules import Law, Obligation
from opendata_check.law.scoping import open_elsewhere, scope
from opendata_check.model.organization import EvidenceKind, HeadcountBand, Organization, OrganizationKind
from opendata_check.model.scope import ScopeAnswer
from opendata_check.wording import french_date, is_not_examined, kind_named, word

_TYPED = "chiffre donné avec la commande"
_FEW = 5


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
    on: str | None = None
    rules: str | None = None

    @property
    def again(self) -> str:
        """Return what to type again after « scope » to get the same answer."""
        options_ = (
            ("--config", self.config), ("--kind", self.kind), ("--agents", self.agents),
            ("--agents-band", self.agents_band), ("--sirene", self.sirene), ("--population", self.population),
            ("--population-totale", self.population_totale), *(("--fact", fact) for fact in self.facts),
            ("--on", self.on), ("--rules", self.rules),
        )  # fmt: skip
        words = [quoted(self.name)] if self.name else []
        words += ["--epci"] if self.epci else []
        return " ".join([*words, *(f"{option} {quoted(text)}" for option, text in options_ if text is not None)])

    @property
    def interview(self) -> str | None:
        """Return what to type after « init » to be asked about the same body; None for one that nobody named."""
        if self.kind is not None or (self.epci and not self.name):
            return None
        words = [quoted(self.name)] if self.name else []
        return " ".join([*words, *([f"-o {quoted(self.config)}"] if self.config is not None else [])])


def quoted(text: str) -> str:
    """Return a word as it is typed again, in double quotes when it needs some (they serve on Windows too)."""
    import re
    import shlex

    if re.fullmatch(r"[\w.,:/=+-]+", text):
        return text
    return shlex.quote(text) if set(text) & set('"$`\\!%') else f'"{text}"'


def law_with(rules: str | None) -> Law:
    """Return the law of the country, with the user's own rules when a folder is named. Raises LawError."""
    if rules is None:
        return national_law()
    law = with_local_rules(national_law(), Path(rules))
    check_examples(law)
    return law


def checked_date(text: str | None, law: Law) -> date:
    """Return the day to judge. Raises UsageError before the first text known."""
    day = options.read_date(text)
    first = law.first_text
    if day < first:
        said = law.say("reasons", "before_all", debut=french_date(first))
        raise UsageError(said, where="--on", remedy=f"Donnez une date à partir du {french_date(first)}.")
    return day


def rule_named(law: Law, text: str) -> Obligation:
    """Return the rule whose id or title is typed, applied or not. Raises UsageError with the nearest ids."""
    from difflib import get_close_matches

    wanted = text.strip().lower()
    if wanted in law.by_id:
        return law.by_id[wanted]
    words = fold(text)
    meant = [rule for rule in law.by_id.values() if words and words in fold(rule.title)]
    if len(meant) == 1:
        return meant[0]
    if 1 < len(meant) <= _FEW:
        names = ", ".join(f"{rule.id} ({rule.title})" for rule in meant)
        raise UsageError("plusieurs règles répondent à ces mots", remedy=f"Tapez le nom de l'une d'elles : {names}.")
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
    if kind is not None and told.config is not None:
        raise UsageError("--config décrit un organisme, --kind aussi", where="--config", remedy="Gardez l'un des deux.")
    if told.epci and told.name:
        raise UsageError("--epci décrit un organisme sans nom", where="--epci", remedy="Retirez --epci, ou le nom.")
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
        organization = hypothesis.with_facts(organization, facts, on, _TYPED, stated=False)
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
        name = hypothesis.fact_name(name)
        if name in facts:
            raise UsageError(f"« {name[:60]} » est donné deux fois", where="--fact", remedy="Gardez une seule réponse.")
        facts[name] = hypothesis.read_fact(law, name, value, "--fact")
    for option, name, text in (
        ("--agents", "agents_etp", told.agents),
        ("--population", "population", told.population),
        ("--population-totale", "population_totale", told.population_totale),
    ):
        fact = law.facts[name]
        number = options.read_number(
            text, option, highest=fact.highest, whole=not fact.decimals, units=hypothesis.units(fact)
        )
        if number is None:
            continue
        if name in facts:
            raise UsageError(f"{option} et --fact {name} disent la même chose", where=option, remedy="Gardez-en un.")
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
        said = f"« {told.kind[:40]} » n'est pas une nature connue"
        if is_not_examined(told.kind):
            said = f"cet outil n'examine pas « {told.kind[:40]} », qui ne dépend pas d'une collectivité"
        raise UsageError(said, where="--kind", remedy=kinds_remedy(told.kind))
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
    if told.epci and kind is OrganizationKind.COMMUNE:
        remarks = (*remarks, law.say("reasons", "member"))
    return hypothesis.imagined(kind, facts, on, source=_TYPED, stated=False), remarks


def _named(told: Told, law: Law) -> tuple[Organization, tuple[str, ...]]:
    """Return the body named, with its answers: those of --config, else those of ./opendata-check.toml about it."""
    given = Path(told.config or settings.FILE_NAME)
    wanted = told.config is not None or given.is_file()
    broken = ""
    try:
        known = settings.read(given) if wanted else settings.Config()
    except ConfigError as error:
        if told.config is not None or not told.name:
            raise
        known, broken = settings.Config(), str(error)  # a file that happens to be here stops nobody who named a body
    if told.name and not options.speaks_of(known, _resolved(told.name)):
        if told.config is not None and known.names_someone:
            raise UsageError(
                f"ces réponses sont celles d'un autre organisme ({known.name or known.code})",
                where=str(given),
                remedy="Donnez le nom ou le fichier, pas les deux.",
            )
        known = known if told.config is not None else settings.Config()
    organization = options.resolve_organization(told.name or None, known)
    if organization is None:
        raise UsageError(
            "il manque le nom ou le code de l'organisme",
            remedy="Par exemple : opendata-check scope 54395, ou : scope --kind commune --population 3600.",
        )
    used = known.path is not None and told.config is None
    if broken:
        return organization, (law.say("reasons", "answers_broken", faute=broken),)
    return organization, (law.say("reasons", "answers_used", fichier=str(given)),) if used else ()


def _resolved(name: str) -> Organization:
    """Return the body named; what is a file or an address is told to be one. Raises UsageError or a territory error."""
    from opendata_check.territory import UnknownTerritoryError

    try:
        organization = options.resolve_organization(name, settings.Config())
    except UnknownTerritoryError as error:
        if options.names_a_body(name):
            raise
        raise UsageError(
            "c'est un fichier ou une adresse, non un organisme",
            where=f"« {name[:60]} »",
            remedy=f"Pour l'examiner : opendata-check audit {quoted(name[:60])}.",
        ) from error
    assert organization is not None
    return organization


def kinds_remedy(typed: str) -> str:
    """Return what to type for a kind of body: the nearest words first, in French."""
    from difflib import get_close_matches

    words = {word("kinds", kind): kind.value for kind in OrganizationKind if kind is not OrganizationKind.UNKNOWN}
    close = get_close_matches(typed.strip().lower(), [*words, *words.values()], n=1, cutoff=0.6)
    hint = f"Vouliez-vous dire « {close[0]} » ? " if close else ""
    known = "commune, intercommunalité, syndicat, département, région, CCAS, établissement public, société locale"
    return f"{hint}Par exemple : {known}, délégataire."


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
