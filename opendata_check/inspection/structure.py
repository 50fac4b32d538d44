"""Reads JSON, GeoJSON and XML as they stream: whether they are well formed, where they break, what they hold."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO
from xml.parsers import expat

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.json_text.depth import TooDeep
from opendata_check.inspection.json_text.reading import JsonReading
from opendata_check.inspection.json_text.syntax import MAX_TOKEN, SyntaxFault, first_fault
from opendata_check.inspection.xml_stream import CHUNK, Refused, check_depth, feed, guarded_parser
from opendata_check.model.content import Content
from opendata_check.model.facts import PersonalDataHint, SpatialFacts, StructureFacts

_BOM = codecs.BOM_UTF8
_UTF8 = ("utf-8", "utf-8-sig", "ascii")
_MAX_DIGITS = 4_000
_STEP = 500
# One byte in 500: a run of 4000 digits shows at least seven digits in a row.
_DIGITS_SAMPLED = re.compile(rb"[0-9]{7,}")


class _TooLong(Exception):  # noqa: N818 - it only leaves the reading; the second reading says where
    """One value is longer than what may be held in memory."""


class _Utf8Stream:
    """A binary stream in UTF-8 whatever the file's encoding, that stops before an endless value."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder: codecs.IncrementalDecoder | None = None
        self._run = 0
        self._tail = b""
        self._started = False
        self._ended = False
        if encoding not in _UTF8:
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int = CHUNK) -> bytes:
        """Return some bytes, b"" at the end. Raises _TooLong after 16 million bytes without a JSON separator.

        A line feed is added at the end: ijson takes no notice of a text left open after the last document, and a line
        feed may not stand in one.
        """
        if not size:
            return b""
        raw = self._encoded(max(size, 16))
        if not self._started:
            raw = raw.removeprefix(_BOM)
            self._started = True
        if not raw and not self._ended:
            self._ended = True
            return b"\n"
        self._watch(raw)
        return raw

    def _encoded(self, size: int) -> bytes:
        """Return the next bytes of the file in UTF-8, b"" at its end only."""
        raw = self._file.read(size)
        if self._decoder is None:
            return raw
        while True:
            text = self._decoder.decode(raw, final=not raw)
            if text or not raw:
                return text.encode("utf-8", "replace")
            raw = self._file.read(size)

    def _watch(self, chunk: bytes) -> None:
        """Follow how long no separator was seen, and refuse numbers of over 4000 digits.

        Python refuses an integer of over 4300 digits, and ijson's C reader then crashes the whole process (measured
        with 3.6.0). A text full of commas escapes the other limit: then what is held is that one text.
        """
        if b'"' in chunk or b"," in chunk or b"]" in chunk or b"}" in chunk or b"\n" in chunk or chunk.isspace():
            self._run = 0
        else:
            self._run += len(chunk)
            if self._run > MAX_TOKEN:
                raise _TooLong
        chunk = self._tail + chunk
        for sampled in _DIGITS_SAMPLED.finditer(chunk[::_STEP]):
            if chunk[sampled.start() * _STEP : (sampled.end() - 1) * _STEP].isdigit():
                raise _TooLong
        self._tail = chunk[-_MAX_DIGITS:]


def read_json(
    content: Content, encoding: str
) -> tuple[StructureFacts, SpatialFacts | None, tuple[PersonalDataHint, ...]]:
    """Return what a JSON, JSON lines or GeoJSON is, its geometries when it is a map, and its personal data.

    Read as a stream: memory does not follow the file's size. ``encoding`` is a Python codec name. Records are the
    objects of the first arrays met; a hint's rows are their order in the array (1-based). A text that breaks gives
    ``well_formed`` False with the place (line and column in characters, 1-based), never an exception; the rest then
    says what was read before the break.
    Raises InspectionError when the file cannot be read at all. Source: RFC 8259, RFC 7946.
    """
    encoding = _known(encoding)
    try:
        reading, broken = _read_events(content, encoding, use_float=True)
        if broken:
            # A number too large for a float (1e400) is well formed all the same: exact numbers tell.
            reading, broken = _read_events(content, encoding, use_float=False)
        broken = broken or reading.mixed
        fault = _fault(content, encoding) if broken else None
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error
    if not broken:
        return StructureFacts(True, root=reading.root, item_count=reading.items), reading.spatial(), reading.personal()
    fault = fault or SyntaxFault("une valeur ne peut pas être lue : un nombre démesuré ou un texte trop long", 0, 0)
    facts = StructureFacts(False, fault.message, fault.line or None, fault.column or None, reading.root)
    return facts, reading.spatial(), reading.personal()


def _read_events(content: Content, encoding: str, *, use_float: bool) -> tuple[JsonReading, bool]:
    """Return what was read, and whether the text broke before its end. ``use_float`` reads numbers in half the time."""
    import ijson

    reading = JsonReading()
    with content.path.open("rb") as file:
        stream = _Utf8Stream(file, encoding)
        events = ijson.basic_parse(stream, buf_size=CHUNK, multiple_values=True, use_float=use_float)
        try:
            reading.read(events)
        except (ijson.JSONError, TooDeep, _TooLong, ValueError, ArithmeticError):
            # ValueError and ArithmeticError: a number that Python refuses to hold (over 4300 digits).
            return reading, True
    return reading, False


def _known(encoding: str) -> str:
    """Return the codec's own name, ``utf-8`` for one Python does not know."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "utf-8"


def _fault(content: Content, encoding: str) -> SyntaxFault | None:
    """Read the text again to say in French where it breaks."""
    errors = "surrogateescape" if encoding in _UTF8 else "replace"
    try:
        with content.path.open("rb") as file:
            return first_fault(_pieces(file, codecs.getincrementaldecoder(encoding)(errors)), several=True)
    except UnicodeError:
        return SyntaxFault("le texte n’est pas écrit dans l’encodage qu’il annonce", 1, 1)


def _pieces(file: BinaryIO, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    first = True
    while raw := file.read(CHUNK):
        text = decoder.decode(raw)
        if first and text:
            text = text.removeprefix("\ufeff")
            first = False
        yield text
    yield decoder.decode(b"", final=True)


_XML_FAULTS = {
    2: "le texte ne suit pas la syntaxe XML", 3: "le fichier est vide ou ne contient aucune balise",
    4: "un caractère ou un signe « < » ou « & » isolé casse la syntaxe XML", 5: "le fichier s’arrête au milieu d’une "
    "balise", 6: "le fichier s’arrête au milieu d’un caractère", 7: "la balise fermante ne correspond pas à la balise "
    "ouverte", 8: "un attribut est écrit deux fois dans la même balise", 9: "du contenu suit la fin du document",
    11: "une entité (« &nom; ») n’est pas définie", 14: "un numéro de caractère (« &#… ; ») est interdit en XML",
    17: "la déclaration <?xml … ?> n’est pas au tout début du fichier", 18: "l’encodage annoncé n’est pas connu",
    19: "l’encodage annoncé n’est pas celui du fichier", 20: "une section CDATA n’est pas refermée",
    27: "un préfixe de balise n’est pas déclaré",
}  # fmt: skip
"""By expat's error number (expat.h, enum XML_Error)."""


class _Outline:
    """Follows the depth of an XML and keeps the local name of its root."""

    def __init__(self) -> None:
        self.root = ""
        self._depth = 0

    def start(self, name: str, _attributes: Any) -> None:
        """Enter an element. Raises Refused beyond the depth allowed."""
        self._depth += 1
        if self._depth == 1:
            self.root = name.rsplit(" ", 1)[-1][:200]
        check_depth(self._depth)

    def end(self, _name: str) -> None:
        """Leave an element."""
        self._depth -= 1


def read_xml(content: Content) -> StructureFacts:
    """Return whether an XML is well formed, its root (local name), or where and why it breaks (1-based).

    Read as a stream. Entities are refused and nothing outside the file is ever fetched.
    Raises InspectionError when the file cannot be read at all.
    """
    outline = _Outline()
    parser = guarded_parser(namespace_separator=" ")
    parser.StartElementHandler = outline.start
    parser.EndElementHandler = outline.end
    try:
        with content.path.open("rb") as file:
            feed(parser, iter(partial(file.read, CHUNK), b""))
    except expat.ExpatError as error:
        message = _XML_FAULTS.get(error.code, _XML_FAULTS[2])
        return StructureFacts(False, message, error.lineno, error.offset + 1, outline.root)
    except (Refused, ValueError, LookupError) as error:
        # ValueError and LookupError: an announced encoding that Python does not know or cannot give to expat.
        message = str(error) if isinstance(error, Refused) else _XML_FAULTS[18]
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        return StructureFacts(False, message, line, column, outline.root)
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error
    return StructureFacts(True, root=outline.root)
