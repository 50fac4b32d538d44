"""Where and when the data of an ISO record are about: bounding box, names of places, period."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.sources.reading import values
from opendata_check.sources.reading.iso.text import down, objects, text_of, texts
from opendata_check.sources.reading.xml_safe import Element

Box = tuple[float, float, float, float]
_BOUNDS = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")


def extents(identification: Element | None) -> list[Element]:
    """Return the EX_Extent objects of a resource."""
    return list(objects(identification, "extent"))


def bbox(found: list[Element]) -> Box | None:
    """Return the box that holds all the boxes declared: as it is written when there is one only."""
    boxes = [box for extent in found for box in _boxes(extent)]
    if len(boxes) <= 1:
        return boxes[0] if boxes else None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _boxes(extent: Element) -> Iterator[Box]:
    """Yield the bounding boxes of an extent that are in degrees."""
    for place in objects(extent, "geographicElement"):
        if place.tag == "EX_GeographicBoundingBox":
            box = degrees(*(text_of(place, name) for name in _BOUNDS))
            if box is not None:
                yield box


def degrees(west: str, south: str, east: str, north: str) -> Box | None:
    """Return a box whose four sides are degrees, else None."""
    try:
        box = (float(west), float(south), float(east), float(north))
    except ValueError:
        return None
    sound = all(abs(box[side]) <= 180 for side in (0, 2)) and all(abs(box[side]) <= 90 for side in (1, 3))
    return box if sound else None


def places(found: list[Element], french: str = "") -> str:
    """Return the names of the places, as described or by their identifiers."""
    names: list[str] = []
    for extent in found:
        names += texts(extent, "description", french)
        for place in objects(extent, "geographicElement"):
            if place.tag == "EX_GeographicDescription":
                names.append(text_of(down(place, "geographicIdentifier"), "code", french))
    return ", ".join(values.words(names))[:500]


def period(found: list[Element]) -> str:
    """Return the first period covered, as ``start/end``."""
    for extent in found:
        for element in objects(extent, "temporalElement"):
            span = down(element, "extent")
            if span is None:
                continue
            if span.tag == "TimeInstant":
                moment = _moment(span.find("timePosition"))
                covered = values.period(moment, moment)
            else:
                covered = values.period(
                    _moment(span.find("beginPosition")) or _instant(span, "begin"),
                    _moment(span.find("endPosition")) or _instant(span, "end"),
                )
            if covered:
                return covered
    return ""


def _instant(span: Element, name: str) -> str:
    """Return the moment that a TimePeriod's ``begin`` or ``end`` holds."""
    instant = down(span, name)
    return _moment(instant.find("timePosition")) if instant is not None else ""


def _moment(position: Element | None) -> str:
    """Return a moment as written, "" when it is unknown or open."""
    return (position.text or "").strip() if position is not None else ""
