"""The quality of metadata as data.gouv.fr shows it: nine criteria, one point each.

Rule: udata 17.18.0, ``udata/core/dataset/models.py`` (``compute_quality``, ``quality``, ``compute_quality_score``) and
``constants.py`` (``UpdateFrequency``, ``CLOSED_FORMATS``). Lists and delays stand in rules/peer_scores/data-gouv.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

from opendata_check.model.catalog import Dataset
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.peer_score import Mark
from opendata_check.peer_scores.interface import Assessment, assessed, mark, marked
from opendata_check.peer_scores.reading import Seen, seen_of
from opendata_check.peer_scores.rules import PeerRule
from opendata_check.vocabulary import frequency_of

_NO_DELAY = "none"


def assess(item: InspectedDataset, rule: PeerRule, on: date) -> Assessment:
    """Return the nine criteria, as data.gouv.fr would mark this record on that day."""
    return assessed(marked(rule, _marks(item, rule, on)))


def _marks(item: InspectedDataset, rule: PeerRule, on: date) -> Iterator[tuple[str, Mark]]:
    dataset, files = item.dataset, seen_of(item)
    frequency = _frequency(dataset.frequency, rule)
    yield "license", mark(any(map(str.strip, dataset.stated_license)))
    yield "temporal_coverage", mark(bool(dataset.temporal.strip()))
    yield "spatial", mark(bool(dataset.spatial.strip()) or dataset.bbox is not None)
    yield "update_frequency", mark(bool(frequency))
    yield "update_fulfilled_in_time", mark(_in_time(dataset, frequency, rule, on))
    yield "dataset_description_quality", mark(len(dataset.description) > rule.number("description_characters"))
    yield "has_open_format", mark(any(_is_open(one, rule) for one in files))
    yield "all_resources_available", mark(bool(files) and all(_is_available(one, rule) for one in files))
    documented = any(one.distribution.role == "documentation" or one.distribution.description for one in files)
    yield "resources_documentation", mark(documented)


def _frequency(written: str, rule: PeerRule) -> str:
    """Return udata's id of a frequency, "" when none is given (or « unknown »)."""
    delays = rule.table("delays_days")
    found = rule.table("former_frequencies").get(written, written)
    if found not in delays:
        known = frequency_of(written)
        found = known.id if known is not None and known.stated else ""
    return found if found in delays else ""


def _in_time(dataset: Dataset, frequency: str, rule: PeerRule, on: date) -> bool | None:
    """Return whether the next update is at most one day late.

    udata reckons with hours and the model keeps days: on the very day when the tolerance ends, the hour decides, and
    the answer is None.
    """
    if not frequency:
        return False
    delay = rule.table("delays_days")[frequency]
    if delay == _NO_DELAY:
        return True
    last = _last_update(dataset)
    if last is None:
        return None  # udata would then count from the day of the deposit
    spare = timedelta(days=float(delay) + rule.number("tolerance_days"))
    earliest = timedelta((last - on).days) + spare  # from the first minute of the day asked
    if earliest >= timedelta(days=1):
        return True
    return None if earliest + timedelta(days=1) > timedelta(0) else False


def _last_update(dataset: Dataset) -> date | None:
    """Return the day udata counts from: the record's own, else its newest file's, else the record's last change."""
    if dataset.modified is not None:
        return dataset.modified
    newest = max((one.modified for one in dataset.distributions if one.modified is not None), default=None)
    return newest or dataset.metadata_modified


def _is_open(one: Seen, rule: PeerRule) -> bool:
    declared = one.declared.lower()
    return bool(declared) and declared not in rule.words("closed_formats")


def _is_available(one: Seen, rule: PeerRule) -> bool:
    """Return what the portal's own check says; a file it hosts, or never checked, counts as available."""
    if one.is_local or _is_hosted(one.distribution.url or "", rule):
        return True
    if one.distribution.available is not None:
        return one.distribution.available
    return one.answers is not False


def _is_hosted(url: str, rule: PeerRule) -> bool:
    try:
        return urlsplit(url).hostname in rule.words("hosted_on")
    except ValueError:
        return False
