"""What the scores ask of a dataset's files: their format, their licence, whether they are on line and answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from opendata_check.licensing import Licence, licence_of
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.vocabulary import format_of, format_of_extension, formats

_SECOND_HAND = frozenset({"documentation", "code", "other"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One distribution with what was read of it."""

    distribution: Distribution
    file: InspectedFile | None
    """None when the file was not looked at."""

    @property
    def is_local(self) -> bool:
        """Return whether it is a file of a folder, on line nowhere that we know of."""
        return self.distribution.path is not None

    @property
    def is_service(self) -> bool:
        """Return whether it is a service or an interface rather than a file."""
        found = formats().get(self.format)
        return self.distribution.service is not None or (found is not None and found.role == "service")

    @property
    def declared(self) -> str:
        """Return the format as its catalogue writes it; a local file's is its extension, as a deposit would say."""
        written = self.distribution.declared_format
        return written or (self.extension if self.is_local else "")

    @property
    def extension(self) -> str:
        """Return the extension of its name, lower case, without the dot."""
        name, dot, ending = self.file_name.rpartition(".")
        return ending.lower() if name and dot else ""

    @property
    def file_name(self) -> str:
        """Return the file's own name: the last part of its path or of its address, "" when it has none."""
        if self.distribution.path is not None:
            return self.distribution.path.name
        return _last_part(self.distribution.url or "")

    @property
    def format(self) -> str:
        """Return the format id: what the bytes are, else what is declared, "" when neither is known."""
        detected = self.file.facts.envelope.detected if self.file is not None and self.file.facts is not None else ""
        if detected in formats():
            return detected
        declared = self.distribution.declared_format or self.distribution.media_type
        return known_format(declared) or format_of_extension(self.extension)

    @property
    def answers(self) -> bool | None:
        """Return whether its address answers, as we saw it ourselves; None when nobody tried, or nothing is sure."""
        if self.is_local or self.file is None:
            return None
        if self.file.availability is not None:
            return {"available": True, "unavailable": False}.get(self.file.availability.state)
        if self.file.unreachable:
            return False
        return True if self.file.facts is not None else None


@lru_cache(maxsize=4096)
def _last_part(url: str) -> str:
    try:
        return unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def known_format(written: str) -> str:
    """Return the format id for what a catalogue writes, "" when unknown."""
    return format_of(written)


def seen_of(item: InspectedDataset) -> tuple[Seen, ...]:
    """Return every distribution of a dataset with the file read for it (members of archives go with their archive)."""
    known: dict[str, InspectedFile] = {}
    for file in item.files:
        if not file.member:
            known.setdefault(file.distribution.id, file)
    return tuple(Seen(one, known.get(one.id)) for one in item.dataset.distributions)


def main_ones(item: InspectedDataset) -> Iterator[Seen]:
    """Yield the distributions that are the data, or all of them when none is marked so."""
    found = seen_of(item)
    data = [one for one in found if one.distribution.role not in _SECOND_HAND]
    yield from data or found


def licence_said(dataset: Dataset, one: Distribution | None = None) -> tuple[bool, Licence | None]:
    """Return whether a licence is stated (the file's own, else the dataset's), and which when it is known."""
    text, url = (one.license, one.license_url) if one is not None else ("", "")
    if not text.strip() and not url.strip():
        text, url = dataset.stated_license
    known = licence_of(text, url)
    stated = bool(text.strip() or url.strip()) and (known is None or known.status != "unstated")
    return stated, known
