"""The 405 points of data.europa.eu's Metadata Quality Assessment, as a range where the tool cannot see.

Rule: https://data.europa.eu/mqa/methodology (points, dimensions, ratings) and its programme piveau (the best file alone
counts, codes 200 to 399 answer, dates of the file or of the dataset). Vocabularies stand in rules/peer_scores/mqa.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from opendata_check.model.catalog import Dataset
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.peer_score import CriterionMark, FileScore, Mark
from opendata_check.peer_scores.interface import Assessment, mark, marked, summed
from opendata_check.peer_scores.reading import Seen, known_format, licence_said, seen_of
from opendata_check.peer_scores.rules import PeerRule


def assess(item: InspectedDataset, rule: PeerRule, on: date) -> Assessment:
    """Return the points of the dataset and those of its best file."""
    own = dict(_of_dataset(item.dataset, rule))
    files = seen_of(item)
    by_file = [dict(_of_file(one, item.dataset, rule)) for one in files] or [dict(_of_nothing(item))]
    ranges = [summed(marked(rule, found.items())) for found in by_file]
    best = by_file[max(range(len(ranges)), key=ranges.__getitem__)]
    low, high = summed(marked(rule, own.items()))
    names = (criterion.id for criterion in rule.criteria)
    marks: tuple[CriterionMark, ...] = marked(rule, [(name, own.get(name) or best[name]) for name in names])
    return Assessment(
        marks,
        low + max(least for least, _ in ranges),
        high + max(most for _, most in ranges),
        tuple(FileScore(_name(one), low + had, high + may) for one, (had, may) in zip(files, ranges, strict=False)),
    )


def _name(one: Seen) -> str:
    return one.file.name if one.file is not None else one.distribution.title


def _of_dataset(dataset: Dataset, rule: PeerRule) -> Iterator[tuple[str, Mark]]:
    labels = rule.words("not_themes")
    themes = [theme for theme in dataset.themes if theme.lower() not in labels]
    rights = dataset.access_rights.strip()
    value = re.split(r"[/#]", rights)[-1].lower()
    yield "keyword", mark(bool(dataset.keywords))
    yield "theme", mark(bool(themes or dataset.hvd_categories))
    yield "spatial", mark(bool(dataset.spatial.strip()) or dataset.bbox is not None)
    yield "temporal", mark(bool(dataset.temporal.strip()))
    yield "dcat_ap", Mark.UNVERIFIABLE
    yield "access_rights", mark(bool(rights))
    yield "access_rights_vocabulary", mark(value in rule.words("access_rights"))
    yield "contact", mark(bool(dataset.contact.strip()))
    yield "publisher", mark(bool(dataset.publisher.strip()))


def _of_file(one: Seen, dataset: Dataset, rule: PeerRule) -> Iterator[tuple[str, Mark]]:
    distribution = one.distribution
    code, media = _code(one, rule), distribution.media_type.split(";")[0].strip().lower()
    stated, licence = licence_said(dataset, distribution)
    answers = mark(one.answers) if distribution.url or one.is_local else Mark.NOT_MET
    direct = _direct(one)
    yield "access_url_works", answers
    yield "download_url", direct
    yield "download_url_works", answers if direct is not Mark.NOT_MET else Mark.NOT_MET
    yield "format", mark(bool(one.declared))
    yield "media_type", mark(bool(media))
    yield "vocabulary", mark(True) if code else _registered(media, rule)
    yield "non_proprietary", mark(code in rule.words("non_proprietary"))
    yield "machine_readable", mark(code in rule.words("machine_readable"))
    yield "licence", mark(stated)
    known = licence.family if licence is not None and stated else ""
    unread = stated and (not known or known in rule.words("unread_licences"))
    yield "licence_vocabulary", mark(None if unread else known in rule.words("known_licences"))
    yield "rights", Mark.UNVERIFIABLE
    yield "byte_size", mark(distribution.byte_size is not None or one.is_local)
    yield "issued", mark(distribution.issued is not None or dataset.issued is not None)
    yield "modified", mark(distribution.modified is not None or dataset.modified is not None)


def _of_nothing(item: InspectedDataset) -> Iterator[tuple[str, Mark]]:
    """Yield what a dataset without any file gets: its own dates alone."""
    for name in (
        "access_url_works", "download_url", "download_url_works", "format", "media_type", "vocabulary",
        "non_proprietary", "machine_readable", "licence", "licence_vocabulary", "rights", "byte_size",
    ):  # fmt: skip
        yield name, Mark.NOT_MET
    yield "issued", mark(item.dataset.issued is not None)
    yield "modified", mark(item.dataset.modified is not None)


def _direct(one: Seen) -> Mark:
    """Return whether an address leads straight to the file: the model tells it from a page or a service, not always.

    A catalogue that gives both addresses, or names a file, has one; a service has none.
    """
    if one.is_local:
        return Mark.UNVERIFIABLE
    if not one.distribution.url or one.is_service:
        return Mark.NOT_MET
    sure = one.distribution.access_url or one.distribution.synthesised or "." in one.file_name
    return mark(True) if sure else Mark.UNVERIFIABLE


def _code(one: Seen, rule: PeerRule) -> str:
    """Return the European code of a declared format, "" when it has none."""
    written = re.split(r"[/#]", one.declared)[-1].strip() if "://" in one.declared else one.declared.strip()
    upper = written.upper().replace("-", "_")
    codes = rule.table("codes")
    if upper in rule.words("file_types") or upper in codes.values():
        return upper
    return str(rule.table("written").get(written.lower()) or codes.get(known_format(written), ""))


def _registered(media: str, rule: PeerRule) -> Mark:
    if not media or "/x-" in media:
        return Mark.NOT_MET
    return mark(True if media in rule.words("media_types") else None)
