"""Reads a published Table Schema (JSON) as our TableSchema, whatever its author forgot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opendata_check.model.schema import TABLE_SCHEMA_OPTIONS, CustomCheck, Field, ForeignKey, TableSchema
from opendata_check.schemas.errors import SchemaError

_WORDS = ("trueValues", "falseValues")
_TEXTS = ("decimalChar", "groupChar", "delimiter", "itemType")
_ONE_COLUMN = ("column", "column1", "column2", "unless", "op", "value")
_COLUMNS = ("columns", "othercolumns")
_COMPARED = ("column", "column2")
"""What a comparison must name."""
_LEVELS = ("error", "warning")
_TEXT_FORMATS = frozenset({"default", "email", "uri", "uuid", "binary", "wkt"})
_MAX_FIELDS = 5_000
_MAX_NAME = 1_000
_TYPES = frozenset(
    {
        *("any", "array", "boolean", "date", "datetime", "duration", "geojson", "geopoint", "integer", "list"),
        *("number", "object", "string", "time", "year", "yearmonth"),
    }
)


def from_descriptor(descriptor: Any, *, where: str) -> TableSchema:
    """Return the schema of a Table Schema descriptor; ``where`` names its file or address in errors.

    Follows the Table Schema specification (specs.frictionlessdata.io/table-schema) and frictionless' habits: an
    unknown key is left alone, ``fmt:`` before a date's form is dropped. Custom checks are those of Validata. Raises
    SchemaError when there are no fields, or one has no name or an unknown type.
    """
    if not isinstance(descriptor, Mapping):
        raise _malformed("ce fichier n'est pas un schéma de table (Table Schema)", where)
    entries = descriptor.get("fields")
    if not isinstance(entries, list) or not entries:
        raise _malformed(_why_no_fields(descriptor), where)
    if len(entries) > _MAX_FIELDS:
        raise _malformed(f"ce schéma a plus de {_MAX_FIELDS} champs", where)
    fields = tuple(_field(entry, where) for entry in entries)
    names = [field.name for field in fields]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed(f"ce schéma donne deux fois le champ « {twice} »", where)
    return TableSchema(
        id=str(descriptor.get("name") or where.rsplit("/", 1)[-1]),
        version=str(descriptor.get("version") or ""),
        title=str(descriptor.get("title") or descriptor.get("name") or where),
        fields=fields,
        missing_values=_missing_values(descriptor.get("missingValues", [""])),
        primary_key=_names(descriptor.get("primaryKey")),
        optional_columns=frozenset(field.name for field in fields if not field.required),
        source=where,
        checks=tuple(_checks(descriptor.get("custom_checks", descriptor.get("checks")), where)),
        foreign_keys=tuple(_foreign_keys(descriptor.get("foreignKeys"), set(names), where)),
    )


def _field(entry: Any, where: str) -> Field:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"]:
        raise _malformed("un champ de ce schéma n'a pas de nom", where)
    name = entry["name"]
    if len(name) > _MAX_NAME:
        raise _malformed(f"le nom d'un champ de ce schéma dépasse {_MAX_NAME} caractères", where)
    kind = entry.get("type") or "string"
    if not isinstance(kind, str) or kind not in _TYPES:
        raise _malformed(f"le champ « {name} » est d'un type inconnu, « {str(kind)[:40]} »", where)
    constraints = entry.get("constraints") or {}
    if not isinstance(constraints, Mapping):
        raise _malformed(f"les contraintes du champ « {name} » ne se lisent pas", where)
    form = str(entry.get("format") or "default").removeprefix("fmt:")
    if kind == "string" and form not in _TEXT_FORMATS:
        form = "default"  # frictionless reads such a column as plain text
    options = {key: entry[key] for key in TABLE_SCHEMA_OPTIONS if key in entry}
    for key, value in options.items():
        if not _is_sound(key, value):
            expected = "une liste de textes" if key in _WORDS else "un texte"
            raise _malformed(f"« {key} » du champ « {name} » n'est pas {expected}", where)
    if isinstance(entry.get("missingValues"), list):
        options["missingValues"] = list(_missing_values(entry["missingValues"]))
    return Field(
        name=name,
        type=kind,
        format=form,
        constraints=dict(constraints),
        options=options,
        example=_text(entry.get("example")),
        meaning=_text(entry.get("description") or entry.get("title")),
    )


def _is_sound(key: str, value: Any) -> bool:
    """Return whether an option of a field holds what it should: a list of words, a text."""
    if key in _WORDS:
        return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)
    return isinstance(value, str) if key in _TEXTS else True


def _missing_values(values: Any) -> tuple[str, ...]:
    """Return the cells that count as empty; version 2 of the standard also allows {value, label} objects."""
    if not isinstance(values, list):
        return ("",)
    return tuple(str(item["value"]) if isinstance(item, Mapping) and "value" in item else str(item) for item in values)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _checks(entries: Any, where: str) -> Sequence[CustomCheck]:
    """Return the custom checks, written ``{name, params}`` (Validata) or ``{type, …}`` (frictionless)."""
    found = []
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping):
            continue
        name = entry.get("name") or entry.get("type")
        params = entry.get("params")
        if not isinstance(params, Mapping):
            params = {key: value for key, value in entry.items() if key not in ("name", "type")}
        if not isinstance(name, str):
            continue
        if not _makes_sense(name, params):
            raise _malformed(f"le contrôle « {name[:60]} » de ce schéma ne se lit pas", where)
        if params.get("level") not in _LEVELS:
            params = {key: value for key, value in params.items() if key != "level"}
        found.append(CustomCheck(name, dict(params)))
    return found


def _makes_sense(name: str, params: Mapping[str, Any]) -> bool:
    """Return whether the columns that a check names are texts, and those it needs are there."""
    texts = all(isinstance(params[key], str) for key in _ONE_COLUMN if key in params)
    lists = [params[key] for key in _COLUMNS if key in params]
    several = all(isinstance(names, list) and all(isinstance(each, str) for each in names) for names in lists)
    return texts and several and (name != "compare-columns-value" or all(key in params for key in _COMPARED))


def _foreign_keys(entries: Any, names: set[str], where: str) -> Sequence[ForeignKey]:
    found = []
    for entry in entries if isinstance(entries, list) else ():
        reference = entry.get("reference") if isinstance(entry, Mapping) else None
        if not isinstance(reference, Mapping):
            raise _malformed("une clé étrangère (foreignKeys) de ce schéma ne se lit pas", where)
        here, there = _names(entry.get("fields")), _names(reference.get("fields"))
        if not here or len(here) != len(there) or not set(here) <= names:
            raise _malformed("une clé étrangère (foreignKeys) de ce schéma nomme des champs qu'il n'a pas", where)
        found.append(ForeignKey(here, str(reference.get("resource") or ""), there))
    return found


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Mapping | list) else str(value)


def _why_no_fields(descriptor: Mapping[str, Any]) -> str:
    if "properties" in descriptor or "$defs" in descriptor or "definitions" in descriptor or "allOf" in descriptor:
        return "ce schéma est un JSON Schema, fait pour du JSON : il ne décrit pas un tableau"
    if "resources" in descriptor:
        return "ce fichier décrit plusieurs tables (Data Package) : donnez le schéma de l'une d'elles"
    return "ce schéma n'a pas de champs (« fields »)"


def _malformed(what: str, where: str) -> SchemaError:
    return SchemaError(what, where=where, remedy="Donnez un fichier Table Schema, ou un nom de « schemas list ».")
