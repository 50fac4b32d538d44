"""Finds `rules/` and the embedded data in a checkout, an installed wheel and an unpacked single-file build."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

from opendata_check.errors import RulesError

_PACKAGE = Path(__file__).resolve().parent


def _candidates() -> list[Path]:
    """Return where `rules/` may lie: wheel, checkout, then the folder a frozen build unpacks to."""
    places = [_PACKAGE / "rules", _PACKAGE.parent / "rules"]
    unpacked = getattr(sys, "_MEIPASS", None)
    if unpacked:
        places += [Path(unpacked) / "opendata_check" / "rules", Path(unpacked) / "rules"]
    return places


@cache
def rules_folder() -> Path:
    """Return the folder that holds the law and the rules as data.

    Raises RulesError when no candidate exists (a broken installation).
    """
    for place in _candidates():
        if (place / "obligations").is_dir():
            return place
    raise RulesError(
        "le dossier des règles est introuvable",
        where=str(_PACKAGE),
        remedy="L'installation est incomplète : réinstallez opendata-check.",
    )


def data_file(room: str, name: str) -> Path:
    """Return the path of an embedded data file, e.g. ``data_file("territory", "communes.bin")``.

    Raises RulesError when the file is missing (a broken installation).
    """
    path = _PACKAGE / room / "data" / name
    if not path.is_file():
        raise RulesError(
            f"le fichier de données « {name} » manque",
            where=str(path.parent),
            remedy="L'installation est incomplète : réinstallez opendata-check.",
        )
    return path


@cache
def _loader() -> Any:
    """Return the safe YAML loader (the C one when it is there: about six times faster), which refuses a key twice."""
    import yaml

    class Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys = [key.value for key, _ in node.value]
            twice = next((key for index, key in enumerate(keys) if key in keys[:index]), None)
            if twice is not None:
                raise yaml.constructor.ConstructorError(None, None, f"« {twice} » deux fois", node.start_mark)
            return super().construct_mapping(node, deep)

    return Strict


def load_yaml(path: Path) -> Any:
    """Read one YAML file of ours, safely.

    Raises RulesError naming the file and line when it is not valid YAML or gives a key twice (the second would hide
    the first, which no lawyer would see).
    """
    import yaml

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", ligne {mark.line + 1}" if mark else ""
        raise RulesError("ce fichier de règles n'est pas du YAML valide", where=f"{path}{line}") from error
    except OSError as error:
        raise RulesError("ce fichier de règles ne peut pas être lu", where=str(path)) from error
