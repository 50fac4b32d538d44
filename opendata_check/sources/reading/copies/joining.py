"""Makes one dataset of its copies: the first one's word prevails, the others complete it, each file stands once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading.copies.file_tokens import FileTraits
from opendata_check.sources.reading.copies.likeness import is_worldwide, publisher_key
from opendata_check.sources.reading.described import distinct_ids

_MOST_NAMES = 200
_OWN = frozenset(
    {
        "id", "title", "distributions", "described", "harvested_from", "identifiers", "about_others",
        "license", "license_url", "publisher", "publisher_siren", "contact", "landing_page",
    }
)  # fmt: skip
"""Fields that another copy does not fill one by one."""
_COMPLETED = tuple(field.name for field in fields(Dataset) if field.name not in _OWN)
_FILE_FIELDS = (
    "declared_format", "media_type", "byte_size", "modified", "issued", "description", "row_count",
    "service",
)  # fmt: skip
_NOTHING = (None, "")
_FILE_NAMES = tuple(field.name for field in fields(Distribution))
_file_values = attrgetter(*_FILE_NAMES)

Files = tuple[FileTraits, ...]
"""What is compared of a dataset's files, in their order."""


def joined(copies: Sequence[Dataset], files: Sequence[Files]) -> tuple[Dataset, Files]:
    """Return one dataset from its copies, the one that has most authority first, with what is compared of its files.

    ``files`` is the same of each copy. A single copy is given as it is.
    """
    first, *others = copies
    if not others:
        return first, files[0]
    filled = {
        name: next((value for copy in others if (value := getattr(copy, name))), getattr(first, name))
        for name in _COMPLETED
        if not getattr(first, name)
    }
    license_from = next((copy for copy in copies if copy.license or copy.license_url), first)
    published_by = next((copy for copy in copies if copy.publisher), first)
    distributions, kept = _once(copies, files)
    dataset = replace(
        first,
        **filled,
        license=license_from.license,
        license_url=license_from.license_url,
        publisher=published_by.publisher,
        publisher_siren=_siren(first, published_by, others),
        contact=next((copy.contact for copy in copies if copy.contact), ""),
        landing_page=next((copy.landing_page for copy in copies if copy.landing_page), ""),
        identifiers=_identifiers(copies),
        described=any(copy.described for copy in copies),
        about_others=all(copy.about_others for copy in copies),
        distributions=distributions,
    )
    return dataset, kept


def _siren(first: Dataset, published_by: Dataset, others: Sequence[Dataset]) -> str | None:
    """Return the SIREN of the publisher that is named: a copy that names another one tells nothing of it."""
    if first.publisher_siren:
        return first.publisher_siren
    name = publisher_key(published_by.publisher)
    same = (copy for copy in others if publisher_key(copy.publisher) in (name, ""))
    return next((copy.publisher_siren for copy in same if copy.publisher_siren), None)


def _identifiers(copies: Sequence[Dataset]) -> tuple[str, ...]:
    """Return the first copy's identifiers, and those of the others that mean the same on any portal, pages included."""
    names = dict.fromkeys(copies[0].identifiers)
    for copy in copies[1:]:
        names |= dict.fromkeys(name for name in (copy.id, *copy.identifiers, copy.landing_page) if is_worldwide(name))
    return tuple(names)[:_MOST_NAMES]


# ---- files


def _once(copies: Sequence[Dataset], files: Sequence[Files]) -> tuple[tuple[Distribution, ...], Files]:
    """Return the files of all copies, each once, and what is compared of them."""
    kept = list(copies[0].distributions)
    traits = list(files[0])
    where = {token: place for place, of_it in reversed(list(enumerate(traits))) for token in of_it.tokens}
    for copy, seen in zip(copies[1:], files[1:], strict=True):
        places = _places(kept, traits, where, copy.distributions, seen)
        for one, of_it, place in zip(copy.distributions, seen, places, strict=True):
            if place < 0:
                kept.append(one)
                traits.append(of_it)
            else:
                kept[place], traits[place] = _completed(kept[place], traits[place], one, of_it)
            for token in of_it.tokens:
                where.setdefault(token, place if place >= 0 else len(kept) - 1)
    return distinct_ids(tuple(kept)), tuple(traits)


def _places(
    kept: list[Distribution],
    traits: list[FileTraits],
    where: Mapping[str, int],
    others: Sequence[Distribution],
    seen: Files,
) -> list[int]:
    """Return the place among ``kept`` of each file of another copy, -1 for one that is not there.

    A file is known by its tokens; failing that, by its format and title, where each list has exactly one such file
    and the sizes agree.
    """
    places = [min((where[token] for token in one.tokens if token in where), default=-1) for one in seen]
    if -1 in places:
        ours, theirs = (Counter((one.format, one.title) for one in files) for files in (traits, seen))
        alone = {kind: place for place, one in enumerate(traits) if one.format and ours[kind := one[1:3]] == 1}
        for number, of_it in enumerate(seen):
            kind = of_it[1:3]
            place = alone.get(kind, -1)
            if places[number] < 0 <= place and theirs[kind] == 1 and place not in places:
                size, other = kept[place].byte_size, others[number].byte_size
                places[number] = place if size is None or other is None or size == other else -1
    return places


def _completed(
    one: Distribution, traits: FileTraits, other: Distribution, others_traits: FileTraits
) -> tuple[Distribution, FileTraits]:
    """Return a file with what it lacks taken from another record of it, and the addresses of both."""
    filled = {
        name: value
        for name in _FILE_FIELDS
        if getattr(one, name) in _NOTHING and (value := getattr(other, name)) not in _NOTHING
    }
    sums = [token for token in others_traits.tokens if token[0] == "c"]
    if sums and not one.checksum:  # not that of an empty file, which tells nothing
        filled["checksum"] = other.checksum
    if not one.schema_name and other.schema_name:
        filled |= {"schema_name": other.schema_name, "schema_version": other.schema_version}
    if not (one.license or one.license_url) and (other.license or other.license_url):
        filled |= {"license": other.license, "license_url": other.license_url}
    addresses = {address for address in (*one.also_at, other.url, other.stable_url, *other.also_at) if address}
    also_at = tuple(sorted(addresses - {one.url, one.stable_url}))
    if also_at != one.also_at:
        filled["also_at"] = also_at
    added = [token for token in others_traits.tokens if token[0] in "fs"] + (sums if "checksum" in filled else [])
    if filled:  # dataclasses.replace does the same, three times slower
        one = Distribution(**dict(zip(_FILE_NAMES, _file_values(one), strict=True)) | filled)
    return one, traits._replace(tokens=traits.tokens.union(added)) if added else traits
