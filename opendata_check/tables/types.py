"""The public name of each rule: frictionless' error types, and the national names of custom checks."""

from __future__ import annotations

ERROR_TYPES = {
    "encoding": "encoding-error",
    "blank_row": "blank-row",
    "missing_cell": "missing-cell",
    "extra_cell": "extra-cell",
    "unclosed_quote": "unclosed-quote",
    "duplicate_row": "duplicate-row",
    "type": "type-error",
    **dict.fromkeys(
        ("required", "pattern", "enum", "minimum", "maximum", "min_length", "max_length"), "constraint-error"
    ),
    "unique": "unique-error",
    "primary_key": "primary-key",
    "foreign_key": "foreign-key",
    "pattern_timeout": "pattern-timeout",
}


def error_type(rule: str) -> str:
    """Return frictionless' type of a rule (``type-error``), or the name of a check (``compare-columns-value``)."""
    return ERROR_TYPES.get(rule) or rule.split("/", 1)[0]
