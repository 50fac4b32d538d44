"""Reads an XML file as a stream of elements with their lines, refusing what a hostile file uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

_CHUNK = 65_536
MAX_DEPTH = 100
MAX_TOKEN = 8_000_000
"""Bytes of one tag or comment: expat holds it whole."""
MAX_TEXT = 1_000_000
"""Characters in one element."""


class XmlBroken(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """The XML can be read no further: what to do (French), the line, why (``broken``, ``huge``, ``unreadable``)."""

    def __init__(self, remedy: str, line: int = 0, why: str = "broken") -> None:
        super().__init__(remedy)
        self.remedy = remedy
        self.line = line
        self.why = why


class Element(NamedTuple):
    """A tag that opens (``opens``) or closes."""

    opens: bool
    name: str
    """Local name."""
    namespace: str
    attributes: dict[str, str]
    text: str
    """When it closes: the text inside, for an element without children; "" otherwise."""
    line: int


class _Events:
    """Turns what expat calls into a list of elements."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found: list[Element] = []
        self.has_begun = False
        self._parser = parser
        self._opened: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._length = 0
        self._is_leaf = False
        self._line = 0
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse
        parser.StartDoctypeDeclHandler = self._refuse
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(" ")
        if len(self._opened) >= MAX_DEPTH:
            raise XmlBroken("Les balises s'emboîtent trop profondément.", self.line, "huge")
        self._opened.append((name, namespace))
        self.has_begun = True
        self._text, self._length, self._is_leaf = [], 0, True
        self._line = self.line
        self.found.append(Element(True, name, namespace, attributes, "", self._line))

    def _end(self, _qualified: str) -> None:
        name, namespace = self._opened.pop()
        text = "".join(self._text) if self._is_leaf else ""
        self.found.append(Element(False, name, namespace, {}, text, self._line if self._is_leaf else self.line))
        self._text, self._is_leaf = [], False

    def _characters(self, text: str) -> None:
        if self._is_leaf:
            self._length += len(text)
            if self._length > MAX_TEXT:
                raise XmlBroken("Un texte est démesuré.", self.line, "huge")
            self._text.append(text)

    def _refuse(self, *_declaration: Any) -> None:
        raise XmlBroken(
            "Retirez la déclaration <!DOCTYPE …> : elle est refusée, car elle peut saturer la mémoire.", self.line
        )

    @property
    def line(self) -> int:
        """Return the line expat stands on."""
        return self._parser.CurrentLineNumber


def elements(path: Path) -> Iterator[Element]:
    """Yield the tags of an XML file as they open and close.

    Memory follows neither the file's size nor its entities. Raises XmlBroken where it breaks or asks for too much.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    events = _Events(parser)
    fed = 0
    try:
        with path.open("rb") as file:
            while True:
                chunk = file.read(_CHUNK)
                failure = _parse(parser, events, chunk)
                yield from events.found
                events.found.clear()
                if failure:
                    raise failure
                if not chunk:
                    return
                fed += len(chunk)
                if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
                    raise XmlBroken("Une balise ou un commentaire est démesuré.", events.line, "huge")
    except OSError as error:
        raise XmlBroken("Vérifiez que le fichier existe et s'ouvre.", why="unreadable") from error


def _parse(parser: expat.XMLParserType, events: _Events, chunk: bytes) -> XmlBroken | None:
    """Give a chunk to expat and return why it broke there, None when it did not."""
    try:
        parser.Parse(chunk, not chunk)
    except XmlBroken as broken:
        return broken
    except expat.ExpatError as error:
        remedy = _REMEDIES.get(error.code, "")
        return XmlBroken("Le fichier est vide." if remedy is _CUT and not events.has_begun else remedy, error.lineno)
    except (ValueError, LookupError):
        # An announced encoding that Python does not know or cannot give to expat.
        return XmlBroken("Enregistrez le fichier en UTF-8 : son encodage annoncé n'est pas connu.", events.line)
    return None


_CUT = "Le fichier s'arrête avant la fin : exportez-le ou téléchargez-le de nouveau."
_TAGS = "Une balise fermante ne correspond pas à la balise ouverte."
_REMEDIES = {
    3: _CUT,
    4: "Un caractère n'est pas écrit dans l'encodage annoncé, ou un signe « < » ou « & » est isolé.",
    5: _CUT,
    6: _CUT,
    7: _TAGS,
    8: "Un attribut est écrit deux fois dans la même balise.",
    9: "Du contenu suit la fin du document.",
    11: "Une entité (« &nom; ») n'est pas définie.",
    18: "Enregistrez le fichier en UTF-8 : son encodage annoncé n'est pas connu.",
    19: "L'encodage annoncé n'est pas celui du fichier.",
    20: _CUT,
    27: "Un préfixe de balise n'est pas déclaré.",
}
"""By expat's error number (expat.h, enum XML_Error)."""
