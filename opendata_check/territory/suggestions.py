"""Proposes what was probably meant when a name is unknown: close spellings, longer names, the same name elsewhere."""

from __future__ import annotations

from functools import cache

from opendata_check.model.organization import OrganizationKind
from opendata_check.territory import matching, organizations, store
from opendata_check.territory.names import fold, fold_lines, without_article
from opendata_check.territory.phrases import in_place

_MOST = 5
_MOST_OF_ONE_SOURCE = 3
_SHORTEST = 3
_LONGEST = 60
_CLOSE = 0.72
_CLOSE_GROUP = 0.8
_SAME_WORDS = 85
_POOL = 200
_LISTED = 20


@cache
def _commune_keys() -> tuple[str, ...]:
    """Return the search key of every commune, by position."""
    names = store.reference().text("commune_names")
    return tuple(without_article(fold_lines(names)).split("\n"))


def _close_names(key: str) -> list[int]:
    """Return the communes whose name is spelt nearly like ``key``, closest first, then largest."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(
        key, _commune_keys(), scorer=OSA.normalized_similarity, score_cutoff=_CLOSE, limit=_POOL, processor=None
    )
    scores = {position: score for _, score, position in found}
    return sorted(scores, key=lambda p: (-scores[p], -(store.commune_at(p).municipale_new or 0), p))


def _communes(key: str, places: tuple[str, ...]) -> list[str]:
    departements = tuple(place for place in places if place in store.departements())
    close, longer = _close_names(key), matching.longer_names(key)
    if departements:
        close = [p for p in close if in_place(store.commune_at(p).code, (), departements)] or close
        longer = [p for p in longer if in_place(store.commune_at(p).code, (), departements)]
    chosen = longer[:_MOST_OF_ONE_SOURCE] + close[:_MOST_OF_ONE_SOURCE]
    return [organizations.typed(organizations.commune(position)) for position in chosen]


def _groups(key: str, announced: bool) -> list[str]:
    """Return the EPCI whose name is spelt nearly like ``key``; once announced as such, those that hold its words."""
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    names = [(name, group.position) for group in matching.group_names() for name in sorted(group.names)]
    pool = [name for name, _ in names]
    found = process.extract(key, pool, scorer=OSA.normalized_similarity, score_cutoff=_CLOSE_GROUP, limit=_MOST)
    if announced:
        found += process.extract(key, pool, scorer=fuzz.token_set_ratio, score_cutoff=_SAME_WORDS, limit=_MOST)
    positions = dict.fromkeys(names[rank][1] for _, _, rank in found)
    return [store.group_at(position).name for position in positions][:_MOST_OF_ONE_SOURCE]


def _areas(key: str, kind: OrganizationKind) -> list[str]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    departement = kind is OrganizationKind.DEPARTEMENT
    areas = store.departements() if departement else store.regions()
    codes = [code for code, area in areas.items() if area.zone != "com"]
    keys = without_article(fold_lines("\n".join(areas[code].name for code in codes))).split("\n")
    found = process.extract(key, keys, scorer=OSA.normalized_similarity, score_cutoff=_CLOSE, limit=_MOST)
    make = organizations.departement if departement else organizations.region
    return [organizations.typed(make(codes[rank])) for _, _, rank in found]


def suggest(folded: str, kind: OrganizationKind | None, places: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return at most five texts that would be understood, likeliest first.

    ``kind`` limits them to the kind that was announced; ``places`` (département codes) are preferred when given.
    """
    key = without_article(folded)
    if not _SHORTEST <= len(key) <= _LONGEST:
        return ()
    if kind is None and matching.departements(folded, ()):
        return tuple(organizations.typed(body) for body in matching.departements(folded, ()))
    found: list[str] = []
    if kind in (None, OrganizationKind.COMMUNE):
        found += _communes(key, places)
    if kind in (None, OrganizationKind.EPCI):
        found += _groups(key, announced=kind is OrganizationKind.EPCI)
    if kind in (OrganizationKind.DEPARTEMENT, OrganizationKind.REGION):
        found += _areas(key, kind)
    return tuple(dict.fromkeys(found))[:_MOST]


def beginning(text: str) -> tuple[str, ...]:
    """Return at most twenty names of communes that begin with ``text``, the most populated first, as they are typed.

    Homonyms come with their département, so that each is understood as it stands.
    """
    key = without_article(fold(text)).strip()
    if len(key) < _SHORTEST - 1:
        return ()
    found = [position for position, name in enumerate(_commune_keys()) if name.startswith(key)]
    found.sort(key=lambda position: (-(store.commune_at(position).municipale_new or 0), position))
    return tuple(organizations.typed(organizations.commune(position)) for position in found[:_LISTED])
