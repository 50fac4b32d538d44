"""Decides whether the record of a geographic dataset says all that the INSPIRE directive wants to read in it."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list

_OF_DATA = ("", "dataset", "series")
_THEME = "descriptiveKeywords"
_SHOWN = 6


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset described by an ISO record; none for the others, nor for what others publish."""
    record = record_of(case)
    if record.inspire is None or record.about_others:
        return
    duty = case.evidence.duty("inspire")
    if record.inspire.hierarchy_level not in _OF_DATA:
        yield Verdict(Outcome.NOT_APPLICABLE, case="not_data")
    elif duty is not None and duty.applicability.binds_not:
        yield Verdict(Outcome.NOT_APPLICABLE, case="exempt")
    elif not record.inspire.missing:
        yield Verdict(Outcome.COMPLIANT)
    elif _THEME in record.inspire.missing:
        # Only data of a theme of the directive are bound: without a theme, nobody but the body can tell.
        yield Verdict(Outcome.UNVERIFIABLE, case="no_theme")
    else:
        missing = [_name(case, element) for element in record.inspire.missing]
        shown = join_list([*missing[:_SHOWN], f"{len(missing) - _SHOWN} autres"] if len(missing) > _SHOWN else missing)
        yield Verdict(Outcome.NON_COMPLIANT, count=len(missing), values={"missing": shown})


def _name(case: Case, element: str) -> str:
    """Return the French name of an element, its ISO name when the rule has none."""
    named = dict(pair.split(" = ", 1) for pair in case.words("elements"))
    return named.get(element, element)
