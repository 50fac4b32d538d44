"""Turns an ISO 19139 or 19115-3 record into a Dataset: the two schemas agree on most local names.

Source: ISO/TS 19139:2007, ISO/TS 19115-3:2016, and the records that GeoNetwork, GeoIDE and pycsw give.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from opendata_check.model.catalog import Dataset, FieldDescription
from opendata_check.sources.reading import values
from opendata_check.sources.reading.iso import extent as iso_extent
from opendata_check.sources.reading.iso import inspire as iso_inspire
from opendata_check.sources.reading.iso import parties as iso_parties
from opendata_check.sources.reading.iso.online import distributions
from opendata_check.sources.reading.iso.rights import rights
from opendata_check.sources.reading.iso.text import anchor, code, dates, down, objects, said, text_of
from opendata_check.sources.reading.ogc.services import is_metadata
from opendata_check.sources.reading.xml_safe import Element

RECORDS = frozenset({"MD_Metadata", "MI_Metadata"})
KEPT_LEVELS = frozenset({"dataset", "series", "nonGeographicDataset"})
_LEVELS = {level.lower(): level for level in KEPT_LEVELS}
_HVD_LAW = "eli/reg_impl/2023/138"
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{1,39}")
_MOST_FIELDS = 1_000


def record_id(record: Element) -> str:
    """Return a record's own identifier, "" when it has none."""
    written = text_of(record, "fileIdentifier") or text_of(down(record, "metadataIdentifier"), "code")
    return values.text(written, 300)


def identification_of(record: Element) -> Element | None:
    """Return what describes the resource: the data rather than the service, when a record has both."""
    found = list(objects(record, "identificationInfo"))
    return next((item for item in found if item.tag != "SV_ServiceIdentification"), found[0] if found else None)


def level_of(record: Element) -> str:
    """Return the level a record is about: ``dataset`` when ISO's default applies, ``service`` for what only serves."""
    written = declared_level(record)
    if written:
        return written
    found = identification_of(record)
    return "service" if found is not None and found.tag == "SV_ServiceIdentification" else "dataset"


def declared_level(record: Element) -> str:
    """Return the level as coded, "" when the record is silent; an odd word becomes ``other``."""
    written = code(record, "hierarchyLevel") or code(down(record, "metadataScope"), "resourceScope")
    if not written:
        return ""
    level = _LEVELS.get(written.lower(), written)
    return level if level in KEPT_LEVELS or _WORD.fullmatch(level) else "other"


def french_locale(record: Element) -> str:
    """Return the locale of the French words (``#FR``) of a record written in another language, else ""."""
    if _metadata_language(record)[:2].lower() == "fr":
        return ""
    for name in ("locale", "otherLocale"):
        for locale in objects(record, name):
            language = code(locale, "languageCode") or code(locale, "language")
            if language[:2].lower() == "fr" and locale.get("id"):
                return f"#{locale.get('id')}"
    return ""


def dataset_of(record: Element, page: str = "") -> Dataset:
    """Return the dataset a record describes. ``page`` is the catalogue's page of the record, when it has one."""
    french = french_locale(record)
    found = identification_of(record)
    known = _known(record, found, french)
    facts = iso_inspire.inspire_of(record, found, known, french)
    offered = distributions(record, french)
    named = known.contacts + iso_parties.parties(down(found, "citation"), "citedResponsibleParty", french)
    publisher = iso_parties.publisher(named or _distributors(record, french) or known.metadata_contacts)
    issued, modified = _dates(down(found, "citation"))
    links = [*known.keywords.links, *known.rights.links]
    places = iso_extent.places(known.extents, french) or ", ".join(values.words(known.keywords.places))[:500]
    own_id = record_id(record) or (known.identifiers[0] if known.identifiers else "")
    return Dataset(
        id=own_id or _made_up(known.title, known.abstract),
        title=known.title,
        distributions=offered,
        description=known.abstract or values.prose(text_of(found, "purpose", french)),
        license=known.rights.license,
        license_url=known.rights.license_url,
        frequency=_frequency(found),
        issued=issued,
        modified=modified,
        keywords=values.words(known.keywords.free),
        themes=values.words([*facts.themes, *facts.topic_categories]),
        spatial=places,
        temporal=known.period,
        publisher=publisher.name if publisher else "",
        contact=iso_parties.contact(known.contacts) or iso_parties.contact(named or known.metadata_contacts),
        landing_page=_landing_page(record, page, [item.url or "" for item in offered]),
        described=True,
        identifiers=known.identifiers,
        metadata_modified=known.stamp,
        language=next(iter(iso_inspire.languages(found)), facts.metadata_language),
        access_rights=known.rights.access_rights,
        publisher_siren=publisher.siren if publisher else None,
        bbox=known.bbox,
        series=_series(record, found),
        conforms_to=tuple(dict.fromkeys(name for name, passed in facts.conformity if passed)),
        applicable_legislation=tuple(dict.fromkeys(link for link in links if _HVD_LAW in link)),
        hvd_categories=values.words(known.keywords.hvd),
        fields=tuple(_fields(record)),
        inspire=facts,
    )


def _known(record: Element, found: Element | None, french: str) -> iso_inspire.Known:
    """Return what several fields are made from, read once."""
    citation = down(found, "citation")
    extents = iso_extent.extents(found)
    return iso_inspire.Known(
        title=values.text(text_of(citation, "title", french)),
        abstract=values.prose(text_of(found, "abstract", french)),
        level=declared_level(record),
        identifiers=_identifiers(citation),
        keywords=iso_inspire.keywords(found, french),
        rights=rights(found, french),
        contacts=iso_parties.parties(found, "pointOfContact", french),
        metadata_contacts=iso_parties.parties(record, "contact", french),
        metadata_language=_metadata_language(record),
        stamp=_stamp(record),
        extents=extents,
        bbox=iso_extent.bbox(extents),
        period=iso_extent.period(extents),
    )


def _made_up(title: str, abstract: str) -> str:
    """Return an id that stays the same while the record says the same."""
    seen = hashlib.sha256(f"{title}\n{abstract}".encode("utf-8", "replace")).hexdigest()
    return f"sans-identifiant-{seen[:16]}"


def _metadata_language(record: Element) -> str:
    """Return the language of the record."""
    written = code(record, "language") or text_of(record, "language") or code(down(record, "defaultLocale"), "language")
    return values.text(written, 20)


def _stamp(record: Element) -> date | None:
    """Return the day of the record's last change."""
    written = values.day(text_of(record, "dateStamp"))
    if written is not None:
        return written
    known = dict(dates(record, "dateInfo"))
    return known.get("revision") or known.get("lastUpdate") or known.get("publication") or known.get("creation")


def _dates(citation: Element | None) -> tuple[date | None, date | None]:
    """Return when the data were issued and last revised."""
    known: dict[str, list[date]] = {}
    for kind, day in dates(citation):
        known.setdefault(kind, []).append(day)
    issued = known.get("publication") or known.get("released") or known.get("creation")
    revised = [day for kind in ("revision", "lastUpdate", "lastRevision") for day in known.get(kind, ())]
    return (min(issued) if issued else None), (max(revised) if revised else None)


def _identifiers(citation: Element | None) -> tuple[str, ...]:
    """Return the identifiers of the resource: each code, and the same behind its code space."""
    found: list[str] = []
    for identifier in objects(citation, "identifier"):
        holder = identifier.find("code")
        written = values.text(said(holder), 500) or anchor(holder)
        space = values.text(text_of(identifier, "codeSpace"), 300)
        if written and space and not written.startswith(("http:", "https:")):
            found.append(written)
            found.append(f"{space.rstrip('/')}/{written}" if space.startswith("http") else f"{space}:{written}")
        elif written:
            found.append(written)
        link = anchor(holder)
        if link:
            found.append(link)
    return tuple(dict.fromkeys(found))


def _frequency(found: Element | None) -> str:
    """Return the frequency of updates: a code, else a duration (``P1Y``)."""
    for maintenance in objects(found, "resourceMaintenance"):
        written = code(maintenance, "maintenanceAndUpdateFrequency")
        if not written:
            holder = maintenance.find("userDefinedMaintenanceFrequency")
            written = said(holder) or "".join(holder.itertext() if holder is not None else ()).strip()
        if written:
            return values.text(written, 100)
    return ""


def _distributors(record: Element, french: str) -> list[iso_parties.Party]:
    """Return who distributes the data."""
    return [
        party
        for distribution in objects(record, "distributionInfo")
        for distributor in objects(distribution, "distributor")
        for party in iso_parties.parties(distributor, "distributorContact", french)
    ]


def _landing_page(record: Element, page: str, links: list[str]) -> str:
    """Return the page where a person reads the record."""
    for linkage in objects(record, "metadataLinkage"):
        url = values.web_url(text_of(linkage, "linkage"))
        if url:
            return url
    readable = (url for url in links if is_metadata(url) and "getrecordbyid" not in url.lower())
    return page or next(readable, "") or values.web_url(text_of(record, "dataSetURI"))


def _series(record: Element, found: Element | None) -> str:
    """Return the parent's identifier, else that of the only larger whole the data are said to be part of."""
    parent = record.find("parentMetadata")
    written = text_of(record, "parentIdentifier") or (parent.get("uuidref", "") if parent is not None else "")
    if not written:
        citation = down(record, "parentMetadata")
        written = text_of(down(citation, "identifier"), "code") or text_of(citation, "title")
    if written:
        return values.text(written, 300)
    wholes = dict.fromkeys(filter(None, (_whole(item) for item in _associated(found))))
    return next(iter(wholes)) if len(wholes) == 1 else ""


def _associated(found: Element | None) -> list[Element]:
    """Return the resources said to be linked to this one."""
    return [*objects(found, "aggregationInfo"), *objects(found, "associatedResource")]


def _whole(associated: Element) -> str:
    """Return the identifier of an associated resource that holds this one, else ""."""
    if code(associated, "associationType") not in ("largerWorkCitation", "partOfSeamlessDatabase", "isPartOf"):
        return ""
    reference = associated.find("metadataReference")
    written = reference.get("uuidref", "") if reference is not None else ""
    return values.text(written or text_of(down(associated, "aggregateDataSetIdentifier"), "code"), 300)


def _fields(record: Element) -> list[FieldDescription]:
    """Return the columns that a feature catalogue inside the record describes."""
    found: list[FieldDescription] = []
    for content in objects(record, "contentInfo"):
        if content.find("featureCatalogue") is None:
            continue
        for attribute in content.iter("FC_FeatureAttribute"):
            name = values.text(text_of(attribute, "memberName") or text_of(attribute, "code"), 200)
            if name and len(found) < _MOST_FIELDS:
                kind = text_of(down(attribute, "valueType"), "aName") or text_of(attribute, "valueType")
                found.append(
                    FieldDescription(
                        name, "", values.text(kind, 60), values.text(text_of(attribute, "definition"), 1000)
                    )
                )
    return found
