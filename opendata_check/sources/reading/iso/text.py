"""Small steps through an ISO 19139 or 19115-3 record, whose elements go « property, then type, then property »."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from opendata_check.sources.reading import values
from opendata_check.sources.reading.xml_safe import Element

HREF = "{http://www.w3.org/1999/xlink}href"
TITLE = "{http://www.w3.org/1999/xlink}title"

_MOST = 1_000
"""Values read of one property: a sane record has a few dozens."""


def down(element: Element | None, *properties: str) -> Element | None:
    """Return the object reached through properties: ``down(record, "identificationInfo", "citation")``."""
    for name in properties:
        if element is None:
            return None
        found = element.find(name)
        element = found[0] if found is not None and len(found) else None
    return element


def objects(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the objects that a property holds, at most a thousand."""
    if element is None:
        return
    for found in element.findall(name)[:_MOST]:
        if len(found):
            yield found[0]


def said(holder: Element | None, french: str = "") -> str:
    """Return what a property says: a text, a date, a number, an anchor's text; "" when it says nothing.

    ``french`` is the locale of the French words, for a record written in another language.
    """
    if holder is None:
        return ""
    found = ""
    translated = None
    for child in holder:
        if child.tag == "PT_FreeText":
            translated = child
        elif not found:
            found = (child.text or "").strip()
    if translated is not None and (french or not found):
        return _translation(translated, french) or found
    return found


def _translation(free_text: Element, french: str) -> str:
    """Return the words in French, or the first ones when no locale is asked for."""
    for words in free_text.iter("LocalisedCharacterString"):
        if not french or words.get("locale") == french:
            kept = (words.text or "").strip()
            if kept:
                return kept
    return ""


def text_of(element: Element | None, name: str, french: str = "") -> str:
    """Return what the first property of that name says."""
    return "" if element is None else said(element.find(name), french)


def texts(element: Element | None, name: str, french: str = "") -> Iterator[str]:
    """Yield what each property of that name says, when it says something."""
    if element is None:
        return
    for holder in element.findall(name)[:_MOST]:
        kept = said(holder, french)
        if kept:
            yield kept


def anchor(holder: Element | None) -> str:
    """Return the http(s) address that a property's anchor, or the property itself, points to, else ""."""
    if holder is None:
        return ""
    written = (holder[0].get(HREF) if len(holder) else None) or holder.get(HREF)
    return values.web_url(written) if written else ""


def code(element: Element | None, name: str) -> str:
    """Return a code of a list (``MD_ScopeCode``…): its value, else the text inside."""
    holder = element.find(name) if element is not None else None
    return _code(holder) if holder is not None else ""


def codes(element: Element | None, name: str) -> list[str]:
    """Return the codes that the properties of that name hold."""
    if element is None:
        return []
    return [kept for holder in element.findall(name)[:_MOST] if (kept := _code(holder))]


def _code(holder: Element) -> str:
    """Return the code a property holds."""
    if not len(holder):
        return ""
    written = holder[0].get("codeListValue") or holder[0].text or ""
    return written if len(written) <= 60 and written.isascii() and written.isalnum() else values.text(written, 60)


def dates(element: Element | None, name: str = "date") -> list[tuple[str, date]]:
    """Return the (type, day) of each CI_Date that a property holds, the days that are written in full only."""
    found = []
    for dated in objects(element, name):
        day = values.day(text_of(dated, "date"))
        if day is not None:
            found.append((code(dated, "dateType"), day))
    return found
