"""The `scope` command: which duties bind a body on a date, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from opendata_check.errors import UsageError


def command(
    body: Annotated[
        list[str],
        typer.Argument(
            metavar="ORGANISME", help="Nom, code INSEE, SIREN, SIRET, code postal, ou nom d'intercommunalité."
        ),
    ],
    agents: Annotated[
        str | None,
        typer.Option("--agents", metavar="NOMBRE", help="Agents, en équivalent temps plein (deux mi-temps = 1)."),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option("--population", metavar="NOMBRE", help="Habitants, si vous avez un chiffre plus récent."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")
    ] = None,
    report_format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json (selon le nom donné à -o).")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit la réponse dans ce fichier.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Montre le détail d'une erreur du programme.")] = False,
) -> None:
    """
    Dit quelles règles d'ouverture des données concernent une collectivité, depuis quand, et pourquoi.

    Exemples :
      opendata-check scope 54395 --agents 62
      opendata-check scope "Saint-Denis (93)" --on 2025-06-01
      opendata-check scope "Métropole du Grand Nancy" --format json
    """

    from opendata_check import law
    from opendata_check.cli import options
    from opendata_check.config import Config
    from opendata_check.output import write_atomically
    from opendata_check.reports import scope

    report_format = options.format_for(report_format, output)
    if report_format not in scope.FORMATS:
        raise UsageError(
            f"« {report_format[:30]} » n'est pas un format",
            where="--format",
            remedy=f"Choisissez : {', '.join(scope.FORMATS)}.",
        )
    day = options.read_date(on)
    organization = options.resolve_organization(" ".join(body), Config())
    assert organization is not None
    organization = options.with_declared(
        organization, day, options.read_number(agents, "--agents"), options.read_number(population, "--population")
    )
    duties = law.scope(organization, day)
    text = scope.render_scope(organization, duties, day, report_format, width=options.screen_width())
    if output is not None and output != "-":
        write_atomically(Path(output), text)
        options.tell_written(output)
        return
    sys.stdout.write(text)
