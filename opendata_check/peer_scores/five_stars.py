"""Tim Berners-Lee's five stars, file by file; a dataset is worth its best file.

Rule: https://5stardata.info; what each format allows stands in rules/formats.yaml (``stars``). Each star needs the ones
before it: an unknown one makes all that follow unknown.
"""

from __future__ import annotations

from datetime import date

from opendata_check.model.catalog import Dataset
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.peer_score import FileScore, Mark
from opendata_check.peer_scores.interface import Assessment, mark, marked, summed
from opendata_check.peer_scores.reading import Seen, licence_said, main_ones
from opendata_check.peer_scores.rules import PeerRule
from opendata_check.vocabulary import format_of_extension, formats

_NONE = (Mark.NOT_MET,) * 5


def assess(item: InspectedDataset, rule: PeerRule, on: date) -> Assessment:
    """Return the stars of the best file."""
    names = [criterion.id for criterion in rule.criteria]
    found = [(one, _stars(one, item.dataset)) for one in main_ones(item)]
    rated = [(*summed(marked(rule, zip(names, stars, strict=True))), one, stars) for one, stars in found]
    best = max(rated, key=lambda entry: (entry[0], entry[1]))[3] if rated else _NONE
    return Assessment(
        marked(rule, zip(names, best, strict=True)),
        max((entry[0] for entry in rated), default=0.0),
        max((entry[1] for entry in rated), default=0.0),
        tuple(FileScore(_name(one), low, high) for low, high, one, _ in rated),
    )


def _name(one: Seen) -> str:
    return one.file.name if one.file is not None else one.distribution.title


def _stars(one: Seen, dataset: Dataset) -> tuple[Mark, ...]:
    most = _stars_of_format(one)
    alone = (mark(_is_open_online(one, dataset)), *(mark(most >= star) for star in (2, 3, 4)), Mark.UNVERIFIABLE)
    given, so_far = [], Mark.MET
    for star in alone:
        if Mark.NOT_MET in (star, so_far):
            so_far = Mark.NOT_MET
        elif Mark.UNVERIFIABLE in (star, so_far):
            so_far = Mark.UNVERIFIABLE
        given.append(so_far)
    return tuple(given)


def _is_open_online(one: Seen, dataset: Dataset) -> bool | None:
    """Return whether the file is on the Web under an open licence; None for a file not yet there, or words unknown."""
    stated, licence = licence_said(dataset, one.distribution)
    if not stated or (licence is not None and licence.status == "closed"):
        return False
    if one.answers is False or (not one.is_local and not one.distribution.url):
        return False
    if one.is_local or licence is None or licence.status == "terms":
        return None
    return True


def _stars_of_format(one: Seen) -> int:
    """Return the most stars the format allows; an archive is worth the best of what it holds, when that was listed."""
    return max((formats()[name].stars for name in (*_inside(one), one.format) if name in formats()), default=0)


def _inside(one: Seen) -> tuple[str, ...]:
    """Return the formats of an archive's members, by their names; none when it is no archive or was not listed."""
    facts = one.file.facts if one.file is not None else None
    if facts is None or facts.archive is None or formats().get(one.format) is None:
        return ()
    if formats()[one.format].role != "archive":
        return ()
    endings = {member.name.rpartition(".")[2] for member in facts.archive.members if "." in member.name}
    return tuple(sorted(filter(None, map(format_of_extension, endings))))
