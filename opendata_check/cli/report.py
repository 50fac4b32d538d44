"""The `report` command: an audit's JSON, shown again in any format without auditing again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import completion, verbosity

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport


def command(
    saved: Annotated[
        str,
        typer.Argument(metavar="FICHIER.json", help="Un audit enregistré (.json ou .json.gz), ou « - » pour le lire."),
    ],
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
            help="Écrit le rapport dans ce fichier (.html, .xlsx, .md…). Peut se répéter.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Ne dit rien de la forme du fichier lu.")] = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Montre à nouveau un audit enregistré, dans un autre format, sans rien relire.

    Exemples :
      opendata-check audit mes-fichiers -o audit.json
      opendata-check report audit.json
      opendata-check report audit.json -o rapport.html -o rapport.xlsx
      opendata-check report audit.json -f markdown
    """
    from opendata_check.cli import delivery
    from opendata_check.cli.options import unquoted

    wanted = delivery.destinations(report_format, output)
    typed = unquoted(saved)
    delivery.keep_read_files(wanted, [None if typed == "-" else typed])
    report = reread(typed, quiet=quiet)
    delivery.deliver(report, wanted)
    raise typer.Exit(3 if report.partial else 0)


def reread(typed: str, *, quiet: bool) -> AuditReport:
    """Return a saved audit; says on the error stream, unless ``quiet``, what its form lacks. Raises RereadingError."""
    from opendata_check import rereading
    from opendata_check.reports.safety import clean

    notes: list[str] = []
    report = rereading.read(None if typed == "-" else Path(typed), notes)
    if not quiet:
        for note in notes:
            print(clean(note), file=sys.stderr)  # noqa: T201 - beside the report, never in it
    return report
