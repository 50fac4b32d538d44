"""Timetables of public transport: GTFS Schedule, already unpacked."""

from opendata_check.standards.gtfs.validation import recognises, validate

__all__ = ["recognises", "validate"]
