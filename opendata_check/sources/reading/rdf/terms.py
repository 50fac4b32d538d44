"""The properties DCAT's readers keep, by their local name, whatever namespace or spelling a catalogue gives them."""

from __future__ import annotations

import re
from functools import lru_cache

TYPE = "@type"
"""rdf:type; ``dct:type`` is ``type``."""
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

SHAPES = frozenset({"bbox", "geometry", "asGeoJSON", "asWKT", "asGML", "centroid"})
"""Properties that hold geometries, sometimes megabytes of them."""

_KEPT = SHAPES | {
    # what a thing is called
    "title", "name", "fn", "label", "prefLabel", "organization-name", "organisation-name", "value", "notation",
    "identifier", "sameAs", "source", "description", "abstract",
    # dates and periods
    "issued", "created", "modified", "updated", "accrualPeriodicity", "temporal", "startDate", "endDate",
    "hasBeginning", "hasEnd", "inXSDDateTimeStamp", "inXSDDateTime", "inXSDDate", "inXSDgYear",
    # datasets
    "keyword", "theme", "subject", "language", "spatial", "landingPage", "license", "rights", "accessRights",
    "accessLevel", "conformsTo", "describedBy", "inSeries", "isPartOf", "applicableLegislation", "hvdCategory",
    # people and bodies
    "publisher", "creator", "distributor", "resourceProvider", "owner", "custodian", "contactPoint", "hasEmail",
    "email", "mbox", "hasURL", "hasValue", "org", "memberOf", "hasOrganizationName", "contactForm",
    # distributions and services
    "distribution", "accessURL", "downloadURL", "url", "format", "mediaType", "byteSize", "checksum", "checksumValue",
    "algorithm", "accessService", "endpointURL", "versionInfo", "version",
    # catalogues and their pages
    "dataset", "primaryTopic", "isPrimaryTopicOf", "next", "nextPage", "totalItems",
}  # fmt: skip

_OTHER_NAMES = {
    "distributions": "distribution",
    "datasets": "dataset",
    "bytessize": "byteSize",
    "contentsize": "byteSize",
    "size": "byteSize",
    "licence": "license",
    "keywords": "keyword",
    "themes": "theme",
    "category": "theme",
    "topiccategory": "theme",
    "contenturl": "downloadURL",
    "endpointuri": "endpointURL",
    "encodingformat": "mediaType",
    "datepublished": "issued",
    "datecreated": "created",
    "datemodified": "modified",
    "spatialcoverage": "spatial",
    "temporalcoverage": "temporal",
    "checksumalgorithm": "algorithm",
    "organisationname": "organisation-name",
    "hasorganizationname": "organization-name",
    "contact_point": "contactPoint",
    "hvdcategories": "hvdCategory",
}
"""Misspelt in the wild (``dcat:distributions``, ``dcat:bytesSize``), or what schema.org says for the same thing."""

_NAMES = {name.lower(): name for name in _KEPT} | _OTHER_NAMES


@lru_cache(maxsize=4096)
def term(iri: str) -> str:
    """Return the name a property is kept under, "" when nothing here needs it."""
    if iri == _RDF_TYPE:
        return TYPE
    return _NAMES.get(local_name(iri).lower(), "")


@lru_cache(maxsize=4096)
def local_name(iri: str) -> str:
    """Return what ends an IRI or a compact name (``dcat:Dataset``)."""
    return re.split(r"[#/:]", iri)[-1] or iri


@lru_cache(maxsize=4096)
def kind(iri: str) -> str:
    """Return the local name of a class; schema.org's are brought to DCAT's."""
    name = local_name(iri)
    return {"DataCatalog": "Catalog", "DataDownload": "Distribution"}.get(name, name)
