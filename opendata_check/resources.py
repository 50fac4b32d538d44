"""Finds `rules/` and the embedded data in a checkout, an installed wheel and an unpacked single-file build."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Hashable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from opendata_check import kept
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


class LinedMapping(dict[Any, Any]):
    """A mapping read in a YAML file, which knows on which lines (1-based) it and its keys stand."""

    line: int = 0
    lines: dict[str, int]


@cache
def _loader() -> Any:
    """Return the safe YAML loader (the C one when it is there: about six times faster).

    It refuses a key twice and gives LinedMappings.
    """
    import yaml

    def refused(what: str, mark: Any) -> Exception:
        return yaml.constructor.ConstructorError(None, None, what, mark)

    class Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            """Return the tag of a node. A quoted text, or one whose first letter begins no number, is a text."""
            if kind is yaml.ScalarNode and (not implicit[0] or value[:1] not in self.yaml_implicit_resolvers):
                return "tag:yaml.org,2002:str"
            return super().resolve(kind, value, implicit)

        def construct_document(self, node: Any) -> Any:
            return self.built(node)

        def built(self, node: Any) -> Any:
            """Return the value of a node. Three kinds make nearly all of ours: done here, in a third of the time."""
            tag, shape = node.tag, node.id
            if shape == "scalar" and tag == "tag:yaml.org,2002:str":
                return node.value
            if shape == "sequence" and tag == "tag:yaml.org,2002:seq":
                return [self.built(item) for item in node.value]
            if shape == "mapping" and tag == "tag:yaml.org,2002:map":
                return self.lined(node)
            return super().construct_document(node)

        def lined(self, node: Any) -> LinedMapping:
            data = LinedMapping()
            data.line, data.lines = node.start_mark.line + 1, {}
            for key_node, value_node in node.value:
                key = self.built(key_node)
                if not isinstance(key, Hashable):
                    raise refused("une clé doit être un mot", key_node.start_mark)
                if key in data:
                    raise refused(f"« {key} » deux fois", node.start_mark)
                data[key] = self.built(value_node)
                data.lines[str(key)] = key_node.start_mark.line + 1
            return data

    return Strict


_NOT_YAML = "ce fichier de règles n'est pas du YAML valide"
_YAML_ADVICE = "On attend des lignes « clé : valeur » ; une phrase qui contient « : » se met entre guillemets."
_MAX_YAML = 1_000_000
_MAX_THEIRS = 200_000
_MAX_DEPTH = 50


def read_small(path: Path, limit: int) -> bytes:
    """Return the bytes of an ordinary file of at most ``limit`` bytes, and read no more than that.

    Raises FileNotFoundError, another OSError for what is no ordinary file (a pipe, a device), or OverflowError when it
    is longer: a link may lead to something without end, whose size says nothing.
    """
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is no ordinary file")
    with path.open("rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise OverflowError(f"{path} is longer than {limit} bytes")
    return content


_as_written = False


@contextlib.contextmanager
def as_written() -> Iterator[None]:
    """Read the rules themselves, not what was kept of them: only then does a mapping know its lines."""
    global _as_written
    before, _as_written = _as_written, True
    try:
        yield
    finally:
        _as_written = before


@cache
def _kept(folder: Path) -> dict[str, str]:
    """Return a folder's files as JSON, by path; nothing when one of them cannot be read: it will say why."""
    from opendata_check import __version__

    if getattr(sys, "_MEIPASS", None):  # unpacked anew at each run: never the same files
        return {}
    try:
        return kept.texts(folder, __version__, read_yaml)
    except (RulesError, OSError, TypeError, ValueError):
        return {}


_SCHEMAS = Path(__file__).resolve().parent / "schemas" / "data"


def _kept_text(path: Path) -> str | None:
    """Return what was kept of a file of ours; a local rule is read each time, for its lines are told in faults."""
    if path.parent == _SCHEMAS:
        return _kept(_SCHEMAS).get(str(path))
    folder = rules_folder()
    return _kept(folder).get(str(path)) if path.is_relative_to(folder) else None


def load_yaml(path: Path) -> Any:
    """Return the content of one YAML file of ours, fresh: from what was kept of it, else read. Raises RulesError."""
    text = None if _as_written else _kept_text(path)
    try:
        return read_yaml(path) if text is None else kept.value_of(text)
    except (ValueError, TypeError, RecursionError):  # what was kept is not what we keep
        return read_yaml(path)


def read_yaml(path: Path) -> Any:
    """Read one YAML file of ours, safely.

    Raises RulesError naming the file and line when it is not valid YAML or gives a key twice (the second would hide
    the first, which no lawyer would see).
    """
    import yaml

    try:
        return yaml.load(read_small(path, _MAX_YAML).decode(), Loader=_loader())  # noqa: S506 - a safe loader
    except OverflowError as error:
        raise RulesError("ce fichier est trop gros pour un fichier de règles", where=str(path)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", ligne {mark.line + 1}" if mark else ""
        said = str(getattr(error, "problem", "") or "")
        what = f"{said} dans ce fichier de règles" if "«" in said else _NOT_YAML
        raise RulesError(what, where=f"{path}{line}", remedy=_YAML_ADVICE) from error
    except RecursionError as error:
        raise RulesError("ce fichier de règles a trop d'étages", where=str(path)) from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise RulesError("ce fichier de règles ne peut pas être lu", where=str(path)) from error


def refuse_hostile_yaml(path: Path) -> None:
    """Raise RulesError for a YAML file of somebody else's that could exhaust the reader.

    Too long, nested beyond what a rule needs (the C parser recurses, and grows with the square of the depth), or with
    aliases: a few can unfold into gigabytes.
    """
    import yaml

    depth = 0
    try:
        text = read_small(path, _MAX_THEIRS).decode()
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            fault = "les renvois (*nom) ne sont pas admis ici" if isinstance(event, yaml.AliasEvent) else ""
            fault = fault or ("ce fichier de règles a trop d'étages" if depth > _MAX_DEPTH else "")
            if fault:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise RulesError(fault, where=f"{path}, ligne {line}")
    except OverflowError as error:
        raise RulesError("ce fichier est trop gros pour un fichier de règles", where=str(path)) from error
    except (OSError, ValueError, yaml.YAMLError):
        return  # reading it will say what is wrong
