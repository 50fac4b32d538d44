"""A labelled corpus of tables as French town halls have them, which measures the detector of personal data.

Every person is invented. Tables are made from fixed seeds: no clock, no network, no file. The part ``tune`` is for
setting the detector; the part ``test`` has other tables, other words, other names, and is only for measuring. The part
``reserve`` was to measure anew once somebody had looked at what goes wrong in ``test``; it has been looked at too. The
part ``fresh`` was written at the end, with its own names and places, by somebody who had not read the detector. It
stays closed.

Expected of a column:

- ``none``: about nobody, or nobody who could be told from others: no alarm;
- a kind of ``PersonalDataHint`` (:data:`KINDS`): an alarm is expected;
- ``public:<family>``: about persons, but article D312-1-3 of the CRPA lets it be published as it is: no alarm;
- ``either``: honest people disagree; left out of the figures.

The nine families, in the order of the article (:data:`FAMILIES`): 1° how administrations are organised; 2° economic,
associative and cultural life; 3° regulated professions; 4° teaching and research; 5° sport; 6° political life;
7° tourism; 8° what needs a formality (planning permits, use of the public domain, data protection); 9° archives.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import (
    fresh_care,
    fresh_models,
    fresh_more,
    fresh_public,
    fresh_staff,
    fresh_things,
    fresh_town,
    held_out_care,
    held_out_codes,
    held_out_forms,
    held_out_more,
    held_out_people,
    held_out_places,
    held_out_public,
    held_out_things,
    held_out_traces,
    reserve_people,
    reserve_things,
    tune_more,
    tune_persons,
    tune_public,
    tune_things,
    tune_varied,
    tune_wide,
)
from .designs import Design, LabelledTable, as_csv, made

__all__ = ["FAMILIES", "KINDS", "LabelledTable", "as_csv", "tables"]

FAMILIES = (
    "organisation_charts",
    "associations",
    "professionals",
    "teaching",
    "sports",
    "elected_officials",
    "tourism",
    "planning_permits",
    "archives",
)
KINDS = (
    "nir",
    "phone",
    "email",
    "iban",
    "birth_date",
    "person_name",
    "person_address",
    "named_in_text",
    "health",
    "social",
    "school",
    "owner",
    "home_place",
    "small_counts",
    "plate",
)
_DESIGNS: dict[str, tuple[tuple[Design, ...], ...]] = {
    "tune": (
        tune_persons.DESIGNS,
        tune_more.DESIGNS,
        tune_varied.DESIGNS,
        tune_wide.DESIGNS,
        tune_things.DESIGNS,
        tune_public.DESIGNS,
    ),
    "test": (
        held_out_people.DESIGNS,
        held_out_care.DESIGNS,
        held_out_codes.DESIGNS,
        held_out_forms.DESIGNS,
        held_out_more.DESIGNS,
        held_out_traces.DESIGNS,
        held_out_places.DESIGNS,
        held_out_things.DESIGNS,
        held_out_public.DESIGNS,
    ),
    "reserve": (reserve_people.DESIGNS, reserve_things.DESIGNS),
    "fresh": (
        fresh_care.DESIGNS,
        fresh_staff.DESIGNS,
        fresh_town.DESIGNS,
        fresh_more.DESIGNS,
        fresh_public.DESIGNS,
        fresh_models.DESIGNS,
        fresh_things.DESIGNS,
    ),
}


def tables(split: str) -> Iterator[LabelledTable]:
    """Yield the tables of a part, ``tune``, ``test``, ``reserve`` or ``fresh``, one at a time and always the same."""
    for room in _DESIGNS[split]:
        for plan in room:
            yield made(plan, split)
