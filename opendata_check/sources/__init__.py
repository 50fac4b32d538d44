"""Where a body publishes: each kind of place gives a Catalog; ``detect`` chooses the kind."""

from __future__ import annotations

from opendata_check.sources.interface import DEFAULT_BASE_URL, Source, SourceError

__all__ = ["DEFAULT_BASE_URL", "Source", "SourceError", "detect", "find", "unknown_kind"]

from opendata_check.sources.detect import detect, find, unknown_kind
