"""An audit as the store writes it: what repeats told once, the rest packed; and back, exactly as it was given.

What is told once: the body's identity (the same from one audit to the next), and each open finding. The date, the name
of the body and its address inside a message give way to signs, so that « non trouvé … le 26 novembre 2026 » is the same
finding each month and in each commune.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from opendata_check.model.finding import Axis
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.wording import french_date

_IDENTITY = (
    "name", "kind", "target", "tool_version", "insee_code", "siren", "departement_code", "departement_name",
    "epci_siren", "epci_name", "population", "stratum", "bound",
)  # fmt: skip
"""Fields of a summary that say who: the same from one audit to the next."""
_NUMBER = (int, float)
_KINDS: dict[str, tuple[type, ...]] = {
    "population": (int, type(None)), "overall": (*_NUMBER, type(None)), "confidence": _NUMBER, "axes": (list,),
    "datasets": (int,), "files": (int,), "duties_met": (int,), "duties_unmet": (int,), "duties_unknown": (int,),
    "counts": (list,), "severities": (list,), "families": (list,), "actions": (int,), "faults": (int,),
    "partial": (bool,), "newest": (str, type(None)),
}  # fmt: skip
"""What each field is in JSON; the others are texts."""
_ELSEWHERE = ("body", "on")
"""Fields that are columns of their own."""
_LONGEST_TEXT = 2_000
_LARGEST_SUMMARY = 1_000_000
_SUMMARY_FIELDS = tuple(field.name for field in fields(AuditSummary) if field.name not in _ELSEWHERE)
MARK_FIELDS = tuple(field.name for field in fields(FindingMark))
MarkFields = tuple[str | int, ...]
_fields_of = attrgetter(*MARK_FIELDS)
_ESCAPE = "\x1a"
_SHORTEST_WORD = 4

_USUAL = (
    b'{"actions":12,"axes":[["published",100.0,0.667,3,0,2],["accessible",77.1,0.889,58,18,24],["usable",81.8,1.0,122,17,'
    b'0],["reusable",83.1,0.735,11,2,12],["up_to_date",87.6,0.674,22,2,24],["protected",null,0.0,0,0,0]],"confidence":0.8'
    b'17,"counts":[["compliant",267],["error",1],["non_compliant",45],["not_applicable",2],["unverifiable",62]],"datasets'
    b'":17,"duties_met":1,"duties_unknown":30,"duties_unmet":6,"families":["adresses","agenda","associations","bal","budg'
    b'et","budgets","comptages","decp","dechets-rpqs","deliberations","eclairage-public","equipements","irve","menus","pl'
    b'u","prenoms","pv-conseil","stationnement","stationnement-cyclable","subventions"],"faults":0,"files":17,"first_acti'
    b'on":"Publiez la liste de vos subventions","level":"a_regler_d_abord","newest":"2026-09-30","overall":83.7,'
    b'"partial":false,"severities":[["critical",2],["major",19],["minor",10],["info",14]]}'
)
"""What most summaries look like: the compressor starts from it. Part of the form of the file: never to be changed."""


def storable(text: str) -> str:
    """Return a text as the database can hold it: cut where nobody reads any more, lone surrogates replaced."""
    if text.isascii() and len(text) <= _LONGEST_TEXT:
        return text
    return text[:_LONGEST_TEXT].encode("utf-8", "replace").decode()


def told_form(summary: AuditSummary) -> tuple[str, str]:
    """Return (identity, measures) as JSON."""
    plain = {name: _plain(name, getattr(summary, name)) for name in _SUMMARY_FIELDS}
    identity = _json({name: plain.pop(name) for name in _IDENTITY})
    return identity, _json(plain)


def packed_measures(measures: str) -> bytes:
    """Return measures as they are written."""
    packer = zlib.compressobj(9, wbits=-15, zdict=_USUAL)
    return packer.compress(measures.encode("utf-8", "replace")) + packer.flush()


def summary_of(body: str, on: str, identity: str, measures: bytes) -> AuditSummary:
    """Return the summary that ``told_form`` took apart. Raises ValueError or TypeError on what it did not write."""
    unpacker = zlib.decompressobj(wbits=-15, zdict=_USUAL)
    try:
        text = unpacker.decompress(measures, _LARGEST_SUMMARY)
    except zlib.error as error:
        raise ValueError("measures") from error
    if not unpacker.eof:
        raise ValueError("measures")
    told = {**json.loads(identity), **json.loads(text, parse_constant=_no_number)}
    _check(told)
    told["axes"] = tuple(AxisScore(Axis(axis), *rest) for axis, *rest in told["axes"])
    told["counts"] = tuple((str(name), int(count)) for name, count in told["counts"])
    told["severities"] = tuple((str(name), int(count)) for name, count in told["severities"])
    told["families"] = tuple(map(str, told["families"]))
    told["newest"] = date.fromisoformat(told["newest"]) if told["newest"] else None
    return AuditSummary(body=body, on=date.fromisoformat(on), **told)


def _no_number(written: str) -> float:
    raise ValueError(written)


def _check(told: dict[str, Any]) -> None:
    """Raise TypeError for a value that is not of its kind: a store may have been changed by hand."""
    for name, value in told.items():
        kinds = _KINDS.get(name, (str,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise TypeError(name)
    for _, *figures in told["axes"]:
        if not all(isinstance(one, int | float) or one is None for one in figures):
            raise TypeError("axes")


def _plain(name: str, value: Any) -> Any:
    if name == "axes":
        return [
            [one.axis.value, one.score, one.confidence, one.compliant, one.non_compliant, one.unverifiable]
            for one in value
        ]
    if isinstance(value, date):
        return value.isoformat()
    return storable(value) if isinstance(value, str) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def content_digest(told: tuple[str, str], marks: Iterable[MarkFields]) -> int:
    """Return what recognises an audit of a body on a day stored twice: 63 bits over its ``told_form`` and its marks."""
    digest = blake2b(repr(told).encode("utf-8", "replace"), digest_size=8)
    for one in marks:
        digest.update(repr(one).encode())
    return number_of(digest.digest())


def mark_fields(one: FindingMark) -> MarkFields:
    """Return the fields of a mark, in order, as the database can hold them."""
    return tuple(storable(value) if isinstance(value, str) else int(value) for value in _fields_of(one))


def fields_digest(told: MarkFields) -> int:
    """Return the number under which an open finding is looked for."""
    return number_of(blake2b(repr(told).encode(), digest_size=8).digest())


def text_digest(text: str) -> int:
    """Return the number under which a text is looked for."""
    return number_of(blake2b(text.encode(), digest_size=8).digest())


def number_of(digest: bytes) -> int:
    """Return eight bytes as a number that the database holds."""
    return int.from_bytes(digest, "big") >> 1


def fingerprint_form(text: str) -> str | bytes:
    """Return a fingerprint as it is written: eight bytes for sixteen hexadecimal digits, else itself."""
    return bytes.fromhex(text) if re.fullmatch(r"[0-9a-f]{16}", text) else text


def fingerprint_of(stored: str | bytes) -> str:
    """Return the fingerprint that was written."""
    return stored.hex() if isinstance(stored, bytes) else stored


def shared_words(on: date, target: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return (sign, word) of what changes in a message from one audit to another of the same finding."""
    words = (("d", french_date(on)), ("i", on.isoformat()), ("t", target), ("n", name))
    return tuple((sign, word) for sign, word in words if len(word) >= _SHORTEST_WORD and _ESCAPE not in word)


def folder_of(words: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    """Return the function that puts signs in place of the words of an audit."""
    signs = {_ESCAPE: "e"} | {word: sign for sign, word in reversed(words)}
    longest_first = sorted(signs, key=lambda word: (-len(word), word))

    def folded(text: str) -> str:
        present = [word for word in longest_first if word in text]
        if not present:  # most messages
            return text
        return re.sub("|".join(map(re.escape, present)), lambda match: _ESCAPE + signs[match[0]], text)

    return folded


def unfolder_of(words: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    """Return the function that puts the words back. It raises ValueError on a sign it does not know."""
    known = {"e": _ESCAPE, **dict(words)}

    def back(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise ValueError("sign")
        return known[match[1]]

    return lambda text: re.sub(_ESCAPE + "(.?)", back, text, flags=re.DOTALL) if _ESCAPE in text else text


def packed_numbers(numbers: Iterable[int]) -> bytes:
    """Return numbers as their differences, seven bits a byte: the marks of a body stand close together."""
    packed, before = bytearray(), 0
    for number in numbers:
        gap = number - before
        rest = gap * 2 if gap >= 0 else -gap * 2 - 1
        while rest > 127:
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
        before = number
    return bytes(packed)


def unpacked_numbers(packed: bytes) -> list[int]:
    """Return the numbers that ``packed_numbers`` wrote. Raises ValueError when the last one is cut."""
    numbers: list[int] = []
    rest = shift = before = 0
    for byte in packed:
        rest |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            before += rest // 2 if rest % 2 == 0 else -(rest + 1) // 2
            numbers.append(before)
            rest = shift = 0
        elif shift > 70:
            raise ValueError("numbers")
    if shift:
        raise ValueError("numbers")
    return numbers
