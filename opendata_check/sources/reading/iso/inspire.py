"""The facts an INSPIRE record states that DCAT has no word for, and the mandatory elements it lacks.

Source: Regulation (EC) 1205/2008, annex, parts B and C; Technical Guidelines for metadata 2.0.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from opendata_check.model.catalog import Inspire
from opendata_check.sources.reading import values
from opendata_check.sources.reading.iso import extent as iso_extent
from opendata_check.sources.reading.iso.parties import Party
from opendata_check.sources.reading.iso.rights import Rights
from opendata_check.sources.reading.iso.text import anchor, code, codes, dates, down, objects, said, text_of, texts
from opendata_check.sources.reading.xml_safe import Element

_THESAURUS = re.compile(r"gemet\s*-?\s*inspire\s+th[eè]mes?|inspire[\s-]+th[eè]mes?|th[eè]mes? inspire", re.IGNORECASE)
_THESAURUS_LINK = re.compile(r"inspire\.ec\.europa\.eu/theme/?$|inspire-themes", re.IGNORECASE)
_THESAURUS_ID = re.compile(r"inspire-?theme|inspireeceuropaeutheme", re.IGNORECASE)
_THEME = re.compile(r"inspire\.ec\.europa\.eu/theme/", re.IGNORECASE)
_HVD = re.compile(r"high.value dataset|forte valeur", re.IGNORECASE)
_HVD_LINK = "data.europa.eu/bna/"
_MOST = 2_000


@dataclass(slots=True)
class Keywords:
    """A record's keywords, sorted by what they are."""

    free: list[str]
    themes: list[str]
    """INSPIRE themes."""
    places: list[str]
    hvd: list[str]
    links: list[str]
    """Addresses that keywords point to."""


def keywords(identification: Element | None, french: str = "") -> Keywords:
    """Return the keywords of a resource."""
    found = Keywords([], [], [], [], [])
    left = _MOST
    for block in objects(identification, "descriptiveKeywords"):
        thesaurus = next(objects(block, "thesaurusName"), None)
        title = text_of(thesaurus, "title")
        known = anchor(thesaurus.find("title")) if thesaurus is not None else ""
        of_themes = _is_theme_thesaurus(thesaurus, title, known)
        of_hvd = bool(_HVD.search(title)) or _HVD_LINK in known
        of_place = code(block, "type") == "place"
        for holder in block.findall("keyword")[:left]:
            left -= 1
            word, link = said(holder, french), anchor(holder)
            if link:
                found.links.append(link)
            if not word and not link:
                continue
            if of_themes or _THEME.search(link):
                found.themes.append(word or link)
            elif of_hvd or _HVD_LINK in link:
                found.hvd.append(link or word)
                found.free.append(word)
            else:
                (found.places if of_place else found.free).append(word or link)
    return found


def _is_theme_thesaurus(thesaurus: Element | None, title: str, known: str) -> bool:
    """Return True for the thesaurus of the INSPIRE themes, known by its title, its address or its identifier."""
    if thesaurus is None:
        return False
    if _THESAURUS.search(title) or _THESAURUS_LINK.search(known):
        return True
    return any(_THESAURUS_ID.search(text_of(found, "code")) for found in objects(thesaurus, "identifier"))


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of a record, from which its fields are made and its mandatory elements judged."""

    title: str
    abstract: str
    level: str
    identifiers: tuple[str, ...]
    keywords: Keywords
    rights: Rights
    contacts: list[Party]
    """Points of contact of the data."""
    metadata_contacts: list[Party]
    metadata_language: str
    stamp: date | None
    """Day of the record's last change."""
    extents: list[Element]
    bbox: iso_extent.Box | None
    period: str


def inspire_of(record: Element, identification: Element | None, known: Known, french: str = "") -> Inspire:
    """Return the INSPIRE facts of a record."""
    conformity = tuple(_conformity(record, french))
    topics = values.words([values.text(topic, 60) for topic in _topics(identification)])
    lineage = _lineage(record, french)
    return Inspire(
        hierarchy_level=known.level,
        themes=values.words(known.keywords.themes),
        topic_categories=topics,
        conformity=conformity,
        lineage=lineage,
        access_constraints=known.rights.access,
        use_constraints=known.rights.use,
        reference_systems=values.words(list(_reference_systems(record))),
        language=", ".join(languages(identification)),
        metadata_language=known.metadata_language,
        metadata_contact=bool(known.metadata_contacts),
        resource_identifier=known.identifiers[0] if known.identifiers else "",
        spatial_resolution=", ".join(values.words(list(_resolutions(identification))))[:200],
        missing=_missing(identification, known, bool(topics), bool(lineage), bool(conformity)),
    )


def _missing(
    identification: Element | None, known: Known, has_topic: bool, has_lineage: bool, has_conformity: bool
) -> tuple[str, ...]:
    """Return the ISO names of the mandatory elements that a dataset's or a series' record lacks."""
    if known.level not in ("", "dataset", "series"):  # the regulation is about spatial data only
        return ()
    dated = bool(known.period) or bool(dates(down(identification, "citation")))
    present = {
        "title": bool(known.title),
        "abstract": bool(known.abstract),
        "hierarchyLevel": bool(known.level),
        "identifier": bool(known.identifiers),
        "topicCategory": has_topic,
        "descriptiveKeywords": bool(known.keywords.themes),
        "EX_GeographicBoundingBox": known.bbox is not None,
        "date": dated,
        "lineage": has_lineage,
        "DQ_ConformanceResult": has_conformity,
        "useConstraints": bool(known.rights.use),
        "accessConstraints": bool(known.rights.access),
        "pointOfContact": any(party.email for party in known.contacts),
        "contact": any(party.email for party in known.metadata_contacts),
        "dateStamp": known.stamp is not None,
        "language": bool(known.metadata_language),
    }
    return tuple(name for name, there in present.items() if not there)


def languages(identification: Element | None) -> tuple[str, ...]:
    """Return the languages of the data, as coded."""
    found = [values.text(language, 20) for language in codes(identification, "language")]
    for name in ("defaultLocale", "otherLocale"):
        found += [values.text(code(locale, "language"), 20) for locale in objects(identification, name)]
    return values.words(found)


def _topics(identification: Element | None) -> Iterator[str]:
    yield from texts(identification, "topicCategory")


def _conformity(record: Element, french: str) -> Iterator[tuple[str, bool | None]]:
    """Yield each specification the record speaks of, and whether the data pass; None when it is not evaluated."""
    for quality in objects(record, "dataQualityInfo"):
        for report in objects(quality, "report"):
            for result in objects(report, "result"):
                if result.tag != "DQ_ConformanceResult":
                    continue
                specification = next(objects(result, "specification"), None)
                title = values.text(text_of(specification, "title", french))
                holder = result.find("specification")
                name = title or anchor(specification.find("title") if specification is not None else holder)
                if name:
                    yield (
                        name,
                        {"true": True, "1": True, "false": False, "0": False}.get(text_of(result, "pass").lower()),
                    )


def _lineage(record: Element, french: str) -> str:
    """Return the statements on where the data come from."""
    blocks = [found for quality in objects(record, "dataQualityInfo") for found in objects(quality, "lineage")]
    blocks += objects(record, "resourceLineage")
    return values.prose("\n".join(filter(None, (text_of(block, "statement", french) for block in blocks))))


def _reference_systems(record: Element) -> Iterator[str]:
    """Yield the reference systems, ``EPSG:2154`` when a bare code stands beside its authority."""
    for system in objects(record, "referenceSystemInfo"):
        for name in ("referenceSystemIdentifier", "name"):
            for identifier in objects(system, name):
                holder = identifier.find("code")
                written = values.text(said(holder), 200) or anchor(holder)
                space = values.text(text_of(identifier, "codeSpace"), 60)
                if written.isdigit() and space and "/" not in space:
                    written = f"{space}:{written}"
                if written:
                    yield written


def _resolutions(identification: Element | None) -> Iterator[str]:
    """Yield the scales (``1:500``) and the distances (``25 m``)."""
    for resolution in objects(identification, "spatialResolution"):
        scale = text_of(down(resolution, "equivalentScale"), "denominator")
        if scale:
            yield f"1:{values.text(scale, 20)}"
        for holder in resolution.findall("distance")[:10]:
            written = said(holder)
            if written:
                unit = values.text(holder[0].get("uom"), 60).rpartition("#")[2].rpartition("/")[2]
                yield f"{values.text(written, 20)} {unit}".strip()
