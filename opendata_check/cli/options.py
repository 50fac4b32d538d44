"""What several commands share: reading a date, a number, who is meant; the words of errors are French."""

from __future__ import annotations

import math
import re
import sys
from datetime import date, datetime
from pathlib import Path

from opendata_check import config
from opendata_check.errors import UsageError
from opendata_check.model.organization import Organization


def read_date(text: str | None, option: str = "--on") -> date:
    """Return the date typed (2026-01-31 or 31/01/2026), or today when nothing was typed.

    Raises UsageError for anything else.
    """
    if text is None:
        return date.today()
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    raise UsageError(f"« {text[:40]} » n'est pas une date", where=option, remedy="Écrivez-la ainsi : 2026-01-31.")


def read_number(text: str | None, option: str, highest: float = 10_000_000) -> float | None:
    """Return a positive number (« 62 », « 49,5 », « 6 200 »), or None when nothing was typed.

    Raises UsageError for anything else.
    """
    if text is None:
        return None
    try:
        value = float(re.sub(r"\s", "", text).replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value <= highest:
        advice = "Donnez un nombre de 0 à 100, sans le signe %." if highest == 100 else "Par exemple : 62."
        raise UsageError(f"« {text[:40]} » n'est pas un nombre attendu", where=option, remedy=advice)
    return value


def load_config(explicit: str | None, target: str | None) -> config.Config:
    """Return the configuration named by --config, else the one beside the data, else an empty one.

    Raises ConfigError when a named file cannot be read.
    """
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
    from opendata_check import territory

    known = None
    if name is not None:
        known = territory.resolve(name)
    elif settings.code:
        known = territory.resolve(settings.code)
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


def format_for(typed: str | None, output: str | None) -> str:
    """Return the format typed, else the one the output's name announces, else ``terminal``."""
    if typed is not None:
        return typed.strip().lower()
    announced = {".html": "html", ".htm": "html", ".json": "json"}
    return announced.get(Path(output).suffix.lower(), "terminal") if output else "terminal"


def tell_written(output: str) -> None:
    """Say on the error stream where the answer was written."""
    print(f"Rapport écrit : {output}", file=sys.stderr)  # noqa: T201


def unquoted(target: str) -> str:
    """Return what was typed without the quotes that a copied path keeps around it."""
    return target.strip().strip("\"'“”«» \u00a0") if len(target.strip()) > 2 else target
