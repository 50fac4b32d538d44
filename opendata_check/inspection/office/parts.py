"""Reads the parts of an office document: its text and tables, its properties, and the other files it carries."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from opendata_check.inspection.archives.zip import member_chunks
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.image.images import read_image
from opendata_check.inspection.traces import MAX_PLACES, names_a_person
from opendata_check.inspection.xml_stream import Attributes, Elements, Refused, read_elements
from opendata_check.model.facts import TraceFacts

_MAX_TEXT = 2_000_000
"""Characters kept to look for social security numbers; all are counted."""
_MAX_NAME = 300
_MAX_IMAGES = 100
_IMAGE_HEAD = 300_000
_MAX_RELATIONS = 200
_MIN_ROWS = _MIN_COLUMNS = 2
_CHANGES = ("ins", "del", "moveFrom", "moveTo", "changed-region")
_COMMENTS = ("comment", "cm", "annotation")
_NOT_SHOWN = ("delText", "instrText", "tracked-changes", "Fallback", "posOffset", "pctWidth", "pctHeight", "align")
_VBA = re.compile(r"(?:.*/)?vbaproject\.bin", re.I)
_BASIC = re.compile(
    r"(?:basic/(?!script-l[bc]\.xml)[^/]+/(?!script-lb\.xml|dialog-lb\.xml)[^/]+\.xml|scripts/.+\.\w+)", re.I
)
_EMBEDDED = re.compile(r"(?:word|ppt|xl)/embeddings/[^/]+|object \d+/?", re.I)
_PICTURE = re.compile(r"(?:(?:word|ppt|xl)/media|pictures)/[^/]+\.(jpe?g|png|tiff?|webp|heic)", re.I)
_PICTURE_KINDS = {"jpg": "jpeg", "tif": "tiff"}
_RELATIONS = re.compile(r"(?:word|ppt|xl)/(?:[^/]+/)?_rels/[^/]+\.rels", re.I)
_READABLE = ("hyperlink",)
"""Outside links that are only followed when someone clicks."""


class Body:
    """Counts the letters, tables, changes and hidden passages of one or several text parts (ECMA-376, ODF)."""

    def __init__(self) -> None:
        self.characters = self.tables = self.largest = self.pages = 0
        self.changes = self.comments = self.hidden = 0
        self.hidden_slide = False
        self._kept: list[str] = []
        self._left = _MAX_TEXT
        self._aside = 0
        """Depth of what is not the text that shows: deleted passages, comments, changes, field codes."""
        self._table: list[list[int]] = []
        """Open tables: rows, cells of the row, rows of two cells or more, widest row."""
        starts: dict[str, Callable[[Attributes], None]] = {
            "tbl": self._enter_table, "table": self._enter_table, "tr": self._row, "table-row": self._row,
            "tc": self._cell, "table-cell": self._cell, "vanish": self._vanish, "hidden-text": self._vanish,
            "hidden-paragraph": self._vanish, "sld": self._slide, "page": self._page,
        }  # fmt: skip
        ends: dict[str, Callable[[], None]] = {"tbl": self._leave_table, "table": self._leave_table}
        for name in _CHANGES:
            starts[name] = self._change
        for name in _COMMENTS:
            starts[name] = self._comment
            ends[name] = self._leave_aside
        for name in _NOT_SHOWN:
            starts[name] = self._set_aside
            ends[name] = self._leave_aside
        self._handlers = (starts, ends)
        self.elements = Elements(starts, ends)

    def keep(self, text: str) -> None:
        """Count the characters of a text that shows."""
        if self._aside:
            return
        self.characters += sum(map(len, text.split()))
        if self._left > 0:
            self._kept.append(text[: self._left])
            self._left -= len(text)

    def text(self) -> str:
        """Return the beginning of the text."""
        return "".join(self._kept)

    def hidden_places(self) -> list[str]:
        """Return where passages are hidden, in French."""
        return ["texte masqué"] if self.hidden else []

    def close(self) -> None:
        """Be ready for another part, wherever this one broke."""
        self._aside = 0
        self._table = []
        self.elements = Elements(*self._handlers)
        self._kept.append("\n")

    def _set_aside(self, _attributes: Attributes) -> None:
        self._aside += 1

    def _leave_aside(self) -> None:
        self._aside = max(0, self._aside - 1)

    def _change(self, _attributes: Attributes) -> None:
        self.changes += 1

    def _comment(self, attributes: Attributes) -> None:
        self.comments += 1
        self._set_aside(attributes)

    def _vanish(self, attributes: Attributes) -> None:
        self.hidden += attributes.get("w:val", "true") not in ("0", "false", "off")

    def _slide(self, attributes: Attributes) -> None:
        self.hidden_slide = attributes.get("show") in ("0", "false")

    def _page(self, _attributes: Attributes) -> None:
        self.pages += 1

    def _enter_table(self, _attributes: Attributes) -> None:
        if not self._aside and len(self._table) < 100:
            self._table.append([0, 0, 0, 0])

    def _row(self, _attributes: Attributes) -> None:
        if self._table:
            self._close_row(self._table[-1])
            self._table[-1][0] += 1

    def _cell(self, _attributes: Attributes) -> None:
        if self._table:
            self._table[-1][1] += 1

    @staticmethod
    def _close_row(table: list[int]) -> None:
        table[2] += table[1] >= _MIN_COLUMNS
        table[1] = 0

    def _leave_table(self) -> None:
        if not self._table:
            return
        table = self._table.pop()
        self._close_row(table)
        if table[2] >= _MIN_ROWS:
            self.tables += 1
            self.largest = max(self.largest, table[2])


class Properties:
    """Sees in the properties of a document whether they name persons, and how many pages they announce."""

    def __init__(self) -> None:
        self.author = self.last_author = False
        self.pages = 0
        self._first: bool | None = None
        self._creator = False
        self._said: list[str] | None = None
        names = ("creator", "initial-creator", "lastModifiedBy", "Pages", "Manager", "printed-by")
        starts: dict[str, Callable[[Attributes], None]] = dict.fromkeys(names, self._enter)
        starts["document-statistic"] = self._statistic
        self._handlers = (starts, {name: self._leaving(name) for name in names})
        self.elements = Elements(*self._handlers)

    def keep(self, text: str) -> None:
        """Keep the few characters of the property being read."""
        if self._said is not None and sum(map(len, self._said)) < _MAX_NAME:
            self._said.append(text)

    def close(self) -> None:
        """Forget what was kept; OpenDocument's « creator » is the last author when the first one is named apart."""
        self._said = None
        if self._first is None:
            self.author |= self._creator
        else:
            self.author |= self._first
            self.last_author |= self._creator
        self.elements = Elements(*self._handlers)

    def _enter(self, _attributes: Attributes) -> None:
        self._said = []

    def _leaving(self, name: str) -> Callable[[], None]:
        def leave() -> None:
            said, self._said = "".join(self._said or ()), None
            if name == "Pages":
                self.pages = int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0
            elif name == "creator":
                self._creator = names_a_person(said)
            elif name == "initial-creator":
                self._first = names_a_person(said)
            elif name == "Manager":
                self.author |= names_a_person(said)
            else:
                self.last_author |= names_a_person(said)

        return leave

    def _statistic(self, attributes: Attributes) -> None:
        said = attributes.get("meta:page-count", "")
        self.pages = int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0


def member_traces(archive: zipfile.ZipFile) -> TraceFacts:
    """Return what the other members of an office file keep: macros, embedded files, outside links, placed pictures.

    For a text, a presentation or a workbook, XLSX and ODS alike. Nothing is run or fetched.
    """
    names = archive.namelist()
    placed, author, pictures = [], False, [name for name in names if _PICTURE.fullmatch(name)]
    for name in pictures[:_MAX_IMAGES]:
        extension = name.rpartition(".")[2].lower()
        head = _head(archive, name)
        _, traces = read_image(io.BytesIO(head), _PICTURE_KINDS.get(extension, extension))
        author |= traces.author
        if traces.positions:
            placed.append(name.rpartition("/")[2][:100])
    relations = [name for name in names if _RELATIONS.fullmatch(name)]
    return TraceFacts(
        macros=sum(bool(_VBA.fullmatch(name) or _BASIC.fullmatch(name)) for name in names),
        embedded_files=len({name.rstrip("/") for name in names if _EMBEDDED.fullmatch(name)}),
        external_links=sum(_outside(archive, name) for name in relations[:_MAX_RELATIONS]),
        positions=len(placed),
        position_places=tuple(placed[:MAX_PLACES]),
        partly_read=len(pictures) > _MAX_IMAGES or len(relations) > _MAX_RELATIONS,
    )


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the first bytes of a member; what cannot be unpacked is empty."""
    try:
        with archive.open(name) as member:
            return member.read(_IMAGE_HEAD)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError):
        return b""


def _outside(archive: zipfile.ZipFile, name: str) -> int:
    """Return how many things of elsewhere this part would fetch when opened (ECMA-376 part 2, 9.3.2.2)."""
    found: list[str] = []

    def relationship(attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        if attributes.get("TargetMode") == "External" and kind not in _READABLE:
            found.append(kind)

    try:
        read_elements(member_chunks(archive, name, 5_000_000), Elements({"Relationship": relationship}, {}))
    except (InspectionError, Refused, expat.ExpatError, ValueError, LookupError):
        return 0
    return len(found)
