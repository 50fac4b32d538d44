"""The practices of Opquast's open data checklist that a machine can decide, on a record and on its files.

Rule: https://checklists.opquast.com/fr/opendata (72 practices, CC BY-SA), told in our own words in
rules/peer_scores/opquast.yaml. A practice that does not concern a dataset is ``NOT_APPLICABLE``, never a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache

from opendata_check.folding import fold
from opendata_check.model.catalog import Dataset
from opendata_check.model.facts import ContentFacts
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.peer_score import Mark
from opendata_check.peer_scores.interface import Assessment, assessed, mark, marked
from opendata_check.peer_scores.reading import Seen, known_format, licence_said, main_ones, seen_of
from opendata_check.peer_scores.rules import PeerRule
from opendata_check.vocabulary import Frequency, format_of_extension, formats, frequency_of

_UTF8 = frozenset({"utf-8", "utf-8-sig", "ascii"})


def assess(item: InspectedDataset, rule: PeerRule, on: date) -> Assessment:
    """Return the practices that concern the dataset, each followed or not."""
    return assessed(marked(rule, [*_of_record(item, rule, on), *_of_files(item, rule)]))


def _of_record(item: InspectedDataset, rule: PeerRule, on: date) -> Iterator[tuple[str, Mark]]:
    dataset = item.dataset
    frequency = _rhythm(dataset.frequency)
    yield "p22-publisher", mark(bool(dataset.publisher.strip()))
    yield "p24-title", mark(_is_title(item))
    yield "p24-description", mark(len(dataset.description.strip()) > rule.number("description_characters"))
    yield "p25-created", mark(dataset.issued is not None)
    yield "p26-updated", mark(_is_dated(dataset, on))
    yield "p27-category", mark(bool(dataset.themes or dataset.keywords))
    yield "p28-zone", mark(bool(dataset.spatial.strip()) or dataset.bbox is not None)
    yield "p29-language", mark(bool(dataset.language.strip()) or None)
    yield "p44-identifier", mark(bool(dataset.landing_page or dataset.identifiers))
    yield "p46-contact", mark(bool(dataset.contact.strip()))
    yield "p47-licence", _licence(dataset)
    yield "p62-frequency", mark(frequency is not None and frequency.stated)


@lru_cache(maxsize=256)
def _rhythm(written: str) -> Frequency | None:
    return frequency_of(written)


def _is_title(item: InspectedDataset) -> bool:
    title = item.dataset.title.strip()
    if not title or (" " not in title and ("_" in title or format_of_extension(title.rpartition(".")[2]))):
        return False
    folded = fold(title)
    return not any(len(file.name) < 400 and fold(file.name.rpartition("/")[2]) == folded for file in item.files)


def _is_dated(dataset: Dataset, on: date) -> bool:
    updated = dataset.modified
    return updated is not None and updated <= on and (dataset.issued is None or dataset.issued <= updated)


def _licence(dataset: Dataset) -> Mark:
    stated, known = licence_said(dataset)
    if not stated:
        return Mark.NOT_MET
    return mark(True if known is not None else None)


def _of_files(item: InspectedDataset, rule: PeerRule) -> Iterator[tuple[str, Mark]]:
    files = [one for one in seen_of(item) if not one.is_service]
    data = [one for one in main_ones(item) if not one.is_service]
    letters = frozenset("".join(rule.words("safe_name")))
    yield "p33-charset", _all(map(_charset, files))
    yield "p34-type", _all(map(_type, files))
    yield "p36-dates", _all(map(_dates, data))
    yield "p37-open", _any_open(item)
    yield "p43-direct", _all(map(_direct, files))
    yield "p45-checksum", _all(map(_checksum, files))
    yield "p56-names", _all(_of(bool(one.file_name), set(one.file_name) <= letters) for one in files)
    yield "naming-headings", _all(map(_headings, data))
    yield "p65-size", _all(_size(one) for one in files)


def _of(concerned: bool, followed: bool | None) -> Mark:
    return mark(followed) if concerned else Mark.NOT_APPLICABLE


def _all(found: Iterable[Mark]) -> Mark:
    """Return one mark for several files: one that fails settles it, then one that was not seen."""
    marks = set(found) - {Mark.NOT_APPLICABLE}
    for worst in (Mark.NOT_MET, Mark.UNVERIFIABLE, Mark.MET):
        if worst in marks:
            return worst
    return Mark.NOT_APPLICABLE


def _read(one: Seen, judged: Callable[[ContentFacts], Mark]) -> Mark:
    """Return what was read in the file; an unread one is not verified when it may be a text or a table."""
    if one.file is None or one.file.facts is None:
        found = formats().get(one.format)
        return Mark.NOT_APPLICABLE if found is not None and found.role != "data" else Mark.UNVERIFIABLE
    return judged(one.file.facts)


def _charset(one: Seen) -> Mark:
    def judged(facts: ContentFacts) -> Mark:
        return Mark.NOT_APPLICABLE if facts.text is None else mark(facts.text.encoding in _UTF8)

    return _read(one, judged)


def _headings(one: Seen) -> Mark:
    def judged(facts: ContentFacts) -> Mark:
        table = facts.table
        if table is None:
            return Mark.NOT_APPLICABLE
        clean = not (table.title_rows or table.empty_labels or table.duplicate_labels)
        return mark(table.header_row is not None and clean)

    return _read(one, judged)


def _dates(one: Seen) -> Mark:
    def judged(facts: ContentFacts) -> Mark:
        columns = facts.table.columns if facts.table is not None else ()
        forms = [column.date_form for column in columns if column.kind == "date" and column.date_form]
        return _of(bool(forms), all(form == "iso" for form in forms))

    return _read(one, judged)


def _type(one: Seen) -> Mark:
    """Return whether the type announced is the file's own; a name's extension announces it on a folder's file."""
    announced = known_format(one.declared)
    if not one.declared:
        return Mark.NOT_MET
    if one.file is None or one.file.facts is None:
        return Mark.UNVERIFIABLE
    envelope = one.file.facts.envelope
    mistaken = one.file.availability is not None and one.file.availability.type_differs
    if envelope.detected not in formats() or not announced:
        return Mark.UNVERIFIABLE
    return mark(not mistaken and (announced == envelope.detected or _akin(announced, envelope.detected)))


def _akin(announced: str, detected: str) -> bool:
    """Return whether a format is a kind of the other: what a shapefile or a GTFS is announced as is often « zip »."""
    pairs = ({"zip", "shapefile-zip"}, {"shp", "shapefile-zip"}, {"zip", "gtfs"}, {"json", "geojson"},
             {"json", "jsonld"}, {"xml", "kml"}, {"xml", "rdf"}, {"txt", "csv"})  # fmt: skip
    return {announced, detected} in pairs


def _any_open(item: InspectedDataset) -> Mark:
    known = [formats()[one.format] for one in main_ones(item) if one.format in formats()]
    return mark(any(found.open and found.machine for found in known))


def _direct(one: Seen) -> Mark:
    if one.is_local:
        return Mark.NOT_APPLICABLE
    if one.answers is not True or one.file is None:
        return mark(one.answers)
    facts = one.file.facts
    if facts is not None:
        return mark(facts.envelope.detected != "html" or known_format(one.declared) == "html")
    assert one.file.availability is not None  # an answer without bytes comes from a link that was tried
    return mark(not one.file.availability.type_differs)


def _checksum(one: Seen) -> Mark:
    algorithm, _, value = one.distribution.checksum.partition(":")
    if not value:
        return Mark.NOT_MET
    facts = one.file.facts if one.file is not None else None
    if facts is None or algorithm.lower().replace("-", "") not in ("sha256", "sha2"):
        return Mark.MET
    return mark(facts.sha256.lower() == value.lower())


def _size(one: Seen) -> Mark:
    return _of(not one.is_local, one.distribution.byte_size is not None)
