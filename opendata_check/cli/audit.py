"""The `audit` command: from what was typed to a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import completion, keeping, network, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.cli.network import Network
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.config import Config
    from opendata_check.model.organization import Organization
    from opendata_check.model.report import AuditReport

_SEVERITIES = ("critical", "major", "minor", "info")


def command(
    target: Annotated[
        str,
        typer.Argument(
            metavar="CIBLE",
            help="Un dossier, un fichier, l'adresse d'un portail, ou une commune (nom, INSEE, SIREN, code postal).",
            autocompletion=completion.bodies,
        ),
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")
    ] = None,
    organization: Annotated[
        str | None,
        typer.Option("--organization", metavar="NOM", help="À qui sont ces données : nom, code INSEE ou SIREN."),
    ] = None,
    agents: Annotated[
        str | None,
        typer.Option("--agents", metavar="NOMBRE", help="Agents, en équivalent temps plein (deux mi-temps = 1)."),
    ] = None,
    agents_band: Annotated[
        str | None,
        typer.Option("--agents-band", metavar="TRANCHE", help="Tranche d'effectif de l'Insee, par exemple 21."),
    ] = None,
    sirene: Annotated[
        str | None,
        typer.Option("--sirene", metavar="FICHIER", help="Extrait de Sirene (CSV ou Parquet) où lire cette tranche."),
    ] = None,
    known_siret: Annotated[
        str | None,
        typer.Option(
            "--known-siret", metavar="FICHIER", help="Extrait de Sirene où chercher les SIRET et SIREN de vos fichiers."
        ),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="FICHIER", help="Réglages (opendata-check.toml à côté des données sinon)."),
    ] = None,
    report_format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="Format du rapport (selon le nom donné à -o sinon).",
            autocompletion=completion.formats,
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FICHIER",
            help="Écrit le rapport dans ce fichier (.html, .xlsx, .json…). Peut se répéter.",
        ),
    ] = None,
    fail_under: Annotated[
        str | None, typer.Option("--fail-under", metavar="N", help="Code de sortie 1 si le total est sous N (0 à 100).")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="GRAVITÉ",
            help="Code de sortie 1 s'il reste un constat au moins aussi grave : critical, major, minor, info.",
        ),
    ] = None,
    portal: Annotated[
        str | None, typer.Option("--portal", metavar="URL", help="Adresse du portail (data.gouv.fr sinon).")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", metavar="URL", help="Un autre endroit où elle publie : portail, page. Peut se répéter."
        ),
    ] = None,
    allow_private: network.AllowPrivate = False,
    no_cache: network.NoCache = False,
    refresh: network.Refresh = False,
    offline: network.Offline = False,
    ca_bundle: network.CaBundle = None,
    insecure_host: network.InsecureHost = None,
    record: network.Record = None,
    replay: network.Replay = None,
    keep: keeping.Keep = False,
    store: keeping.StoreFile = None,
    quiet: verbosity.Quiet = False,
    verbose: verbosity.Verbose = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Examine ce qu'une collectivité publie et dit quoi faire en premier.

    Exemples :
      opendata-check audit mes-fichiers
      opendata-check audit mes-fichiers --organization 54395 --agents 62
      opendata-check audit https://www.data.gouv.fr/organizations/ma-commune/
      opendata-check audit 54395 --source https://data.ma-ville.fr
      opendata-check audit mes-fichiers --format html -o rapport.html
    """
    from opendata_check.cli import delivery, options
    from opendata_check.cli.options import read_date, read_number, unquoted

    line = verbosity.progress(quiet=quiet, verbose=verbose)
    wanted = delivery.destinations(report_format, output)
    delivery.keep_read_files(wanted, [config, sirene, known_siret], audited=str(Path(unquoted(target))))
    if fail_on is not None and fail_on not in _SEVERITIES:
        raise UsageError(
            f"« {fail_on[:30]} » n'est pas une gravité",
            where="--fail-on",
            remedy=f"Choisissez : {', '.join(_SEVERITIES)}.",
        )
    floor = read_number(fail_under, "--fail-under", highest=100)
    chosen = network.network(
        allow_private=allow_private,
        no_cache=no_cache,
        refresh=refresh,
        offline=offline,
        ca_bundle=ca_bundle,
        insecure_hosts=insecure_host,
        record=record,
        replay=replay,
    )
    typed = _Typed(unquoted(target), tuple(map(unquoted, source or ())), organization, config, portal)
    day = read_date(network.day_of(on, chosen))
    settings = options.load_config(typed.config, typed.target)
    place = keeping.place_for(keep, store, settings)
    body = _body(typed, settings, day, (agents, agents_band, sirene))
    register = None if known_siret is None else Path(unquoted(known_siret))
    report = _run(typed, day, body, chosen, register, line)
    delivery.deliver(report, wanted)
    keeping.kept(report, place, whole=settings.keep_reports)
    raise typer.Exit(_exit_code(report, floor, fail_on))


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed about whom to audit, and where it publishes."""

    target: str
    sources: tuple[str, ...]
    name: str | None
    config: str | None
    portal: str | None


def _body(
    typed: _Typed, settings: Config, day: date, staff: tuple[str | None, str | None, str | None]
) -> Organization | None:
    """Return the body audited, with what was typed of its staff; None when nobody says."""
    from opendata_check.cli import bodies, options
    from opendata_check.law.hypothesis import with_facts

    agents, agents_band, sirene = staff
    agent_count = options.read_number(agents, "--agents")
    organization = options.organization_of(typed.name, typed.target, settings)
    if organization is None:
        return None
    known = {} if agent_count is None else {"agents_etp": agent_count}
    return bodies.with_band(with_facts(organization, known, day), agents_band, sirene)


def _run(
    typed: _Typed, day: date, body: Organization | None, chosen: Network, register: Path | None, line: ProgressLine
) -> AuditReport:
    """Audit, showing what is going on; Ctrl-C keeps what was read."""
    from opendata_check.audit import Request, audit
    from opendata_check.cli.recognition import audited

    with network.opened(chosen, {"on": day.isoformat(), "target": typed.target}) as fetcher:
        sources = audited(typed.target, typed.sources, fetcher, chosen, body, base_url=typed.portal)
        request = Request(target=typed.target, on=day, organization=body, sources=sources, register=register)
        return network.followed(audit(request, fetcher), line)


def _exit_code(report: AuditReport, floor: float | None, fail_on: str | None) -> int:
    """Return 3 when a source stayed unseen, else 1 when below what was asked, else 0 (decisions.md 2)."""
    from opendata_check.model.finding import Outcome

    if report.partial:
        return 3
    if floor is not None and (report.scores.overall is None or report.scores.overall < floor):
        return 1
    if fail_on is not None:
        serious = set(_SEVERITIES[: _SEVERITIES.index(fail_on) + 1])
        if any(f.outcome is Outcome.NON_COMPLIANT and f.severity in serious for f in report.findings):
            return 1
    return 0
