"""`scope` as JSON: the audit's own words on the law, in the form of docs/schemas/scope.schema.json."""

from __future__ import annotations

import json

from opendata_check.model.report import AuditReport
from opendata_check.reports.json import payload

SCHEMA_VERSION = "1.0"
_KEPT = ("tool", "on", "organization", "duties")


def document(report: AuditReport) -> str:
    """Return the answer as JSON, keys sorted: the parts of the audit's JSON that the law alone fills."""
    whole = payload(report)
    content = {"schema_version": SCHEMA_VERSION, **{key: whole[key] for key in _KEPT}}
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
