"""What a record's constraints say: the licence, who may have access, and the texts as they are written.

INSPIRE's « no limitations to public access » is an access right, never a licence. Source: ISO 19115
(MD_LegalConstraints), INSPIRE Technical Guidelines for metadata 2.0.1, TG Requirements C.16 to C.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opendata_check.sources.reading import values
from opendata_check.sources.reading.iso.text import anchor, code, codes, down, objects, said, text_of
from opendata_check.sources.reading.xml_safe import Element

_LICENCE = re.compile(
    r"licen[cs]es?[\s-]+ouvertes?|open[\s-]+licen[cs]e|etalab|\bodbl|open database licen|opendatacommons"
    r"|creative\s?commons|\bcc[\s-]?(?:by|0|zero)\b|\blov?[\s-]?[12](?:\.0)?\b|data\.gouv\.fr/licence|\bpddl\b"
    r"|public domain|domaine public|authority/licence",
    re.IGNORECASE,
)
_LICENCE_WORD = re.compile(r"\blicen[cs]e\b", re.IGNORECASE)
_ACCESS = re.compile(
    r"LimitationsOnPublicAccess|no limitations? (?:to|on) public access"
    r"|(?:pas|aucune?) (?:de )?(?:restriction|limitation)s? (?:d['’]acc[eè]s|à l['’]acc[eè]s)|restriction d['’]acc[eè]s"
    r"|L\.? ?124-[45]|article 13",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"'«»)\]]+")
_LONGEST = 2_000
_LONG = 250
"""A licence is named in fewer characters; a longer text speaks of one among other things."""


@dataclass(frozen=True, slots=True)
class Rights:
    """A record's constraints, sorted."""

    license: str = ""
    license_url: str = ""
    access_rights: str = ""
    access: tuple[str, ...] = ()
    """Codes and texts of accessConstraints, as written."""
    use: tuple[str, ...] = ()
    """Codes and texts of useConstraints and useLimitation, as written."""
    links: tuple[str, ...] = ()
    """Addresses the constraints point to."""


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of the constraints, with the address it points to."""

    words: str
    url: str

    @property
    def shown(self) -> str:
        """Return the words, else the address."""
        return self.words or self.url


@dataclass(slots=True)
class _Sorted:
    """The constraints of all the blocks, in order."""

    access_codes: list[str]
    access_texts: list[str]
    use: list[str]
    licences: list[_Text]
    """Texts that may name a licence, use limitations included."""
    conditions: list[_Text]
    """Texts that explain a useConstraints code."""


def rights(identification: Element | None, french: str = "") -> Rights:
    """Return what the resource's constraints say."""
    found = _Sorted([], [], [], [], [])
    for block in objects(identification, "resourceConstraints"):
        if block.tag == "MD_SecurityConstraints":
            level = code(block, "classification")
            if level and level != "unclassified":
                found.access_codes.append(level)
        _sort(block, found, french)
    name, url = _license(found)
    access = tuple(dict.fromkeys([*found.access_codes, *found.access_texts]))
    spoken = found.access_texts or [known for known in found.access_codes if known != "otherRestrictions"]
    links = (text.url for text in (*found.licences, *found.conditions) if text.url)
    return Rights(
        license=name,
        license_url=url,
        access_rights=values.text(spoken[0] if spoken else ""),
        access=access,
        use=tuple(dict.fromkeys(found.use)),
        links=tuple(dict.fromkeys(links)),
    )


def _sort(block: Element, found: _Sorted, french: str) -> None:
    """Add what one block says: which text goes with which code is known by the words, else by the codes there."""
    access, use = codes(block, "accessConstraints"), codes(block, "useConstraints")
    found.access_codes += access
    found.use += use
    for text in _texts(block, french):
        is_access = bool(_ACCESS.search(f"{text.words} {text.url}")) and not _LICENCE.search(f"{text.words} {text.url}")
        if is_access:
            found.access_texts.append(text.shown)
            continue
        found.licences.append(text)
        if use or not access or names_licence(f"{text.words} {text.url}"):
            found.use.append(text.shown)
            found.conditions += [text] if use else []
        else:
            found.access_texts.append(text.shown)
    for words in _limitations(block, french):
        found.use.append(words.shown)
        if not _ACCESS.search(words.words) or _LICENCE.search(words.words):
            found.licences.append(words)


def _texts(block: Element, french: str) -> Iterator[_Text]:
    """Yield the otherConstraints of a block, then the documents it refers to (19115-3)."""
    for holder in block.findall("otherConstraints")[:100]:
        words, url = values.text(said(holder, french), _LONGEST), anchor(holder)
        if words or url:
            yield _Text(words, url)
    for citation in objects(block, "reference"):
        words, url = values.text(text_of(citation, "title", french), _LONGEST), anchor(citation.find("title"))
        link = values.web_url(text_of(down(citation, "onlineResource"), "linkage"))
        if words or url or link:
            yield _Text(words, url or link)


def _limitations(block: Element, french: str) -> Iterator[_Text]:
    """Yield the useLimitation texts of a block."""
    for holder in block.findall("useLimitation")[:100]:
        words, url = values.text(said(holder, french), _LONGEST), anchor(holder)
        if words or url:
            yield _Text(words, url)


def _license(found: _Sorted) -> tuple[str, str]:
    """Return the licence and its address: the first text that names one, else what explains a useConstraints code."""
    for text in found.licences:
        named = _LICENCE.search(text.words) or _LICENCE.search(text.url)
        if named:
            return _excerpt(text, named), _address(text)
    for text in found.licences:
        if len(text.words) <= _LONG and _LICENCE_WORD.search(f"{text.words} {text.url}"):
            return values.text(text.shown), _address(text)
    for text in found.conditions:
        return values.text(text.shown), _address(text)
    return "", ""


def _excerpt(text: _Text, named: re.Match[str]) -> str:
    """Return the sentence that names the licence, the whole text when it is short."""
    if len(text.words) <= _LONG or named.string is not text.words:
        return values.text(text.shown)
    start = max(text.words.rfind(". ", 0, named.start()) + 2, named.start() - _LONG)
    stop = text.words.find(". ", named.end())
    return values.text(text.words[max(start, 0) : stop if stop > 0 else None], 500)


def _address(text: _Text) -> str:
    """Return the address a text points to, or the first one it holds."""
    if text.url:
        return text.url
    written = _URL.search(text.words)
    return values.web_url(written[0].rstrip(".,;:")) if written else ""


def names_licence(words: str) -> bool:
    """Return True for a text that names a licence."""
    return bool(_LICENCE.search(words))


def speaks_of_access(words: str) -> bool:
    """Return True for a text on who may have access, in INSPIRE's words."""
    return bool(_ACCESS.search(words))


def address_in(words: str) -> str:
    """Return the first address that a text holds, "" when it holds none."""
    return _address(_Text(words, ""))
