"""Reads metadata kept beside a file, and lays them over its dataset.

``budget.csv.meta.yaml`` speaks of ``budget.csv``; ``budget.meta.yaml`` of all the files called ``budget``. JSON, YAML
and TOML are read. Keys, in English or in French: title, description, license, license_url, frequency, issued,
modified, keywords, themes, spatial, temporal, publisher, contact, landing_page, schema (a name, or {name, version}).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution, Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import paths_of
from opendata_check.sources.reading.folder.tree import Tree, group_key

_LONGEST = 1024 * 1024
_NAME = re.compile(r"(?P<subject>.+)\.meta\.(?P<form>json|ya?ml|toml)", re.IGNORECASE)
_FRENCH = {
    "titre": "title",
    "licence": "license",
    "licence_url": "license_url",
    "frequence": "frequency",
    "fréquence": "frequency",
    "publication": "issued",
    "mise_a_jour": "modified",
    "mise_à_jour": "modified",
    "mots_cles": "keywords",
    "mots_clés": "keywords",
    "thèmes": "themes",
    "couverture_spatiale": "spatial",
    "couverture_temporelle": "temporal",
    "producteur": "publisher",
    "page": "landing_page",
    "schéma": "schema",
}


def is_sidecar(path: Path) -> bool:
    """Return True when the file's name is that of metadata kept beside a file."""
    return _NAME.fullmatch(path.name) is not None


def apply_sidecars(sidecars: list[Path], datasets: list[Dataset], tree: Tree) -> tuple[list[Dataset], list[Fault]]:
    """Return the datasets completed by the sidecars, and the faults of those that cannot be read or match nothing."""
    kept = list(datasets)
    faults: list[Fault] = []
    for sidecar in sidecars:
        match = _NAME.fullmatch(sidecar.name)
        assert match is not None
        said = _read(sidecar, match["form"].lower())
        if said is None:
            faults.append(
                Fault(
                    "ces métadonnées ne peuvent pas être lues", tree.relative(sidecar), "Corrigez-les ou retirez-les."
                )
            )
            continue
        subject = sidecar.with_name(match["subject"])
        place = next((number for number, dataset in enumerate(kept) if _is_about(subject, dataset)), None)
        if place is None:
            faults.append(
                Fault(
                    "ces métadonnées ne correspondent à aucun fichier",
                    tree.relative(sidecar),
                    "Donnez-leur le nom du fichier décrit.",
                )
            )
        else:
            kept[place] = _overlay(kept[place], said, subject)
    return kept, faults


def _is_about(subject: Path, dataset: Dataset) -> bool:
    """Return True when ``subject`` is a file of the dataset, or their common basename."""
    return any(_is_file(path, subject) or _has_stem(path, subject) for path in paths_of(dataset))


def _is_file(path: Path, subject: Path) -> bool:
    """Return True when both are the same file, letter case apart."""
    return path.parent == subject.parent and path.name.casefold() == subject.name.casefold()


def _has_stem(path: Path, subject: Path) -> bool:
    """Return True when ``subject`` is the basename of ``path``."""
    folder, stem = group_key(path)
    return folder == subject.parent and stem == subject.name.casefold()


def _read(path: Path, form: str) -> dict[str, Any] | None:
    """Return the mapping a sidecar holds, its keys in English, or None when it holds none."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LONGEST + 1)
        if len(raw) > _LONGEST:
            return None
        said = _parse(raw.decode("utf-8-sig"), form)
    except (ValueError, OSError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    keys = {key: str(key).strip().lower().replace("-", "_") for key in said}
    return {_FRENCH.get(name, name): said[key] for key, name in keys.items()}


def _parse(written: str, form: str) -> Any:
    """Return the value of a JSON, TOML or YAML text. Raises ValueError or RecursionError."""
    if form == "json":
        return json.loads(written)
    if form == "toml":
        import tomllib

        return tomllib.loads(written)
    import yaml

    try:
        return yaml.load(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise ValueError("not YAML") from error


def _overlay(dataset: Dataset, said: dict[str, Any], subject: Path) -> Dataset:
    """Return the dataset with what the sidecar says in place of what it said."""
    given: dict[str, Any] = {
        "title": values.text(said.get("title")),
        "description": values.prose(said.get("description")),
        "license": values.text(said.get("license")),
        "license_url": values.web_url(said.get("license_url")) or values.web_url(said.get("license")),
        "frequency": values.text(said.get("frequency"), 100),
        "issued": values.day(said.get("issued")),
        "modified": values.day(said.get("modified")),
        "keywords": values.words(said.get("keywords")),
        "themes": values.words(said.get("themes")),
        "spatial": values.text(said.get("spatial")),
        "temporal": values.text(said.get("temporal"), 100),
        "publisher": values.text(said.get("publisher")),
        "contact": values.text(said.get("contact"), 200),
        "landing_page": values.web_url(said.get("landing_page")),
    }
    return replace(
        dataset,
        **{name: value for name, value in given.items() if value},
        distributions=tuple(_with_schema(found, said.get("schema"), subject) for found in dataset.distributions),
        described=True,
    )


def _with_schema(found: Distribution, schema: Any, subject: Path) -> Distribution:
    """Return a distribution with the declared schema, when the sidecar speaks of it."""
    holder = schema if isinstance(schema, dict) else {"name": schema}
    name = values.text(holder.get("name")) or values.web_url(holder.get("url"))
    about_it = found.path is not None and (_is_file(found.path, subject) or _has_stem(found.path, subject))
    if not name or not about_it or found.role != "main":
        return found
    return replace(found, schema_name=name, schema_version=values.text(holder.get("version"), 40))
