"""The `portal` command: a catalogue read and judged alone, without opening its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import network, recognition, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from opendata_check.model.survey import Survey

_FORMATS = ("terminal", "json")


def command(
    urls: Annotated[
        list[str],
        typer.Argument(metavar="ADRESSES", help="Un portail de données, ou une de ses pages. Plusieurs sont réunis."),
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")
    ] = None,
    report_format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json (selon -o, sinon terminal)."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit la réponse dans ce fichier.")
    ] = None,
    no_links: Annotated[bool, typer.Option("--no-links", help="N'essaie pas les liens vers les fichiers.")] = False,
    portal: Annotated[
        str | None, typer.Option("--portal", metavar="URL", help="Portail qui tient lieu de data.gouv.fr.")
    ] = None,
    allow_private: network.AllowPrivate = False,
    no_cache: network.NoCache = False,
    refresh: network.Refresh = False,
    offline: network.Offline = False,
    ca_bundle: network.CaBundle = None,
    insecure_host: network.InsecureHost = None,
    record: network.Record = None,
    replay: network.Replay = None,
    quiet: verbosity.Quiet = False,
    verbose: verbosity.Verbose = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Lit le catalogue d'un portail et le juge, sans ouvrir ses fichiers.

    Code de sortie : 0 tout a été vu, 2 illisible, 3 une partie n'a pas été vue.

    Exemples :
      opendata-check portal https://data.ma-ville.fr
      opendata-check portal https://data.ma-ville.fr --format json -o catalogue.json
      opendata-check portal https://data.ma-ville.fr https://www.data.gouv.fr/organizations/ma-ville/
    """
    from opendata_check.cli import options

    chosen_format = _format(report_format, output)
    line = verbosity.progress(quiet=quiet, verbose=verbose)
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
    day = options.read_date(network.day_of(on, chosen))
    targets = [recognition.address_of(url) for url in urls]
    with network.opened(chosen, {"on": day.isoformat(), "target": " ".join(targets)}) as fetcher:
        from opendata_check.portal import SurveyRequest, survey

        sources, told = recognition.recognised(targets, fetcher, chosen, base_url=portal)
        request = SurveyRequest(" ".join(targets), day, sources, told, check_links=not no_links)
        found = network.followed(survey(request, fetcher), line)
    _deliver(found, chosen_format, output, network.discreet(targets))
    raise typer.Exit(3 if found.partial else 0)


def _format(typed: str | None, output: str | None) -> str:
    from opendata_check.cli import options

    if typed is not None:
        return options.among(typed.strip().lower(), _FORMATS)
    suffix = "" if output in (None, "-") else Path(output or "").suffix.lower()
    announced = {".json": "json", ".txt": "terminal", "": "terminal"}
    if suffix not in announced:
        raise UsageError(
            f"ce programme n'écrit pas de fichier « {suffix[:20]} »",
            where=f"-o {(output or '')[:60]}",
            remedy="Donnez un nom en .json ou .txt.",
        )
    return announced[suffix]


def _deliver(found: Survey, chosen_format: str, output: str | None, hide: Callable[[str], str]) -> None:
    import sys

    from opendata_check.cli import options
    from opendata_check.output import write_atomically
    from opendata_check.reports.interface import Layout
    from opendata_check.reports.portal import catalogue_json, screen

    if chosen_format == "json":
        pieces = map(hide, catalogue_json.pieces(found))
        if output is None or output == "-":
            options.print_data(pieces)
            return
        write_atomically(Path(output), pieces)
        options.tell_written(output)
        return
    to_file = output is not None and output != "-"
    width = 80 if to_file else options.screen_width()
    encoding = "utf-8" if to_file else sys.stdout.encoding or "utf-8"
    options.deliver(hide(screen.render(found, Layout(width=width, encoding=encoding))), output)
