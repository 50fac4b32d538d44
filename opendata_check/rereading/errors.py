"""What stops the reading of an audit's JSON."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError


class RereadingError(OpendataCheckError):
    """A file is not an audit of ours, or cannot be used as one."""
