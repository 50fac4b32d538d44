"""Makes docs/schemas/rules.schema.json: the form of the files of rules/, for editors and for whoever adds a rule.

The program's own reading (opendata_check/law) says the same and more: that names exist, that dates follow one another.
"""

from __future__ import annotations

import json
from typing import Any

from opendata_check.law import conditions, loading
from opendata_check.law.rules import Comparison, FactType
from opendata_check.model.legal import Applicability, Certainty

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_FILLED: Schema = {"type": "string", "minLength": 1}
_ID: Schema = {"type": "string", "pattern": "^[a-z0-9]+([-_][a-z0-9]+)*$"}
_DAY: Schema = {"type": "string", "format": "date"}
_CERTAINTY: Schema = {"enum": [item.value for item in Certainty]}


def _closed(required: Schema, optional: Schema | None = None) -> Schema:
    properties = {**required, **(optional or {})}
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def _list(item: Schema, at_least: int = 0) -> Schema:
    return {"type": "array", "items": item, "minItems": at_least}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _condition() -> Schema:
    common = {"certainty": _CERTAINTY, "note": _TEXT}
    clauses = {"if_true": _TEXT, "if_false": _TEXT, "if_missing": _TEXT}
    branches = [_closed({"use": _ID}), _closed({"label": _FILLED, "obligation": _ID}, common)]
    branches += [_closed({"label": _FILLED, key: _list(_ref("condition"), 1)}, common) for key in ("all", "any")]
    branches.append(_closed({"label": _FILLED, "not": _ref("condition")}, common))
    test = {"label": _FILLED, "fact": _ID}
    branches.append(_closed({**test, "in": _list(_FILLED, 1)}, {"itself": {"type": "boolean"}, **clauses, **common}))
    branches.append(_closed({**test, "is": {"type": "boolean"}}, {**clauses, **common}))
    branches += [_closed({**test, item.value: _ID}, {**clauses, **common}) for item in Comparison]
    return {"oneOf": branches}


def _reference() -> Schema:
    optional = {"version": _DAY, "copy": _FILLED, "url": _TEXT, "according_to": _FILLED, "since": _DAY, "until": _DAY}
    optional["kinds"] = _list({"enum": list(conditions.KINDS)}, 1)
    return _closed({"text": _FILLED, "article": _FILLED, "certainty": _CERTAINTY}, optional)


def _obligation() -> Schema:
    part = _closed(
        {"since": _DAY, "label": _FILLED},
        {
            "certainty": _CERTAINTY,
            "until": _DAY,
            "when": _ref("condition"),
            "judged": {"enum": ["each_day", "at_start"]},
        },
    )
    event = _closed(
        {"label": _FILLED, "fact": _ID, "absent": _FILLED},
        {"label_unknown": _FILLED, "amount": _ID, **{item.value: _ID for item in Comparison}},
    )
    proof = _closed(
        {"places": _list({"enum": list(loading.PLACES)}, 1), "evidence": _list({"enum": list(loading.EVIDENCE)}, 1)},
        {"elsewhere": _TEXT, "titles": _list(_FILLED), "schemas": _list(_FILLED)},
    )
    example = _closed(
        {
            "title": _FILLED,
            "body": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": list(conditions.KINDS)}}},
            "date": _DAY,
            "status": {"enum": [item.value for item in Applicability]},
        }
    )
    known: Schema = {
        "id": _ID,
        "level": {"enum": list(loading.LEVELS)},
        "weight": {"type": "integer", "minimum": 1, "maximum": 5},
        "sectoral": {"type": "boolean"},
        "certainty": _CERTAINTY,
        "who": _ref("condition"),
        "parts": _list(part, 1),
        "event": event,
        "doubtful_exemption": _closed(
            {"kinds": _list({"enum": list(conditions.KINDS)}, 1), "note": _FILLED}, {"when": _ref("condition")}
        ),
        "effort": _ID,
        "legal_basis": _list(_ref("reference"), 1),
        "proof": proof,
        "examples": _list(example, 2),
    }
    filled = ("title", "what", "where", "authority", "holder")
    texts = {key: _FILLED if key in filled else _TEXT for key in (*loading.REQUIRED, *loading.OPTIONAL)}
    every = {**texts, **known}
    return _closed({key: every[key] for key in loading.REQUIRED}, {key: every[key] for key in loading.OPTIONAL})


def _parameter() -> Schema:
    value = _closed({"from": _DAY, "value": {"type": "number", "exclusiveMinimum": 0}, "reference": _ref("reference")})
    return _closed(
        {"id": _ID, "title": _FILLED, "unit": _FILLED, "unit_one": _FILLED, "values": _list(value, 1)},
        {"before": _TEXT},
    )


def _facts() -> Schema:
    fact = _closed(
        {"id": _ID, "type": {"enum": [item.value for item in FactType]}, "name": _FILLED, "question": _FILLED},
        {
            "help": _TEXT,
            "unit": _FILLED,
            "unit_one": _FILLED,
            "decimals": {"type": "boolean"},
            "highest": {"type": "number", "exclusiveMinimum": 0},
            "choices": {"type": "object", "additionalProperties": _FILLED},
        },
    )
    return _closed({"facts": _list(fact, 1)})


def rules_schema() -> str:
    """Return the schema as JSON."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:opendata-check:rules:1.0",
        "title": "Fichiers de rules/",
        "description": (
            "La forme d'une obligation, d'un seuil, d'une condition nommée ou de la liste des faits. "
            "Les dates s'écrivent année-mois-jour. rules/README.md explique chaque clé."
        ),
        "oneOf": [_ref("obligation"), _ref("parameter"), _ref("named_condition"), _ref("facts")],
        "$defs": {
            "obligation": _obligation(),
            "parameter": _parameter(),
            "named_condition": _closed({"id": _ID, "condition": _ref("condition")}),
            "facts": _facts(),
            "condition": _condition(),
            "reference": _reference(),
        },
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
