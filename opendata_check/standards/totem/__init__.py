"""Budget documents that communes send to the prefect: the XML that TotEM makes."""

from opendata_check.standards.totem.validation import recognises, validate

__all__ = ["recognises", "validate"]
