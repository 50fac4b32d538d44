"""The published form of the rules (docs/schemas/rules.schema.json) accepts every rule and refuses malformed ones."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from opendata_check.resources import rules_folder

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/schemas/rules.schema.json").read_text(encoding="utf-8")
)
FILES = [
    *[(path, "obligation") for path in sorted((rules_folder() / "obligations").glob("*.yaml"))],
    *[(path, "parameter") for path in sorted((rules_folder() / "parameters").glob("*.yaml"))],
    *[(path, "named_condition") for path in sorted((rules_folder() / "conditions").glob("*.yaml"))],
    (rules_folder() / "facts.yaml", "facts"),
]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def _read(path: Path) -> Any:
    return _plain(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("path", "name"), FILES, ids=lambda item: getattr(item, "stem", item))
def test_every_rule_follows_the_published_form(path: Path, name: str) -> None:
    _validator(name).validate(_read(path))
    jsonschema.Draft202012Validator(SCHEMA).validate(_read(path))


@pytest.mark.parametrize(
    "change",
    [
        {"detenteur": "x"},
        {"weight": 6},
        {"level": "dur"},
        {"who": {"label": "x", "fact": "kind"}},
        {"who": {"label": "x", "fact": "population", "at_least": "a", "more_than": "b"}},
        {"parts": []},
        {"examples": []},
        {"legal_basis": [{"text": "CRPA"}]},
    ],
)
def test_what_the_program_refuses_the_form_refuses_too(change: dict[str, Any]) -> None:
    rule = {**_read(rules_folder() / "obligations/rip.yaml"), **change}
    assert not _validator("obligation").is_valid(rule)
