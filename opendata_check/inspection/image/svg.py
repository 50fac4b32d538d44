"""Reads an SVG without drawing it: its size, the scripts it would run, what it would fetch, the names it keeps."""

from __future__ import annotations

import re
from functools import partial
from xml.parsers import expat

from opendata_check.inspection.xml_stream import CHUNK, Attributes, Refused, check_depth, feed, guarded_parser
from opendata_check.model.content import Content
from opendata_check.model.facts import ImageFacts, TraceFacts

_NUMBER = re.compile(r"\s*(\d{1,7}(?:\.\d{1,9})?)\s*(?:px)?\s*$")
_HANDLER = re.compile(r"on[a-z]{3,30}$")
_OUTSIDE = re.compile(r"\s*(?:https?:|ftp:|file:|//|\\\\)", re.I)
_SCRIPT_ADDRESS = re.compile(r"\s*(?:javascript|vbscript|data\s*:\s*text/html)\s*:?", re.I)
_OUTSIDE_STYLE = re.compile(r"(?:@import\s{1,20}|url\(\s{0,20})['\"]?\s{0,20}(?:https?:)?//", re.I)
_FETCHING = frozenset(
    {"image", "use", "feImage", "script", "iframe", "embed", "object", "audio", "video", "img", "link"}
)
_OWN_FOLDER = re.compile(r"(?:/home/|/Users/|\\Users\\|Documents and Settings)", re.I)
_MAX_STYLE = 100_000
_MAX_NUMBER = 40


class _Drawing:
    """Counts, element by element, what an SVG does besides drawing."""

    def __init__(self) -> None:
        self.scripts = 0
        self.links = 0
        self.foreign = 0
        self.owner = False
        self.size = (0, 0)
        self._depth = 0
        self._style: list[str] | None = None
        self._styled = 0

    def start(self, qualified: str, attributes: Attributes) -> None:
        """Enter an element. Raises Refused beyond the depth allowed."""
        self._depth += 1
        check_depth(self._depth)
        name = qualified.rpartition(":")[2]
        if self._depth == 1:
            self.size = _size(attributes)
        self.scripts += name in ("script", "handler")
        self.foreign += name == "foreignObject"
        if name == "style":
            self._style = []
        for key, value in attributes.items():
            self._attribute(name, key.rpartition(":")[2], value)

    def _attribute(self, element: str, key: str, value: str) -> None:
        if _HANDLER.match(key.lower()) or (key in ("href", "to", "values", "from") and _SCRIPT_ADDRESS.match(value)):
            self.scripts += 1
        elif key in ("href", "src"):
            self.links += element in _FETCHING and bool(_OUTSIDE.match(value))
        elif key in ("style", "fill", "filter", "mask"):
            self.links += bool(_OUTSIDE_STYLE.search(value[:_MAX_STYLE]))
        elif key in ("export-filename", "docbase", "absref") and _OWN_FOLDER.search(value):
            self.owner = True

    def text(self, text: str) -> None:
        """Keep the style sheets, the first 100 000 characters of them."""
        if self._style is not None and self._styled < _MAX_STYLE:
            self._style.append(text)
            self._styled += len(text)

    def end(self, qualified: str) -> None:
        """Leave an element."""
        self._depth -= 1
        if qualified.rpartition(":")[2] == "style" and self._style is not None:
            self.links += len(_OUTSIDE_STYLE.findall("".join(self._style)))
            self._style = None


def _size(attributes: Attributes) -> tuple[int, int]:
    found = [_NUMBER.match(attributes.get(side, "")[:_MAX_NUMBER]) for side in ("width", "height")]
    if found[0] and found[1]:
        return int(float(found[0][1])), int(float(found[1][1]))
    box = attributes.get("viewBox", "")[: 4 * _MAX_NUMBER].replace(",", " ").split()[:4]
    sides = [_NUMBER.match(side) for side in box[2:]]
    if len(sides) == 2 and sides[0] and sides[1]:
        return int(float(sides[0][1])), int(float(sides[1][1]))
    return 0, 0


def read_svg(content: Content) -> tuple[ImageFacts, TraceFacts]:
    """Return the size of a drawing and what it keeps or would run: scripts, foreign content, addresses it would fetch.

    Read as a stream, never drawn, nothing fetched. What breaks or is refused (entities, endless nesting) stops the
    reading and sets ``partly_read``. Raises OSError.
    """
    drawing = _Drawing()
    parser = guarded_parser()
    parser.buffer_text = True
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    broken = False
    with content.path.open("rb") as file:
        try:
            feed(parser, iter(partial(file.read, CHUNK), b""))
        except (expat.ExpatError, Refused, ValueError, LookupError):
            broken = True
    traces = TraceFacts(
        last_author=drawing.owner,
        scripts=drawing.scripts,
        embedded_files=drawing.foreign,
        external_links=drawing.links,
        partly_read=broken,
    )
    return ImageFacts(*drawing.size), traces
