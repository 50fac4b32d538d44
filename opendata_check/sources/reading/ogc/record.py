"""Turns a record of an OGC API Records into a Dataset; every field may be missing or of another type.

Source: OGC 20-004 (OGC API Records, part 1), tables 8 and 9; what pygeoapi, pycsw and GeoNetwork write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading import values, xml_safe
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.iso import record as iso_record
from opendata_check.sources.reading.iso.extent import Box
from opendata_check.sources.reading.iso.online import Link, distribution_of
from opendata_check.sources.reading.iso.rights import names_licence
from opendata_check.sources.reading.ogc.answers import items_of, links_of, mapping

_NOT_DATA = frozenset(
    {
        "self", "alternate", "collection", "root", "parent", "next", "prev", "license", "preview", "thumbnail", "icon",
        "canonical", "service-desc", "service-doc", "conformance", "queryables", "up", "home", "overview", "search",
    }
)  # fmt: skip
_SHOWN = frozenset({"thumbnail", "overview", "visual"})
_VAGUE = frozenset({"other", "various", "proprietary", "none", "unknown", ""})
_PROTOCOL = re.compile(r"^(?:OGC|WWW|ESRI|HTTP|FILE)\b[:\s-]|^OGC API", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:ville|commune|mairie|m[ée]tropole|agglom[ée]ration|communaut[ée]|d[ée]partement|r[ée]gion|minist[èe]re|"
    r"pr[ée]fecture|direction|service|agence|institut|office|syndicat|universit[ée]|centre|center|observatoire|"
    r"conseil|association|soci[ée]t[ée]|team|group|organi[sz]ation|administration|bureau|dreal|ddtm?|ign|sig)\b",
    re.IGNORECASE,
)
_MOST_POINTS = 20_000


def kind_of(feature: Mapping[str, Any]) -> str:
    """Return what a record is about: ``dataset`` when it does not say, ``other`` for an odd word."""
    written = values.text(mapping(feature.get("properties")).get("type"), 100).rpartition("/")[2].rpartition("#")[2]
    known = {level.lower(): level for level in iso_record.KEPT_LEVELS}
    level = known.get(written.lower(), written) or "dataset"
    return level if re.fullmatch(r"[A-Za-z][A-Za-z-]{1,39}", level) else "other"


def dataset_of(feature: Mapping[str, Any]) -> Dataset:
    """Return the dataset a record describes; the ISO record itself prevails where a GeoNetwork joins it."""
    properties = mapping(feature.get("properties"))
    whole = properties.get("gn-record-xml")
    if isinstance(whole, str):
        record = xml_safe.parse(whole.encode("utf-8", "replace"))
        if record is not None and record.tag in iso_record.RECORDS:
            return iso_record.dataset_of(record, _landing_page(feature))
    return _from_properties(feature, properties)


def _from_properties(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> Dataset:
    """Return the dataset of a record of the standard."""
    contacts = [contact for contact in map(mapping, items_of(properties.get("contacts"))) if _body(contact)]
    publisher = _by_role(contacts, ("publisher", "owner", "custodian", "pointOfContact", "resourceProvider"))
    licence, licence_url = _license(feature, properties)
    rights = _strings(properties.get("accessRights")) or [
        said for said in _strings(properties.get("rights")) if not names_licence(said)
    ]
    return Dataset(
        id=values.text(feature.get("id"), 300),
        title=values.text(properties.get("title")),
        distributions=distinct_ids(tuple(_distributions(feature, properties))),
        description=values.prose(properties.get("description")),
        license=licence,
        license_url=licence_url,
        frequency=_first(properties, "updateFrequency", "accrualPeriodicity", "frequency"),
        issued=_day(properties, "issued", "published", "date", "created"),
        modified=_day(properties, "modified"),
        keywords=values.words(_strings(properties.get("keywords"))),
        themes=values.words(list(_concepts(properties.get("themes")))),
        spatial=_first(properties, "spatial", "spatialDescription"),
        temporal=_temporal(feature.get("time")),
        publisher=_body(publisher),
        contact=_contact(contacts),
        landing_page=_landing_page(feature),
        described=True,
        identifiers=_identifiers(properties.get("externalIds")),
        metadata_modified=_day(properties, "updated", "recordUpdated"),
        language=_language(properties),
        access_rights=values.text(rights[0]) if rights else "",
        bbox=_bbox(feature),
        series=_series(feature, properties),
    )


def _first(properties: Mapping[str, Any], *names: str) -> str:
    """Return the first of these properties that is a text."""
    return next(filter(None, (values.text(properties.get(name)) for name in names)), "")


def _day(properties: Mapping[str, Any], *names: str) -> Any:
    """Return the first of these properties that is a date."""
    return next(filter(None, (values.day(properties.get(name)) for name in names)), None)


def _strings(value: Any) -> list[str]:
    """Return texts, given alone, in a list, or as objects that have a title, a name, an id."""
    found = []
    for item in items_of(value) if isinstance(value, list) else [value]:
        known = mapping(item)
        said = next((known[name] for name in ("title", "name", "label", "id", "value") if known.get(name)), None)
        written = values.text(said if known else item)
        if written:
            found.append(written)
    return found


def _concepts(themes: Any) -> Iterator[str]:
    """Yield the concepts of the themes."""
    for theme in items_of(themes):
        concepts = mapping(theme).get("concepts")
        yield from _strings(concepts) if concepts is not None else _strings(theme)


def _language(properties: Mapping[str, Any]) -> str:
    """Return the language's code."""
    known = properties.get("language") or next(iter(items_of(properties.get("languages"))), None)
    return values.text(mapping(known).get("code") or (known if isinstance(known, str) else ""), 20)


def _body(contact: Mapping[str, Any]) -> str:
    """Return the organization of a contact: ``name`` is a person's unless its words say otherwise."""
    own = values.text(contact.get("organization"), 300)
    name = values.text(contact.get("name"), 300)
    return own or (name if _BODY.search(name) else "")


def _by_role(contacts: list[Mapping[str, Any]], roles: tuple[str, ...]) -> Mapping[str, Any]:
    """Return the contact whose role comes first in ``roles``, else the first one."""
    rank = {role.lower(): number for number, role in enumerate(roles)}

    def place(contact: Mapping[str, Any]) -> int:
        said = [*_strings(contact.get("roles")), *_strings(contact.get("role"))]
        return min((rank.get(role.lower(), len(roles)) for role in said), default=len(roles))

    return min(contacts, key=place, default={})


def _contact(contacts: list[Mapping[str, Any]]) -> str:
    """Return the address, else the page, by which to reach an organization."""
    first = _by_role(contacts, ("pointOfContact", "custodian", "owner", "publisher"))
    known = [first, *contacts]
    for contact in known:
        for said in (*_strings(contact.get("emails")), *_strings(contact.get("email"))):
            if values.email(said):
                return values.email(said)
    for contact in known:
        for link in links_of(contact):
            if values.web_url(link.get("href")):
                return values.web_url(link.get("href"))
    return ""


def _license(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str, str]:
    """Return the licence and its address; « other » only sends to the link."""
    said = _first(properties, "license", "licence")
    link = next((link for link in links_of(feature) if link.get("rel") == "license"), {})
    url = values.web_url(link.get("href")) or values.web_url(said)
    if said.lower() in _VAGUE:
        said = values.text(link.get("title")) or url
    if not said:
        said = next(filter(names_licence, _strings(properties.get("rights"))), "")
    return said, url


def _identifiers(external: Any) -> tuple[str, ...]:
    """Return the other identifiers of the record."""
    found = []
    for item in items_of(external):
        known = mapping(item)
        found.append(values.text(known.get("value") if known else item, 500))
    return tuple(dict.fromkeys(filter(None, found)))


def _temporal(time: Any) -> str:
    """Return the period a record's ``time`` tells; « .. » and null are open ends."""
    known = mapping(time)
    interval = known.get("interval", time if isinstance(time, list) else None)
    if isinstance(interval, list) and len(interval) == 2:
        ends = ["" if end in ("..", None) else end for end in interval]
        return values.period(ends[0], ends[1])
    moment = known.get("date") or known.get("timestamp") or (time if isinstance(time, str) else "")
    return values.period(moment, moment) if moment else ""


def _bbox(feature: Mapping[str, Any]) -> Box | None:
    """Return the box of a record, given or drawn around its geometry."""
    given = feature.get("bbox")
    if isinstance(given, list) and len(given) in (4, 6) and all(_is_number(side) for side in given):
        half = len(given) // 2
        return _sound(given[0], given[1], given[half], given[half + 1])
    left = [mapping(feature.get("geometry")).get("coordinates")]
    xs: list[float] = []
    ys: list[float] = []
    while left and len(xs) < _MOST_POINTS:
        value = left.pop()
        if not isinstance(value, list) or not value:
            continue
        if _is_number(value[0]):
            if len(value) >= 2 and _is_number(value[1]):
                xs.append(float(value[0]))
                ys.append(float(value[1]))
        else:
            left += value[:_MOST_POINTS]
    return _sound(min(xs), min(ys), max(xs), max(ys)) if xs else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _sound(west: float, south: float, east: float, north: float) -> Box | None:
    """Return a box in degrees, None for another unit."""
    fits = abs(west) <= 180 and abs(east) <= 180 and abs(south) <= 90 and abs(north) <= 90
    return (float(west), float(south), float(east), float(north)) if fits else None


def _landing_page(feature: Mapping[str, Any]) -> str:
    """Return the page where a person reads the record."""
    for rel in ("canonical", "alternate", "about", "item"):
        for link in links_of(feature):
            kind = values.text(link.get("type"), 100).lower()
            if link.get("rel") == rel and kind.startswith(("text/html", "landingpage")):
                return values.web_url(link.get("href"))
    return ""


def _series(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    """Return the larger whole the dataset is part of."""
    for link in links_of(feature):
        if values.text(link.get("rel"), 100) in ("up", "parent", "isPartOf"):
            return values.text(link.get("href"), 300)
    return _first(properties, "parentIdentifier")


def _distributions(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[Distribution]:
    """Yield the distributions behind the links and the assets, each address and title once."""
    formats = list(dict.fromkeys(_strings(properties.get("formats"))))
    declared = formats[0][:60] if len(formats) == 1 else ""
    assets = mapping(feature.get("assets")).values()
    seen = set()
    for link in [*links_of(feature), *map(mapping, list(assets)[:1_000])]:
        if values.text(link.get("rel"), 100) in _NOT_DATA or _SHOWN & set(_strings(link.get("roles"))):
            continue
        found = _link(link)
        if found is None or (found.url, found.name) in seen:
            continue
        seen.add((found.url, found.name))
        item = distribution_of(found, declared)
        if item is not None:
            yield item


def _link(link: Mapping[str, Any]) -> Link | None:
    """Return a link as ISO writes it: its protocol may stand in its type or its title."""
    url = values.web_url(link.get("href"))
    if not url:
        return None
    kind, title = values.text(link.get("type"), 100), values.text(link.get("title"))
    title = "" if title == "None" else title
    said = values.text(link.get("protocol"), 100) or ("" if "/" in kind else kind)
    if not said and _PROTOCOL.match(title):
        said, title = title, ""
    rel = values.text(link.get("rel"), 100)
    gives = rel in ("enclosure", "download", "data", "items") or "data" in _strings(link.get("roles"))
    return Link(
        url=url,
        protocol=said,
        name=title,
        description=values.prose(link.get("description")),
        function="download" if gives else "information" if rel in ("about", "describedby") else "",
        media_type=kind.lower() if "/" in kind else "",
        byte_size=values.size(link.get("length")) or values.size(link.get("file:size")),
    )
