"""Decides whether a spreadsheet program left the codes and the dates of a table as they were."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.damage import judged
from opendata_check.checks.interface import Case, Verdict

_KINDS = ("lost_zero", "scientific", "rounded", "serial_date", "auto_date")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per damaged column; a postcode of four figures may be a foreign one: it is asked."""
    yield from judged(case, _KINDS, questions=("lost_zero_postcode", "auto_date"))
