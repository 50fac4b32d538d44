"""Assembles the commands and turns every error into one French line and an exit code."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

import typer

from opendata_check import __version__
from opendata_check.cli import (
    audit,
    baseline,
    batch,
    check,
    completion,
    diff,
    explain,
    french,
    gate,
    init,
    portal,
    report,
    rules,
    schemas,
    scope,
    sources,
    store,
)
from opendata_check.errors import OpendataCheckError

app = typer.Typer(
    cls=french.FrenchGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    invoke_without_command=True,
    help="""
    Dit ce que la loi demande à une collectivité en matière de données ouvertes, regarde ce qu'elle publie, et dit
    quoi faire en premier.

    Exemples :
      opendata-check scope Nancy
      opendata-check init Nancy
      opendata-check audit mes-fichiers
      opendata-check audit mes-fichiers --format html -o rapport.html
      opendata-check check subventions.csv
      opendata-check portal https://data.ma-ville.fr
    """,
)


_WELCOME = """\
opendata-check dit ce que la loi vous demande de publier, regarde vos fichiers,
et dit quoi faire en premier.

Trois choses à essayer :

  1. Sommes-nous concernés par la loi ?
       opendata-check scope Nancy

  2. Nos fichiers sont-ils bons à publier ?
       opendata-check audit mes-fichiers -o rapport.html

  3. Que publie déjà notre commune en ligne ?
       opendata-check audit Nancy -o rapport.html

Remplacez Nancy et mes-fichiers par votre commune et votre dossier.
Un mot vous arrête ?        opendata-check explain moissonnage
Toutes les commandes :      opendata-check --help
"""
"""What somebody who types nothing more should see: three things to do, and where the rest is."""


@app.callback()
def _top(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Affiche la version."),
) -> None:
    if version:
        typer.echo(f"opendata-check {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(_WELCOME, nl=False)
        raise typer.Exit


app.command("audit", cls=french.FrenchCommand)(audit.command)
app.command("report", cls=french.FrenchCommand)(report.command)
app.command("diff", cls=french.FrenchCommand)(diff.command)
app.command("check", cls=french.FrenchCommand)(check.command)
app.command("portal", cls=french.FrenchCommand)(portal.command)
app.command("sources", cls=french.FrenchCommand)(sources.command)
app.command("scope", cls=french.FrenchCommand)(scope.command)
app.command("explain", cls=french.FrenchCommand)(explain.command)
app.command("init", cls=french.FrenchCommand)(init.command)
app.command("batch", cls=french.FrenchCommand)(batch.command)
app.command("gate", cls=french.FrenchCommand)(gate.command)
app.command("completion", cls=french.FrenchCommand)(completion.command)
app.add_typer(baseline.app, name="baseline")
app.add_typer(rules.app, name="rules")
app.add_typer(schemas.app, name="schemas")
app.add_typer(store.app, name="store")


_LONGEST_LINE = 1200
_INTERRUPTED = 130
_MEANT = {"aide": "--help", "help": "--help", "version": "--version"}
"""First words that people type, and what they mean; a command may be typed in any case."""


_WITHIN = {"history": "store", "trend": "store", "export": "store"}
"""Commands of a group that people type alone."""


def _meant(first: str, group: Any) -> list[str]:
    """Return the first word as the program knows it: one word, or a group and its command."""
    word = first.lower()
    if word in _WITHIN:
        return [_WITHIN[word], word]
    return [_MEANT.get(word, word if word in group.commands else first)]


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for letters that a stream cannot write, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from opendata_check.wording import nearest

    return nearest(error.object[error.start : error.end]), error.end


def _readable_streams() -> None:
    """Never crash on a console that lacks a letter (old Windows code pages): print the nearest one instead."""
    codecs.register_error("nearest", _nearest)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="nearest")


def run(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit code: 0 ran, 1 below what was asked, 2 could not run, 3 partial."""
    _readable_streams()
    given = sys.argv[1:] if arguments is None else arguments
    dashed = next((word for word in given if word[:1] in "—–" and len(word) > 2), "")
    if dashed:  # a word processor or a mail made one long dash of two
        raise SystemExit(_fail(f"« {dashed} » commence par un tiret long : tapez --{dashed.lstrip('—–-')}"))
    group = typer.main.get_command(app)
    completing = completion.asked(os.environ)
    given = [*_meant(given[0], group), *given[1:]] if given else []
    try:
        code = group.main(args=given, prog_name="opendata-check", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:
            _fail("Interrompu.", _INTERRUPTED)
    except SystemExit:
        if completing:
            raise
        # typer leaves so when whoever reads us has gone
        _drop_output()
        code = 0
    except OpendataCheckError as error:
        if "--debug" in given:
            raise
        code = _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        code = _fail("Interrompu.", _INTERRUPTED)
    except BrokenPipeError:
        # whoever reads us (head, less) has seen enough
        _drop_output()
        code = 0
    except OSError:
        if "--debug" in given:
            raise
        _drop_output()
        code = _fail("La réponse n'a pas pu être écrite jusqu'au bout : le disque est peut-être plein.")
    except Exception as error:  # the last door: no traceback reaches a user
        if "--debug" in given:
            raise
        if hasattr(error, "format_message"):
            code = _fail(french.usage_error(error, group))
        else:
            code = _fail(
                f"Une erreur imprévue a arrêté le programme ({type(error).__name__}). "
                "Relancez avec --debug et envoyez-nous ce qui s'affiche."
            )
    raise SystemExit(code if isinstance(code, int) else 0)


def _drop_output() -> None:
    """Send what is left of the answer nowhere: the interpreter would complain of it again when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(line: str, code: int = 2) -> int:
    from opendata_check.reports.safety import clean, without_orders

    shown = without_orders(clean(" ".join(line.split()), _LONGEST_LINE))
    print(shown, file=sys.stderr)  # noqa: T201 - the one place errors are printed
    return code
