"""Finds where a code, a SIREN, a postcode or a name lies in the embedded reference, by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from struct import Struct

from opendata_check.territory import layout
from opendata_check.territory.names import search_key
from opendata_check.territory.store import reference

_CODE_SIZE = 5


def _code_reader(section: str, record: Struct) -> Callable[[int], str]:
    """Return how the code that opens each record of a section is read."""
    data, start = reference().data, reference().sections[section][0]

    def code(position: int) -> str:
        offset = start + position * record.size
        return data[offset : offset + _CODE_SIZE].decode()

    return code


def _find_code(section: str, record: Struct, wanted: str) -> int | None:
    count, code = reference().count(section, record), _code_reader(section, record)
    position = bisect_left(range(count), wanted, key=code)
    return position if position < count and code(position) == wanted else None


def find_commune(code: str) -> int | None:
    """Return the position of the commune whose INSEE code is ``code``."""
    return _find_code("communes", layout.COMMUNE, code)


def find_former(code: str) -> int | None:
    """Return the position of the former or partial commune whose code is ``code``."""
    return _find_code("formers", layout.FORMER, code)


def find_commune_siren(siren: str) -> int | None:
    """Return the position of the commune whose SIREN (nine digits) is ``siren``."""
    ref, wanted = reference(), int(siren)
    if wanted == layout.NO_SIREN:
        return None

    def at(rank: int) -> int:
        return int(ref.raw("communes", layout.COMMUNE, ref.position("communes_by_siren", rank))[2])

    count = ref.count("communes_by_siren", layout.POSITION)
    rank = bisect_left(range(count), wanted, key=at)
    return ref.position("communes_by_siren", rank) if rank < count and at(rank) == wanted else None


def find_group_siren(siren: str) -> int | None:
    """Return the position of the EPCI or EPT whose SIREN (nine digits) is ``siren``."""
    ref, wanted = reference(), int(siren)

    def at(position: int) -> int:
        return int(ref.raw("groups", layout.GROUP, position)[0])

    count = ref.count("groups", layout.GROUP)
    position = bisect_left(range(count), wanted, key=at)
    return position if position < count and at(position) == wanted else None


def communes_of_postcode(postcode: str) -> tuple[int, ...]:
    """Return the positions of the communes a postcode serves, in the order of their codes."""
    ref = reference()
    count, code = ref.count("postcodes", layout.POSTCODE), _code_reader("postcodes", layout.POSTCODE)
    found = []
    for rank in range(bisect_left(range(count), postcode, key=code), count):
        if code(rank) != postcode:
            break
        found.append(int(ref.raw("postcodes", layout.POSTCODE, rank)[1]))
    return tuple(found)


def postcodes_of_commune(commune: int) -> tuple[str, ...]:
    """Return the postcodes that serve the commune at a position, sorted."""
    ref = reference()
    count, code = ref.count("postcodes_by_commune", layout.POSITION), _code_reader("postcodes", layout.POSTCODE)

    def served(rank: int) -> int:
        return int(ref.raw("postcodes", layout.POSTCODE, ref.position("postcodes_by_commune", rank))[1])

    found = []
    for rank in range(bisect_left(range(count), commune, key=served), count):
        if served(rank) != commune:
            break
        found.append(code(ref.position("postcodes_by_commune", rank)))
    return tuple(found)


def _name_reader(records: str, record: Struct, names: str) -> Callable[[int], str]:
    """Return how the name of a record is read (every record's second field is where its name starts)."""
    ref = reference()
    return lambda position: ref.line(names, ref.raw(records, record, position)[1])


def _named(index: str, name_at: Callable[[int], str], key: str) -> tuple[int, ...]:
    ref = reference()

    def key_at(rank: int) -> str:
        return search_key(name_at(ref.position(index, rank)))

    count = ref.count(index, layout.POSITION)
    exact: list[int] = []
    bracketed: list[int] = []
    for rank in range(bisect_left(range(count), key, key=key_at), count):
        position = ref.position(index, rank)
        name = name_at(position)
        folded = search_key(name)
        if folded == key:
            exact.append(position)
        elif exact or not folded.startswith(f"{key} "):
            break
        elif "(" in name and search_key(name.split("(")[0]) == key:
            bracketed.append(position)
    return tuple(exact or bracketed)


def communes_beginning(key: str) -> tuple[int, ...]:
    """Return the positions of the communes whose search key goes on after ``key`` and a space, in order of key."""
    ref = reference()
    name_at = _name_reader("communes", layout.COMMUNE, "commune_names")

    def key_at(rank: int) -> str:
        return search_key(name_at(ref.position("communes_by_name", rank)))

    ranks = range(ref.count("communes_by_name", layout.POSITION))
    first, last = bisect_left(ranks, f"{key} ", key=key_at), bisect_left(ranks, f"{key}!", key=key_at)
    return tuple(ref.position("communes_by_name", rank) for rank in range(first, last))


def communes_named(key: str) -> tuple[int, ...]:
    """Return the positions of the communes whose search key is ``key``, else of those named « key (something) »."""
    return _named("communes_by_name", _name_reader("communes", layout.COMMUNE, "commune_names"), key)


def formers_named(key: str) -> tuple[int, ...]:
    """Return the positions of the former and partial communes whose search key is ``key``."""
    return _named("formers_by_name", _name_reader("formers", layout.FORMER, "former_names"), key)
