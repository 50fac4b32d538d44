"""Turns a dcat:Dataset, as a node of a graph, into a Dataset: one mapping for folders, portals and every syntax.

Source: DCAT 3, DCAT-AP 3, GeoDCAT-AP 3, DCAT-US 1.1, and the variants portals write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.distribution import address_said, distribution_of
from opendata_check.sources.reading.dcat.parts import (
    contact_said,
    licence_said,
    period_said,
    place_said,
    publisher_said,
)
from opendata_check.sources.reading.dcat.values import frequency
from opendata_check.sources.reading.dcat.words import (
    Fields,
    address,
    addresses,
    identifier_of,
    listed,
    nodes,
    text,
    web_address,
)
from opendata_check.sources.reading.described import distinct_ids
from opendata_check.sources.reading.rdf.graph import Literal, Node

Place = Callable[[Distribution, str], Distribution | None]
"""Returns a distribution as it is to be kept, given its address as written; None to leave it out."""

_MAX_DISTRIBUTIONS = 5_000

MAPPING = {
    "dataset.id": "dct:identifier, else the subject's IRI, else its page or its title",
    "dataset.title": "dct:title (fr, then without language, then any)",
    "dataset.description": "dct:description, else dct:abstract",
    "dataset.license": "dct:license, else dct:rights, else a licence named by dct:accessRights; else a distribution's",
    "dataset.license_url": "IRI of the licence, or the address in its text",
    "dataset.frequency": "dct:accrualPeriodicity; DCAT-US: modified when it is R/P…",
    "dataset.issued": "dct:issued, else dct:created",
    "dataset.modified": "dct:modified, else dct:updated",
    "dataset.keywords": "dcat:keyword",
    "dataset.themes": "dcat:theme, dct:subject, geodcat:topicCategory",
    "dataset.spatial": "labels or IRIs of dct:spatial",
    "dataset.bbox": "dct:spatial › dcat:bbox, locn:geometry, gsp:asWKT, gsp:asGeoJSON, dcat:centroid",
    "dataset.temporal": "dct:temporal › dcat:startDate/endDate (schema:, time:), or an interval",
    "dataset.publisher": "dct:publisher, dct:creator, geodcat:distributor, resourceProvider, custodian; no foaf:Person",
    "dataset.publisher_siren": "identifier or IRI of the publisher",
    "dataset.contact": "dcat:contactPoint › vcard:hasEmail, else vcard:hasURL; no e-mail of a vcard:Individual",
    "dataset.landing_page": "dcat:landingPage, else schema:url",
    "dataset.identifiers": "subject's IRI, dct:identifier, adms:identifier, owl:sameAs, dct:source",
    "dataset.metadata_modified": "dcat:CatalogRecord › dct:modified",
    "dataset.harvested_from": "dcat:CatalogRecord › dct:source",
    "dataset.language": "dct:language",
    "dataset.access_rights": "dct:accessRights; DCAT-US: accessLevel",
    "dataset.series": "dcat:inSeries, else dct:isPartOf",
    "dataset.conforms_to": "dct:conformsTo",
    "dataset.applicable_legislation": "dcatap:applicableLegislation",
    "dataset.hvd_categories": "dcatap:hvdCategory",
    "distribution.id": "dct:identifier, else the IRI, else the address (and the title, when several share it)",
    "distribution.url": "dcat:downloadURL, else dcat:accessURL, else dcat:accessService › dcat:endpointURL",
    "distribution.access_url": "dcat:accessURL beside dcat:downloadURL",
    "distribution.stable_url": "dcat:accessURL of udata (/datasets/r/…)",
    "distribution.title": "dct:title",
    "distribution.description": "dct:description",
    "distribution.declared_format": "dct:format",
    "distribution.media_type": "dcat:mediaType, else dct:format",
    "distribution.byte_size": "dcat:byteSize (or dcat:bytesSize)",
    "distribution.checksum": "spdx:checksum",
    "distribution.modified": "dct:modified",
    "distribution.issued": "dct:issued",
    "distribution.schema_name": "dct:conformsTo that is no protocol; DCAT-US: describedBy",
    "distribution.license": "dct:license or dct:rights of the distribution",
    "distribution.service": "dcat:accessService › dct:conformsTo, dct:format, or the address",
}


def on_the_web(distribution: Distribution, address: str) -> Distribution | None:
    """Keep the distributions that have a web address."""
    return distribution if distribution.url else None


def dataset_of(node: Node, place: Place = on_the_web, record: Node | None = None) -> Dataset:
    """Return the dataset a node describes; ``record`` is its dcat:CatalogRecord, when the catalogue has one."""
    fields = node.said()
    identifier = identifier_of(node, fields)
    landing = web_address(fields, "landingPage", "url")
    parts = [(item, item.said()) for item in nodes(fields, "distribution")[:_MAX_DISTRIBUTIONS]]
    distributions = _distributions(parts, landing, place)
    title = values.text(text(fields, "title", "name", "label"))
    licence = next(filter(any, (licence_said(said) for said in (fields, *(said for _, said in parts)))), ("", ""))
    publisher, siren = publisher_said(fields)
    spatial, around = place_said(fields)
    about = record.said() if record else {}
    return Dataset(
        id=identifier or landing or values.fold(title),
        title=title or values.readable_title(identifier.rstrip("/").rpartition("/")[2]),
        distributions=distributions,
        description=values.prose(text(fields, "description", "abstract")),
        license=licence[0],
        license_url=licence[1],
        frequency=_frequency(fields),
        issued=values.day(text(fields, "issued", "created")),
        modified=values.day(text(fields, "modified", "updated")),
        keywords=listed(fields, "keyword"),
        themes=listed(fields, "theme", "subject"),
        spatial=spatial,
        temporal=period_said(fields),
        publisher=publisher,
        contact=contact_said(fields),
        landing_page=landing,
        described=True,
        harvested_from=_harvested(record, about),
        identifiers=_identifiers(node, fields, record, about),
        metadata_modified=values.day(text(about, "modified")),
        language=", ".join(values.words([*addresses(fields, "language")]))[:200],
        access_rights=values.text(text(fields, "accessRights", "accessLevel")),
        publisher_siren=siren,
        bbox=around,
        series=_series(fields),
        conforms_to=values.words([*addresses(fields, "conformsTo")]),
        applicable_legislation=values.words([*addresses(fields, "applicableLegislation")]),
        hvd_categories=values.words([*addresses(fields, "hvdCategory")]),
    )


def _distributions(parts: list[tuple[Node, Fields]], landing: str, place: Place) -> tuple[Distribution, ...]:
    """Return the distributions to keep, with ids that differ: those that share one are told apart by their titles."""
    kept = []
    for node, said in parts:
        found = place(distribution_of(node, said, landing), address_said(said))
        if found is not None:
            kept.append(found)
    if len({found.id for found in kept}) < len(kept):
        counts = Counter(found.id for found in kept)
        kept = [
            replace(found, id=f"{found.id}#{found.title}") if counts[found.id] > 1 and not found.path else found
            for found in kept
        ]
    return distinct_ids(tuple(kept))


def _frequency(fields: Fields) -> str:
    """Return the frequency; DCAT-US may give it in place of a date (``modified``: ``R/P1D``)."""
    given = address(fields, "accrualPeriodicity")
    if not given:
        modified = text(fields, "modified")
        return frequency(modified[:300]) if modified[:1] in ("R", "P") else ""
    return frequency(given[:300])


def _series(fields: Fields) -> str:
    """Return the id of the series or parent."""
    for item in (item for name in ("inSeries", "isPartOf") for item in fields.get(name, ())):
        if isinstance(item, Node):
            found = identifier_of(item)
        else:
            found = values.text(item.text if isinstance(item, Literal) else item)
        if found:
            return found
    return ""


def _identifiers(node: Node, fields: Fields, record: Node | None, about: Fields) -> tuple[str, ...]:
    """Return the names of this very dataset: its IRI, its identifiers here and elsewhere, those of its record."""
    written = [node.id]
    for name in ("identifier", "sameAs", "source"):
        for item in fields.get(name, ()):
            if isinstance(item, Node):
                written.append(item.id)
                if item.pairs and name == "identifier":  # adms:Identifier
                    written.append(text(item.said(), "notation", "value", "identifier"))
            else:
                written.append(item.text if isinstance(item, Literal) else item)
    if record is not None:
        written += [record.id, *addresses(about, "identifier")]
    return tuple(dict.fromkeys(found for found in (values.text(item, 500) for item in written[:50]) if found))


def _harvested(record: Node | None, about: Fields) -> str:
    """Return where the record comes from, when it says it is another's copy."""
    source = web_address(about, "source")
    return source if record is not None and source != record.id else ""
