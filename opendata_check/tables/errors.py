"""What this room raises: a file that cannot be opened, or a schema that frictionless refuses."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError


class TablesError(OpendataCheckError):
    """The table could not be validated at all."""


class ProvisionalEncodingError(TablesError):
    """The encoding found on the first lines does not fit the rest: the whole file must be inspected first."""
