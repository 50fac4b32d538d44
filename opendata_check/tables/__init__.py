"""Table validation: what every cell gives against the schema its table was meant for."""

from __future__ import annotations

from opendata_check.tables.errors import ProvisionalEncodingError, TablesError
from opendata_check.tables.examples import MASKED
from opendata_check.tables.fitting import fit
from opendata_check.tables.listing import Listing
from opendata_check.tables.record_batches import record_batches
from opendata_check.tables.repeats import rows_at
from opendata_check.tables.telling import Teller, merged, shown_apart
from opendata_check.tables.validation import validate

__all__ = [
    "MASKED",
    "Listing",
    "ProvisionalEncodingError",
    "TablesError",
    "Teller",
    "fit",
    "merged",
    "record_batches",
    "rows_at",
    "shown_apart",
    "validate",
]
