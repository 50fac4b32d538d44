"""Parts of a DCAT dataset that take more than one property to tell: licence, publisher, contact, place, period."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.values import Box, box, licence, names_licence
from opendata_check.sources.reading.dcat.words import (
    Fields,
    address,
    addresses,
    is_person,
    nodes,
    text,
    web_address,
    worded,
)
from opendata_check.sources.reading.rdf.graph import Literal, Node, Value
from opendata_check.vocabulary import licence_of

_PUBLISHERS = ("publisher", "creator", "distributor", "resourceProvider", "owner", "custodian")
_EMAILS = ("hasEmail", "email", "mbox")
_PAGES = ("hasURL", "url", "contactForm")
_RESTRICTIONS = frozenset(
    {"copyright", "license", "licence", "otherRestrictions", "intellectualPropertyRights", "restricted", "trademark"}
)
_PLACES = ("prefLabel", "label", "title", "name", "notation")
_SIREN = re.compile(r"(?:siren|siret)[/:=#-]?(\d{9}(?:\d{5})?)(?!\d)", re.IGNORECASE)
_DCMI_PERIOD = re.compile(r"\b(start|end)\s*=\s*([0-9T:.+Z-]{4,35})", re.IGNORECASE)


# ---- licence


def licence_said(fields: Fields) -> tuple[str, str]:
    """Return the text and URL of the licence a dataset or a distribution states: its licence, else its rights.

    Of several statements the one that is a known licence is kept: GeoNetwork writes all its constraints as licences.
    """
    for name in ("license", "rights"):
        said = [_one_licence(item) for item in fields.get(name, ())]
        said = [pair for pair in said if pair[0]]
        if len(said) > 1:
            said = [pair for pair in said if not _is_restriction(*pair)] or said
            return next((pair for pair in said if licence_of(*pair)), said[0])
        if said:
            return said[0]
    for words in map(worded, fields.get("accessRights", ())):
        pair = licence(words[1])
        if names_licence(words[1]) or (pair[1] and licence_of(*pair)):
            return pair
    return "", ""


def _is_restriction(label: str, url: str) -> bool:
    """Return True for what ISO 19139 puts beside licences: a code of MD_RestrictionCode, a limit on public access."""
    return label in _RESTRICTIONS or "LimitationsOnPublicAccess" in url


def _one_licence(item: Value) -> tuple[str, str]:
    """Return the text and URL of one statement of rights."""
    if isinstance(item, str):
        return licence(item)
    if isinstance(item, Literal):
        return licence(item.text)
    own = values.web_url(item.id)
    if not item.pairs:
        return (own, own) if own else licence(item.id)
    fields = item.said()
    rank, words = worded(item)
    label, found = licence(words) if rank < 3 else ("", "")
    found = own or found or web_address(fields, "url", "source", "sameAs", "identifier")
    return label or values.text(item.id) or found, found


# ---- publisher and contact


def publisher_said(fields: Fields) -> tuple[str, str | None]:
    """Return the name and SIREN of whoever publishes; of a person, only the body the person belongs to is kept."""
    unnamed = ""
    for item in (item for role in _PUBLISHERS for item in fields.get(role, ())):
        name, siren = _agent(item)
        if name and "://" not in name:
            return name, siren
        unnamed = unnamed or name
    return unnamed, None


def _agent(item: Value) -> tuple[str, str | None]:
    """Return the name (else the IRI) and SIREN of an agent."""
    if not isinstance(item, Node):
        return values.text(worded(item)[1]), None
    if not item.pairs:
        name = unquote(item.id.partition("/srv/resources/organizations/")[2]) or item.id  # GeoNetwork: the name itself
        return ("" if is_person(item) else values.text(name)), _siren(item, {})
    fields = item.said()
    bodies = nodes(fields, "memberOf", "org")
    if is_person(item):
        return _name_of(bodies), None
    rank, words = worded(item)
    return (values.text(words) if rank < 3 else _name_of(bodies) or values.text(words)), _siren(item, fields)


def _name_of(bodies: Iterable[Node]) -> str:
    """Return the name of the first body that has one."""
    return next((values.text(worded(body)[1]) for body in bodies if not is_person(body)), "")


def _siren(node: Node, fields: Fields) -> str | None:
    """Return the SIREN that a body's identifier or IRI gives."""
    for written in (*addresses(fields, "identifier", "notation", "sameAs"), node.id):
        found = values.siren_of(written)
        if found:
            return found
        within = _SIREN.search(written)
        if within:
            return within[1][:9]
    return None


def contact_said(fields: Fields) -> str:
    """Return the e-mail, else the page of a contact point; a person's e-mail and any name are left out."""
    points = [*fields.get("contactPoint", ()), *nodes(fields, "publisher", "resourceProvider", "custodian", "creator")]
    for point in points:
        if not isinstance(point, Node):
            written = point if isinstance(point, str) else point.text
            found = email(written) or values.web_url(written)
        else:
            said = point.said() if point.pairs else {}
            found = "" if is_person(point) else email_said(said) or email(point.id)
            found = found or web_address(said, *_PAGES)
        if found:
            return found
    return ""


def email_said(fields: Fields) -> str:
    """Return the first e-mail address a contact gives, directly or through a node (vcard:hasValue)."""
    for item in (item for name in _EMAILS for item in fields.get(name, ())):
        written = item if isinstance(item, str) else item.text if isinstance(item, Literal) else item.id
        found = email(written)
        if not found and isinstance(item, Node) and item.pairs:
            found = email(address(item.said(), "hasValue", "value"))
        if found:
            return found
    return ""


def email(written: str) -> str:
    """Return an e-mail address, that ``mailto:`` and spaces may precede."""
    return values.email(re.sub(r"^\s*mailto:\s*", "", written, flags=re.IGNORECASE).strip())


# ---- place and period


def place_said(fields: Fields) -> tuple[str, Box | None]:
    """Return the names of the places covered, and the first box given."""
    names: list[str] = []
    around: Box | None = None
    for item in fields.get("spatial", ())[:200]:
        if isinstance(item, Node):
            said = item.said() if item.pairs else {}
            around = around or _box_of(said)
            names.append(text(said, *_PLACES) or item.id)
        else:
            written = item if isinstance(item, str) else item.text
            found = box(written)
            around = around or found
            if not found:
                names.append(written)
    return ", ".join(values.words(names))[:500], around or _box_of(fields)


def _box_of(fields: Fields) -> Box | None:
    """Return the first box that properties give, as texts or through a geometry."""
    for name in ("bbox", "geometry", "asGeoJSON", "asWKT", "asGML", "centroid"):
        for item in fields.get(name, ()):
            if isinstance(item, Node):
                found = _box_of({key: said for key, said in item.said().items() if key.startswith("as")})
            else:
                found = box(item if isinstance(item, str) else item.text)
            if found:
                return found
    return None


def period_said(fields: Fields) -> str:
    """Return the first period given: dates, an interval, a year, a label."""
    for item in fields.get("temporal", ()):
        if isinstance(item, Node):
            said = item.said() if item.pairs else {}
            start = text(said, "startDate") or _instant(said, "hasBeginning")
            end = text(said, "endDate") or _instant(said, "hasEnd")
            found = values.period(start, end) or interval(worded(item)[1])
        else:
            found = interval(item if isinstance(item, str) else item.text)
        if found:
            return found
    return ""


def interval(written: str) -> str:
    """Return a period written on one line (``2011-01-01/2011-12-31``, ``start=2011; end=2012``, ``2012``)."""
    limits = {name.lower(): when for name, when in _DCMI_PERIOD.findall(written[:500])}
    if limits:
        return values.period(limits.get("start"), limits.get("end"))
    return values.text(re.sub(r"\s*/\s*", "/", written[:300].strip()), 100)


def _instant(fields: Fields, name: str) -> str:
    """Return the date of an instant (OWL-Time)."""
    for item in nodes(fields, name):
        found = text(item.said(), "inXSDDateTimeStamp", "inXSDDateTime", "inXSDDate", "inXSDgYear")
        if found:
            return found
    return ""
