"""The `diff` command: what changed between two saved audits of one body."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport
    from opendata_check.reports.difference.comparison import AuditComparison

_FORMATS = ("terminal", "markdown", "json")
_ANNOUNCED = {".md": "markdown", ".json": "json", ".txt": "terminal", "": "terminal"}
"""Format that the end of a file's name announces."""


def command(
    before: Annotated[str, typer.Argument(metavar="AVANT.json", help="L'audit le plus ancien (.json ou .json.gz).")],
    after: Annotated[
        str, typer.Argument(metavar="APRES.json", help="L'audit le plus récent. « - » : entrée standard.")
    ],
    report_format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="Format : terminal, markdown ou json."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit la comparaison dans ce fichier.")
    ] = None,
    fail_on_new: Annotated[
        bool, typer.Option("--fail-on-new", help="Code de sortie 1 s'il y a un défaut que le premier audit n'a pas.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Ne dit rien de la forme des fichiers lus.")] = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Compare deux audits enregistrés : corrigé, nouveau, inchangé, non revu.

    Exemples :
      opendata-check audit mes-fichiers -o mars.json
      opendata-check diff mars.json septembre.json
      opendata-check diff mars.json septembre.json -f markdown -o evolution.md
      opendata-check diff mars.json septembre.json --fail-on-new
    """
    from opendata_check.cli.options import among, keep_inputs, unquoted

    typed = (unquoted(before), unquoted(after))
    if typed == ("-", "-"):
        raise UsageError(
            "un seul des deux audits peut venir de l'entrée standard", remedy="Donnez un fichier à l'autre."
        )
    chosen = among(_format(report_format, output), _FORMATS)
    keep_inputs(output, [None if one == "-" else one for one in typed])
    found = _compared(*(_reread(one, quiet=quiet) for one in typed))
    _deliver(found, chosen, output)
    if found.after.partial:
        raise typer.Exit(3)
    raise typer.Exit(1 if fail_on_new and found.new_faults else 0)


def _format(named: str | None, output: str | None) -> str:
    """Return the format named, else the one that the output's name announces. Raises UsageError."""
    if named is not None:
        return named.strip().lower()
    if output is None or output == "-":
        return "terminal"
    suffix = Path(output).suffix.lower()
    if suffix not in _ANNOUNCED:
        raise UsageError(
            f"une comparaison ne s'écrit pas en « {suffix[:20]} »",
            where=f"-o {output[:60]}",
            remedy="Donnez un nom qui finit par .md, .json ou .txt.",
        )
    return _ANNOUNCED[suffix]


def _reread(typed: str, *, quiet: bool) -> AuditReport:
    from opendata_check.cli.report import reread
    from opendata_check.reports.safety import made_safe

    return made_safe(reread(typed, quiet=quiet))


def _compared(before: AuditReport, after: AuditReport) -> AuditComparison:
    from opendata_check import summaries
    from opendata_check.reports.difference.comparison import compare
    from opendata_check.reports.difference.looking import Looked

    old, now = summaries.marks(before), summaries.marks(after)
    found = summaries.difference(old, now, Looked(after).at)
    return compare(before, after, (summaries.summarised(before), summaries.summarised(after)), found, old)


def _deliver(found: AuditComparison, chosen: str, output: str | None) -> None:
    """Write the comparison to the file named, else on the screen. Raises OutputError."""
    from opendata_check.cli import options
    from opendata_check.output import write_atomically
    from opendata_check.reports.difference import document, markdown, screen

    to_file = output is not None and output != "-"
    pieces: Iterable[str]
    if chosen == "json":
        pieces = document.document(found)
    elif chosen == "markdown":
        pieces = (markdown.page(found),)
    else:
        pieces = (screen.page(found, 80 if to_file else options.screen_width()),)
    if to_file:
        assert output is not None
        write_atomically(Path(output), pieces)
        options.tell_written(output)
    elif chosen == "terminal":
        typer.echo("".join(pieces), nl=False)
    else:
        options.print_data(pieces)
