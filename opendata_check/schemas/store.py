"""The embedded schemas: reads schemas/data/*.yaml, facts only, into TableSchema values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opendata_check.model.schema import CustomCheck, Field, ForeignKey, TableSchema
from opendata_check.resources import load_yaml
from opendata_check.schemas.errors import SchemaError

_FOLDER = Path(__file__).resolve().parent / "data"
_OWN_KEYS = ("check_digits", "personal")
"""Keys of ours beside Table Schema's; they travel in Field.options, where ``tables`` reads them."""


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """A schema with what recognising it needs."""

    schema: TableSchema
    aliases: tuple[str, ...]
    """Regular expressions over a declared name, folded, its words separated by slashes."""
    signature: frozenset[str]
    """Columns that tell this version from its sisters."""
    ordinary: frozenset[str]
    """Columns whose name any table may use: weak evidence."""
    tolerated: tuple[str, ...]
    """Regular expressions of columns that are neither fields nor in excess."""


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


@cache
def _paths() -> dict[str, dict[str, Path]]:
    """Return the embedded files: schema id → version → path, versions in increasing order."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        owner, name, version = path.stem.split("__")
        found.setdefault(f"{owner}/{name}", {})[version] = path
    return {id_: dict(sorted(versions.items(), key=lambda v: _version_key(v[0]))) for id_, versions in found.items()}


def known() -> tuple[str, ...]:
    """Return the ids of the embedded schemas, sorted."""
    return tuple(sorted(_paths()))


def versions(schema_id: str) -> tuple[str, ...]:
    """Return the embedded versions of a schema, oldest first; empty when the id is unknown."""
    return tuple(_paths().get(schema_id, ()))


def load(schema_id: str, version: str = "") -> TableSchema:
    """Return an embedded schema, its latest version unless one is named.

    Raises SchemaError when the id or the version is not embedded, or the file is malformed.
    """
    return stored(schema_id, version).schema


def stored(schema_id: str, version: str = "") -> StoredSchema:
    """Return an embedded schema with its recognition facts; same arguments and errors as ``load``."""
    offered = versions(schema_id)
    if not offered:
        raise SchemaError(
            "ce schéma n'est pas connu hors ligne",
            where=schema_id,
            remedy=f"Schémas connus : {', '.join(known())}.",
        )
    wanted = version or offered[-1]
    if wanted not in offered:
        raise SchemaError(
            f"la version {wanted} de ce schéma n'est pas connue hors ligne",
            where=schema_id,
            remedy=f"Versions connues : {', '.join(offered)}.",
        )
    return _read(_paths()[schema_id][wanted])


@cache
def _read(path: Path) -> StoredSchema:
    content = load_yaml(path)
    try:
        return _stored_schema(content)
    except (AttributeError, KeyError, TypeError) as error:
        raise SchemaError(
            "ce fichier de schéma est malformé",
            where=path.name,
            remedy="L'installation est incomplète : réinstallez opendata-check.",
        ) from error


def _stored_schema(content: Mapping[str, Any]) -> StoredSchema:
    entries = content["fields"]
    fields = tuple(_field(entry) for entry in entries)
    schema = TableSchema(
        id=content["id"],
        version=content["version"],
        title=content["title"],
        fields=fields,
        missing_values=tuple(content.get("missing_values", ("",))),
        primary_key=tuple(content.get("primary_key", ())),
        optional_columns=frozenset(
            field.name for field, entry in zip(fields, entries, strict=True) if _may_be_absent(field, entry)
        ),
        source=content["source"],
        checks=tuple(_custom_check(entry) for entry in content.get("checks", ())),
        foreign_keys=tuple(_foreign_key(entry) for entry in content.get("foreign_keys", ())),
        carrier=content.get("carrier", "table"),
    )
    return StoredSchema(
        schema=schema,
        aliases=tuple(content.get("aliases", ())),
        signature=frozenset(content.get("signature", ())),
        ordinary=frozenset(content.get("ordinary_columns", ())),
        tolerated=tuple(content.get("tolerated_columns", ())),
    )


def _custom_check(entry: Mapping[str, Any]) -> CustomCheck:
    return CustomCheck(entry["check"], {key: value for key, value in entry.items() if key != "check"})


def _foreign_key(entry: Mapping[str, Any]) -> ForeignKey:
    reference = entry["reference"]
    return ForeignKey(tuple(_names(entry["fields"])), reference.get("resource", ""), tuple(_names(reference["fields"])))


def _names(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _field(entry: Mapping[str, Any]) -> Field:
    own = {key: entry[key] for key in _OWN_KEYS if key in entry}
    return Field(
        name=entry["name"],
        type=entry.get("type", "string"),
        format=entry.get("format", "default"),
        constraints=dict(entry.get("constraints") or {}),
        options={**entry.get("options", {}), **own},
        example=entry.get("example", ""),
        meaning=entry["meaning"],
    )


def _may_be_absent(field: Field, entry: Mapping[str, Any]) -> bool:
    """A column that is not required may be left out (SCDL), unless the file says otherwise of this one."""
    said = entry.get("absent", "")
    return said == "allowed" if said else not field.required
