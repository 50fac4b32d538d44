"""Which obligation or usual family a dataset answers, by evidence: schema, columns, file name, keyword, title.

The families stand in rules/expected_datasets.yaml; a family that answers an obligation carries the obligation's id.
"""

from __future__ import annotations

from opendata_check.matching.evidence import match
from opendata_check.matching.families import Family, Holder, Settings, families, settings
from opendata_check.matching.words import words_of

__all__ = ["Family", "Holder", "Settings", "families", "match", "settings", "words_of"]
