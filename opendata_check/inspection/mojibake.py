"""Recognises French letters that a wrong encoding turned into other signs, and tells which letter each one was."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

SHOWN = 8
"""Pairs that are told, the most frequent first."""
_LEAST_LONE = 3
"""A single odd letter may be a foreign name: fewer than this prove nothing."""

_LETTERS = "éèàêçôîùûâïëœÉÈÀÊÇÔÎÙÛÂÏËŒ°’‘“”–—…«»€²³\u00a0"
_TWICE = ("cp1252", "latin-1", "mac_roman", "cp850", "cp1250")
"""Encodings in which UTF-8 is read by mistake: one letter then becomes two signs or three."""
# One letter read in the encoding of another region or machine: « trčs » for « très », « Soci‚t‚ » for « Société ».
# Only signs that stand inside lower-case words, where they cannot be punctuation, are looked at.
_LONE = {
    "cp1250": {"è": "č", "à": "ŕ", "ê": "ę", "û": "ű", "ù": "ů", "ï": "ď"},
    "cp1252": {"é": "Ž"},  # written on an old Mac
    "dos": {"é": "‚", "è": "Š", "ç": "‡"},  # written by MS-DOS
}


@cache
def _groups() -> dict[bytes, str]:
    """Return what each garbled group of signs (its UTF-8 bytes) stands for."""
    found: dict[bytes, str] = {}
    for letter in _LETTERS:
        for encoding in _TWICE:
            garbled = "".join(_misread(byte, encoding) for byte in letter.encode())
            if len(garbled) > 1:
                found.setdefault(garbled.encode(), letter)
            twice = "".join(_misread(byte, encoding) for byte in garbled.encode())
            found.setdefault(twice.encode(), letter)
    return found


def _misread(byte: int, encoding: str) -> str:
    """Return the sign a byte becomes; cp1252 and its kin leave the bytes they do not define as they are."""
    try:
        return bytes((byte,)).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


@cache
def _pattern() -> re.Pattern[bytes]:
    """Return the pattern of all groups, the longest first, as a tree: a text full of « Ã » costs no more."""
    tree: dict[int, Any] = {}
    for group in _groups():
        node = tree
        for byte in group:
            node = node.setdefault(byte, {})
        node[_END] = {}
    return re.compile(_written(tree))


_END = -1


def _written(node: dict[int, Any]) -> bytes:
    """Return the pattern of a node of the tree: what may come next, which is optional where a group may end."""
    following = [re.escape(bytes((byte,))) + _written(node[byte]) for byte in sorted(node) if byte != _END]
    if not following:
        return b""
    return b"(?:" + b"|".join(following) + b")" + (b"?" if _END in node else b"")


@cache
def _starts() -> tuple[bytes, ...]:
    """Return the first two bytes of every group: what is looked for before anything else."""
    return tuple(sorted({group[:2] for group in _groups()}))


@cache
def _lone_letters() -> dict[bytes, str]:
    return {sign.encode(): letter for pairs in _LONE.values() for letter, sign in pairs.items()}


_INSIDE = re.compile(
    b"(?<=[a-z])(?:" + b"|".join(re.escape(sign) for sign in sorted(_lone_letters())) + b")(?=[a-z ,.;'\"\r\n])"
)
_MARK = re.compile(rb"\?(?=[a-z])")
_WORD_BEFORE = re.compile(rb"(?:^|[\s;,|\"'(])[A-Za-z\x80-\xff?]*[A-Za-z\x80-\xff]$")
_LONGEST_WORD = 40
_MOST_LOST = 100_000
_LEADS = tuple(sorted({sign[:1] for sign in _lone_letters()}))


def count_in(chunk: bytes) -> int:
    """Return how many damaged letters a piece of UTF-8 text holds."""
    damage = Damage()
    damage.take(chunk)
    return damage.count


class Damage:
    """Counts the damaged letters of a text given by chunks of UTF-8 bytes."""

    __slots__ = ("groups", "lone", "lost")

    def __init__(self) -> None:
        self.groups: Counter[bytes] = Counter()
        self.lone: Counter[bytes] = Counter()
        self.lost = 0
        """Question marks inside words, where accented letters stood."""

    def take(self, chunk: bytes) -> None:
        """Add a chunk that holds bytes above 127."""
        if any(start in chunk for start in _starts()):
            self.groups.update(_pattern().findall(chunk))
        if any(lead in chunk for lead in _LEADS):
            self.lone.update(_INSIDE.findall(chunk))

    def take_ascii(self, chunk: bytes) -> None:
        """Add any chunk: question marks are looked for."""
        for found in _MARK.finditer(chunk):
            if self.lost >= _MOST_LOST:
                return
            at = found.start()
            # What stands before is a word and not an address: « page.php?id=3 » is left alone.
            self.lost += bool(_WORD_BEFORE.search(chunk[max(0, at - _LONGEST_WORD) : at]))

    @property
    def count(self) -> int:
        """How many damaged letters were seen; odd letters alone count from the third on."""
        lone = self.lone.total()
        return self.groups.total() + (lone if lone >= _LEAST_LONE else 0)

    def pairs(self) -> tuple[tuple[str, str, int], ...]:
        """Return (as seen, as it was, how often), the most frequent first, at most 8."""
        found = Counter({(group, _groups()[group]): count for group, count in self.groups.items()})
        if self.lone.total() >= _LEAST_LONE:
            found.update({(sign, _lone_letters()[sign]): count for sign, count in self.lone.items()})
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return tuple((group.decode(errors="replace"), letter, count) for (group, letter), count in ranked[:SHOWN])
