"""Decides whether a dataset says under which licence it may be reused."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.model.finding import Outcome
from opendata_check.vocabulary import licence_of


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset; « licence non précisée » counts as none."""
    dataset = record_of(case)
    text, url = dataset.stated_license
    licence = licence_of(text, url)
    unstated = licence is not None and licence.status == "unstated"
    if (text.strip() or url.strip()) and not unstated:
        name = licence.title if licence else text or url
        yield Verdict(Outcome.COMPLIANT, values={"licence": name})
    elif not dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE)
    else:
        yield Verdict(Outcome.NON_COMPLIANT)
