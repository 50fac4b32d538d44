"""Reads a Frictionless ``datapackage.json``: each resource (or resources that share a basename) is a dataset.

The specification makes one package of many resources; a body's folder holds one package for all it publishes, so what
the package says (licence, publisher, dates) completes each resource. ``modified`` and ``frequency`` are read when
present, on the package or a resource, though the specification (v1 and v2) has no such property.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution, Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import Reading, distinct_ids, unreadable
from opendata_check.sources.reading.folder.tree import (
    Tree,
    dataset_id,
    group_key,
    is_relative_reference,
    local_distribution,
    locate,
    read_bounded,
)

_MAX_RESOURCES = 5_000


def is_datapackage(path: Path) -> bool:
    """Return True when the file's name is the one the specification reserves."""
    return path.name.casefold() == "datapackage.json"


def read_datapackage(path: Path, tree: Tree) -> Reading:
    """Return the datasets of a data package; what is malformed or missing becomes faults."""
    where = tree.relative(path)
    try:
        package = json.loads(read_bounded(path))
    except (ValueError, RecursionError, OSError):
        return unreadable(path, where, "ce fichier n'est pas du JSON lisible", "Corrigez-le ou retirez-le.")
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list):
        return unreadable(path, where, "ce fichier n'a pas de liste « resources »", "Corrigez-le ou retirez-le.")
    faults: list[Fault] = []
    consumed = {path}
    grouped: dict[object, list[tuple[dict[str, Any], tuple[Distribution, ...]]]] = {}
    for number, resource in enumerate(resources[:_MAX_RESOURCES], start=1):
        if not isinstance(resource, dict):
            faults.append(Fault(f"la ressource n° {number} n'est pas décrite correctement", where))
            continue
        found, wrong = _distributions(resource, path, tree, consumed)
        faults.extend(wrong)
        if found:
            first = found[0].path
            grouped.setdefault(group_key(first) if first else ("", number), []).append((resource, found))
    datasets = tuple(_dataset(package, members, path, tree, alone=len(grouped) == 1) for members in grouped.values())
    return Reading(datasets, tuple(faults), frozenset(consumed), values.text(package.get("title")))


def _distributions(
    resource: dict[str, Any], path: Path, tree: Tree, consumed: set[Path]
) -> tuple[tuple[Distribution, ...], list[Fault]]:
    """Return the files or URLs of a resource, and the faults of those that cannot be used."""
    declared = resource.get("path", resource.get("url"))
    references = [item for item in (declared if isinstance(declared, list) else [declared]) if isinstance(item, str)]
    schema_name, schema_version = _schema(resource.get("schema"), path, tree, consumed)
    found: list[Distribution] = []
    faults: list[Fault] = []
    for reference in references[:_MAX_RESOURCES]:
        if is_relative_reference(reference):
            place = locate(tree, path.parent, reference, tree.relative(path))
            if isinstance(place, Fault):
                faults.append(place)
                continue
            base = local_distribution(tree, place)
        elif url := values.web_url(reference):
            base = Distribution(url, values.text(resource.get("title")) or values.text(resource.get("name")), url=url)
        else:
            faults.append(
                Fault("cette adresse ne peut pas être lue", f"{tree.relative(path)} › {values.text(reference)}")
            )
            continue
        found.append(
            replace(
                base,
                declared_format=values.text(resource.get("format"), 40).lower(),
                media_type=values.text(resource.get("mediatype"), 100).lower(),
                checksum=_checksum(resource.get("hash")),
                modified=values.day(resource.get("modified")),
                schema_name=schema_name,
                schema_version=schema_version,
                description=values.prose(resource.get("description")),
            )
        )
    return tuple(found), faults


def _checksum(value: Any) -> str:
    """Return a resource's hash with its algorithm; MD5 when none is said (Data Resource, ``hash``)."""
    written = values.text(value, 200)
    return written if not written or ":" in written else f"md5:{written}"


def _schema(value: Any, path: Path, tree: Tree, consumed: set[Path]) -> tuple[str, str]:
    """Return the name and version of a resource's schema: a name or URL, a local file, or an inline descriptor."""
    if isinstance(value, str) and is_relative_reference(value) and value.lower().endswith(".json"):
        place = locate(tree, path.parent, value, "")
        if isinstance(place, Fault):
            return values.text(value), ""
        consumed.add(place)
        try:
            value = json.loads(read_bounded(place))
        except (ValueError, RecursionError, OSError):
            return values.text(tree.relative(place)), ""
    if isinstance(value, dict):
        name = values.web_url(value.get("path")) or values.text(value.get("name"))
        return name, values.text(value.get("version"), 40)
    return values.text(value), ""


def _dataset(
    package: dict[str, Any],
    members: list[tuple[dict[str, Any], tuple[Distribution, ...]]],
    path: Path,
    tree: Tree,
    *,
    alone: bool,
) -> Dataset:
    """Return the dataset of resources that share a basename, completed by what the package says."""

    def first(*names: str) -> Any:
        """Return the first value given, by a resource then by the package."""
        given = (holder.get(name) for holder in [*(resource for resource, _ in members), package] for name in names)
        return next((value for value in given if value), None)

    resource, distributions = members[0][0], tuple(found for _, group in members for found in group)
    local = distributions[0].path
    named = values.text(resource.get("title")) or (values.text(package.get("title")) if alone else "")
    license_name, license_url = _license(first("licenses", "license"))
    publisher, contact = _contributors(package.get("contributors"))
    return Dataset(
        id=dataset_id(tree, local) if local else f"{tree.relative(path)}#{values.text(resource.get('name')) or '1'}",
        title=named or values.readable_title(local.stem if local else values.text(resource.get("name"))),
        distributions=distinct_ids(distributions),
        description=values.prose(first("description")),
        license=license_name,
        license_url=license_url,
        frequency=values.text(first("frequency", "accrualPeriodicity"), 100),
        issued=values.day(first("created", "issued")),
        modified=values.day(first("modified", "updated")),
        keywords=values.words(first("keywords")),
        spatial=values.text(first("spatial")),
        temporal=values.text(first("temporal"), 100),
        publisher=publisher or values.text(package.get("publisher")),
        contact=contact or values.text(package.get("contact"), 200),
        landing_page=values.web_url(first("homepage")),
        described=True,
    )


def _license(value: Any) -> tuple[str, str]:
    """Return the name (else title, else URL) and the URL of the first licence."""
    one = next((item for item in value if item), None) if isinstance(value, list) else value
    if isinstance(one, dict):
        url = values.web_url(one.get("path"))
        return values.text(one.get("name")) or values.text(one.get("title")) or url, url
    return values.text(one), values.web_url(one)


def _contributors(value: Any) -> tuple[str, str]:
    """Return the publishing organization and a contact address.

    Only contributors with a publisher's or a contact's role are read: the others are often private persons.
    """
    publisher = contact = ""
    for item in value[:50] if isinstance(value, list) else []:
        if not isinstance(item, dict):
            continue
        roles = {values.text(item.get("role"), 40).lower(), *(role.lower() for role in values.words(item.get("roles")))}
        if roles & {"publisher", "producer"}:
            publisher = publisher or values.text(item.get("title")) or values.text(item.get("organization"))
        if roles & {"publisher", "producer", "contact"}:
            contact = contact or values.email(item.get("email")) or values.web_url(item.get("path"))
    return publisher, contact
