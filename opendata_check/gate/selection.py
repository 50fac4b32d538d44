"""Which files are judged: those of the settings, narrowed by the paths typed and by what changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opendata_check.fetching.naming import shown_path
from opendata_check.gate.errors import GateError
from opendata_check.gate.globs import is_pattern, matches
from opendata_check.gate.settings import Settings
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading.folder.tree import walk

_BESIDE_SHAPES = (".dbf", ".shx", ".prj", ".cpg")
_METADATA_ENDS = (".json", ".jsonld", ".ttl", ".rdf", ".xml", ".yaml", ".yml", ".toml", ".md")


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a repository, and those to judge. All names are counted from the root, with « / »."""

    base: Path
    """Folder that is read: the root, or the one folder that the settings name."""
    prefix: str
    """Name of ``base`` from the root, with its last « / »; "" for the root itself."""
    files: tuple[Path, ...]
    """Everything under ``base``, sorted: what describes a file may be any other."""
    judged: frozenset[str]
    excluded: frozenset[str]
    whole: bool
    """True when nothing narrows what the settings name: then the catalogue itself is judged."""
    why: str
    """What narrows it, a few French words; "" when whole."""
    faults: tuple[Fault, ...] = ()
    """What could not be listed, among what is judged."""
    set_aside: tuple[Fault, ...] = ()
    """What could not be listed, among the rest."""


def selected(root: Path, settings: Settings, typed: Sequence[Path], changed: frozenset[str] | None) -> Selection:
    """Return what to judge under ``root``.

    ``typed`` are existing paths (none: all that the settings name); ``changed`` the files that git says changed.
    Raises GateError for a path that is missing or leaves the root, and when there is nothing to judge.
    """
    base = _base(root, settings)
    tree = walk(base)
    prefix = "" if base == root else f"{shown_path(base.relative_to(root))}/"
    names = [f"{prefix}{tree.relative(path)}" for path in tree.files]
    wanted = [name for name in names if not settings.paths or _meant(name, settings.paths)]
    excluded = frozenset(name for name in names if _left_out(name, settings.exclude))
    allowed = [name for name in wanted if name not in excluded]
    unlistable = tuple(_placed(fault, prefix) for fault in tree.faults)
    faults = tuple(fault for fault in unlistable if _is_judged(fault.where, settings))
    asked = frozenset(_inside(path, root) for path in typed)
    if not allowed and not faults and changed is None:
        _nothing(settings, asked, excluded)
    kept = [name for name in allowed if not asked or _chosen(name, asked)]
    typed_faults = tuple(f for f in faults if not asked or _chosen(f.where, asked))
    whole = not asked or set(kept) == set(allowed)
    why = "" if whole else "seuls les chemins donnés sont contrôlés"
    if changed is not None and settings.file not in changed:
        shown = frozenset(shown_path(Path(name)) for name in changed)
        touched = _touched(names, shown)
        kept = [name for name in kept if name in touched]
        typed_faults = tuple(fault for fault in typed_faults if _hides(fault.where, shown))
        whole, why = False, "seuls les fichiers changés sont contrôlés"
    unwanted = frozenset(names) - frozenset(wanted)
    set_aside = tuple(fault for fault in unlistable if fault not in typed_faults)
    return Selection(
        base, prefix, tree.files, frozenset(kept), excluded | unwanted, whole, why, typed_faults, set_aside
    )


def existing(typed: Iterable[str]) -> list[Path]:
    """Return the paths typed. Raises GateError for one that is not there."""
    found = []
    for text in typed:
        path = Path(text)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            shown = shown_path(Path(text.replace("\0", "")))[:200]
            raise GateError("ce chemin n'existe pas", where=shown, remedy="Vérifiez son nom.") from error
        if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            raise GateError("ce n'est ni un dossier ni un fichier ordinaire", where=shown_path(path)[:200])
        found.append(path)
    return found


def _base(root: Path, settings: Settings) -> Path:
    """Return the deepest folder that holds all that the settings name: what lies beside it need not be listed."""
    if not settings.paths:
        return root
    folders = []
    for text in settings.paths:
        parts: list[str] = []
        for part in text.replace("\\", "/").strip("/").split("/"):
            if is_pattern(part):
                break
            parts.append(part)
        place = root.joinpath(*(part for part in parts if part not in ("", ".")))
        folders.append(place if place.is_dir() else place.parent)
    base = Path(os.path.commonpath(folders)) if all(folder.is_dir() for folder in folders) else root
    return base if base.resolve().is_relative_to(root) else root


def _inside(path: Path, root: Path) -> str:
    """Return a path typed as counted from the root, "" for the root. Raises GateError when it leaves it."""
    absolute = Path(os.path.normpath(Path.cwd() / path))
    real = path.resolve()
    if not real.is_relative_to(root):
        raise GateError("ce chemin mène hors du dépôt", where=shown_path(path)[:200],
                        remedy="Donnez un chemin qui est dans le dossier des réglages.")  # fmt: skip
    place = absolute.parent.resolve() / absolute.name if not absolute.is_dir() else real
    return "" if place == root else shown_path(place.relative_to(root) if place.is_relative_to(root) else real)


def _under(name: str, folder: str) -> bool:
    return not folder or name == folder or name.startswith(f"{folder}/")


def _chosen(name: str, asked: frozenset[str]) -> bool:
    """Return whether a file, or a folder above it, was asked: a hook may give hundreds of names."""
    parts = name.split("/")
    return "" in asked or any("/".join(parts[:end]) in asked for end in range(1, len(parts) + 1))


def _meant(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a file is one of those that ``paths`` names: what is no pattern starts at the root."""
    return any(
        matches(pattern, name) if is_pattern(pattern) else _under(name, pattern.replace("\\", "/").strip("./"))
        for pattern in patterns
    )


def _left_out(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a file is one of those that ``exclude`` names, there or anywhere."""
    return any(matches(pattern, name) for pattern in patterns)


def _is_judged(where: str, settings: Settings) -> bool:
    return not _left_out(where, settings.exclude) and (not settings.paths or not where or _meant(where, settings.paths))


def _placed(fault: Fault, prefix: str) -> Fault:
    return Fault(fault.what, f"{prefix}{fault.where}", fault.remedy) if fault.where else fault


def _hides(where: str, changed: frozenset[str]) -> bool:
    """Return whether what could not be listed changed, is in what changed, or hides something that did."""
    return not where or _chosen(where, changed) or any(name.startswith(f"{where}/") for name in changed)


def _touched(names: Iterable[str], changed: frozenset[str]) -> set[str]:
    """Return the files to judge again: those that changed, with what describes them or lies beside a shapefile."""
    listed = list(names)
    folders = {
        name.rpartition("/")[0] for name in changed if name.lower().endswith(_METADATA_ENDS) and _describes(name)
    }
    layers = {name.rpartition(".")[0] for name in changed if name.lower().endswith(_BESIDE_SHAPES)}
    whole = changed | folders  # a submodule changes as a whole, under its folder's name
    return {name for name in listed if _chosen(name, whole) or _is_layer(name, layers)}


def _is_layer(name: str, layers: set[str]) -> bool:
    stem, _, ending = name.rpartition(".")
    return ending.lower() == "shp" and stem in layers


def _describes(name: str) -> bool:
    """Return whether a file describes others, by its name: datapackage.json, catalogue.*, *.meta.*, dcat.*."""
    last = name.rpartition("/")[2].lower()
    return last.startswith(("datapackage.", "catalog", "dcat")) or ".meta." in last


def _nothing(settings: Settings, asked: Iterable[str], excluded: frozenset[str]) -> None:
    where = ", ".join(sorted(asked)) or ", ".join(settings.paths) or "ce dossier"
    remedy = "Vérifiez « paths » et « exclude » dans les réglages." if settings.paths or excluded else ""
    raise GateError("il n'y a aucun fichier à contrôler", where=where[:200],
                    remedy=remedy or "Donnez le dossier des données : opendata-check gate data.")  # fmt: skip
