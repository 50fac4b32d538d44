"""Asks to read again the sentences of a file that seem to name persons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import fault, hints_of
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one question per column or document; nothing when no sentence names anybody."""
    for hint in hints_of(case, "named_in_text"):
        yield replace(fault(case, hint, ""), outcome=Outcome.UNVERIFIABLE, case="unverifiable")
