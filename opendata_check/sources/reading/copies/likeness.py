"""What is compared between two records to know whether they are the same dataset.

A token is a text that two records share only when they name the same thing: ``i`` an identifier unique in the world,
``l`` an identifier unique on its portal, ``u`` the address of a record (the first letter says which).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from opendata_check.model.catalog import Dataset
from opendata_check.sources.reading.copies.file_tokens import FileTraits, bare_url, data_files
from opendata_check.sources.reading.values import fold

_HEXADECIMAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{24}")
_UUID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])")
_UDATA = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
_ARCGIS = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?:_(\d+))?(?![0-9a-z])(?:.*[?&]sublayer=(\d+))?")
_WORLDWIDE = re.compile(
    r"(?:urn:|doi:|10\.\d{4,9}/).{4,}|da_[a-z0-9]{5,12}"  # the latter: dataset_uid of Opendatasoft
    r"|(?:fr-)?\d{9}(?:\d{5})?[-_:.].*[a-z].*[a-z].*[a-z].*"  # a SIREN or SIRET, then a name
)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?")
_VIEWS = frozenset({"information", "table", "export", "api", "about", "explore", "map", "analyze", "custom"})
"""How the addresses of one record's views end, on Opendatasoft and ArcGIS Hub."""
_LANGUAGE = re.compile(r"^/(?:fr|en|fre|eng)(?=/)")
_COMMON_WORDS = frozenset(
    {
        "a",
        "au",
        "aux",
        "commune",
        "d",
        "de",
        "des",
        "du",
        "et",
        "l",
        "la",
        "le",
        "les",
        "mairie",
        "municipalite",
        "ville",
    }
)


class Traits(NamedTuple):
    """What is compared of a record."""

    title: str
    """Folded."""
    names: frozenset[str]
    """Tokens that name this very record, or those it says it comes from."""
    own: frozenset[str]
    """Those among them that are its own: of its id, its page; of a native record, its worldwide identifiers."""
    page: str
    """Token of the page it is shown on, "" for none; the records of a careless catalogue may share one."""
    files: tuple[frozenset[str], ...]
    """Tokens of each data file that has some."""
    formats: frozenset[str]
    publisher: str
    """Key of the publisher's name, "" when unknown."""
    siren: str
    temporal: str

    @property
    def numbers(self) -> frozenset[str]:
        """Return the numbers of the title: years tell the parts of a series from one another."""
        return frozenset(re.findall(r"\d+", self.title))


def traits_of(dataset: Dataset, files: Sequence[FileTraits], portal: str, siren: str) -> Traits:
    """Return what is compared of a dataset, ``files`` being what is compared of its files.

    ``portal`` is the host it was read on ("" for a folder), ``siren`` that of whoever the catalogue belongs to.
    """
    origin = host_of(dataset.harvested_from) if dataset.harvested_from else ""
    page = page_token(dataset.landing_page)
    home = (page[1:].partition("/")[0].partition("?")[0] or portal) if portal else ""
    own = set(_names(dataset.id, home))
    names = set(own)
    for written in dataset.identifiers:
        found = list(_names(written, origin or home))
        names.update(found)
        if not dataset.harvested_from and "://" not in written:
            own.update(token for token in found if token[0] == "i")
    return Traits(
        fold(dataset.title),
        frozenset(names),
        frozenset([*own, page]),
        page,
        *_of_files(files),
        publisher_key(dataset.publisher),
        dataset.publisher_siren or ("" if dataset.harvested_from or dataset.about_others else siren),
        dataset.temporal,
    )


def _of_files(files: Sequence[FileTraits]) -> tuple[tuple[frozenset[str], ...], frozenset[str]]:
    """Return the tokens of each data file and their formats."""
    data = data_files(files)
    return tuple(one.tokens for one in data if one.tokens), frozenset(one.format for one in data if one.format)


def joined_traits(dataset: Dataset, files: Sequence[FileTraits], copies: Sequence[Traits]) -> Traits:
    """Return what is compared of a dataset made of ``copies``: the same as ``traits_of`` says of it, sooner."""
    first, *others = copies
    names, own = set(first.names), set(first.own)
    for other in others:
        names.update(token for token in (*other.names, other.page) if token and token[0] != "l")
        own.update(other.own)
    if not dataset.harvested_from:
        own.update(token for token in names if token[0] == "i")
    of_files, formats = _of_files(files)
    return first._replace(
        names=frozenset(names),
        own=frozenset(own),
        page=next((traits.page for traits in copies if traits.page), ""),
        files=of_files,
        formats=formats,
        publisher=publisher_key(dataset.publisher),
        siren=dataset.publisher_siren or first.siren,
        temporal=dataset.temporal,
    )


def is_worldwide(identifier: str) -> bool:
    """Return True for an identifier that no other dataset has, on whatever portal."""
    return any(token[0] in "iu" for token in _names(identifier, ""))


def _names(written: str, home: str) -> Iterator[str]:
    """Yield the tokens of an identifier, as it is written on the portal of host ``home`` ("" when unknown)."""
    name = written.strip().casefold()
    if not name:
        return
    if name.startswith("http"):
        if token := page_token(written):
            yield token
        else:
            return
        worldwide = True
    else:
        worldwide = _WORLDWIDE.fullmatch(name) is not None
        if worldwide:
            yield f"i{name}"
    if len(name) >= 24 and (inner := _inner(name)):
        yield f"i{inner}"
        worldwide = True
    if home and not worldwide:
        yield f"l{home} {name}"


def _inner(name: str) -> str:
    """Return the identifier that a longer one or an address is built around, "" when there is none or several."""
    if not _HEXADECIMAL.search(name):
        return ""
    for pattern in (_UUID, _UDATA):
        if found := pattern.findall(name):
            return str(found[0]) if len(set(found)) == 1 else ""
    if arcgis := _ARCGIS.search(name):
        layer = arcgis[2] or arcgis[3]
        return f"{arcgis[1]}_{layer}" if layer else arcgis[1]
    return ""


def page_token(url: str) -> str:
    """Return the token of a record's page, whatever the view or the language; "" for a site's home page or none."""
    parts = bare_url(url) if url else None
    if parts is None:
        return ""
    host, path, query, fragment = parts
    if "/" in path[3:5]:
        path = _LANGUAGE.sub("", path)
    start, _, view = path.rpartition("/")
    if view in _VIEWS:
        path = start
    kept = fragment if fragment[:1] in ("/", "!") else ""
    return f"u{host}{path}?{query}#{kept}" if path or query or kept else ""


def host_of(written: str) -> str:
    """Return the host of a domain or a URL, without ``www.``; "" for anything else."""
    if "://" in written:
        parts = bare_url(written)
        return parts[0] if parts else ""
    name = written.strip().lower().removeprefix("www.").rstrip("/")
    return name if _HOST.fullmatch(name) else ""


@lru_cache(maxsize=4096)
def publisher_key(name: str) -> str:
    """Return what tells a publisher from another: « Mairie de Nancy » and « Ville de Nancy » are one."""
    words = fold(name).split("-")
    return "-".join(word for word in words if word not in _COMMON_WORDS)
