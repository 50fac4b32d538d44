"""Help and usage errors in plain French, whatever the version of typer: no English word reaches the screen."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_SYNONYMS = {
    "date": "--on", "sortie": "--output", "fichier": "--output", "aide": "--help", "organisme": "--organization",
    "commune": "--organization", "reglages": "--config", "portail": "--portal",
}  # fmt: skip
"""French words for options, as people type them."""
_MAX_WIDTH = 100
_INDENT = 26
_AFTER = re.compile("(?<=«) ")
_BEFORE = re.compile(" (?=[»:;?!])")


def _width() -> int:
    return max(40, min(_MAX_WIDTH, shutil.get_terminal_size((80, 24)).columns))


def _wrap(text: str, indent: int = 0) -> str:
    pad = " " * indent
    glued = _BEFORE.sub("\u00a0", _AFTER.sub("\u00a0", text))  # a line never starts with « » », nor ends with « « »
    lines = textwrap.wrap(glued, _width(), initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False)
    return "\n".join(lines).replace("\u00a0", " ")


def _entry(names: str, text: str) -> str:
    """Return one option or command: its names in a column, its sentence beside them (or below when names are long)."""
    head = f"  {names}"
    body = _wrap(text, _INDENT)
    if len(head) + 2 > _INDENT:
        return f"{head}\n{body}"
    return head + body[len(head) :]


def _option_names(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len))
    return f"{names} {param.metavar}" if param.metavar else names


def _options(command: Any, context: Any) -> list[str]:
    lines = []
    for param in command.get_params(context):
        if param.param_type_name != "option" or getattr(param, "hidden", False):
            continue
        text = "Affiche cette aide." if "--help" in param.opts else (param.help or "")
        lines.append(_entry(_option_names(param), text))
    return lines


def _paragraphs(text: str) -> list[str]:
    """Return the help text wrapped; paragraphs that start with spaces (examples) are kept as they are."""
    blocks = []
    for block in textwrap.dedent(text).strip("\n").split("\n\n"):
        verbatim = any(line.startswith("  ") for line in block.splitlines())
        blocks.append(block.rstrip() if verbatim else _wrap(" ".join(block.split())))
    return blocks


class _AsTyped:
    """Gives an option's value as it was typed: every option here is a text, a list of texts or a yes/no flag."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return ``value``, a list when the option may be repeated (None when it was not given)."""
        if isinstance(value, tuple | list):
            return list(value) or None
        return value


def _spare_a_heavy_import(params: Iterable[Any]) -> None:
    """Keep typer from importing pydantic (70 ms of 120 for a command that does nothing) to turn texts into texts.

    typer builds an option's converter when it is first needed, and keeps it; where that place no longer exists, nothing
    is changed and typer does as it always does.
    """
    for param in params:
        if getattr(param, "_runtime_param", param) is None:
            param._runtime_param = _AsTyped()


class _Light:
    """What a command and a group of commands share: options that import nothing heavy."""

    params: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _spare_a_heavy_import(self.params)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the --help option, as light as the others."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        _spare_a_heavy_import([option])
        return option


class FrenchCommand(_Light, TyperCommand):
    """A command whose help is written in French."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page of one command."""
        arguments = [p for p in self.get_params(ctx) if p.param_type_name == "argument"]
        shown = " ".join(p.metavar or p.name.upper() for p in arguments)
        parts = [f"Usage : {ctx.command_path} [OPTIONS] {shown}".rstrip(), *_paragraphs(self.help or "")]
        named = [_entry(p.metavar or p.name.upper(), getattr(p, "help", None) or "") for p in arguments]
        if named:
            parts.append("\n".join(["Ce que vous donnez :", *named]))
        parts.append("\n".join(["Options :", *_options(self, ctx)]))
        return "\n\n".join(parts) + "\n"


class FrenchGroup(_Light, TyperGroup):
    """The top of the command line, with its list of commands in French."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page of the program."""
        commands = [
            _entry(name, _first_sentence(command.help or ""))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        parts = [
            f"Usage : {ctx.command_path} COMMANDE [OPTIONS]",
            *_paragraphs(self.help or ""),
            "\n".join(["Commandes :", *commands]),
            "\n".join(["Options :", *_options(self, ctx)]),
            f"L'aide d'une commande : {ctx.command_path} COMMANDE --help",
        ]
        return "\n\n".join(parts) + "\n"


def group(about: str) -> typer.Typer:
    """Return a group of commands whose help is ``about``; typed alone, it shows that help."""
    app = typer.Typer(
        cls=FrenchGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        help=about,
    )

    @app.callback()
    def _top(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            typer.echo(context.get_help(), nl=False)
            raise typer.Exit

    return app


def _first_sentence(text: str) -> str:
    return " ".join(textwrap.dedent(text).strip().split("\n\n")[0].split())


def usage_error(error: Any, group: Any) -> str:
    """Return one French line for an exception of typer's parser: what is wrong, and what to type."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "opendata-check"
    advice = f"Tapez : {path} --help"
    kind = type(error).__name__
    if kind == "NoSuchOption":
        known = _known_options(context)
        meant = _SYNONYMS.get(error.option_name.lstrip("-"), "")
        close = [meant] if meant in known else get_close_matches(error.option_name, known, n=1, cutoff=0.7)
        hint = f"Vouliez-vous dire {close[0]} ? " if close else ""
        return f"L'option « {_printable(error.option_name)} » n'existe pas. {hint}{advice}"
    if kind == "BadOptionUsage":
        return f"L'option « {_printable(error.option_name)} » attend une valeur. {advice}"
    if kind == "MissingParameter":
        metavar = getattr(getattr(error, "param", None), "metavar", None) or "valeur"
        return f"Il manque {metavar}. {advice}"
    said = str(getattr(error, "message", ""))
    if said.startswith("No such command"):
        whole = _named_in(said)
        typed = _printable(whole)
        within = getattr(context, "command", group)
        close = get_close_matches(typed.lower(), list(getattr(within, "commands", group.commands)), n=1, cutoff=0.7)
        hint = f"Vouliez-vous dire « {close[0]} » ? " if close else ""
        if not close and within is group:  # somebody gave a body or files, and no command
            hint = _without_command(whole)
        return f"La commande « {typed} » n'existe pas. {hint}{advice}"
    if "extra argument" in said:
        extra = said[said.find("(", said.find("(") + 1) + 1 :].rstrip(")")
        hint = _extra_hint(path, extra)
        return f"Ceci est en trop : « {_printable(extra)} ». {hint} {advice}"
    return f"La commande est mal écrite. {advice}"


def _named_in(said: str) -> str:
    """Return the word that typer quotes in « No such command 'x'. »: as Python writes it, so read as Python does."""
    from ast import literal_eval

    try:
        return str(literal_eval(said.removeprefix("No such command ").rstrip(".")))
    except (SyntaxError, ValueError):
        return said.split("'")[1] if said.count("'") >= 2 else ""


def _without_command(typed: str) -> str:
    quoted = _printable(f'"{typed}"' if " " in typed else typed, 240)
    if _is_there(typed):
        return f"Pour examiner ces fichiers : opendata-check audit {quoted}. "
    return f"Pour un organisme : opendata-check scope {quoted}. " if typed.strip() else ""


def _extra_hint(path: str, extra: str) -> str:
    """Return what to type instead of what is too many: it is not always a lack of quotation marks."""
    if path.endswith(" audit") and _is_there(extra):
        return "Une seule cible à la fois. À qui sont ces données se dit avec --organization."
    if path.endswith(" report"):
        return "La forme se demande avec --format, par exemple --format plan."
    return "Mettez entre guillemets ce qui contient des espaces."


def _is_there(typed: str) -> bool:
    try:
        return bool(typed) and Path(typed).exists()
    except (OSError, ValueError):
        return False


def _known_options(context: Any) -> list[str]:
    if context is None:
        return []
    return [name for param in context.command.get_params(context) for name in param.opts]


def _printable(text: str, most: int = 80) -> str:
    return "".join(c for c in text if c.isprintable())[:most]
