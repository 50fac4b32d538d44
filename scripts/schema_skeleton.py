"""Prints the facts of a published Table Schema as one of our schema files, its texts left to be written.

    python scripts/schema_skeleton.py ../shared/schemas/scdl__budget/0.8.3.json scdl/budget > scdl__budget__0.8.3.yaml

Names, types and constraints are facts and are copied; titles, descriptions and examples are somebody's sentences and
are not: each stands as a comment, to be read and then written anew (`meaning`, `example`, `personal`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_OPTIONS = ("trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "floatNumber", "arrayItem")


def flow(value: Any) -> str:
    """Return a value on one line of YAML (JSON is YAML)."""
    return json.dumps(value, ensure_ascii=False)


def skeleton(published: dict[str, Any], schema_id: str) -> str:
    """Return the file's text."""
    lines = [
        "# Faits du schéma (noms, types, contraintes) ; les explications sont les nôtres.",
        f"id: {schema_id}",
        f"version: {str(published.get('version', '')).removeprefix('v')}",
        "title: À ÉCRIRE",
        "source: >-",
        "  À ÉCRIRE : faits du schéma …, publié sur schema.data.gouv.fr (adresse http) ; licence …",
        "aliases: ['À ÉCRIRE']",
    ]
    if published.get("missingValues") not in (None, [""]):
        lines.append(f"missing_values: {flow(published['missingValues'])}")
    if key := published.get("primaryKey"):
        lines.append(f"primary_key: {flow([key] if isinstance(key, str) else key)}")
    if keys := published.get("foreignKeys"):
        lines.append(f"foreign_keys: {flow(keys)}")
    checks = [{"check": item["name"], **item.get("params", {})} for item in published.get("custom_checks", [])]
    if checks:
        lines.append("checks:")
        lines += [f"  - {flow(check)}" for check in checks]
    lines.append("fields:")
    for field in published["fields"]:
        lines.append(f"  - name: {flow(field['name'])}")
        if field.get("type", "string") != "string":
            lines.append(f"    type: {field['type']}")
        if field.get("format", "default") != "default":
            lines.append(f"    format: {flow(field['format'])}")
        if constraints := {k: v for k, v in field.get("constraints", {}).items() if v is not False}:
            lines.append(f"    constraints: {flow(constraints)}")
        if options := {k: field[k] for k in _OPTIONS if k in field}:
            lines.append(f"    options: {flow(options)}")
        for said in ("title", "description", "example"):
            if field.get(said) not in (None, ""):
                lines.append(f"    # {said}: {' '.join(str(field[said]).split())[:300]}")
        lines.append('    example: ""')
        lines.append("    personal: false")
        lines.append("    meaning: À ÉCRIRE")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    source, schema_id = sys.argv[1:3]
    sys.stdout.write(skeleton(json.loads(Path(source).read_text(encoding="utf-8")), schema_id))
