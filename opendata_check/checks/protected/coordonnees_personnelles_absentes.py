"""Decides whether a file holds what seem to be private persons' e-mail addresses, phones, bank accounts or plates."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import judged

_KINDS = ("email", "phone", "iban", "plate")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column and kind, always « à vérifier »; without any, one a table."""
    yield from judged(case, _KINDS, lambda hint: hint.kind)
