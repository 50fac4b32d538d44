"""Finds where a JSON text breaks and says why in plain words: a second reading, done only when the first failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

MAX_DEPTH = 100
MAX_TOKEN = 16_000_000
"""Characters of one value: beyond this a text is refused rather than held in memory."""

_SPACE = re.compile(r"[ \t\r\n]+")
_NEWLINE = re.compile(r"\r\n?|\n")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
_OPEN_STRING = re.compile(_STRING.pattern[:-1])
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERAL = re.compile(r"(?:true|false|null)(?![A-Za-z0-9_])")
_WORD = re.compile(r"[+-]?[A-Za-z_][A-Za-z0-9_]*")
_NUMBER_GOES_ON = re.compile(r"[0-9A-Za-z_.+-]")
_BAD_BYTE = re.compile("[\udc80-\udcff]")
# Escapes two by two when the first half of a character opens them; a second half alone is the first group.
_HALVES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4}|(\\u[dD][c-fC-F])|\\.")
_NOT_JSON = {
    "NaN": "null", "Infinity": "null", "-Infinity": "null", "nan": "null", "None": "null",
    "True": "true", "False": "false", "undefined": "null",
}  # fmt: skip
_LOOK_AHEAD = 64
"""Characters that must follow a token in the buffer before it is taken as whole (unless the text ends)."""
_BULK_DEPTH = 4
"""Values nested no deeper are crossed in one match: a whole GeoJSON point, line and its properties."""
_BULK_WINDOW = 65_536


@cache
def _followers(container: str) -> re.Pattern[str]:
    """Return the pattern of as many « , value » (« , "name": value » in an object) as follow each other without fault.

    It never gives back what it took (possessive), so its cost is linear; and it stops before what the buffer cuts.
    """
    space = r"[ \t\r\n]*+"
    # A text with an undecodable byte or half a character is left to the slow reading, which places it.
    text = _STRING.pattern.replace("]*", r"\udc80-\udcff]*+").replace(")*", ")*+").replace("|u", "|u(?![dD][c-fC-F])")
    scalar = rf"(?:{text}|{_NUMBER.pattern}|true|false|null)"
    value = scalar
    for _ in range(_BULK_DEPTH):
        items = rf"\[{space}(?:{value}{space}(?:,{space}(?!\])|(?=\])))*+\]"
        members = rf"\{{{space}(?:{text}{space}:{space}{value}{space}(?:,{space}(?!\}})|(?=\}})))*+\}}"
        value = rf"(?>{scalar}|{items}|{members})"
    name = rf"{text}{space}:{space}" if container == "{" else ""
    return re.compile(rf"(?:,{space}{name}{value}{space}(?=[,\]}}]))++")


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Where a JSON text breaks, and why, in French."""

    message: str
    line: int
    column: int


class _Broken(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """Leaves the reading at the first fault."""


class _Reader:
    """The text, read by pieces, with the line and column of the next character."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._ended = False
        self.buffer = ""
        self.at = 0
        self.line = 1
        self._line_start = 0
        self._dropped = 0

    def fill(self, wanted: int) -> bool:
        """Hold at least ``wanted`` characters after the current one; return False when the text ends before."""
        if len(self.buffer) - self.at >= wanted:
            return True
        pieces = [self.buffer[self.at :]]
        held = len(pieces[0])
        self._dropped += self.at
        self.at = 0
        while held < wanted and not self._ended:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
            else:
                pieces.append(piece)
                held += len(piece)
        self.buffer = "".join(pieces)
        return held >= wanted

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the token of that pattern here, whole, and move after it; None when there is none.

        A token that touches the end of the buffer may go on: more text is read, four times as much each time.
        """
        wanted = _LOOK_AHEAD
        while True:
            more = self.fill(wanted)
            found = pattern.match(self.buffer, self.at)
            whole = found is not None and (pattern is _STRING or found.end() < len(self.buffer))
            if whole or not more or wanted > MAX_TOKEN or not (found or self.string_goes_on()):
                break
            wanted = min(wanted * 4, MAX_TOKEN + 1)
        if found:
            self.at = found.end()
        return found

    def string_goes_on(self) -> bool:
        """Return True when a string starts here and everything held is part of it (an escape may be cut in two)."""
        found = _OPEN_STRING.match(self.buffer, self.at)
        return found is not None and found.end() > len(self.buffer) - 6

    def skip_space(self) -> None:
        """Move after the white space, counting lines."""
        while self.fill(1) and self.buffer[self.at] in " \t\r\n":
            self.fill(_LOOK_AHEAD)
            found = _SPACE.match(self.buffer, self.at)
            if not found:
                return
            end = found.end()
            if self.buffer[end - 1] == "\r" and end == len(self.buffer) and end - self.at > 1:
                end -= 1  # the line feed of a CRLF may open the next piece
            self._cross(end)

    def skip_followers(self, container: str) -> None:
        """Move after the well-written values that follow in the same array or object, as far as the buffer shows."""
        self.fill(_BULK_WINDOW)
        found = _followers(container).match(self.buffer, self.at)
        if found:
            self._cross(found.end())

    def _cross(self, end: int) -> None:
        """Move to ``end``, counting the lines crossed: a valid text has none but between its tokens."""
        for newline in _NEWLINE.finditer(self.buffer, self.at, end):
            self.line += 1
            self._line_start = self._dropped + newline.end()
        self.at = end

    def fault(self, message: str) -> SyntaxFault:
        """Return the fault placed at the current character."""
        return SyntaxFault(message, self.line, self._dropped + self.at - self._line_start + 1)


def first_fault(pieces: Iterator[str], *, several: bool) -> SyntaxFault | None:
    """Return the first fault of a JSON text (RFC 8259) given by pieces, None when it has none.

    ``several`` accepts objects or arrays one after the other (JSON lines). Undecodable bytes are expected as the lone
    surrogates that ``surrogateescape`` makes of them.
    """
    reader = _Reader(pieces)
    reader.skip_space()
    if not reader.fill(1):
        return SyntaxFault("le fichier est vide", 1, 1)
    while True:
        holds_values = reader.buffer[reader.at] in "{["
        fault = _document(reader)
        if fault:
            return fault
        reader.skip_space()
        if not reader.fill(1):
            return None
        if not (several and holds_values and reader.buffer[reader.at] in "{["):
            if reader.buffer[reader.at] in "]}":
                return reader.fault("une accolade ou un crochet est en trop après la fin du document")
            return reader.fault("du contenu suit la fin du document")


def _document(reader: _Reader) -> SyntaxFault | None:
    """Read one value with an explicit stack; the current state says what may come next."""
    opened: list[tuple[str, int]] = []
    state = "value"
    while True:
        reader.skip_space()
        if not reader.fill(1):
            return reader.fault(_unfinished(opened))
        character = reader.buffer[reader.at]
        closes = bool(opened) and character == ("}" if opened[-1][0] == "{" else "]")
        if state in ("first", "next") and closes:
            opened.pop()
            reader.at += 1
        elif state == "next":
            if character != ",":
                return reader.fault(_instead_of_comma(character))
            reader.at += 1
            state = "name" if opened[-1][0] == "{" else "value"
            continue
        else:
            if closes:
                return reader.fault(f"une virgule est en trop avant « {character} », ou une valeur manque")
            if opened and opened[-1][0] == "{" and state in ("first", "name"):
                message = _name(reader)
                if message:
                    return reader.fault(message)
                state = "value"
                continue
            if character in "{[":
                if len(opened) >= MAX_DEPTH:
                    return reader.fault(f"l’imbrication dépasse {MAX_DEPTH} niveaux : la lecture s’arrête là")
                opened.append((character, reader.line))
                reader.at += 1
                state = "first"
                continue
            message = _scalar(reader, character)
            if message:
                return reader.fault(message)
        if not opened:
            return None
        state = "next"
        reader.skip_followers(opened[-1][0])


def _unfinished(opened: list[tuple[str, int]]) -> str:
    if not opened:
        return "le fichier s’arrête avant la fin"
    mark, line = opened[-1]
    return f"le fichier s’arrête avant la fin : « {mark} » ouvert à la ligne {line} n’est jamais refermé"


def _instead_of_comma(character: str) -> str:
    if character in "}]":
        return f"« {character} » ferme ce qui n’est pas ouvert : une accolade et un crochet sont croisés"
    if character == "/":
        return "les commentaires n’existent pas en JSON"
    return "il manque une virgule entre deux valeurs"


def _name(reader: _Reader) -> str:
    """Read a member's name and its colon; return what is wrong, "" when nothing is."""
    character = reader.buffer[reader.at]
    if character != '"':
        if character in "'‘’“”«":
            return 'les noms s’écrivent entre guillemets droits ("nom")'
        if character == "/":
            return "les commentaires n’existent pas en JSON"
        if character == ",":
            return "une virgule est en trop"
        return 'on attend ici le nom d’un champ, entre guillemets droits ("nom")'
    message = _string(reader)
    if message:
        return message
    reader.skip_space()
    if not reader.fill(1):
        return "le fichier s’arrête avant la fin : un champ n’a pas de valeur"
    if reader.buffer[reader.at] != ":":
        return "il manque deux-points (:) après le nom du champ"
    reader.at += 1
    return ""


def _string(reader: _Reader) -> str:
    """Read a string; return what is wrong, "" when nothing is. The position moves to the fault itself."""
    found = reader.take(_STRING)
    if found:
        bad = _BAD_BYTE.search(found[0])
        if bad:
            reader.at = found.start() + bad.start()
            return "un caractère n’est pas écrit en UTF-8"
        half = next((escape for escape in _HALVES.finditer(found[0]) if escape[1]), None)
        if half:
            reader.at = found.start() + half.start()
            return "il manque la première moitié d’un caractère (\\u…)"
        return ""
    opened = _OPEN_STRING.match(reader.buffer, reader.at)
    end = opened.end() if opened else reader.at
    if end - reader.at >= MAX_TOKEN:
        return f"une valeur dépasse {MAX_TOKEN // 1_000_000} millions de caractères : la lecture s’arrête là"
    if end >= len(reader.buffer):
        return "le fichier s’arrête avant la fin : un guillemet ouvert n’est jamais refermé"
    reader.at = end
    if reader.buffer[end] == "\\":
        return "une barre oblique inverse (\\) est mal employée : doublez-la"
    return "un texte contient un retour à la ligne, une tabulation ou un caractère de contrôle, ou n’est pas refermé"


def _scalar(reader: _Reader, character: str) -> str:
    """Read a string, a number or a literal; return what is wrong, "" when nothing is."""
    if character == '"':
        return _string(reader)
    if reader.take(_LITERAL):
        return ""
    if character.isascii() and (character.isdigit() or character == "-") and reader.take(_NUMBER):
        goes_on = reader.fill(1) and _NUMBER_GOES_ON.match(reader.buffer, reader.at)
        return "ce nombre est mal écrit" if goes_on else ""
    word = _WORD.match(reader.buffer, reader.at)
    if word and word[0] in _NOT_JSON:
        return f"« {word[0]} » n’existe pas en JSON : écrivez {_NOT_JSON[word[0]]}"
    if character in "'‘’“”«":
        return 'les textes s’écrivent entre guillemets droits ("texte")'
    if character == "/":
        return "les commentaires n’existent pas en JSON"
    if character == ",":
        return "il manque une valeur avant la virgule"
    if character in "}])":
        return f"« {character} » ferme ce qui n’est pas ouvert"
    if _BAD_BYTE.match(character):
        return "un caractère n’est pas écrit en UTF-8"
    if character in "-+.":
        return "ce nombre est mal écrit"
    return "on attend ici une valeur : un texte entre guillemets droits, un nombre, true, false ou null"
