"""What a catalogue's GetCapabilities says of it: its title, its software, the record schemas it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from opendata_check.sources.reading import values
from opendata_check.sources.reading.xml_safe import Element, XmlRefused, pieces

_PYCSW = re.compile(rb"<!--\s*(pycsw \d[\w.-]{0,15})\s*-->")
_WANTED = frozenset({"ServiceIdentification", "ServiceProvider", "Operation", "Exception"})


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A catalogue, as it presents itself."""

    title: str = ""
    provider: str = ""
    version: str = ""
    """Of CSW."""
    schemas: tuple[str, ...] = ()
    software: str = ""


def capabilities_of(path: Path) -> Capabilities | None:
    """Return what a GetCapabilities answer says, None when it is not a CSW catalogue's. Raises OSError."""
    title = provider = version = ""
    schemas: list[str] = []
    is_catalogue = False
    with path.open("rb") as stream:
        found = _PYCSW.search(stream.read(500))
    try:
        for piece in pieces(path, _WANTED.__contains__):
            element = piece.element
            if not piece.is_record:
                if element.tag == "Capabilities" and not is_catalogue:
                    is_catalogue, version = True, values.text(element.get("version"), 20)
            elif element.tag == "ServiceIdentification":
                title = values.text(element.findtext("Title"))
                kind = values.text(element.findtext("ServiceType"), 60)
                is_catalogue = is_catalogue and ("csw" in kind.lower() or "catalog" in kind.lower() or not kind)
            elif element.tag == "ServiceProvider":
                provider = values.text(element.findtext("ProviderName"))
            elif element.tag == "Operation" and element.get("name") == "GetRecords":
                schemas = _schemas(element)
    except XmlRefused:
        if not is_catalogue:
            return None
    software = found[1].decode("ascii", "replace") if found else ""
    return Capabilities(title, provider, version, tuple(schemas), software) if is_catalogue else None


def _schemas(operation: Element) -> list[str]:
    """Return the output schemas of GetRecords."""
    for parameter in operation.iter("Parameter"):
        if (parameter.get("name") or "").lower() == "outputschema":
            return [values.text(found.text, 200) for found in parameter.iter("Value")][:100]
    return []
