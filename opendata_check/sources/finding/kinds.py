"""The kinds of source: the modules of `sources/` that take a target."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from opendata_check import sources
from opendata_check.sources.interface import Source

_FIRST = ("folder", "udata")
"""What most people name: a folder of theirs, a page of data.gouv.fr. Nothing else is imported then."""
_LAST = ("dcat",)
"""Takes any RDF document: a kind that knows the portal behind one says more."""


def all_kinds() -> Iterator[ModuleType]:
    """Yield the kinds, those that a plain word or a known page names first, each imported when its turn comes."""
    for name in kind_names():
        module = importlib.import_module(f"{sources.__name__}.{name}")
        if hasattr(module, "ACCEPTS"):
            yield module


def kind_names() -> list[str]:
    """Return the names of the modules beside this folder, in the order in which they are asked."""
    names = sorted(found.name for found in pkgutil.iter_modules(sources.__path__) if not found.ispkg)
    return sorted(names, key=lambda name: (name in _LAST, name not in _FIRST, name))


def kind_module(source: Source) -> ModuleType:
    """Return the module that a source's class was written in."""
    return importlib.import_module(type(source).__module__)


def kind_of(module: ModuleType) -> str:
    """Return a kind's id: its file's name."""
    return module.__name__.rpartition(".")[2]


def name_of(module: ModuleType) -> str:
    """Return a kind's name as people know it (« Opendatasoft »)."""
    return str(getattr(module, "NAME", kind_of(module)))
