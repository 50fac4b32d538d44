"""Decides whether a file holds what seem to be private persons' e-mail addresses, phone numbers or bank accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import clear, fault, hints_of
from opendata_check.model.finding import Outcome

_KINDS = ("email", "phone", "iban")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column and kind, always « à vérifier »; names alone are asked about; else one a table."""
    hints = hints_of(case, *_KINDS)
    for hint in hints:
        yield fault(case, hint, hint.kind)
    if hints:
        return
    names = hints_of(case, "person_name")
    if names and not hints_of(case, "birth_date", "nir"):  # those say it already, and louder
        yield replace(fault(case, names[0], "names"), outcome=Outcome.UNVERIFIABLE)
    else:
        yield from clear(case)
