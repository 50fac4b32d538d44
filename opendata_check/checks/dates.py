"""When a dataset last changed, by what its catalogue says; a file's own date on disk is never evidence."""

from __future__ import annotations

from datetime import date

from opendata_check.model.inspected import InspectedDataset


def last_change(dataset: InspectedDataset) -> date | None:
    """Return the declared date of the last change: the dataset's, else its newest file's; None when nobody says."""
    if dataset.dataset.modified is not None:
        return dataset.dataset.modified
    return max((item.modified for item in dataset.dataset.distributions if item.modified is not None), default=None)
