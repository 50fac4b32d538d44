"""Reads a DCAT catalogue found in a folder, in JSON-LD: the files it names, those of the folder first.

Source: DCAT 3, DCAT-AP 3, and the variants portals write (``bytesSize``…).
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from opendata_check.model.catalog import Dataset, Distribution, Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.catalog import catalogue_said, datasets_in
from opendata_check.sources.reading.dcat.record import dataset_of
from opendata_check.sources.reading.described import Reading, unreadable
from opendata_check.sources.reading.folder.tree import (
    Tree,
    dataset_id,
    is_relative_reference,
    local_distribution,
    locate,
    read_bounded,
)
from opendata_check.sources.reading.rdf.graph import Graph, Node, TooMuchError, UnreadableDocumentError
from opendata_check.sources.reading.rdf.json_ld import read_json_ld
from opendata_check.sources.reading.rdf.text import EndlessTextError

_SNIFF_BYTES = 65_536
_MAX_DATASETS = 10_000


def is_dcat(path: Path) -> bool:
    """Return True when a JSON file's beginning speaks of DCAT in JSON-LD."""
    if path.suffix.lower() not in (".jsonld", ".json"):
        return False
    try:
        with path.open("rb") as stream:
            start = stream.read(_SNIFF_BYTES)
    except OSError:
        return False
    is_linked = any(mark in start for mark in (b'"@context"', b'"@type"', b'"@graph"'))
    return is_linked and re.search(rb"dcat[#:/\"]|project-open-data|ns/dcat", start) is not None


def read_dcat(path: Path, tree: Tree) -> Reading:
    """Return the datasets of a DCAT file; what is malformed becomes a fault."""
    where = tree.relative(path)
    graph = Graph()
    try:
        read_json_ld(io.BytesIO(read_bounded(path)), graph)
    except (ValueError, OSError, UnreadableDocumentError, EndlessTextError, TooMuchError):
        graph.broken = "illisible"
    if graph.broken:
        return unreadable(path, where, "ce catalogue n'est pas du JSON-LD lisible", "Corrigez-le ou retirez-le.")
    found = [node for node, reason in datasets_in(graph) if not reason]
    if not found:
        return unreadable(path, where, "ce catalogue ne décrit aucun jeu de données")
    folder = _Folder(path, tree)
    datasets = tuple(folder.dataset(node) for node in found[:_MAX_DATASETS])
    return Reading(datasets, tuple(folder.faults), frozenset({path}), catalogue_said(graph)[0])


class _Folder:
    """Puts the folder's files in place of the addresses that name them."""

    def __init__(self, catalogue: Path, tree: Tree) -> None:
        self.faults: list[Fault] = []
        self._catalogue = catalogue
        self._tree = tree
        self._names = _by_name(tree, catalogue)

    def dataset(self, node: Node) -> Dataset:
        """Return a DCAT dataset; files it names that cannot be used are added to ``faults``."""
        dataset = dataset_of(node, self._placed)
        local = next((item.path for item in dataset.distributions if item.path is not None), None)
        return replace(dataset, id=dataset_id(self._tree, local)) if local else dataset

    def _placed(self, distribution: Distribution, address: str) -> Distribution | None:
        """Return a distribution with the file its address names, else its URL; None when it has neither."""
        where = self._tree.relative(self._catalogue)
        local: Path | None = None
        if not address:
            self.faults.append(
                Fault("cette distribution n'a pas d'adresse", f"{where} › {distribution.title or 'distribution'}")
            )
            return None
        if url := values.web_url(address):
            local = self._names.get(unquote(urlsplit(url).path.rpartition("/")[2]).casefold())
        elif is_relative_reference(address):
            found = locate(self._tree, self._catalogue.parent, address, where)
            if isinstance(found, Fault):
                self.faults.append(found)
                return None
            local = found
        else:
            self.faults.append(Fault("cette adresse ne peut pas être lue", f"{where} › {values.text(address)}"))
            return None
        if local is None:
            return distribution
        base = local_distribution(self._tree, local)
        title = distribution.title or base.title
        return replace(
            distribution, id=base.id, title=title, path=local, url=url or None, byte_size=base.byte_size, service=None
        )


def _by_name(tree: Tree, catalogue: Path) -> dict[str, Path]:
    """Return the files whose name is borne once in the folder, by that name in lower case."""
    names: dict[str, Path | None] = {}
    for file in tree.files:
        if file != catalogue:
            name = file.name.casefold()
            names[name] = None if name in names else file
    return {name: file for name, file in names.items() if file is not None}
