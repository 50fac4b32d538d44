"""The exceptions that cross rooms: each carries one French line for a municipal agent (what, where, what to do)."""

from __future__ import annotations


class OpendataCheckError(Exception):
    """Base of all our exceptions.

    ``what`` says what went wrong, ``where`` names the file, URL or option, ``remedy`` says what to do.
    All three are French; ``str(error)`` joins them on one line.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        line = self.what if not self.where else f"{self.where} : {self.what}"
        if self.remedy:
            line = f"{line.rstrip('.')}. {self.remedy}"
        return " ".join(line.split())


class UsageError(OpendataCheckError):
    """What the user typed cannot be understood."""


class ConfigError(OpendataCheckError):
    """`opendata-check.toml` cannot be read or holds a value that cannot be used."""


class RulesError(OpendataCheckError):
    """A file of `rules/` is missing or malformed: a fault of ours or of whoever changed the rules."""


class OutputError(OpendataCheckError):
    """A report could not be written; what was there before is untouched."""
