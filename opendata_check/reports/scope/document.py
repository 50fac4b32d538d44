"""`scope` as JSON: a contract, in the form of docs/schemas/scope.schema.json and versioned with it."""

from __future__ import annotations

import json
from typing import Any

from opendata_check.model.legal import Duty
from opendata_check.model.scope import ScopeAnswer
from opendata_check.reports.payload import legal

SCHEMA_VERSION = "2.0"
"""The first number is raised when a reader must change, the second for additions."""


def document(answer: ScopeAnswer) -> str:
    """Return the answer as JSON, keys sorted."""
    return _written(
        {
            **_head(answer),
            "duties": [legal.duty(duty) for duty in answer.duties],
            "open_questions": [
                {
                    "fact": item.fact,
                    "question": item.question,
                    "help": item.help,
                    "duties": list(item.duties),
                    "what_if": [legal.what_if(answer) for answer in item.what_if],
                    "choices": [{"value": value, "label": label} for value, label in item.choices],
                }
                for item in answer.questions
            ],
            "already_open": [legal.already_open(item) for item in answer.already_open],
            "to_verify": [{"id": item.id, "title": item.title, "why": item.why} for item in answer.set_aside],
        }
    )


def explanation_document(answer: ScopeAnswer, duty: Duty) -> str:
    """Return one duty as JSON, in the form it has in the whole answer."""
    return _written({**_head(answer), "duties": [legal.duty(duty)]})


def _head(answer: ScopeAnswer) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "opendata-check", "version": answer.tool_version},
        "on": answer.on.isoformat(),
        "organization": legal.organization(answer.organization),
        "remarks": list(answer.remarks),
    }


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
