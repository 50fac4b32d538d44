"""Reads the values and the repetitions that the attributes of an OpenDocument cell announce (ODF 1.3 part 3, 19)."""

from __future__ import annotations

from opendata_check.inspection.sheets.dates import clock_of_duration, short_iso
from opendata_check.inspection.sheets.table import number_text
from opendata_check.inspection.xml_stream import Attributes


def repeats_of(text: str | None) -> int:
    """Return a repetition count, 1 when it is missing or absurd."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 9):
        return 1
    return max(1, int(text))


def typed_value(kind: str, attributes: Attributes) -> str | None:
    """Return the text of a typed value (19.385 office:value-type), None when the displayed text must do."""
    if kind == "date":
        day = attributes.get("office:date-value")
        return short_iso(day) if day is not None else None
    if kind == "time":
        duration = attributes.get("office:time-value")
        return clock_of_duration(duration) if duration is not None else None
    if kind == "boolean":
        return attributes.get("office:boolean-value")
    value = attributes.get("office:value")
    if value is None:
        return None
    try:
        return number_text(float(value))
    except ValueError:
        return value
