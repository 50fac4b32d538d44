"""Decides whether the copies of a dataset that several portals show say the same of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import MAIN_ROLES, dataset_of
from opendata_check.checks.texts import plain, quoted
from opendata_check.folding import fold
from opendata_check.licensing import agree, licence_of
from opendata_check.model.catalog import Distribution
from opendata_check.model.copies import Copy
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.organization import EvidenceKind
from opendata_check.vocabulary import format_of, format_of_extension
from opendata_check.wording import french_date, french_number

_SHOWN = 4


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset that has several copies: each is compared to the one that has most authority."""
    dataset = dataset_of(case)
    if len(dataset.copies) < 2:
        return
    first, *others = dataset.copies
    found = [(copy, difference) for copy in others for difference in _differences(case, first, copy)]
    if not found:
        values = {"count": french_number(len(dataset.copies)), "places": _places(dataset.copies)}
        yield Verdict(Outcome.COMPLIANT, values=values, evidence_kind=EvidenceKind.DECLARED)
        return
    told = [difference for _, difference in found[:_SHOWN]]
    if len(found) > _SHOWN:
        told.append(f"{len(found) - _SHOWN} de plus")
    differing = {id(copy): copy for copy, _ in found}.values()
    yield Verdict(
        Outcome.NON_COMPLIANT,
        case="by_hand" if all(copy.native for copy in (first, *differing)) else "",
        values={"differences": " ; ".join(told)},
        locations=tuple(Location(dataset=dataset.key, url=_address(copy)) for copy in (first, *differing)),
        count=len(found),
        evidence_kind=EvidenceKind.DECLARED,
    )


def _differences(case: Case, first: Copy, copy: Copy) -> Iterator[str]:
    """Yield what a copy says otherwise, in French."""
    here, there = _place(first), _place(copy)
    if first.dataset.described and copy.dataset.described:
        ours, theirs = _licence(first), _licence(copy)
        if ours[0] != theirs[0] and not _same_licence(first, copy):
            yield f"licence : {ours[1]} {here}, {theirs[1]} {there}"
    latest, day = first.dataset.modified, copy.dataset.modified
    if first.native and latest and day and (latest - day).days > case.number("older_days"):
        yield f"mise à jour : {french_date(latest)} {here}, {french_date(day)} {there}"
    ours_only, theirs_only, pairs = _compared(first.dataset.distributions, copy.dataset.distributions)
    if ours_only:
        yield f"{_files(ours_only)} : {here}, pas {there}"
    if theirs_only:
        yield f"{_files(theirs_only)} : {there}, pas {here}"
    for one, other in pairs:
        if _sizes_differ(one, other, case.number("size_share")):
            sizes = [french_number(found.byte_size or 0) for found in (one, other)]
            yield f"fichier {quoted([one.title])} : {sizes[0]} octets {here}, {sizes[1]} octets {there}"


def _same_licence(first: Copy, copy: Copy) -> bool:
    """Return whether two licences may well be one: « Licence Ouverte » does not contradict its version 2.0."""
    one, other = (licence_of(item.dataset.license, item.dataset.license_url) for item in (first, copy))
    return one is not None and other is not None and agree(one, other)


def _licence(copy: Copy) -> tuple[str, str]:
    """Return what a licence is compared by, and its name; an unknown one by its own words."""
    dataset = copy.dataset
    known = licence_of(dataset.license, dataset.license_url)
    if known is not None and known.status != "unstated":
        return known.id, known.title
    written = (dataset.license or dataset.license_url).strip()
    if known is not None or not written:
        return "", "aucune"
    return fold(written), f"« {plain(written, 60)} »"


# ---- files


def _compared(
    ours: Iterable[Distribution], theirs: Iterable[Distribution]
) -> tuple[list[Distribution], list[Distribution], list[tuple[Distribution, Distribution]]]:
    """Return the files of one copy only, those of the other only, and the pairs.

    A file is known by its address or checksum, else by its format and title, else as the only one of its format. What
    a portal makes on request (every format of one table) is not held to be lacking elsewhere.
    """
    left = [one for one in ours if one.role in MAIN_ROLES]
    right = [one for one in theirs if one.role in MAIN_ROLES]
    here, there = ({_host(one.url) for one in side if one.synthesised} for side in (left, right))
    pairs: list[tuple[Distribution, Distribution]] = []
    for keys in (_same_file, _same_name, _same_format):
        found = list(_paired(left, right, keys))
        matched = {id(one) for pair in found for one in pair}
        left, right = ([one for one in side if id(one) not in matched] for side in (left, right))
        pairs += found
    return (
        [one for one in left if not one.synthesised and _host(one.url) not in there],
        [one for one in right if not one.synthesised and _host(one.url) not in here],
        pairs,
    )


def _paired(
    left: list[Distribution], right: list[Distribution], keys: Callable[[Distribution], list[str]]
) -> Iterator[tuple[Distribution, Distribution]]:
    """Yield the pairs that share a key, each file once; a format alone says something when each side has one such."""
    known: dict[str, list[Distribution]] = {}
    for one in left:
        for key in keys(one):
            known.setdefault(key, []).append(one)
    rivals = Counter(key for other in right for key in keys(other))
    taken: set[int] = set()
    for other in right:
        for key in keys(other):
            free = [one for one in known.get(key, ()) if id(one) not in taken]
            if free and (keys is not _same_format or len(known[key]) == rivals[key] == 1):
                taken.add(id(free[0]))
                yield free[0], other
                break


def _same_file(one: Distribution) -> list[str]:
    addresses = [found.partition("://")[2] for found in (one.url, one.stable_url, *one.also_at) if found]
    return [*addresses, *([one.checksum.lower()] if one.checksum else [])]


def _same_name(one: Distribution) -> list[str]:
    return [f"{_format(one)} {fold(one.title)}"]


def _same_format(one: Distribution) -> list[str]:
    return [found] if (found := _format(one)) else []


def _format(one: Distribution) -> str:
    name = str(one.path) if one.path is not None else (one.url or "").partition("?")[0]
    ending = name.rpartition("/")[2].rpartition(".")[2]
    return format_of(one.declared_format or one.media_type) or format_of_extension(ending)


def _sizes_differ(one: Distribution, other: Distribution, share: float) -> bool:
    """Return whether sizes are known and too far apart; one file at one address has but one size."""
    if one.byte_size is None or other.byte_size is None or (one.url and one.url == other.url):
        return False
    return abs(one.byte_size - other.byte_size) > share * max(one.byte_size, other.byte_size)


# ---- words


def _files(files: list[Distribution]) -> str:
    return f"{'fichier' if len(files) == 1 else 'fichiers'} {quoted([one.title for one in files], 2)}"


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _place(copy: Copy) -> str:
    """Return « sur data.ville.fr » or « dans le dossier « donnees » »."""
    host = _host(copy.location)
    if host:
        return f"sur {plain(host, 60)}"
    name = copy.location.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"dans le dossier {quoted([name or copy.location])}"


def _places(copies: Iterable[Copy]) -> str:
    places = list(dict.fromkeys(map(_place, copies)))[:_SHOWN]
    return f"{', '.join(places[:-1])} et {places[-1]}" if len(places) > 1 else places[0]


def _address(copy: Copy) -> str:
    """Return the address of a copy's page, else of its catalogue; "" for a folder."""
    return copy.dataset.landing_page or (copy.location if _host(copy.location) else "")
