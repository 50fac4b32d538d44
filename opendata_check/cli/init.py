"""The `init` command: asks only what would change an answer, and keeps the answers in opendata-check.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opendata_check.cli import verbosity
from opendata_check.errors import UsageError


def command(
    body: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ORGANISME]", help="Nom, code INSEE, SIREN… Demandé si vous ne le donnez pas."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FICHIER", help="Fichier des réponses (opendata-check.toml)."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="SERVICE", help="Qui répond : un service, pas un nom. Gardé avec la date."),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Repose aussi les questions déjà répondues ; Entrée garde la réponse.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--rules", metavar="DOSSIER", help="Ajoute vos règles locales à celles du pays.")
    ] = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Pose les questions que seule la mairie connaît, une à une, et garde les réponses.

    Vous pouvez vous arrêter quand vous voulez : chaque réponse est gardée aussitôt. Relancez la commande pour
    reprendre.

    Exemples :
      opendata-check init Nancy
      opendata-check init 54395 --by "service finances"
    """
    from opendata_check.cli import bodies
    from opendata_check.cli.interview import Interview
    from opendata_check.config import FILE_NAME

    if by is not None and "@" in by:
        raise UsageError(
            "« --by » attend un service, non une personne", where="--by", remedy="Par exemple : --by finances."
        )
    if output is not None and (output.strip() in {"", "-"} or Path(output).is_dir()):
        raise UsageError("donnez un nom de fichier", where=f"-o {output}", remedy="Par exemple : -o reponses.toml.")
    answers = Path(output or FILE_NAME)
    if answers.exists() and not answers.is_file():
        raise UsageError("ce n'est pas un fichier ordinaire", where=f"-o {answers}", remedy="Donnez un autre nom.")
    law = bodies.law_with(rules)
    day = bodies.checked_date(on, law)
    Interview(law, day, output, by, review=review).run(" ".join(body or ()))
