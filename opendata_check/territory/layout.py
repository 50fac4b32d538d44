"""How the embedded reference is laid out on disk: what `scripts/build_territory.py` writes and `store.py` reads.

A header, a directory of named sections, then the sections. Records have a fixed size and are sorted, so that one is
found by bisection in a mapped file, without reading the rest; texts lie apart, one a line, and records point at them.
"""

from __future__ import annotations

from struct import Struct

FILE_NAME = "territory.bin"
MAGIC = b"ODCT"
FORMAT_VERSION = 1

HEADER = Struct("<4sHHI")
"""Magic, format version, number of sections, size of the whole file."""
ENTRY = Struct("<20sII")
"""Name of a section (ASCII, padded with NUL), offset, size."""

COMMUNE = Struct("<5sIIiiiHH")
"""INSEE code, offset of the name, SIREN, municipale (new vintage), municipale and totale (old vintage), EPCI, EPT."""
GROUP = Struct("<IIBiiiii")
"""SIREN, offset of the name, nature, municipale and totale (old vintage), then its largest member commune's figures:
municipale (new vintage), municipale and totale (old vintage)."""
FORMER = Struct("<5sIBH")
"""Code, offset of the name (of an empty line when the reference does not name it), status, current commune."""
POSTCODE = Struct("<5sH")
"""Postcode, commune. Sorted by postcode then commune."""
POSITION = Struct("<H")
"""Position of a record in another section: the sections `*_by_*` are records' positions in another order."""

NO_POSITION = 0xFFFF
NO_SIREN = 0
NO_FIGURE = -1

NATURES = ("CC", "CA", "CU", "METRO", "MET69", "EPT")
REPLACED, DELEGATED, ASSOCIATED, ARRONDISSEMENT = range(4)
"""Status of a former or partial commune; REPLACED: only its old code is known."""

SECTIONS = (
    "communes",
    "commune_names",
    "communes_by_siren",
    "communes_by_name",
    "groups",
    "group_names",
    "formers",
    "former_names",
    "formers_by_name",
    "postcodes",
    "postcodes_by_commune",
    "departements",
    "regions",
    "vintages",
)
"""`*_names`, `departements`, `regions`, `vintages` are UTF-8 lines, with cells parted by tabs:
group_names: name, département codes parted by commas. departements and regions: code, name, zone (metro, drom, com),
municipale (new vintage; "" when unknown). vintages: reference year, year in force, source; the new one first."""
