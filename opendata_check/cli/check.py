"""The `check` command: is this file right, and if not, what to write instead."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import completion, verbosity
from opendata_check.errors import UsageError

_LONGEST_SHOWN = 120

if TYPE_CHECKING:
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.fetching import Fetcher
    from opendata_check.model.content import Content
    from opendata_check.model.schema import TableSchema


def command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FICHIER",
            help="Un fichier ou son adresse web : CSV, classeur, JSON, Parquet, GTFS, XML, ou un zip.",
        ),
    ],
    schema: Annotated[
        str | None,
        typer.Option(
            "--schema",
            "-s",
            metavar="MODÈLE",
            help="Le modèle à suivre : un nom de « schemas list », un fichier ou une adresse. Reconnu sinon.",
            autocompletion=completion.schemas,
        ),
    ] = None,
    schema_version: Annotated[
        str | None,
        typer.Option("--schema-version", metavar="VERSION", help="Une version précise du modèle (la dernière sinon)."),
    ] = None,
    report_format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json ou csv (selon le nom donné à -o)."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit la réponse dans ce fichier.")
    ] = None,
    limit: Annotated[
        str | None, typer.Option("--limit", metavar="N", help="Ne liste que N fautes ; le reste est compté.")
    ] = None,
    member: Annotated[
        str,
        typer.Option(
            "--member", metavar="NOM", help="Le fichier à contrôler, quand une archive en contient plusieurs."
        ),
    ] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private-network", help="Autorise les adresses internes (intranet).")
    ] = False,
    quiet: verbosity.Quiet = False,
    verbose: verbosity.Verbose = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Contrôle un fichier : est-il conforme à son modèle, et sinon que faut-il écrire à la place.

    Code de sortie : 0 conforme, 1 à corriger, 2 illisible.

    Les données personnelles ne sont pas cherchées ici : « audit » le fait.

    Exemples :
      opendata-check check subventions.csv
      opendata-check check adresses.csv --schema etalab/schema-bal
      opendata-check check subventions.csv --format csv -o fautes.csv
    """
    from opendata_check.cli import options
    from opendata_check.fetching import open_fetcher
    from opendata_check.file_check import Asked, checked
    from opendata_check.kept import cache_folder
    from opendata_check.reports.check import FORMATS

    chosen = _format(report_format, output, FORMATS)
    most = options.read_number(limit, "--limit", whole=True)
    target = options.unquoted(file)
    options.keep_inputs(output, [target, schema])
    day = options.read_date(on)
    progress = _Progress(verbosity.progress(quiet=quiet, verbose=verbose))
    with open_fetcher(cache_folder=cache_folder(), allow_private=allow_private) as fetcher:
        wanted = _schema(schema, schema_version, fetcher)
        asked = Asked(wanted, day, member, progress.show)
        with checked(content_at(target, fetcher), asked, fetcher) as check:
            progress.clear()
            _deliver(check, chosen, output, None if most is None else int(most))
            code = 0 if check.valid else 1
    raise typer.Exit(code)


class _Progress:
    """Shows the step on the error stream, once a second has passed."""

    def __init__(self, line: ProgressLine) -> None:
        self._line = line

    def show(self, step: str) -> None:
        """Show a step."""
        from opendata_check.cli.progress import Step

        self._line.show(Step(step))

    def clear(self) -> None:
        """Erase the line."""
        self._line.clear()


def _format(typed: str | None, output: str | None, formats: tuple[str, ...]) -> str:
    """Return the format typed, else the one the output's name announces, else the screen's. Raises UsageError."""
    if typed is None:
        suffix = "" if output in (None, "-") else Path(output or "").suffix.lower()
        announced = {".json": "json", ".csv": "csv", ".txt": "terminal", "": "terminal"}
        if suffix not in announced:
            raise UsageError(
                f"ce programme n'écrit pas de fichier « {suffix[:20]} »",
                where=f"-o {(output or '')[:60]}",
                remedy="Donnez un nom en .csv (pour un tableur), .json ou .txt.",
            )
        return announced[suffix]
    chosen = typed.strip().lower()
    chosen = "terminal" if chosen == "text" else chosen
    if chosen not in formats:
        raise UsageError(
            f"« {chosen[:30]} » n'est pas un format de réponse",
            where="--format",
            remedy=f"Choisissez : {', '.join(formats)}.",
        )
    return chosen


def content_at(target: str, fetcher: Fetcher) -> Content:
    """Return the file at a path or an address. Raises UsageError for a folder, FetchingError."""
    if "://" in target:
        return fetcher.download(target)
    path = Path(target)
    if _is_there(path, folder=True):
        raise UsageError(
            "c'est un dossier", where=target[:80], remedy="Donnez un fichier, ou examinez le dossier avec « audit »."
        )
    return fetcher.local(path, path.parent)


def _is_there(path: Path, *, folder: bool = False) -> bool:
    """Return whether a file (or a folder) is there; a name that no disk can hold is not."""
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):
        return False


def _schema(name: str | None, version: str | None, fetcher: Fetcher) -> TableSchema | None:
    """Return the schema asked for: a path, an address, or a name known here."""
    if name is None:
        if version is not None:
            raise UsageError(
                "cette option précise un modèle", where="--schema-version", remedy="Nommez-le avec --schema."
            )
        return None
    if "://" in name:
        return _descriptor(fetcher.json(name), name)
    path = Path(name)
    if path.suffix.lower() in (".json", ".yaml", ".yml") or _is_there(path):
        return _descriptor(_read_schema(path), path.name)
    from opendata_check.cli.schema_names import known_schema

    return known_schema(name, version)


def _descriptor(descriptor: object, where: str) -> TableSchema:
    from opendata_check.schemas.descriptor import from_descriptor

    return from_descriptor(descriptor, where=where)


def _read_schema(path: Path) -> object:
    """Return the JSON of a schema file. Raises SchemaError."""
    from opendata_check.resources import read_small
    from opendata_check.schemas import SchemaError
    from opendata_check.schemas.registry import MAX_BYTES, parse_descriptor

    shown = str(path)[:_LONGEST_SHOWN]
    try:
        raw = read_small(path, MAX_BYTES)
    except FileNotFoundError as error:
        raise SchemaError("ce fichier de schéma n'existe pas", where=shown) from error
    except OverflowError as error:
        raise SchemaError("ce fichier dépasse 10 Mo : ce n'est pas un schéma", where=shown) from error
    except OSError as error:
        raise SchemaError("ce fichier de schéma ne peut pas être lu", where=shown) from error
    return parse_descriptor(raw, where=shown)


def _deliver(check: object, report_format: str, output: str | None, limit: int | None) -> None:
    from opendata_check.cli import options
    from opendata_check.model.check import FileCheck
    from opendata_check.output import write_atomically
    from opendata_check.reports.check import pieces
    from opendata_check.reports.interface import Layout

    assert isinstance(check, FileCheck)
    if output is not None and output != "-":
        write_atomically(Path(output), pieces(check, report_format, Layout(), limit))
        options.tell_written(output)
        return
    layout = Layout(width=options.screen_width(), encoding=sys.stdout.encoding or "utf-8")
    for piece in pieces(check, report_format, layout, limit):
        sys.stdout.write(piece)
    sys.stdout.flush()
