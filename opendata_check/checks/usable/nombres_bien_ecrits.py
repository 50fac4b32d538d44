"""Decides whether a program can read the numbers and the dates of a table as they are written."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.damage import judged
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import file_of

_KINDS = ("grouped", "decimal_comma", "unit", "mixed_dates")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column whose numbers carry spaces, commas or units, or whose dates follow two orders.

    A table made after a national model is left to the check of that model, which knows what each column wants.
    """
    if file_of(case).schema is None:
        yield from judged(case, _KINDS, together=("decimal_comma", "grouped", "unit"))
