"""What this room raises: a schema that does not exist or cannot be read."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError


class SchemaError(OpendataCheckError):
    """The schema asked for is not embedded, or its file is malformed."""
