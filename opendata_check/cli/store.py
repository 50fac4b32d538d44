"""The `store` commands: what the kept audits say of a body, of many, and of the file itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import french, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from opendata_check.model.history import StoredAudit
    from opendata_check.reports.store.blocks import Block
    from opendata_check.store import Store

app = french.group(
    """
    Relit les audits gardés : l'histoire d'une collectivité, ce qui a changé, ceux dont on trouve moins.

    Exemples :
      opendata-check store history Nancy
      opendata-check store diff Nancy
      opendata-check store trend --departement 54
      opendata-check store export -o audits.xlsx
    """
)

_FORMATS = ("terminal", "json", "markdown")
_ANNOUNCED = {"": "terminal", ".txt": "terminal", ".json": "json", ".md": "markdown"}
_TABLES = ("csv", "xlsx", "parquet", "json")
_STEPS = {"jour": "day", "mois": "month", "an": "year"}

_Body = Annotated[list[str], typer.Argument(metavar="COMMUNE", help="Nom, code INSEE ou SIREN, ou ce qui fut audité.")]
_Path = Annotated[
    str | None, typer.Option("--store", metavar="FICHIER", help="Le fichier d'audits (celui de votre compte sinon).")
]
_Format = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json ou markdown (selon -o).")
]
_Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit dans ce fichier.")]
_Departement = Annotated[
    str | None, typer.Option("--departement", metavar="CODE", help="Seulement ce département : code ou nom.")
]
_Epci = Annotated[
    str | None, typer.Option("--epci", metavar="SIREN", help="Seulement cette intercommunalité : SIREN ou nom.")
]


@app.command("history", cls=french.FrenchCommand)
def history(
    body: _Body,
    path: _Path = None,
    report_format: _Format = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Montre les audits gardés d'une collectivité : une ligne par date.

    Exemples :
      opendata-check store history Nancy
      opendata-check store history 54395 --format json -o nancy.json
    """
    from opendata_check.cli.kept_body import kept_body
    from opendata_check.reports.safety import safe_value
    from opendata_check.reports.store import documents
    from opendata_check.reports.store import history as told

    chosen, file = _format(report_format, output), _file(path, output)
    with _opened(file) as store:
        audits = safe_value(store.changes(kept_body(" ".join(body), store)))
    _deliver(chosen, output, lambda: told.history(audits), lambda: documents.history(audits[0][0].summary.body, audits))


@app.command("diff", cls=french.FrenchCommand)
def diff(
    body: _Body,
    before: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Depuis l'audit de cette date (l'avant-dernier sinon).")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Jusqu'à l'audit de cette date (le dernier sinon).")
    ] = None,
    path: _Path = None,
    report_format: _Format = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Dit ce qui a changé entre deux audits : ce qui ne figure plus, ce qui est nouveau, ce qui reste.

    Exemples :
      opendata-check store diff Nancy
      opendata-check store diff Nancy --from 01/09/2026 --to 01/11/2026
    """
    from opendata_check.cli.kept_body import kept_body, pair
    from opendata_check.cli.options import read_date
    from opendata_check.reports.safety import safe_value
    from opendata_check.reports.store import documents
    from opendata_check.reports.store import history as told

    chosen, file = _format(report_format, output), _file(path, output)
    days = [None if text is None else read_date(text, option) for text, option in ((before, "--from"), (after, "--to"))]
    with _opened(file) as store:
        key = kept_body(" ".join(body), store)
        one, other = pair(store.audits(key), *days)
        found = safe_value(store.comparison(key, one.number, other.number))
    _deliver(chosen, output, lambda: told.comparison(found), lambda: documents.comparison(found))


@app.command("trend", cls=french.FrenchCommand)
def trend(
    departement: _Departement = None,
    epci: _Epci = None,
    step: Annotated[str, typer.Option("--by", metavar="PAS", help="jour, mois ou an.")] = "mois",
    path: _Path = None,
    report_format: _Format = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Résume tous les organismes gardés : médianes, hausses, baisses, et ceux dont on trouve moins.

    Exemples :
      opendata-check store trend
      opendata-check store trend --departement 54 --by an
    """
    from opendata_check.cli.kept_body import departement_code, epci_siren
    from opendata_check.reports.safety import safe_value
    from opendata_check.reports.store import documents
    from opendata_check.reports.store import trend as told

    chosen, file = _format(report_format, output), _file(path, output)
    if step not in _STEPS:
        raise UsageError(f"« {step[:20]} » n'est pas un pas", where="--by", remedy=f"Choisissez : {', '.join(_STEPS)}.")
    where = (departement_code(departement), epci_siren(epci))
    with _opened(file) as store:
        found = safe_value(store.trend(_STEPS[step], departement=where[0], epci=where[1]))
    asked = ", ".join(text for text in (departement, epci) if text)
    _deliver(chosen, output, lambda: told.trend(found, asked), lambda: documents.trend(found, *where))


@app.command("export", cls=french.FrenchCommand)
def export(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FICHIER", help="Finit par .csv, .xlsx, .parquet ou .json.")
    ],
    departement: _Departement = None,
    epci: _Epci = None,
    path: _Path = None,
    quiet: verbosity.Quiet = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Écrit tous les audits gardés dans un tableau, une ligne par audit.

    Exemples :
      opendata-check store export -o audits.xlsx
      opendata-check store export -o audits.csv --departement 54
    """
    from datetime import date

    from opendata_check.cli import options
    from opendata_check.cli.kept_body import departement_code, epci_siren
    from opendata_check.output import write_atomically
    from opendata_check.reports.safety import safe_value
    from opendata_check.reports.store import documents, tables

    chosen = Path(output).suffix.lower().lstrip(".")
    if chosen not in _TABLES:
        raise UsageError(f"ce programme n'exporte pas vers « {output[:60]} »", where="-o",
                         remedy="Donnez un nom en .csv, .xlsx, .parquet ou .json.")  # fmt: skip
    file = _file(path, output)
    with _opened(file) as store:
        places = {"departement": departement_code(departement), "epci": epci_siren(epci)}
        last = max((body.last for body in store.bodies()), default=date(1980, 1, 1))
        audits = _shown(store.export(**places), quiet=quiet)
        if chosen == "csv":
            write_atomically(Path(output), tables.csv(audits))
        elif chosen == "json":
            write_atomically(Path(output), documents.export(map(safe_value, audits)))
        elif chosen == "parquet":
            write_atomically(Path(output), tables.parquet(audits))
        else:
            write_atomically(Path(output), tables.workbook(audits, last))
    options.tell_written(output)


@app.command("check", cls=french.FrenchCommand)
def check(
    path: _Path = None, report_format: _Format = None, output: _Output = None, debug: verbosity.Debug = False
) -> None:
    """
    Relit tout le fichier d'audits et dit s'il est abîmé.

    Code de sortie : 0 rien à signaler, 1 abîmé, 2 illisible.

    Exemple :
      opendata-check store check
    """
    from opendata_check.reports.safety import safe_value
    from opendata_check.reports.store import documents
    from opendata_check.reports.store import trend as told

    chosen, file = _format(report_format, output), _file(path, output)
    with _opened(file) as store:
        found = safe_value(store.health())
    _deliver(chosen, output, lambda: told.health(found, file.name), lambda: documents.health(found))
    raise typer.Exit(1 if found.faults else 0)


def _opened(file: Path) -> AbstractContextManager[Store]:
    from opendata_check.store import opened

    return opened(file)


def _file(typed: str | None, output: str | None) -> Path:
    """Return the store to read: the option's, else that of the settings here, else the account's.

    No answer may overwrite it.
    """
    from opendata_check.cli.options import keep_inputs, load_config
    from opendata_check.store import default_path

    file = Path(typed) if typed is not None else load_config(None, ".").store or default_path()
    keep_inputs(output, [str(file)])
    return file


def _format(typed: str | None, output: str | None) -> str:
    from opendata_check.cli.options import among

    if typed is not None:
        return among(typed.strip().lower(), _FORMATS)
    suffix = "" if output in (None, "-") else Path(output or "").suffix.lower()
    if suffix not in _ANNOUNCED:
        raise UsageError(f"ce programme n'écrit pas de fichier « {suffix[:20]} »", where=f"-o {(output or '')[:60]}",
                         remedy="Donnez un nom en .txt, .md ou .json.")  # fmt: skip
    return _ANNOUNCED[suffix]


def _deliver(chosen: str, output: str | None, blocks: Callable[[], list[Block]], document: Callable[[], str]) -> None:
    """Write the answer in the format chosen, to the file named or on the screen."""
    from opendata_check.cli import options
    from opendata_check.reports.store.blocks import markdown, screen

    on_screen = output is None or output == "-"
    if chosen != "terminal":
        text = document() if chosen == "json" else markdown(blocks())
        if on_screen:
            options.print_data([text])
            return
    else:
        text = screen(blocks(), options.screen_width() if on_screen else 80)
    options.deliver(text, output)


def _shown(audits: Iterator[StoredAudit], *, quiet: bool) -> Iterator[StoredAudit]:
    """Yield the audits, telling how many were read."""
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.model.report import Progress
    from opendata_check.wording import plural

    line = ProgressLine(silent=quiet)
    for number, one in enumerate(audits):
        if number and number % 1000 == 0:
            line.show(Progress(f"Lecture : {plural(number, 'audit')}"))
        yield one
    line.clear()
