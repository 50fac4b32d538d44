"""Decides whether the licences a dataset states are ones the law admits, by the lists of the day."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, format_in
from opendata_check.checks.texts import plain, quoted
from opendata_check.folding import fold
from opendata_check.licensing import Licence, Statement, admitted, since, statements
from opendata_check.model.catalog import Dataset
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset

_DOCUMENTATION = "documentation"
_BY_STATUS = {
    "unnamed": (Outcome.UNVERIFIABLE, "unnamed"),
    "terms": (Outcome.NOT_APPLICABLE, "free_terms"),
    "closed": (Outcome.NON_COMPLIANT, "closed"),
}


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per distinct licence stated: the dataset's, then those of files that differ."""
    dataset = dataset_of(case)
    for rank, said in enumerate(statements(dataset.dataset)):
        outcome, kind = _judge(case, dataset, said)
        yield Verdict(
            outcome,
            case=kind,
            values=_values(said, rank),
            locations=_places(dataset, said) if rank else (),
            rule=f"{said.written}" if rank else "",
        )


def _judge(case: Case, dataset: InspectedDataset, said: Statement) -> tuple[Outcome, str]:
    """Return the outcome and case of one statement."""
    reading, on = said.reading, case.evidence.on
    listing = "software" if _is_software(dataset.dataset, said) else "data"
    if on < since(listing):
        return Outcome.NOT_APPLICABLE, "before_list"
    if reading.contradictory:
        either = all(admitted(one, listing, on) for one in reading.candidates) and not reading.condition
        return (Outcome.COMPLIANT, "either_approved") if either else (Outcome.UNVERIFIABLE, "several")
    if reading.candidates:
        return Outcome.UNVERIFIABLE, "conditions"
    if reading.licence is None:
        return Outcome.UNVERIFIABLE, "unknown"
    if reading.condition:
        return Outcome.NON_COMPLIANT, "closed_terms"
    if reading.licence.status in _BY_STATUS:
        return _BY_STATUS[reading.licence.status]
    return _of_software(case, reading.licence) if listing == "software" else _of_data(case, dataset, reading.licence)


def _of_software(case: Case, licence: Licence) -> tuple[Outcome, str]:
    if admitted(licence, "software", case.evidence.on):
        return Outcome.COMPLIANT, "approved_software"
    if licence.near:
        return Outcome.UNVERIFIABLE, "software_doubt"
    return Outcome.NON_COMPLIANT, "open"


def _of_data(case: Case, dataset: InspectedDataset, licence: Licence) -> tuple[Outcome, str]:
    on = case.evidence.on
    high_value = on >= since("high-value") and _is_high_value(case, dataset.dataset)
    if high_value and licence.share_alike:
        return Outcome.UNVERIFIABLE, "high_value_share_alike"
    if admitted(licence, "data", on):
        return Outcome.COMPLIANT, "approved"
    if high_value and admitted(licence, "high-value", on):
        return Outcome.COMPLIANT, "high_value"
    tagged = _tagged(dataset.dataset, case.words("mobility_keywords"))
    if admitted(licence, "mobility", on) and (tagged or _is_transport(case, dataset)):
        return Outcome.COMPLIANT, "mobility"
    if licence.kind == "software":
        return Outcome.NON_COMPLIANT, "software_on_data"
    return (Outcome.COMPLIANT, "mobility_choice") if _is_transport(case, dataset) else (Outcome.NON_COMPLIANT, "open")


def _is_software(dataset: Dataset, said: Statement) -> bool:
    """Return whether what is licensed is a program: every file it bears on is code."""
    bearing = dataset.distributions if said.own else said.distributions
    roles = {item.role for item in bearing} - {_DOCUMENTATION}
    return roles == {"code"}


def _is_high_value(case: Case, dataset: Dataset) -> bool:
    legislation = " ".join(dataset.applicable_legislation[:20]).casefold()
    by_law = any(text in legislation for text in case.words("high_value_texts"))
    return by_law or bool(dataset.hvd_categories) or _tagged(dataset, case.words("high_value_keywords"))


def _is_transport(case: Case, dataset: InspectedDataset) -> bool:
    """Return whether it is transport data for sure: by its files' format or the national access point."""
    found = [format_in(file) for file in dataset.files]
    if any(item is not None and item.id in case.words("mobility_formats") for item in found):
        return True
    places = (dataset.dataset.landing_page, dataset.dataset.harvested_from, dataset.catalog_location)
    return any(host in place for host in case.words("mobility_places") for place in places)


def _tagged(dataset: Dataset, keywords: tuple[str, ...]) -> bool:
    written = {fold(word).replace("-", " ") for word in (*dataset.keywords, *dataset.themes)}
    return any(fold(word).replace("-", " ") in written for word in keywords)


def _values(said: Statement, rank: int) -> dict[str, str]:
    names = sorted({item.title or item.id for item in said.distributions})
    return {
        "licence": plain(said.written),
        "where": f" (indiquée pour {quoted(names, 3)})" if rank and names else "",
        "candidates": quoted([one.title for one in said.reading.candidates]),
        "condition": said.reading.condition,
    }


def _places(dataset: InspectedDataset, said: Statement) -> tuple[Location, ...]:
    return tuple(
        Location(dataset=dataset.key, file=item.title or item.id, url=item.url or "") for item in said.distributions
    )
