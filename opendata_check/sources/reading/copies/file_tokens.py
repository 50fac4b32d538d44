"""Which files of a dataset are its data, and what tells that two of them are the same file.

A token is a text that two files share only when they are one: ``f`` its address, ``s`` a service's layer, ``p`` a path
of this computer, ``c`` its checksum (the first letter says which).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading.values import fold
from opendata_check.vocabulary import format_of, format_of_extension, formats

_LONGEST = 2000
_PORTS = {"http": ":80", "https": ":443"}

_ODS = re.compile(
    r"/(?:api/(?:explore/)?v2(?:\.\d)?/catalog/datasets|explore/dataset)/([^/]+)/(?:exports/(\w+)|download)"
)
_ODS_FORMAT = re.compile(r"(?:^|&)format=(\w+)")
_ODS_PART = re.compile(r"(?:^|&)(?:where|q|select|limit|(?:refine|exclude)[^=&]*)=[^&]")
_HUB_DOWNLOAD = re.compile(r".*/api/download/v\d+/items/([0-9a-f]{32})/(\w+)")
_HUB_FILE = re.compile(r".*/datasets/([0-9a-f]{32})(?:_(\d+))?\.(\w+)")
_HUB_LAYER = re.compile(r"(?:^|&)layers=(\d+)")
_HUB_FORMATS = {"zip": "shapefile"}
_STABLE = re.compile(r"/datasets/r/([0-9a-f-]{36})(?=[/?#]|$)")
"""The address that udata keeps for a file, whatever the language or the version of the interface before it."""
_ENDPOINTS = frozenset(
    {"wms", "wfs", "wmts", "ows", "wcs", "csw", "service", "services", "mapserver", "featureserver", "imageserver"}
)
"""How the address of a whole service ends."""
_ONE_LAYER = re.compile(r"(?:^|&)(?:type_?names?|layers?|coverage(?:id)?|id)=[^&]", re.IGNORECASE)

_CHECKSUMS = {"sha2": "sha256", "sha-256": "sha256", "sha-1": "sha1", "sha-512": "sha512"}
_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
"""Hexadecimal digits of a checksum; others (crc) are too short: files meet in them by chance."""
_EMPTY = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)
"""Checksums of no bytes at all (MD5, SHA-1, SHA-256)."""
_MAIN_ROLES = frozenset({"main", "api", ""})


class FileTraits(NamedTuple):
    """What is compared of a file."""

    tokens: frozenset[str]
    """Empty when its address is that of a whole service or site."""
    format: str
    """Id of its format, "" when unknown."""
    title: str
    """Folded: with the format, what people tell files apart by."""
    main: bool
    """False for a notice, a page, an example of code."""


def files_of(dataset: Dataset) -> tuple[FileTraits, ...]:
    """Return what is compared of each file, in their order."""
    return tuple(
        FileTraits(_tokens(one), file_format(one), _folded(one.title), one.role in _MAIN_ROLES)
        for one in dataset.distributions
    )


def data_files(files: Sequence[FileTraits]) -> list[FileTraits]:
    """Return the files that are the data: not a document beside them, unless there is nothing else."""
    main = [one for one in files if one.main]
    return [one for one in main if not _is_document(one.format)] or main


# ---- addresses


def bare_url(url: str) -> tuple[str, str, str, str] | None:
    """Return host, path, query and fragment of an address, rid of what changes nothing; None when it is none."""
    scheme, found, rest = url[:_LONGEST].partition("://")
    scheme = scheme.lower()
    if not found or scheme not in _PORTS:
        return None
    fragment = query = ""
    if "#" in rest:
        rest, _, fragment = rest.partition("#")
    if "?" in rest:
        rest, _, query = rest.partition("?")
        if "&" in query:
            query = "&".join(sorted(query.split("&")))
    host, slash, path = rest.partition("/")
    if "@" in host:
        host = host.rpartition("@")[2]
    host = host.lower().removeprefix("www.")
    if ":" in host:
        host = host.removesuffix(_PORTS[scheme])
    if not host:
        return None
    if "%" in path:
        path = unquote(path)
    return host, (slash + path).rstrip("/"), query, fragment


def _tokens(one: Distribution) -> frozenset[str]:
    """Return what tells a file from any other."""
    addresses = (one.url, one.stable_url, *one.also_at) if one.stable_url or one.also_at else (one.url,)
    found = [token for address in addresses if address and (token := _address_token(one, address))]
    if one.path is not None:
        found.append(f"p{one.path}")
    if one.checksum and one.byte_size != 0 and (token := checksum_token(one.checksum)):
        found.append(token)
    return frozenset(found)


def _address_token(one: Distribution, address: str) -> str:
    """Return the token of an address, "" for a service's endpoint or a site's home page."""
    if "/datasets/r/" in address and (stable := _STABLE.search(address)):
        return f"fudata/{stable[1]}"
    parts = bare_url(address)
    if parts is None:
        return ""
    host, path, query, fragment = parts
    if one.service is not None and one.service.layer:
        return f"s{host}{path}#{one.service.layer.casefold()}"
    if not path and not query and fragment[:1] not in ("/", "!"):
        return ""
    whole = path.rpartition("/")[2].lower() in _ENDPOINTS or (query and "getcapabilities" in query.lower())
    if whole and not _ONE_LAYER.search(query):
        return ""
    if ("/dataset" in path or "/download" in path) and (known := _known_portal(host, path, query)):
        return known
    return f"f{host}{path}?{query}" if query else f"f{host}{path}"


def _known_portal(host: str, path: str, query: str) -> str:
    """Return the token of a file that its portal offers at several addresses, "" for any other."""
    if found := _ODS.fullmatch(path):
        ending = found[2] or (wanted[1] if (wanted := _ODS_FORMAT.search(query)) else "")
        return f"f{host}/ods/{found[1]}.{ending}" if ending and not _ODS_PART.search(query) else ""
    if found := _HUB_DOWNLOAD.fullmatch(path):
        layer = wanted[1] if (wanted := _HUB_LAYER.search(query)) else ""
        return f"farcgis/{found[1]}_{layer}.{found[2].lower()}"
    if found := _HUB_FILE.fullmatch(path):
        return f"farcgis/{found[1]}_{found[2] or ''}.{_HUB_FORMATS.get(found[3], found[3])}"
    return ""


def checksum_token(checksum: str) -> str:
    """Return the token of a checksum, "" when it is malformed, too short, or that of an empty file."""
    name, _, digits = checksum.lower().rpartition(":")
    name, digits = _CHECKSUMS.get(name, name), digits.strip()
    if _DIGITS.get(name) != len(digits) or digits in _EMPTY or not re.fullmatch(r"[0-9a-f]+", digits):
        return ""
    return f"c{name}:{digits}"


# ---- formats


def file_format(one: Distribution) -> str:
    """Return the id of a file's format, as declared or as its name ends; "" when unknown."""
    declared = one.declared_format or one.media_type
    return (
        (_declared_format(declared) if declared else "")
        or _ending_format(str(one.path) if one.path is not None else one.url or "")
        or ("service" if one.service is not None else "")
    )


_folded = lru_cache(maxsize=4096)(fold)
_declared_format = lru_cache(maxsize=4096)(format_of)


def _ending_format(name: str) -> str:
    stem = name.partition("?")[0].rpartition("/")[2]
    return format_of_extension(stem.rpartition(".")[2]) if "." in stem else ""


@lru_cache(maxsize=256)
def _is_document(name: str) -> bool:
    known = formats().get(name)
    return known is not None and known.role in ("document", "image", "other")
