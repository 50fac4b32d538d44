"""Feeds XML to expat piece by piece, refusing what a hostile file uses: entities, endless tags, endless nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.parsers import expat

CHUNK = 262_144
MAX_DEPTH = 1_000
MAX_TOKEN = 8_000_000


class Refused(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """The XML asks for something that is refused; carries the French reason."""


def guarded_parser(namespace_separator: str | None = None) -> expat.XMLParserType:
    """Return a parser that raises Refused on any entity declaration and fetches nothing outside the file."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    parser.EntityDeclHandler = _refuse_entity
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return parser


def _refuse_entity(*_declaration: Any) -> None:
    raise Refused(
        "le fichier déclare des entités (<!ENTITY …>) : elles sont refusées, "
        "car elles peuvent saturer la mémoire ou lire d’autres fichiers"
    )


def check_depth(depth: int) -> None:
    """Raise Refused when elements nest too deep: expat keeps every open element in memory."""
    if depth > MAX_DEPTH:
        raise Refused(f"l’imbrication dépasse {MAX_DEPTH} niveaux : la lecture s’arrête là")


Attributes = dict[str, str]

_MAX_NAMES = 1_000


class Elements:
    """Sends each element to what handles its local name; what nothing handles costs one look in a table.

    ``starts`` take the attributes, ``ends`` take nothing. Prefixes are left aside: office documents keep to their own.
    """

    __slots__ = ("_aside_depth", "_depth", "_end_of", "_ends", "_start_of", "_starts", "is_aside")

    def __init__(
        self, starts: Mapping[str, Callable[[Attributes], None]], ends: Mapping[str, Callable[[], None]]
    ) -> None:
        self._starts = starts
        self._ends = ends
        self._start_of: dict[str, Callable[[Attributes], None] | None] = {}
        self._end_of: dict[str, Callable[[], None] | None] = {}
        self._depth = 0
        self._aside_depth = MAX_DEPTH
        self.is_aside = False
        """True inside an element set aside."""

    def set_aside(self) -> None:
        """Handle nothing until the element just entered ends."""
        self._aside_depth = self._depth
        self.is_aside = True

    def start(self, qualified: str, attributes: Attributes) -> None:
        """Enter an element. Raises Refused when elements nest too deep."""
        self._depth += 1
        if self._depth > self._aside_depth:
            check_depth(self._depth)
            return
        try:
            handle = self._start_of[qualified]
        except KeyError:
            handle = self._starts.get(qualified.rpartition(":")[2])
            if len(self._start_of) < _MAX_NAMES:
                self._start_of[qualified] = handle
        if handle is not None:
            handle(attributes)

    def end(self, qualified: str) -> None:
        """Leave an element."""
        depth = self._depth
        self._depth = depth - 1
        if self.is_aside:
            if depth == self._aside_depth:
                self._aside_depth = MAX_DEPTH
                self.is_aside = False
            return
        try:
            handle = self._end_of[qualified]
        except KeyError:
            handle = self._ends.get(qualified.rpartition(":")[2])
            if len(self._end_of) < _MAX_NAMES:
                self._end_of[qualified] = handle
        if handle is not None:
            handle()


def read_elements(chunks: Iterable[bytes], elements: Elements, text: Callable[[str], None] | None = None) -> None:
    """Read an XML through ``elements``, its characters through ``text``. Raises what ``feed`` raises."""
    parser = guarded_parser()
    parser.buffer_text = True
    parser.StartElementHandler = elements.start
    parser.EndElementHandler = elements.end
    parser.CharacterDataHandler = text
    feed(parser, chunks)


def feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    """Give all the chunks to the parser.

    Raises ExpatError where the XML breaks, ValueError or LookupError for an encoding Python cannot give to expat,
    and Refused for a tag or a comment of more than 8 million bytes, which would be held whole in memory.
    """
    fed = 0
    for chunk in chunks:
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
            raise Refused("une balise ou un commentaire dépasse 8 millions de caractères")
    parser.Parse(b"", True)
