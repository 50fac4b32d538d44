"""Turns a csw:Record (Dublin Core) into a Dataset: what is left when a catalogue gives no ISO record.

Source: OGC CSW 2.0.2, table 3 (core queryables), and what pycsw and GeoNetwork write in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.iso.extent import Box, degrees
from opendata_check.sources.reading.iso.online import Link, distribution_of
from opendata_check.sources.reading.iso.record import RECORDS, record_id
from opendata_check.sources.reading.iso.rights import names_licence, speaks_of_access
from opendata_check.sources.reading.xml_safe import Element

_TOPICS = "MD_TopicCategoryCode"
_NOTHING = frozenset({"none", "null", ""})
MAPPING_DC: dict[str, str] = {
    "dataset.id": "dc:identifier",
    "dataset.title": "dc:title",
    "dataset.description": "dct:abstract | dc:description",
    "dataset.license": "dct:license | dc:rights that names a licence",
    "dataset.access_rights": "dct:accessRights | dc:rights",
    "dataset.modified": "dct:modified",
    "dataset.issued": "dct:issued | dct:created | dc:date",
    "dataset.keywords": "dc:subject",
    "dataset.themes": "dc:subject/@scheme MD_TopicCategoryCode",
    "dataset.publisher": "dc:publisher | dc:creator | dc:contributor",
    "dataset.language": "dc:language",
    "dataset.spatial": "dct:spatial | dc:coverage",
    "dataset.temporal": "dct:temporal",
    "dataset.series": "dct:isPartOf",
    "dataset.bbox": "ows:BoundingBox | ows:WGS84BoundingBox",
    "distribution.url": "dct:references | dc:URI",
    "distribution.declared_format": "dc:format",
}


def any_id(record: Element) -> str:
    """Return the identifier of a record, ISO or Dublin Core, "" when it has none."""
    if record.tag in RECORDS:
        return record_id(record)
    return values.text(record.findtext("identifier"), 300)


def kind_of(record: Element) -> str:
    """Return the level a Dublin Core record is about, ``dataset`` when it does not say."""
    written = values.text(record.findtext("type"), 60).rpartition("/")[2]
    return written if re.fullmatch(r"[A-Za-z][A-Za-z-]{1,39}", written) else "dataset"


def dataset_of(record: Element, page: str = "") -> Dataset:
    """Return the dataset a csw:Record describes."""
    subjects = record.findall("subject")[:2_000]
    topics = [values.text(found.text, 60) for found in subjects if _TOPICS in (found.get("scheme") or "")]
    words = [values.text(found.text) for found in subjects if _TOPICS not in (found.get("scheme") or "")]
    rights = [values.text(found, 2_000) for name in ("license", "rights") for found in _texts(record, name)]
    licence = next(filter(names_licence, rights), "") or next(_texts(record, "license"), "")
    access = [values.text(found) for found in _texts(record, "accessRights")]
    access += [found for found in rights if speaks_of_access(found) and not names_licence(found)]
    return Dataset(
        id=any_id(record),
        title=values.text(_first(record, "title")),
        distributions=distinct_ids(tuple(_distributions(record))),
        description=values.prose(_first(record, "abstract", "description")),
        license=values.text(licence),
        license_url=values.web_url(licence),
        issued=next((day for day in map(values.day, _texts(record, "issued", "created", "date")) if day), None),
        modified=next((day for day in map(values.day, _texts(record, "modified")) if day), None),
        keywords=values.words(words),
        themes=values.words(topics),
        spatial=values.text(_first(record, "spatial", "coverage")),
        temporal=values.text(_first(record, "temporal"), 100),
        publisher=values.text(_first(record, "publisher", "creator", "contributor"), 300),
        landing_page=page,
        described=True,
        language=values.text(_first(record, "language"), 20),
        access_rights=access[0] if access else "",
        bbox=_bbox(record),
        series=values.text(_first(record, "isPartOf"), 300),
    )


def _texts(record: Element, *names: str) -> Iterator[str]:
    """Yield the texts of the elements of these names; « None » is how some servers write nothing."""
    for name in names:
        for found in record.findall(name)[:1_000]:
            written = (found.text or "").strip()
            if written.lower() not in _NOTHING:
                yield written


def _first(record: Element, *names: str) -> str:
    """Return the first text of the elements of these names."""
    return next(_texts(record, *names), "")


def _distributions(record: Element) -> Iterator[Distribution]:
    """Yield the links of a record: ``scheme`` or ``protocol`` is the ISO protocol."""
    formats = list(dict.fromkeys(values.text(found, 60) for found in _texts(record, "format")))
    declared = formats[0] if len(formats) == 1 else ""
    seen = set()
    for name in ("references", "URI"):
        for found in record.findall(name)[:2_000]:
            url = values.web_url((found.text or "").strip())
            said = found.get("scheme") or found.get("protocol") or ""
            said = "" if said.strip().lower() in _NOTHING else values.text(said, 100)
            label = values.text(found.get("name") or found.get("description"))
            if url and (url, said, label) not in seen:
                seen.add((url, said, label))
                item = distribution_of(Link(url, said, label, "", "", "", None), declared)
                if item is not None:
                    yield item


def _bbox(record: Element) -> Box | None:
    """Return the box in degrees: latitude comes first in EPSG's systems; GeoNetwork swaps east and west in others."""
    for name in ("WGS84BoundingBox", "BoundingBox"):
        for found in record.findall(name)[:10]:
            lower, upper = (found.findtext("LowerCorner") or "").split(), (found.findtext("UpperCorner") or "").split()
            if len(lower) != 2 or len(upper) != 2:
                continue
            if "EPSG" in found.get("crs", "") and name == "BoundingBox":
                lower, upper = lower[::-1], upper[::-1]
            box = degrees(lower[0], lower[1], upper[0], upper[1])
            if box is not None:
                return (min(box[0], box[2]), box[1], max(box[0], box[2]), box[3])
    return None
