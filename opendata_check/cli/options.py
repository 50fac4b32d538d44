"""What several commands share: reading a date, a number, who is meant; the words of errors are French."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.errors import UsageError
from opendata_check.wording import date_in, number_in

if TYPE_CHECKING:
    from opendata_check import config
    from opendata_check.model.organization import Organization

_OTHER_NAME = "Choisissez un autre nom avec -o."


def read_date(text: str | None, option: str = "--on") -> date:
    """Return the date typed (2026-01-31, 31/01/2026, « 31 janvier 2026 »), or today when nothing was typed.

    Raises UsageError for anything else.
    """
    if text is None:
        return date.today()
    day = date_in(text)
    if day is None:
        said = f"« {text[:40]} » n'est pas une date"
        raise UsageError(said, where=option, remedy="Écrivez-la ainsi : 31/01/2026 ou 2026-01-31.")
    return day


def read_number(
    text: str | None, option: str, highest: float = 10_000_000, *, whole: bool = False, units: Sequence[str] = ()
) -> float | None:
    """Return a positive number (« 62 », « 49,5 », « 6 200 »), or None when nothing was typed.

    Raises UsageError for anything else, and for a part of a unit when it is counted ``whole``.
    """
    if text is None:
        return None
    value = number_in(text, *units, whole=whole)
    if value is None or not 0 <= value <= highest:
        advice = "Par exemple : 3600, sans point ni virgule." if whole else "Par exemple : 62."
        advice = "Donnez un nombre de 0 à 100, sans le signe %." if highest == 100 else advice
        raise UsageError(f"« {text[:40]} » n'est pas un nombre attendu", where=option, remedy=advice)
    return value


def load_config(explicit: str | None, target: str | None) -> config.Config:
    """Return the configuration named by --config, else the one beside the data, else an empty one.

    Raises ConfigError when a named file cannot be read.
    """
    from opendata_check import config

    if explicit is not None:
        return config.read(Path(explicit))
    path = Path(target) if target else None
    if path is not None and _exists(path):
        beside = config.find(path)
        if beside is not None:
            return config.read(beside)
    return config.Config()


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def resolve_organization(name: str | None, settings: config.Config) -> Organization | None:
    """Return who is meant: the option first, then the configuration's code; None when nobody says.

    Raises a territory error (ambiguous, unknown) with candidates or suggestions in French.
    """
    from opendata_check import config, territory

    known = None
    if name is not None:
        known = territory.resolve(name)
    elif settings.code:
        insee = len(settings.code) == 5  # a postcode has five digits too: here it is never meant
        known = territory.resolve(f"insee {settings.code}" if insee else settings.code)
    elif settings.name and settings.kind is None:
        known = territory.resolve(settings.name)
    return config.organization_from(settings, known)


def speaks_of(settings: config.Config, organization: Organization) -> bool:
    """Return whether a file of answers is about this body."""
    from opendata_check import territory

    try:
        known = resolve_organization(None, settings)
    except (territory.AmbiguousTerritoryError, territory.UnknownTerritoryError):
        return False
    identity = (organization.insee_code, organization.siren)
    return known is not None and any(identity) and (known.insee_code, known.siren) == identity


def names_a_body(target: str) -> bool:
    """Return True when what was typed can only be a body: not a URL, nor an existing path, nor written as a path."""
    if "://" in target or re.match(r"(www\.|demo\.)?data\.gouv\.fr/", target, re.IGNORECASE):
        return False
    return not _exists(Path(target)) and not re.search(r"[/\\]|^[.~]|\.[A-Za-z]\w{1,6}$", target)


def organization_of(name: str | None, target: str, settings: config.Config) -> Organization | None:
    """Return whose data an audit reads: the body named, else the target when it is one, else the configuration's.

    Raises what ``resolve_target`` and ``resolve_organization`` raise.
    """
    if name is None and names_a_body(target):
        return resolve_target(target, settings)
    return resolve_organization(name, settings)


def resolve_target(target: str, settings: config.Config) -> Organization:
    """Return the body named as the target of an audit.

    Raises UsageError when it is neither a known body nor a folder, with what is close to it; a territory error when
    several bodies bear that name.
    """
    from opendata_check import sources, territory

    try:
        found = resolve_organization(target, settings)
    except territory.UnknownTerritoryError as unknown:
        try:
            sources.detect(target)
        except sources.SourceError as missing:
            if "«" in missing.remedy:  # a folder beside it has nearly that name
                raise missing from unknown
        raise UsageError(
            "ce n'est ni un dossier, ni un fichier, ni un organisme connu",
            where=f"« {''.join(c for c in target if c.isprintable())[:60]} »",
            remedy=unknown.remedy,
        ) from unknown
    assert found is not None
    return found


def screen_width() -> int:
    """Return the width of the screen in columns, kept between 40 and 120 (80 when there is none)."""
    import shutil

    return max(40, min(120, shutil.get_terminal_size((80, 24)).columns))


def keep_inputs(output: str | None, inputs: Sequence[str | None], audited: str | None = None) -> None:
    """Raise UsageError when writing ``output`` would destroy a file that is read, or lies in a folder that is.

    In the folder ``audited``, a report of ours may be written again where it stands.
    """
    if output is None or output == "-":
        return
    from opendata_check.config import FILE_NAME
    from opendata_check.own_reports import is_own_report

    target = Path(output)
    if target.name == FILE_NAME:
        raise UsageError("ce nom est celui de votre fichier de réponses", where=f"-o {output}", remedy=_OTHER_NAME)
    for given in (Path(text) for text in (*inputs, audited) if text is not None):
        if not (_exists(given) and _exists(target)):
            continue
        ours = str(given) == audited and is_own_report(target)
        if _same(given, target) or (_inside(given, target) and not ours):
            raise UsageError("ce fichier est lu par la commande", where=f"-o {output}", remedy=_OTHER_NAME)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _inside(folder: Path, path: Path) -> bool:
    try:
        return folder.is_dir() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def format_for(typed: str | None, output: str | None) -> str:
    """Return the format typed, else the one the output's name announces, else ``terminal``.

    Raises UsageError for a name that announces a format we do not write.
    """
    if typed is not None:
        return typed.strip().lower()
    if not output or output == "-":
        return "terminal"
    announced = {".html": "html", ".htm": "html", ".json": "json", ".txt": "terminal", "": "terminal"}
    suffix = Path(output).suffix.lower()
    if suffix not in announced:
        raise UsageError(
            f"ce programme n'écrit pas de fichier « {suffix[:20]} »",
            where=f"-o {output[:60]}",
            remedy="Donnez un nom en .txt, .json ou .html.",
        )
    return announced[suffix]


def among(chosen: str, known: Sequence[str]) -> str:
    """Return the format chosen. Raises UsageError when the command does not know it."""
    if chosen not in known:
        raise UsageError(
            f"« {chosen[:30]} » n'est pas un format", where="--format", remedy=f"Choisissez : {', '.join(known)}."
        )
    return chosen


def tell_written(output: str) -> None:
    """Say on the error stream where the answer was written."""
    from opendata_check.reports.safety import clean

    print(f"Écrit : {clean(output)}", file=sys.stderr)  # noqa: T201


def deliver(content: str | bytes, output: str | None) -> None:
    """Write an answer to the file named, else (a text) on the screen. Raises OutputError."""
    from opendata_check.output import write_atomically

    if output is not None and output != "-":
        write_atomically(Path(output), content)
        tell_written(output)
        return
    assert isinstance(content, str)
    sys.stdout.write(content)


def print_data(pieces: Iterable[str]) -> None:
    """Print what a program will read: UTF-8 whatever the console's letters, unless a person is looking."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or sys.stdout.isatty():
        sys.stdout.writelines(pieces)
        return
    sys.stdout.flush()
    for piece in pieces:
        buffer.write(piece.encode("utf-8", "replace"))
    buffer.flush()


def unquoted(target: str) -> str:
    """Return what was typed without the quotes that a copied path keeps around it."""
    return target.strip().strip("<>\"'“”«» \u00a0") if len(target.strip()) > 2 else target
