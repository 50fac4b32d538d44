"""Decides whether a dataset's licence is one the law admits."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, format_in
from opendata_check.folding import fold
from opendata_check.model.finding import Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.vocabulary import Licence, licence_of

_OUTCOMES = {"approved": Outcome.COMPLIANT, "open": Outcome.NON_COMPLIANT, "closed": Outcome.NON_COMPLIANT}


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict for a dataset that states a licence."""
    dataset = dataset_of(case)
    text, url = dataset.dataset.stated_license
    written = text.strip() or url.strip()
    licence = licence_of(text, url)
    if not written or (licence and licence.status == "unstated"):
        return
    if licence is None:
        yield Verdict(Outcome.UNVERIFIABLE, case="unknown", values={"licence": written})
        return
    values = {"licence": licence.title}
    exception = _exception(case, dataset, licence)
    if exception:
        yield Verdict(Outcome.COMPLIANT, case=exception, values=values)
    else:
        yield Verdict(_OUTCOMES[licence.status], case=licence.status, values=values)


def _exception(case: Case, dataset: InspectedDataset, licence: Licence) -> str:
    """Return the case of a licence that another text admits for such data, or ""."""
    if licence.high_value and _tagged(dataset, case.words("high_value_keywords")):
        return "high_value"
    if licence.mobility and (_tagged(dataset, case.words("mobility_keywords")) or _holds(dataset, case)):
        return "mobility"
    return ""


def _tagged(dataset: InspectedDataset, keywords: tuple[str, ...]) -> bool:
    written = {fold(word).replace("-", " ") for word in (*dataset.dataset.keywords, *dataset.dataset.themes)}
    return any(fold(word).replace("-", " ") in written for word in keywords)


def _holds(dataset: InspectedDataset, case: Case) -> bool:
    found = [format_in(file) for file in dataset.files]
    return any(item is not None and item.id in case.words("mobility_formats") for item in found)
