"""Reads XML that comes from outside, one record at a time: no DTD, no entities, bounded depth, bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

Element = ElementTree.Element

_CHUNK = 65_536
_SNIFF = 4_096
_WESTERN = "opendata-check-western"
_NO_CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13})
_MAX_PROLOG = 1_000_000
_MAX_NAMES = 5_000
MAX_DEPTH = 200
MAX_RECORD = 4_000_000
"""Bytes between two records: a record is held whole in memory, several times larger than its text."""


class XmlRefused(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """The XML can be read no further; carries why, in French.

    ``is_xml`` is False when what came is no XML at all: a web page, JSON, nothing.
    """

    def __init__(self, what: str, *, is_xml: bool = True) -> None:
        super().__init__(what)
        self.what = what
        self.is_xml = is_xml


class Piece(NamedTuple):
    """A part of a document: a whole record, or the opening tag of an element around the records."""

    is_record: bool
    element: Element
    """Tags are local names; attributes keep their namespace. Outside records, only the attributes are there."""


_BROKEN = "la réponse est un XML incomplet ou mal formé"
_NOT_XML = "la réponse n'est pas du XML"
_TOO_DEEP = "le XML s'emboîte trop profondément"


def pieces(path: Path, is_record: Callable[[str], bool]) -> Iterator[Piece]:
    """Yield the records of an XML file, and the opening tags that lead to them.

    ``is_record`` tells from a local name whether an element is a record; those inside a record are part of it. Bytes
    that are not UTF-8 are read as Western European, and control characters are left out, when only that stands in the
    way. Raises XmlRefused where the file breaks or asks for too much, after what came before; OSError when it cannot
    be read.
    """
    if path.stat().st_size <= MAX_RECORD:
        found = _at_once(path.read_bytes(), is_record)
        if found is not None:
            yield from found
            return
    done = 0
    try:
        for piece in _pieces(path, is_record):
            done += 1
            yield piece
        return
    except _BadCharacter:
        pass
    try:
        for number, piece in enumerate(_pieces(path, is_record, _mender())):
            if number >= done:
                yield piece
    except _BadCharacter as error:
        raise XmlRefused(_BROKEN) from error


def whole(path: Path) -> Element:
    """Return the root of a small XML document, tags as local names. Raises XmlRefused, OSError."""
    for piece in pieces(path, lambda _name: True):
        return piece.element
    raise XmlRefused(_BROKEN)


def parse(data: bytes) -> Element | None:
    """Return the root of a small XML held in memory, tags as local names, None when it is not sound XML."""
    try:
        found = _at_once(data, lambda _name: True) if len(data) <= MAX_RECORD else None
        return next(found).element if found is not None else None
    except XmlRefused:
        return None


def _at_once(data: bytes, is_record: Callable[[str], bool]) -> Iterator[Piece] | None:
    """Return the pieces of a small document, read in one go: five times quicker than as a stream.

    None when it does not read to its end: what comes before the flaw is for the stream to give. Raises XmlRefused.
    """
    prolog = _Prolog()
    for start in range(0, len(data), _SNIFF):
        prolog.feed(data[start : start + _SNIFF])
        if prolog.is_over:
            break
    parser = ElementTree.XMLParser()  # noqa: S314 - a document type, hence any entity, was refused just above
    try:
        parser.feed(data)
        return _walk(parser.close(), is_record)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def _walk(root: Element, is_record: Callable[[str], bool]) -> Iterator[Piece]:
    """Yield the pieces of a tree, in the document's order. Raises XmlRefused when it is too deep."""
    names: dict[str, str] = {}
    left = [(root, 1)]
    while left:
        element, depth = left.pop()
        _rename([element], names)
        if is_record(element.tag):
            below, reached = list(element), depth
            while below:
                reached += 1
                if reached > MAX_DEPTH:
                    raise XmlRefused(_TOO_DEEP)
                _rename(below, names)
                below = [child for parent in below for child in parent]
            yield Piece(True, element)
        else:
            if depth > MAX_DEPTH:
                raise XmlRefused(_TOO_DEEP)
            yield Piece(False, element)
            left += [(child, depth + 1) for child in reversed(element)]


def _rename(elements: list[Element], names: dict[str, str]) -> None:
    """Give elements their local name as tag; ``names`` keeps those already found."""
    for element in elements:
        tag = element.tag
        try:
            element.tag = names[tag]
        except KeyError:
            element.tag = tag.rpartition("}")[2]
            if len(names) < _MAX_NAMES:
                names[tag] = element.tag


class _BadCharacter(Exception):  # noqa: N818 - a turn of the reading, caught here
    """Some bytes are no characters of the encoding the file announces, or none that XML allows."""


def _mender() -> Callable[[bytes], str]:
    """Return a function that decodes successive chunks of almost-UTF-8, whatever they hold."""
    codecs.register_error(_WESTERN, _as_western)
    decoder = codecs.getincrementaldecoder("utf-8")(errors=_WESTERN)
    return lambda chunk: decoder.decode(chunk).translate(_NO_CONTROLS)


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Decode as Windows-1252 the bytes that are not UTF-8 (an error handler, as codecs wants them)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


class _Prolog:
    """Looks at what stands before the root element: a document type is refused there, before anything is built."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._fed = 0
        self.is_over = False

    def feed(self, chunk: bytes | str) -> None:
        """Look at the next bytes. Raises XmlRefused."""
        if self.is_over:
            return
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as error:
            if not self.is_over:  # past the root's tag, the real parser will say what is wrong
                raise XmlRefused(_NOT_XML, is_xml=False) from error
        except (ValueError, LookupError) as error:
            raise XmlRefused("l'encodage annoncé par le XML n'est pas connu") from error
        if not self.is_over and self._fed > _MAX_PROLOG:
            raise XmlRefused(_NOT_XML, is_xml=False)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.is_over = True
        self._parser.StartElementHandler = None
        if name.lower() == "html":
            raise XmlRefused("le serveur a répondu une page web", is_xml=False)

    def _refuse(self, *declaration: object) -> None:
        if str(declaration[0]).lower() == "html":
            raise XmlRefused("le serveur a répondu une page web", is_xml=False)
        raise XmlRefused("la réponse déclare un DOCTYPE : elle est refusée, car il peut saturer la mémoire")


class _Reader:
    """Builds records with ElementTree, and forgets each one when it has been given."""

    def __init__(self, is_record: Callable[[str], bool]) -> None:
        self._parser: Any = ElementTree.XMLPullParser(("start", "end"))
        self._is_record = is_record
        self._open: list[Element] = []
        self._depth = 0
        self._record_depth = 0
        self._names: dict[str, str] = {}
        self._since = 0

    def feed(self, chunk: bytes | str) -> Iterator[Piece]:
        """Give the next bytes, yield what they complete. Raises XmlRefused, _BadCharacter."""
        self._since += len(chunk)
        try:
            self._parser.feed(chunk)
            yield from self._events()
        except ElementTree.ParseError as error:
            raise _explained(error) from error
        except (ValueError, LookupError) as error:
            raise XmlRefused("l'encodage annoncé par le XML n'est pas connu") from error
        if self._since > MAX_RECORD:
            raise XmlRefused("une fiche est démesurée")

    def close(self) -> Iterator[Piece]:
        """Yield what the end completes. Raises XmlRefused when the document is not over."""
        try:
            self._parser.close()
            yield from self._events()
        except ElementTree.ParseError as error:
            raise _explained(error) from error

    def _events(self) -> Iterator[Piece]:
        depth, names = self._depth, self._names
        for event, element in self._parser.read_events():
            if event == "start":
                depth += 1
                tag = element.tag
                try:
                    element.tag = names[tag]
                except KeyError:
                    element.tag = self._local_name(tag)
                if self._record_depth == 0:
                    yield from self._enter(element, depth)
                elif depth > MAX_DEPTH:
                    raise XmlRefused(_TOO_DEEP)
            else:
                if depth == self._record_depth:
                    self._record_depth = 0
                    self._since = 0
                    if self._open:
                        del self._open[-1][:]
                    yield Piece(True, element)
                elif self._record_depth == 0 and self._open:
                    self._open.pop()
                depth -= 1
            self._depth = depth

    def _enter(self, element: Element, depth: int) -> Iterator[Piece]:
        """Note an element met outside any record."""
        if depth > MAX_DEPTH:
            raise XmlRefused(_TOO_DEEP)
        if self._is_record(element.tag):
            self._record_depth = depth
        else:
            self._open.append(element)
            yield Piece(False, element)

    def _local_name(self, tag: str) -> str:
        name = tag.rpartition("}")[2]
        if len(self._names) < _MAX_NAMES:
            self._names[tag] = name
        return name


def _pieces(
    path: Path, is_record: Callable[[str], bool], decode: Callable[[bytes], str] | None = None
) -> Iterator[Piece]:
    """Yield the pieces of a file read in the encoding it announces, or as ``decode`` reads it."""
    prolog, reader = _Prolog(), _Reader(is_record)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text: bytes | str = decode(chunk) if decode else chunk
            prolog.feed(text)
            yield from reader.feed(text)
    if not prolog.is_over:
        raise XmlRefused(_NOT_XML, is_xml=False)
    yield from reader.close()


def _explained(error: ElementTree.ParseError) -> Exception:
    """Return why a parser stopped: the encoding can be tried again, the rest cannot."""
    # expat.h: 4 invalid token (also a stray « < »), 18 unknown encoding, 19 incorrect encoding
    return _BadCharacter() if error.code in (4, 18, 19) else XmlRefused(_BROKEN)
