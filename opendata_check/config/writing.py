"""A file of settings as somebody wrote it: its content, and the line of each setting, for whoever finds it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opendata_check.config.lines import Key, key_lines
from opendata_check.errors import ConfigError
from opendata_check.resources import read_small

FILE_NAME = "opendata-check.toml"
PROJECT_FILE = "pyproject.toml"
"""Where the same settings may stand, under [tool.opendata-check]."""
_WITHIN_PROJECT = ("tool", "opendata-check")
_MAX_BYTES = 64_000
"""An answers file holds about 3 kB; tomllib takes a time that grows with the square of some lines."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of settings as it is written, and where each setting stands in it."""

    path: Path
    content: Mapping[str, Any]
    """By part: empty for a pyproject.toml that does not speak of us."""
    text: str = ""
    within: tuple[str, ...] = ()
    """The table of the file that holds the parts; () for the whole file."""

    def line(self, key: Key) -> int:
        """Return the line of a setting, else of what holds it; 0 when it is not known."""
        known = key_lines(self.text)
        whole = (*self.within, *key)
        return next((known[whole[:end]] for end in range(len(whole), 0, -1) if whole[:end] in known), 0)

    def wrong(self, key: Key, what: str, remedy: str = "") -> ConfigError:
        """Return the error that names a setting, its file and its line."""
        line = self.line(key)
        name = ".".join(part for part in key if isinstance(part, str))
        where = f"{self.path}, ligne {line}" if line else str(self.path)
        return ConfigError(f"{name} : {what}", where=where, remedy=remedy)


def written(path: Path) -> Written:
    """Return the content of a file of settings. Raises ConfigError when it is not a file of ours to read."""
    import tomllib

    try:
        text = text_of(path)
        content = tomllib.loads(text)
    except FileNotFoundError as error:
        raise ConfigError("ce fichier n'existe pas", where=str(path), remedy="Vérifiez son nom.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "ce fichier de réglages ne peut pas être lu", where=str(path), remedy="Enregistrez-le en UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"ce fichier de réglages est mal écrit ({_place(error)})",
            where=str(path),
            remedy="Un nombre s'écrit 62 ou 49.5, sans espace ni virgule ; oui s'écrit true, non s'écrit false ; "
            'un texte se met entre guillemets : name = "Maville".',
        ) from error
    except (RecursionError, ValueError) as error:  # nested lists, a number of thousands of digits
        raise ConfigError(
            "ce fichier de réglages contient une valeur démesurée", where=str(path), remedy="Retirez-la."
        ) from error
    if path.name != PROJECT_FILE:
        return Written(path, content, text)
    for name in _WITHIN_PROJECT:
        inside = content.get(name, {})
        content = inside if isinstance(inside, dict) else {}
    return Written(path, content, text, _WITHIN_PROJECT)


def text_of(path: Path) -> str:
    """Return the text of a file of answers, at most 64 kB of an ordinary file.

    Raises ConfigError when it is longer, OSError or UnicodeDecodeError when it cannot be read.
    """
    try:
        return read_small(path, _MAX_BYTES).decode("utf-8-sig")
    except OverflowError as error:
        raise ConfigError("ce fichier est trop gros pour un fichier de réglages", where=str(path)) from error


def _place(error: Exception) -> str:
    text = str(error)
    inside = text[text.find("(at ") + 4 : -1] if "(at " in text else ""
    return inside.replace("line", "ligne").replace("column", "colonne").replace("end of document", "fin du fichier")
