"""The one exception of this room: a Content, or a part of it, that cannot be read."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError


class InspectionError(OpendataCheckError):
    """A file, or a part of it, cannot be read: says why, in French, on one line."""
