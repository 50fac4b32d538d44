"""Dates as HTTP headers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(value: str) -> datetime | None:
    """Return the instant of an HTTP date, in UTC when no zone is told; None when it is unreadable."""
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):  # a zone or a year of twenty digits
        return None
    return when if when.tzinfo is not None else when.replace(tzinfo=UTC)
