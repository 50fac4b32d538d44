"""Table schemas: the embedded national ones, and which of them a table was meant for."""

from __future__ import annotations

from opendata_check.schemas.errors import SchemaError
from opendata_check.schemas.recognition import THRESHOLD, candidates, match_header, recognise
from opendata_check.schemas.store import known, load

__all__ = ["THRESHOLD", "SchemaError", "candidates", "known", "load", "match_header", "recognise"]
