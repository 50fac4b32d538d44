"""The `gate` command: may these files go out?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import keeping, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.cli.delivery import Destination
    from opendata_check.config import Config as Settled
    from opendata_check.config import Written
    from opendata_check.gate.baseline import Baseline
    from opendata_check.gate.run import Answer, Request
    from opendata_check.gate.selection import Selection
    from opendata_check.gate.settings import Settings
    from opendata_check.model.organization import Organization

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CHEMINS]", help="Fichiers et dossiers (ceux des réglages, ou tout le dépôt, sinon)."),
]
Config = Annotated[
    str | None,
    typer.Option("--config", metavar="FICHIER", help="Réglages (opendata-check.toml du dépôt sinon)."),
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")]
BaselineFile = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FICHIER", help="Constats admis : seuls les nouveaux bloquent."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Relit tout, sans se souvenir de la dernière fois.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="N'affiche que ce qui bloque.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, found and read before anything is judged."""

    root: Path
    settings: Settings
    written: Written | None
    selection: Selection
    baseline_path: Path
    baseline: Baseline
    on: date

    @property
    def baseline_name(self) -> str:
        """Return the baseline's name as printed: from the root."""
        from opendata_check.fetching.naming import shown_path

        place = self.baseline_path
        return shown_path(place.relative_to(self.root) if place.is_relative_to(self.root) else Path(place.name))


def command(
    paths: Paths = None,
    config: Config = None,
    on: On = None,
    baseline: BaselineFile = None,
    no_baseline: Annotated[bool, typer.Option("--no-baseline", help="Ne tient pas compte des constats admis.")] = False,
    changed_since: Annotated[
        str | None,
        typer.Option(
            "--changed-since",
            metavar="RÉVISION",
            help="Ne juge que les fichiers changés depuis cette révision git, nouveaux compris.",
        ),
    ] = None,
    report_format: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="Écrit aussi ce format à l'écran (github, json…)."),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FICHIER",
            help="Écrit aussi un rapport : FICHIER ou FORMAT:FICHIER. Peut se répéter.",
        ),
    ] = None,
    store: keeping.StoreFile = None,
    no_cache: NoCache = False,
    quiet: Quiet = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Dit si des fichiers peuvent être publiés : pour un dépôt git et sa CI.

    Les réglages sont dans opendata-check.toml, partie [gate]. Rien ne va en ligne.
    Code de sortie : 0 rien à corriger sur les points contrôlés, 1 à corriger,
    2 impossible, 3 incomplet.

    Exemples :
      opendata-check gate
      opendata-check gate data/subventions-2026.csv
      opendata-check gate --changed-since origin/main
      opendata-check gate -o sarif:gate.sarif -o junit:gate.xml -f github
    """
    wanted = _destinations(report_format, output)
    if no_baseline and baseline is not None:
        raise UsageError(
            "ces options se contredisent", where="--baseline et --no-baseline", remedy="N'en gardez qu'une."
        )
    asked = prepared(paths, config, on, baseline, changed_since=changed_since, no_baseline=no_baseline)
    _keep_read_files(asked, wanted, config)
    settings = _described(asked)
    place = keeping.place_for(False, store, settings) if asked.selection.whole else None  # a part is no audit
    answer = answered(asked, report=bool(wanted) or place is not None, remember=not no_cache, quiet=quiet)
    _deliver(answer, asked, wanted, quiet=quiet)
    if answer.whole is not None:
        keeping.kept(answer.whole, place, whole=settings.keep_reports)
    raise typer.Exit(answer.verdict.exit_code)


def prepared(
    paths: Sequence[str] | None,
    config: str | None,
    on: str | None,
    baseline: str | None,
    *,
    changed_since: str | None = None,
    no_baseline: bool = False,
    damaged_baseline: bool = False,
) -> Asked:
    """Return what is to be judged and by what. ``damaged_baseline`` lets one that cannot be read pass for empty.

    Raises ConfigError, GateError, BaselineError, UsageError.
    """
    from opendata_check.cli.options import read_date, unquoted
    from opendata_check.gate.baseline import Baseline, load, place_in
    from opendata_check.gate.changes import changed_since as changed_files
    from opendata_check.gate.errors import BaselineError
    from opendata_check.gate.root import root_of, settings_near
    from opendata_check.gate.selection import existing, selected
    from opendata_check.gate.settings import BASELINE, Settings, settings_of

    day = read_date(on)
    typed = existing(map(unquoted, paths or ()))
    written = settings_near(typed, None if config is None else Path(unquoted(config)))
    settings = Settings() if written is None else settings_of(written)
    root = root_of(written, typed, named=config is not None)
    changed = None if changed_since is None else changed_files(changed_since.strip(), root)
    selection = selected(root, settings, typed, changed)
    name = settings.baseline or BASELINE
    place = Path(unquoted(baseline)).absolute() if baseline is not None else place_in(root, name)
    known = Baseline()
    if not no_baseline and (baseline is not None or settings.baseline or place.exists()):
        try:
            known = load(place)
        except BaselineError:
            if not damaged_baseline:
                raise
    return Asked(root, settings, written, selection, place, known, day)


def _described(asked: Asked) -> Settled:
    """Return what the settings' file says of the body and of the store."""
    from opendata_check import config

    return config.Config() if asked.written is None else config.described(asked.written)


def answered(asked: Asked, *, report: bool, remember: bool, quiet: bool) -> Answer:
    """Return the gate's answer, showing what is going on."""
    from opendata_check.cli import network
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.gate.run import judge

    return network.followed(judge(_request(asked, report=report, remember=remember)), ProgressLine(silent=quiet))


def _request(asked: Asked, *, report: bool, remember: bool) -> Request:
    from opendata_check.gate.run import Request

    def organization() -> Organization | None:
        from opendata_check.cli.options import resolve_organization

        return None if asked.written is None else resolve_organization(None, _described(asked))

    return Request(
        root=asked.root,
        settings=asked.settings,
        written=asked.written.text if asked.written else "",
        selection=asked.selection,
        on=asked.on,
        organization=organization,
        baseline=asked.baseline,
        report=report,
        remember=remember,
    )


def _destinations(formats: list[str] | None, outputs: list[str] | None) -> tuple[Destination, ...]:
    """Return the reports wanted beside the log. When each file names its format, --format is for the screen."""
    from opendata_check.cli import delivery

    if not formats and not outputs:
        return ()
    if not (formats and outputs):
        return delivery.destinations(formats, outputs)
    from opendata_check import reports

    named = [text.partition(":")[0].lower().replace("_", "-") in reports.formats() for text in outputs]
    if all(named):
        return (*delivery.destinations(None, outputs), *delivery.destinations(formats, None))
    return delivery.destinations(formats, outputs)


def _keep_read_files(asked: Asked, wanted: Sequence[Destination], config: str | None) -> None:
    """Raise UsageError when a report would be written over what is read."""
    from opendata_check.cli import delivery
    from opendata_check.gate.source import real_names

    names = real_names(asked.selection)
    read = [str(names[name]) for name in sorted(asked.selection.judged)]
    delivery.keep_read_files(wanted, [config, str(asked.baseline_path), *read])


def _deliver(answer: Answer, asked: Asked, wanted: Sequence[Destination], *, quiet: bool) -> None:
    """Write the reports, then the log: on the error stream when a report takes the screen."""
    from opendata_check.cli import delivery
    from opendata_check.gate.log import inert, lines, short_lines
    from opendata_check.reports.safety import clean

    if wanted:
        assert answer.report is not None
        delivery.deliver(answer.report, wanted)
    stream = sys.stderr if any(one.path is None for one in wanted) else sys.stdout
    log = (
        short_lines(answer, asked.settings, asked.selection)
        if quiet
        else lines(answer, asked.settings, asked.selection, asked.baseline_name)
    )
    for line in log:
        stream.write(f"{inert(clean(line, 2000))}\n" if line else "\n")
