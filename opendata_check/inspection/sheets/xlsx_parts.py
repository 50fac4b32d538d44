"""Reads what surrounds the sheets of an XLSX: the workbook, its relations, shared texts and formats (ECMA-376)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from opendata_check.inspection.archives.zip import member_chunks
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.sheets.dates import is_date_format, is_elapsed_format
from opendata_check.inspection.sheets.table import MAX_CELL, MAX_SHEETS
from opendata_check.inspection.xml_stream import Attributes, Elements, Refused, read_elements

_MAX_SMALL_PART = 30_000_000
_MAX_STRINGS_PART = 400_000_000
_MAX_STRINGS = 80_000_000
"""Bytes of memory given to the texts that cells share."""
_STRING_OVERHEAD = 60
_MAX_STYLES = 100_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# ECMA-376 part 1, 18.8.30: the built-in formats that are dates or times; 46 counts elapsed time.
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}


# Written in full, by theme (the first colour is the paper's) or by index.
_WHITE = {"FFFFFFFF///", "00FFFFFF///", "/0//", "///9", "///64", "///1", "///"}


def damaged() -> InspectionError:
    """Return the fault of a workbook that breaks in the middle."""
    return InspectionError(
        "le classeur est abîmé ou incomplet",
        remedy="Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis republiez-le.",
    )


def read_part(
    archive: zipfile.ZipFile, name: str, elements: Elements, text: Callable[[str], None] | None, limit: int
) -> None:
    """Read one part of a workbook, ``limit`` bytes at most. Raises InspectionError when it is damaged or refused."""
    try:
        read_elements(member_chunks(archive, name, limit), elements, text)
    except Refused as error:
        raise InspectionError(f"le classeur est refusé : {error}") from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error


class Package:
    """The parts of an XLSX by their path in lower case, and how they relate (ECMA-376 part 2, 9.3)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._names = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
        self.workbook = self._workbook_path()
        self._related = self._relations(self.workbook)

    def part(self, kind: str, relation: str = "") -> str | None:
        """Return the member's name of a part of that kind related to the workbook; None when there is none."""
        for identifier, (found, target) in self._related.items():
            if found == kind and target in self._names and (not relation or identifier == relation):
                return self._names[target]
        return None

    def names(self) -> frozenset[str]:
        """Return the paths of all parts, in lower case."""
        return frozenset(self._names)

    def member(self, path: str) -> str | None:
        """Return the member's name of a part by its path in lower case; None when there is none."""
        return self._names.get(path)

    def _workbook_path(self) -> str:
        for kind, target in self._relations("").values():
            if kind == "officeDocument" and target in self._names:
                return self._names[target]
        if "xl/workbook.xml" in self._names:
            return self._names["xl/workbook.xml"]
        raise damaged()

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the path of the parts related to ``part``, by relation id."""
        folder, base = posixpath.split(part)
        name = self._names.get(posixpath.join(folder, "_rels", f"{base}.rels").lower())
        found: dict[str, tuple[str, str]] = {}

        def relationship(attributes: Attributes) -> None:
            if attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, posixpath.normpath(path).lower())

        if name:
            read_part(self.archive, name, Elements({"Relationship": relationship}, {}), None, _MAX_SMALL_PART)
        return found


class Workbook:
    """The list of sheets (name, state, relation id), the origin of dates and how the workbook is locked."""

    def __init__(self, package: Package) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.date1904 = False
        elements = Elements({"sheet": self._sheet, "workbookPr": self._properties}, {})
        read_part(package.archive, package.workbook, elements, None, _MAX_SMALL_PART)

    def _sheet(self, attributes: Attributes) -> None:
        if len(self.sheets) < 10 * MAX_SHEETS:
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))

    def _properties(self, attributes: Attributes) -> None:
        self.date1904 = attributes.get("date1904", "") in ("1", "true", "on")


class Strings:
    """The texts that cells share, by index. Beyond the memory allowed, further ones are read as empty."""

    def __init__(self, package: Package) -> None:
        self.overflowed = False
        self._texts: list[str] = []
        self._pieces: list[str] = []
        self._length = 0
        self._inside = False
        self._cost = 0
        self._elements = Elements({}, {})
        name = package.part("sharedStrings")
        if name:
            # rPh is how to pronounce a text, not the text.
            starts = {"si": self._start, "t": self._enter, "rPh": lambda _: self._elements.set_aside()}
            self._elements = Elements(starts, {"si": self._end, "t": self._leave})
            read_part(package.archive, name, self._elements, self._text, _MAX_STRINGS_PART)

    def get(self, index: str) -> str:
        """Return the text of that index, "" when it has none."""
        if index.isascii() and index.isdigit() and len(index) < 10:
            at = int(index)
            return self._texts[at] if at < len(self._texts) else ""
        return ""

    def _start(self, _attributes: Attributes) -> None:
        self._pieces, self._length = [], 0

    def _enter(self, _attributes: Attributes) -> None:
        self._inside = True

    def _leave(self) -> None:
        self._inside = False

    def _text(self, data: str) -> None:
        if self._inside and self._length < MAX_CELL:
            self._pieces.append(data[: MAX_CELL - self._length])
            self._length += len(data)

    def _end(self) -> None:
        if not self.overflowed:
            text = unescaped("".join(self._pieces))
            self._cost += _STRING_OVERHEAD + len(text) * (1 if text.isascii() else 2)
            self.overflowed = self._cost > _MAX_STRINGS
            self._texts.append(text)


class Formats:
    """Which cell styles show a number as a date or as elapsed time, and which colour they lay under it."""

    def __init__(self, package: Package) -> None:
        self._codes: dict[str, str] = {}
        self._kinds: list[str] = []
        self._fills: list[str] = []
        self._colours: list[str] = []
        self._in_cells = False
        self._in_fills = False
        self._solid = False
        name = package.part("styles")
        if name:
            starts = {"numFmt": self._format, "cellXfs": self._enter, "xf": self._style, "fills": self._enter_fills,
                      "fill": self._fill, "patternFill": self._pattern, "fgColor": self._colour}  # fmt: skip
            ends = {"cellXfs": self._leave, "fills": self._leave_fills}
            read_part(package.archive, name, Elements(starts, ends), None, _MAX_SMALL_PART)

    def colour(self, style: str) -> str:
        """Return the id of the colour of a cell's style number, "" for none or white."""
        if style.isascii() and style.isdigit() and len(style) < 7:
            at = int(style)
            return self._colours[at] if at < len(self._colours) else ""
        return ""

    def kind(self, style: str) -> str:
        """Return ``date``, ``elapsed`` or "" for a cell's style number."""
        if style.isascii() and style.isdigit() and len(style) < 7:
            at = int(style)
            return self._kinds[at] if at < len(self._kinds) else ""
        return ""

    def _format(self, attributes: Attributes) -> None:
        self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:500]

    def _enter(self, _attributes: Attributes) -> None:
        self._in_cells = True

    def _leave(self) -> None:
        self._in_cells = False

    def _style(self, attributes: Attributes) -> None:
        if self._in_cells and len(self._kinds) < _MAX_STYLES:
            self._kinds.append(self._kind(attributes.get("numFmtId", "0")))
            fill = attributes.get("fillId", "")
            known = fill.isascii() and fill.isdigit() and len(fill) < 7 and int(fill) < len(self._fills)
            self._colours.append(self._fills[int(fill)] if known else "")

    def _enter_fills(self, _attributes: Attributes) -> None:
        self._in_fills = True

    def _leave_fills(self) -> None:
        self._in_fills = False

    def _fill(self, _attributes: Attributes) -> None:
        if self._in_fills and len(self._fills) < _MAX_STYLES:
            self._fills.append("")

    def _pattern(self, attributes: Attributes) -> None:
        self._solid = attributes.get("patternType") not in (None, "none", "gray125")

    def _colour(self, attributes: Attributes) -> None:
        """Keep the colour of the fill just entered (18.8.19); white and « automatic » are no colour."""
        if not (self._in_fills and self._solid and self._fills):
            return
        colour = "/".join(attributes.get(name, "")[:24] for name in ("rgb", "theme", "tint", "indexed"))
        self._fills[-1] = "" if colour.upper() in _WHITE else colour

    def _kind(self, format_id: str) -> str:
        code = self._codes.get(format_id)
        if code is not None:
            return "elapsed" if is_elapsed_format(code) else "date" if is_date_format(code) else ""
        if format_id == "46":
            return "elapsed"
        known = format_id.isascii() and format_id.isdigit() and len(format_id) < 6
        return "date" if known and int(format_id) in _BUILT_IN_DATES else ""


def unescaped(text: str) -> str:
    """Return a text with its « _x000D_ » escapes read (22.9.2.19 ST_Xstring)."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: _character(int(found[1], 16)), text)


def _character(code: int) -> str:
    return "�" if 0xD800 <= code <= 0xDFFF else chr(code)
