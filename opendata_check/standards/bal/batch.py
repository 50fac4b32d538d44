"""Runs every rule over one batch, in the order in which each needs what the others understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from opendata_check.standards.bal import cells, identifiers, keys, rows
from opendata_check.standards.bal.communes import Communes
from opendata_check.standards.bal.profiles import Profile
from opendata_check.standards.bal.sheet import Column, Findings, Ints, Sheet
from opendata_check.standards.bal.whole import Whole
from opendata_check.standards.interface import Fault

__all__ = ["Whole", "judge"]


def judge(
    columns: Any,
    first_row: Any,
    places: tuple[tuple[int, str, str], ...],
    labels: tuple[str, ...],
    profile: Profile,
    communes: Communes,
    today: date,
    whole: Whole,
) -> Iterator[Fault]:
    """Yield the faults of one batch, and let ``whole`` remember it. See ``BalRules.judge``."""
    size = columns.num_rows
    if not size:
        return
    records: Ints = first_row if isinstance(first_row, np.ndarray) else np.arange(first_row, first_row + size)
    kept = [
        Column(name, language, labels[place], columns.column(place))
        for place, name, language in places
        if place < columns.num_columns
    ]
    sheet = Sheet(size, {column.code: column for column in kept}, Findings(profile, records), communes)
    cells.judge(sheet, today)
    keys.judge(sheet)
    rows.judge(sheet)
    found = identifiers.judge(sheet)
    whole.remember(sheet, records, found)
    yield from sheet.findings.faults
