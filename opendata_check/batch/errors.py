"""What stops a whole lot: its list or its folder cannot be used."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError


class BatchError(OpendataCheckError):
    """The lot cannot run: unreadable list, folder in use, other options than those it was begun with."""
