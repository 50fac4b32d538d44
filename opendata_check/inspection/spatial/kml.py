"""Reads a KML as it streams: its placemarks, its folders, and what it would fetch elsewhere (OGC 12-007r2)."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from xml.parsers import expat

from opendata_check.inspection.archives.zip import member_chunks
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.spatial.geometry import Shapes
from opendata_check.inspection.xml_stream import CHUNK, Attributes, Elements, Refused, read_elements
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, SpatialFacts

_MAX_UNPACKED = 2_000_000_000
_MAX_HELD = 200_000
"""Characters of coordinates held at once."""
_REMOTE = ("http://", "https://", "ftp://", "//")


def read_kml(content: Content) -> SpatialFacts | None:
    """Return what a KML holds, None when it has no placemark. A broken KML gives what was read before the break.

    Nothing it points to is fetched. Raises InspectionError when the file cannot be read at all.
    """
    try:
        with content.path.open("rb") as file:
            return _read(iter(partial(file.read, CHUNK), b""))
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error


def read_kmz(content: Content, facts: ArchiveFacts) -> SpatialFacts | None:
    """Return what the main KML of a KMZ holds: « doc.kml », else the first one by name."""
    names = sorted(member.name for member in facts.members if member.name.lower().endswith(".kml"))
    if not names:
        return None
    main = next((name for name in names if name.lower() == "doc.kml"), names[0])
    try:
        with zipfile.ZipFile(content.path) as archive:
            return _read(member_chunks(archive, main, _MAX_UNPACKED))
    except (zipfile.BadZipFile, OSError) as error:
        raise InspectionError("la carte contenue dans l’archive ne peut pas être lue") from error


def _read(chunks: Iterable[bytes]) -> SpatialFacts | None:
    reading = _Kml()
    broken = False
    try:
        read_elements(chunks, reading.elements(), reading.text)
    except (expat.ExpatError, Refused, ValueError, LookupError, InspectionError):
        broken = True
    return reading.facts(partly=broken)


class _Kml:
    """What is learnt of a KML while its elements go by."""

    def __init__(self) -> None:
        self._shapes = Shapes()
        self._placemarks = 0
        self._links = 0
        self._in_placemark = False
        self._has_shape = False
        self._open = ""
        self._held = ""
        self._text_of = ""
        self._folders = 0

    def elements(self) -> Elements:
        """Return the handlers of the elements that matter."""
        starts: dict[str, Callable[[Attributes], None]] = {
            "Placemark": self._placemark,
            "Folder": self._folder,
            "coordinates": self._coordinates,
            "href": self._href,
            "Polygon": partial(self._start_shape, "Polygon"),
            "Style": self._style,
        }
        ends: dict[str, Callable[[], None]] = {
            "Placemark": self._end_placemark,
            "coordinates": self._end_coordinates,
            "href": self._end_href,
            "Point": partial(self._end_shape, "Point"),
            "LineString": partial(self._end_shape, "LineString"),
            "LinearRing": partial(self._end_shape, "LinearRing"),
            "Polygon": partial(self._end_shape, "Polygon"),
        }
        self._elements = Elements(starts, ends)
        return self._elements

    def text(self, characters: str) -> None:
        """Take characters: of coordinates as they come, of an address up to its beginning."""
        if self._text_of == "coordinates":
            self._held += characters
            if len(self._held) > _MAX_HELD:
                self._positions(last=False)
        elif self._text_of == "href" and len(self._held) < 10:
            self._held += characters[:10]

    def facts(self, *, partly: bool) -> SpatialFacts | None:
        """Return what was learnt."""
        if not self._placemarks and not self._links:
            return None
        # A KML is in WGS 84, longitude first, by its standard (section 6.2).
        found = self._shapes.facts(carrier="kml", feature_count=self._placemarks, declared="EPSG:4326")
        return replace(
            found,
            layer_count=max(1, self._folders),
            external_links=self._links,
            partly_read=partly,
        )

    def _placemark(self, _attributes: Attributes) -> None:
        self._placemarks += 1
        self._in_placemark = True
        self._has_shape = False
        self._shapes.start(self._placemarks)

    def _end_placemark(self) -> None:
        if self._in_placemark:
            if not self._has_shape:
                self._shapes.note("null")
            self._shapes.end()
        self._in_placemark = False

    def _style(self, _attributes: Attributes) -> None:
        """Leave out the pictures of markers: without them the map is whole all the same."""
        self._elements.set_aside()

    def _folder(self, _attributes: Attributes) -> None:
        self._folders += 1

    def _start_shape(self, kind: str, _attributes: Attributes) -> None:
        self._open = kind

    def _end_shape(self, kind: str) -> None:
        if not self._in_placemark or (kind == "LinearRing" and self._open == "Polygon"):
            return
        self._has_shape = True
        self._open = ""
        self._shapes.geometry("LineString" if kind == "LinearRing" else kind, 0)

    def _coordinates(self, _attributes: Attributes) -> None:
        self._text_of, self._held = "coordinates", ""

    def _end_coordinates(self) -> None:
        if self._in_placemark:
            self._positions(last=True)
        self._text_of, self._held = "", ""

    def _positions(self, *, last: bool) -> None:
        """Give the positions held to the shapes: « longitude,latitude[,altitude] » parted by spaces."""
        held = self._held
        cut = len(held) if last else max(held.rfind(" "), held.rfind("\n"), held.rfind("\t")) + 1
        self._held = held[cut:]
        if len(self._held) > _MAX_HELD:  # one endless word is no position
            self._held = ""
            self._shapes.note("not_numbers")
        xs, ys = [], []
        for x, y in self._pairs(held[:cut].split()):
            xs.append(x)
            ys.append(y)
        if xs and self._in_placemark:
            self._shapes.run(xs, ys)
        if last:
            self._shapes.end_run()

    def _pairs(self, words: list[str]) -> Iterator[tuple[float, float]]:
        for word in words:
            parts = word.split(",")
            try:
                x, y = float(parts[0]), float(parts[1])
            except (ValueError, IndexError):
                self._shapes.note("not_numbers")
                continue
            if not (math.isfinite(x) and math.isfinite(y)):
                self._shapes.note("not_numbers")
                continue
            self._shapes.has_z = self._shapes.has_z or (len(parts) > 2 and parts[2] not in ("", "0"))
            yield x, y

    def _href(self, _attributes: Attributes) -> None:
        self._text_of, self._held = "href", ""

    def _end_href(self) -> None:
        self._links += self._held.strip().lower().startswith(_REMOTE)
        self._text_of, self._held = "", ""
