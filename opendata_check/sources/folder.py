"""A folder (or one file) of the body's own: its metadata when it has some, else one dataset per basename."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from opendata_check.fetching import Fetcher
from opendata_check.fetching.naming import shown_path
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault
from opendata_check.sources.interface import SourceError, Target
from opendata_check.sources.reading.described import (
    Reading,
    combine,
    distinct_datasets,
    distinct_ids,
    paths_of,
)
from opendata_check.sources.reading.folder.datapackage import is_datapackage, read_datapackage
from opendata_check.sources.reading.folder.dcat_file import is_dcat, read_dcat
from opendata_check.sources.reading.folder.scdl import is_scdl_catalogue, read_scdl_catalogue
from opendata_check.sources.reading.folder.sidecar import apply_sidecars, is_sidecar
from opendata_check.sources.reading.folder.tree import Tree, dataset_id, group_key, local_distribution, stem_of, walk
from opendata_check.sources.reading.values import fold, readable_title

NAME = "dossier"
ACCEPTS = "un dossier ou un fichier de cet ordinateur"

_METADATA = ((is_datapackage, read_datapackage), (is_scdl_catalogue, read_scdl_catalogue), (is_dcat, read_dcat))
"""In the order in which they prevail over one another."""
_ABOUT_THE_FOLDER = frozenset({"readme", "lisez-moi", "lisezmoi", "license", "licence", "changelog", "contributing"})
_PLAIN_TEXT = frozenset({"", ".md", ".txt", ".rst"})
_PARTS = {
    ".shp": frozenset(
        {".shx", ".dbf", ".prj", ".cpg", ".qpj", ".qix", ".qmd", ".qml", ".sld", ".sbn", ".sbx", ".xml", ".fix", ".idx"}
    ),
    ".tab": frozenset({".dat", ".map", ".id", ".ind"}),
    ".mif": frozenset({".mid"}),
}
"""Files without which the main one cannot be read, or that only serve to show it: shapefile and MapInfo."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder, or one file, of this computer."""

    path: Path
    kind: str = "folder"

    @property
    def label(self) -> str:
        """Return the path as the user typed it."""
        return shown_path(self.path)

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the datasets of the folder. Raises SourceError when it cannot be listed at all."""
        absolute = Path(os.path.abspath(self.path))  # noqa: PTH100 - links are kept: names stay those the user knows
        if absolute.is_dir():
            tree = walk(absolute)
            unreadable = [fault for fault in tree.faults if not tree.files and not tree.complete]
            if unreadable:
                raise SourceError(unreadable[0].what, where=self.label, remedy=unreadable[0].remedy)
        elif absolute.is_file():
            tree = _beside(absolute)
        else:
            raise SourceError("ce n'est ni un dossier ni un fichier ordinaire", where=self.label)
        return _catalog(tree, self.label, readable_title(stem_of(absolute.name)) if absolute.name else self.label)


def recognise(target: Target) -> FolderSource | None:
    """Return the source of an existing path."""
    return FolderSource(target.path) if target.path is not None else None


def _beside(file: Path) -> Tree:
    """Return the tree of a single file: itself, its metadata sidecars, and the parts it cannot do without."""
    key = group_key(file)
    parts = _PARTS.get(file.suffix.lower(), frozenset())
    related = [
        path
        for path in sorted(file.parent.iterdir())
        if path.is_file()
        and path != file
        and (
            (path.suffix.lower() in parts and group_key(path) == key)
            or (
                is_sidecar(path)
                and path.name.casefold().startswith((f"{file.name}.meta.".casefold(), f"{key[1]}.meta."))
            )
        )
    ]
    return Tree(file.parent, tuple(sorted([file, *related])))


def _catalog(tree: Tree, location: str, name: str) -> Catalog:
    """Return the catalogue of a tree of files."""
    found = [(path, read(path, tree)) for is_one, read in _METADATA for path in tree.files if is_one(path)]
    readings = [reading for _, reading in found]
    of_the_whole = [reading for path, reading in found if path.parent == tree.root]
    consumed = frozenset[Path]().union(*(reading.consumed for reading in readings))
    sidecars = [path for path in tree.files if is_sidecar(path) and path not in consumed]
    described = combine(dataset for reading in readings for dataset in reading.datasets)
    owned = consumed.union(sidecars, *(paths_of(dataset) for dataset in described))
    others = [path for path in tree.files if path not in owned and not _is_about_the_folder(path)]
    datasets, sidecar_faults = apply_sidecars(sidecars, _with_others(described, others, tree), tree)
    return Catalog(
        source="folder",
        place="folder",
        location=location,
        title=next((reading.title for reading in of_the_whole if reading.title), name),
        datasets=distinct_datasets(datasets),
        faults=(*tree.faults, *_faults(readings), *sidecar_faults),
        complete=tree.complete,
        left_out=(("own_report", tree.own_reports),) if tree.own_reports else (),
        publisher_siren=next((reading.publisher_siren for reading in of_the_whole if reading.publisher_siren), None),
    )


def _faults(readings: Iterable[Reading]) -> list[Fault]:
    """Return the faults of all readings."""
    return [fault for reading in readings for fault in reading.faults]


def _is_about_the_folder(path: Path) -> bool:
    """Return True for a plain text that presents the folder or its licence: it is no data."""
    return path.suffix.lower() in _PLAIN_TEXT and fold(path.stem) in _ABOUT_THE_FOLDER


def _with_others(described: list[Dataset], files: list[Path], tree: Tree) -> list[Dataset]:
    """Return the described datasets, with the files that share their basename, then one dataset per other basename."""
    datasets = list(described)
    place: dict[tuple[Path, str], int] = {}
    for number, dataset in enumerate(described):
        for path in sorted(paths_of(dataset)):
            place.setdefault(group_key(path), number)
    for path in files:
        key, found = group_key(path), local_distribution(tree, path)
        if key in place:
            dataset = datasets[place[key]]
            datasets[place[key]] = replace(dataset, distributions=distinct_ids((*dataset.distributions, found)))
        else:
            place[key] = len(datasets)
            datasets.append(
                Dataset(dataset_id(tree, path), readable_title(stem_of(shown_path(Path(path.name)))), (found,))
            )
    return [_with_roles(dataset) for dataset in datasets]


def _with_roles(dataset: Dataset) -> Dataset:
    """Return the dataset with the parts of a shapefile (or of MapInfo files) marked as such, after the main file."""
    suffixes = {Path(found.id).suffix.lower() for found in dataset.distributions if found.path is not None}
    parts = frozenset[str]().union(*(names for main, names in _PARTS.items() if main in suffixes))

    def role(found: Distribution) -> Distribution:
        is_part = found.path is not None and found.path.suffix.lower() in parts
        return replace(found, role="other") if is_part and found.role == "main" else found

    marked = [role(found) for found in dataset.distributions]
    return replace(dataset, distributions=tuple(sorted(marked, key=lambda found: found.role == "other")))
