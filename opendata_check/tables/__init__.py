"""Table validation: what every cell gives against the schema its table was meant for."""

from __future__ import annotations

from opendata_check.tables.errors import TablesError
from opendata_check.tables.validation import validate

__all__ = ["TablesError", "validate"]
