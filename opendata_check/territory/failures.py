"""The two ways a name or a code may fail to designate one public body."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError
from opendata_check.model.organization import Organization


class AmbiguousTerritoryError(OpendataCheckError):
    """Several bodies answer: all are listed, none is chosen. ``candidates`` holds them in the order of codes."""

    def __init__(self, what: str, *, candidates: tuple[Organization, ...], where: str = "", remedy: str = "") -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.candidates = candidates


class UnknownTerritoryError(OpendataCheckError):
    """No body answers. ``suggestions`` holds texts that would be understood, likeliest first; it may be empty."""

    def __init__(self, what: str, *, suggestions: tuple[str, ...] = (), where: str = "", remedy: str = "") -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.suggestions = suggestions
