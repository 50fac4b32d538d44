"""The exception of this room."""

from opendata_check.errors import RulesError


class LawError(RulesError):
    """A parameter, an obligation or a sentence of `rules/` is missing or malformed; names the file and the key."""
