"""Decides whether a file names private persons: in a column of names, or beside the parcels they own."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import hints_of, judged

_KINDS = ("person_name", "owner")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column; nothing where births or social security numbers say it already, and louder."""
    if hints_of(case, "birth_date", "nir") and hints_of(case, *_KINDS):
        return
    yield from judged(case, _KINDS, lambda hint: "owner" if hint.kind == "owner" else "non_compliant")
