"""Decides whether a file holds what seem to be private persons' e-mail addresses, phone numbers or bank accounts."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import clear, fault, hints_of

_KINDS = ("email", "phone", "iban")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column and kind, always « à vérifier »; else one a table."""
    hints = hints_of(case, *_KINDS)
    for hint in hints:
        yield fault(case, hint, hint.kind)
    if not hints:
        yield from clear(case)
