"""Builds the model's dataclasses from the facts of a rule's example: strict on names and types, neutral elsewhere."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from opendata_check.checks.interface import Case, Rule, Scope
from opendata_check.model import catalog, facts, inspected, legal, organization, schema
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault
from opendata_check.model.facts import (
    ArchiveFacts,
    ColumnFacts,
    DocumentFacts,
    EnvelopeFacts,
    PersonalDataHint,
    SpreadsheetFacts,
    StructureFacts,
    TableFacts,
    TextFacts,
)
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile, Match
from opendata_check.model.legal import ConditionNode, Duty, NodeKind
from opendata_check.model.organization import Organization
from opendata_check.model.schema import TableSchema

TODAY = date(2026, 11, 23)

# What a required field is worth when an example does not speak of it.
NEUTRAL: Mapping[type, Mapping[str, Any]] = {
    Catalog: {"source": "folder", "place": "folder", "location": "donnees/", "title": "Données", "datasets": ()},
    Dataset: {"id": "jeu", "title": "Jeu de données", "distributions": ()},
    Distribution: {"id": "fichier", "title": "Fichier"},
    EnvelopeFacts: {"detected": "csv", "extension": ""},
    TextFacts: {"encoding": "utf-8", "has_bom": False, "line_ending": "lf"},
    TableFacts: {"header_row": 1, "labels": ("a", "b"), "row_count": 1},
    ColumnFacts: {"position": 0, "letter": "A"},
    SpreadsheetFacts: {"sheets": ("Feuille1",)},
    StructureFacts: {"well_formed": True},
    DocumentFacts: {
        "page_count": 1,
        "pages_read": 1,
        "text_characters": 900,
        "pages_without_text": 0,
        "image_pages": 0,
    },
    ArchiveFacts: {"members": (), "member_count": 0, "total_size": 0},
    PersonalDataHint: {"column": ""},
    TableSchema: {"version": "1.0.0", "title": "Modèle", "fields": ()},
    Duty: {
        "title": "Obligation",
        "reason": "Le texte compte les habitants et les agents",
        "what": "Publier.",
        "condition": ConditionNode(NodeKind.TEST, None, "habitants"),
    },
    Organization: {"name": "Commune-Exemple", "kind": "commune"},
    InspectedDataset: {"files": ()},
}
_MODULES = (catalog, facts, inspected, legal, organization, schema)
_NAMES = {"date": date, "Path": Path, "Mapping": Mapping, "Any": Any, "RowRange": tuple[int, int]}


def build(kind: Any, value: Any, where: str = "facts") -> Any:
    """Return ``value`` as ``kind``; AssertionError naming the place when a name or a type is wrong."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(kind) if option is not type(None)]
        if value is None:
            assert type(None) in get_args(kind), f"{where} : vide"
            return None
        return value if len(options) > 1 else build(options[0], value, where)
    if origin is tuple:
        assert isinstance(value, list | tuple), f"{where} : on attend une liste"
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(build(inner[0], item, f"{where}[{rank}]") for rank, item in enumerate(value))
        assert len(value) == len(inner), f"{where} : on attend {len(inner)} éléments"
        return tuple(build(part, item, where) for part, item in zip(inner, value, strict=True))
    if is_dataclass(kind):
        return value if is_dataclass(value) else _dataclass(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if origin is not None or kind is Any:
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    assert type(value) is kind, f"{where} : on attend {kind.__name__}, pas {value!r}"
    return value


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    assert isinstance(value, Mapping), f"{where} : on attend une table pour {kind.__name__}"
    given = {**NEUTRAL.get(kind, {}), **value}
    if kind is InspectedFile and "distribution" not in given:
        given["distribution"] = {"id": given["name"], "title": given["name"]}
    hints = get_type_hints(kind, vars(__import__(kind.__module__, fromlist=["_"])), _NAMES)
    known = {item.name for item in fields(kind)}
    assert set(given) <= known, f"{where} : champ inconnu {sorted(set(given) - known)} dans {kind.__name__}"
    for item in fields(kind):
        if item.default is MISSING and item.default_factory is MISSING:
            assert item.name in given, f"{where} : il manque « {item.name} » de {kind.__name__}"
    return kind(**{name: build(hints[name], content, f"{where}.{name}") for name, content in given.items()})


_TOP = frozenset({"organization", "on", "duties", "catalogs", "datasets", "dataset", "files", "matches", "file"})


def evidence_of(content: Mapping[str, Any]) -> Evidence:
    """Return the evidence an example describes."""
    assert set(content) <= _TOP, f"clés inconnues : {sorted(set(content) - _TOP)}"
    if "datasets" in content:
        datasets = build(tuple[InspectedDataset, ...], content["datasets"])
    else:
        files = [content["file"]] if "file" in content else content.get("files", [])
        datasets = (
            InspectedDataset(
                dataset=build(Dataset, content.get("dataset", {})),
                files=build(tuple[InspectedFile, ...], files),
                matches=build(tuple[Match, ...], content.get("matches", [])),
            ),
        )
    return Evidence(
        organization=build(Organization | None, content.get("organization")),
        on=content.get("on", TODAY),
        duties=build(tuple[Duty, ...], content.get("duties", [])),
        catalogs=build(tuple[Catalog, ...], content.get("catalogs", [])),
        datasets=datasets,
    )


def case_of(rule: Rule, content: Mapping[str, Any]) -> Case:
    """Return the one case an example describes, in the scope of its rule."""
    evidence = evidence_of(content)
    if rule.scope is Scope.ORGANIZATION:
        return Case(evidence, parameters=rule.parameters)
    dataset = evidence.datasets[0]
    if rule.scope is Scope.DATASET:
        return Case(evidence, dataset, parameters=rule.parameters)
    return Case(evidence, dataset, dataset.files[0], rule.parameters)


__all__ = ["TODAY", "Fault", "build", "case_of", "evidence_of"]
