"""Who answers for a resource, as ISO 19139 and 19115-3 write it; natural persons are never kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opendata_check.sources.reading import values
from opendata_check.sources.reading.iso.text import code, down, objects, said, text_of
from opendata_check.sources.reading.xml_safe import Element

_PUBLISHERS = ("publisher", "owner", "custodian", "pointOfContact", "resourceProvider", "distributor")
_CONTACTS = ("pointOfContact", "custodian", "owner", "publisher", "distributor", "resourceProvider")


@dataclass(frozen=True, slots=True)
class Party:
    """An organization and what it does for the resource."""

    role: str
    name: str
    email: str
    url: str
    siren: str | None


def parties(element: Element | None, name: str, french: str = "") -> list[Party]:
    """Return the organizations that a property names; whoever is only a person is left out."""
    return [party for found in objects(element, name) for party in _parties(found, french)]


def _parties(found: Element, french: str) -> Iterator[Party]:
    """Yield the organizations of a CI_ResponsibleParty (19139) or a CI_Responsibility (19115-3)."""
    role = code(found, "role")
    if found.tag != "CI_Responsibility":
        yield from _party(found, role, text_of(found, "organisationName", french), text_of(found, "individualName"))
        return
    for party in objects(found, "party"):
        if party.tag == "CI_Organisation":
            person = text_of(down(party, "individual"), "name")
            yield from _party(party, role, text_of(party, "name", french), person)


def _party(found: Element, role: str, name: str, person: str) -> Iterator[Party]:
    """Yield the organization, when there is one."""
    kept = values.text(name, 300)
    if not kept:
        return
    contacts = list(objects(found, "contactInfo"))
    emails = (
        values.email(said(holder))
        for contact in contacts
        for address in objects(contact, "address")
        for holder in address.findall("electronicMailAddress")[:10]
    )
    address = next((email for email in emails if email and not _is_of(person, email)), "")
    links = (text_of(link, "linkage") for contact in contacts for link in objects(contact, "onlineResource"))
    url = next(filter(None, map(values.web_url, links)), "")
    sirens = (values.siren_of(text_of(known, "code")) for known in objects(found, "partyIdentifier"))
    siren = next(filter(None, sirens), None)
    yield Party(role, kept, address, url, siren)


def _is_of(person: str, email: str) -> bool:
    """Return True when an address bears a person's name: ``marie.durand@…``."""
    if not person:
        return False
    local = values.fold(email.partition("@")[0])
    return any(len(part) >= 4 and part in local for part in values.fold(person).split("-"))


def publisher(found: Iterable[Party]) -> Party | None:
    """Return who publishes: by role, then by order."""
    return _first(list(found), _PUBLISHERS)


def contact(found: Iterable[Party]) -> str:
    """Return the address or the page by which to reach whoever answers for the data, "" when none is given."""
    known = list(found)
    party = _first([party for party in known if party.email], _CONTACTS)
    if party is not None:
        return party.email
    party = _first([party for party in known if party.url], _CONTACTS)
    return party.url if party else ""


def _first(found: list[Party], roles: tuple[str, ...]) -> Party | None:
    """Return the party whose role comes first in ``roles``, else the first party."""
    rank = {role: number for number, role in enumerate(roles)}
    return min(found, key=lambda party: rank.get(party.role, len(roles)), default=None)
