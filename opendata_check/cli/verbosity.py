"""How much a command tells of what it does: the options every long command takes, and the line they ask for."""

from __future__ import annotations

from typing import Annotated

import typer

from opendata_check.cli.progress import ProgressLine
from opendata_check.errors import UsageError

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="N'affiche pas l'avancement.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Raconte chaque étape, avec le temps passé.")]
Debug = Annotated[bool, typer.Option("--debug", help="Montre le détail d'une erreur du programme.")]


def progress(*, quiet: bool, verbose: bool) -> ProgressLine:
    """Return what shows the steps: nothing, one line rewritten in place, or every step with its time.

    Raises UsageError when both are asked.
    """
    if quiet and verbose:
        raise UsageError("ces options se contredisent", where="--quiet et --verbose", remedy="N'en gardez qu'une.")
    return ProgressLine(silent=quiet, telling=verbose)
