"""Decides whether a spreadsheet program left the codes and the dates of a table as they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from opendata_check.checks.damage import SHORTENED, judged
from opendata_check.checks.interface import Case, Verdict
from opendata_check.model.finding import Outcome

_KINDS = ("lost_zero", "scientific", "rounded", "serial_date", "auto_date")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per damaged column; a postcode of four figures may be a foreign one: it is asked."""
    for verdict in judged(case, _KINDS, questions=("auto_date",)):
        foreign = verdict.case == "lost_zero" and verdict.values["code"] == SHORTENED["postcode"]
        yield replace(verdict, outcome=Outcome.UNVERIFIABLE, case="lost_zero_postcode") if foreign else verdict
