"""What a catalogue announces of a file (format, size) against what its server really sends."""

from __future__ import annotations

from opendata_check.vocabulary import format_of, format_of_extension, formats

_TOLERANCE = 0.05
"""Sizes are often rounded, and a « Mo » is a million bytes here and 1 048 576 there (4.9 %)."""
_VAGUE_TYPES = frozenset(
    {
        "", "application/octet-stream", "binary/octet-stream", "application/binary", "application/download",
        "application/force-download", "application/x-download", "application/x-unknown", "application/unknown",
        "content/unknown", "unknown/unknown", "multipart/form-data", "text/plain", "none", "null",
    }
)  # fmt: skip
# What the first bytes prove (Wikipedia's list of file signatures; PRONOM), and the formats that begin so.
_SIGNATURES: tuple[tuple[bytes, frozenset[str]], ...] = (
    (b"%PDF", frozenset({"pdf"})),
    (
        b"PK\x03\x04",
        frozenset(
            {"zip", "xlsx", "ods", "docx", "odt", "pptx", "shapefile-zip", "shp", "gtfs", "kml", "mdb", "gpkg", "xlsb"}
        ),
    ),
    (b"\x1f\x8b", frozenset({"gz"})),
    (b"7z\xbc\xaf\x27\x1c", frozenset({"7z"})),
    (b"Rar!", frozenset({"7z"})),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", frozenset({"xls", "doc", "pptx", "docx", "xlsx", "xlsb"})),
    (b"SQLite format 3\x00", frozenset({"gpkg", "sqlite"})),
    (b"PAR1", frozenset({"parquet"})),
    (b"\x89PNG", frozenset({"png"})),
    (b"\xff\xd8\xff", frozenset({"jpeg"})),
    (b"GIF8", frozenset({"gif"})),
    (b"II*\x00", frozenset({"tiff"})),
    (b"MM\x00*", frozenset({"tiff"})),
    (b"BEGIN:VCALENDAR", frozenset({"ics"})),
)
# A server's type on the left may well be used for the formats on the right.
_ALSO = {
    "json": frozenset({"geojson", "jsonld", "gbfs"}),
    "geojson": frozenset({"json"}),
    "jsonld": frozenset({"json", "rdf"}),
    "xml": frozenset({"kml", "rdf"}),
    "kml": frozenset({"xml"}),
    "rdf": frozenset({"xml", "jsonld"}),
    "csv": frozenset({"txt"}),
    "xls": frozenset({"csv", "xlsx"}),
    "xlsx": frozenset({"xls"}),
    "zip": frozenset({"shapefile-zip", "shp", "gtfs", "xlsx", "ods", "docx", "odt", "kml"}),
    "shapefile-zip": frozenset({"zip", "shp"}),
    "sqlite": frozenset({"gpkg"}),
}


def announced_format(announced: str, url: str) -> str:
    """Return the format id that a catalogue announces, else the one the address ends with; "" when unknown."""
    found = format_of(announced) if announced.lower() not in _VAGUE_TYPES else ""
    last = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return found or (format_of_extension(last.rpartition(".")[2]) if "." in last else "")


def is_data(format_id: str) -> bool:
    """Return True for a format in which a web page is not what was promised."""
    return bool(format_id) and format_id != "html" and not is_service(format_id)


def is_service(format_id: str) -> bool:
    """Return True for an address that questions are put to, not a file."""
    return bool(format_id) and formats()[format_id].role == "service"


def type_differs(format_id: str, media_type: str, beginning: bytes) -> bool:
    """Return True when the bytes, or else the server's type, are for certain of another format than ``format_id``."""
    if not is_data(format_id):
        return False
    for signature, possible in _SIGNATURES:
        if beginning.startswith(signature):
            return format_id not in possible
    served = "" if media_type in _VAGUE_TYPES else format_of(media_type)
    return bool(served) and served != format_id and format_id not in _ALSO.get(served, frozenset())


def size_differs(announced: int | None, real: int | None) -> bool:
    """Return True when two sizes are further apart than rounding explains."""
    if not announced or real is None:
        return False
    return abs(announced - real) > _TOLERANCE * max(announced, real)
