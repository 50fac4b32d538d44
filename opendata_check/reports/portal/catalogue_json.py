"""A portal's catalogue as JSON, whatever the portal: one dataset a place, DCAT's own names (docs/portails.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault, FieldDescription, Inspire, ServiceOffer
from opendata_check.model.finding import Finding
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.survey import Survey
from opendata_check.reports.payload.legal import day, reference

SCHEMA_VERSION = "1.0"
"""Raised with docs/schemas/portal.schema.json."""

Payload = dict[str, Any]


def pieces(survey: Survey) -> Iterator[str]:
    """Yield the document, one dataset and one finding at a time: a country's need not stand in memory as text."""
    head = {
        "catalogs": [_catalog(catalog) for catalog in survey.catalogs],
        "faults": [_fault(fault) for fault in survey.faults],
        "links_checked": survey.links_checked,
        "on": survey.on.isoformat(),
        "partial": survey.partial,
        "schema_version": SCHEMA_VERSION,
        "sources": [
            {
                "url": source.url,
                "kind": source.kind,
                "name": source.name,
                "label": source.label,
                "ground": source.ground,
                "scope": source.scope,
            }
            for source in survey.sources
        ],
        "target": survey.target,
        "tool": {"name": "opendata-check", "version": survey.tool_version},
    }
    text = _text(head)
    yield text[: text.rindex("\n}")]
    yield from _listed("findings", map(_finding, survey.findings))
    yield from _listed("datasets", map(dataset, survey.datasets))
    yield "\n}\n"


def _listed(name: str, items: Iterator[Payload]) -> Iterator[str]:
    """Yield one more member of the document: a list, each of its items as it comes."""
    yield f',\n  "{name}": ['
    end = "]"
    for item in items:
        yield ("," if end != "]" else "") + "\n    " + _text(item).replace("\n", "\n    ")
        end = "\n  ]"
    yield end


def _text(value: Payload) -> str:
    """Return a value as JSON, keys sorted."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)


def dataset(item: InspectedDataset) -> Payload:
    """Return one dataset with all that its catalogue says, by DCAT's names."""
    said = item.dataset
    return {
        "identifier": said.id,
        "otherIdentifier": list(said.identifiers),
        "title": said.title,
        "description": said.description,
        "license": said.license,
        "licenseUrl": said.license_url,
        "accessRights": said.access_rights,
        "accrualPeriodicity": said.frequency,
        "issued": day(said.issued),
        "modified": day(said.modified),
        "metadataModified": day(said.metadata_modified),
        "keyword": list(said.keywords),
        "theme": list(said.themes),
        "language": said.language,
        "spatial": said.spatial,
        "bbox": None if said.bbox is None else list(said.bbox),
        "temporal": said.temporal,
        "publisher": {"name": said.publisher, "siren": said.publisher_siren},
        "contactPoint": said.contact,
        "landingPage": said.landing_page,
        "inSeries": said.series,
        "conformsTo": list(said.conforms_to),
        "applicableLegislation": list(said.applicable_legislation),
        "hvdCategory": list(said.hvd_categories),
        "source": said.harvested_from,
        "aboutOthers": said.about_others,
        "field": [_field(field) for field in said.fields],
        "declaredQuality": dict(said.declared_quality),
        "inspire": None if said.inspire is None else _inspire(said.inspire),
        "place": [_place(one.location, one.source, one.dataset) for one in item.copies],
        "distribution": [_distribution(file) for file in item.files],
    }


def _distribution(file: InspectedFile) -> Payload:
    one: Distribution = file.distribution
    return {
        "identifier": one.id,
        "title": one.title,
        "description": one.description,
        "downloadURL": one.url,
        "accessURL": one.access_url,
        "stableURL": one.stable_url,
        "alsoAt": list(one.also_at),
        "format": one.declared_format,
        "mediaType": one.media_type,
        "byteSize": one.byte_size,
        "checksum": one.checksum,
        "issued": day(one.issued),
        "modified": day(one.modified),
        "license": one.license,
        "licenseUrl": one.license_url,
        "conformsTo": one.schema_name,
        "schemaVersion": one.schema_version,
        "role": one.role,
        "rowCount": one.row_count,
        "asynchronous": one.asynchronous,
        "synthesised": one.synthesised,
        "declaredAvailable": one.available,
        "accessService": None if one.service is None else _service(one.service),
        "availability": None if file.availability is None else availability(file.availability),
    }


def availability(seen: Availability) -> Payload:
    """Return what an attempt on a link gave."""
    return {
        "state": seen.state,
        "status": seen.status,
        "finalUrl": seen.final_url,
        "mediaType": seen.media_type,
        "byteSize": seen.byte_size,
        "lastModified": day(seen.last_modified),
        "ground": seen.ground,
        "detail": seen.detail,
        "typeDiffers": seen.type_differs,
        "sizeDiffers": seen.size_differs,
    }


def _service(offer: ServiceOffer) -> Payload:
    return {
        "protocol": offer.protocol,
        "version": offer.version,
        "layer": offer.layer,
        "format": list(offer.formats),
        "crs": list(offer.crs),
        "count": offer.count,
    }


def _field(field: FieldDescription) -> Payload:
    return {"name": field.name, "title": field.label, "type": field.type, "description": field.description}


def _inspire(said: Inspire) -> Payload:
    return {
        "hierarchyLevel": said.hierarchy_level,
        "theme": list(said.themes),
        "topicCategory": list(said.topic_categories),
        "conformity": [{"specification": name, "pass": passed} for name, passed in said.conformity],
        "lineage": said.lineage,
        "accessConstraint": list(said.access_constraints),
        "useConstraint": list(said.use_constraints),
        "referenceSystem": list(said.reference_systems),
        "language": said.language,
        "metadataLanguage": said.metadata_language,
        "metadataContact": said.metadata_contact,
        "resourceIdentifier": said.resource_identifier,
        "spatialResolution": said.spatial_resolution,
        "missing": list(said.missing),
    }


def _place(location: str, kind: str, said: Dataset) -> Payload:
    return {
        "location": location,
        "source": kind,
        "identifier": said.id,
        "landingPage": said.landing_page,
        "license": said.license,
        "modified": day(said.modified),
        "harvestedFrom": said.harvested_from,
    }


def _catalog(catalog: Catalog) -> Payload:
    return {
        "source": catalog.source,
        "place": catalog.place,
        "location": catalog.location,
        "title": catalog.title,
        "software": catalog.software,
        "complete": catalog.complete,
        "interrupted": catalog.interrupted,
        "announced": catalog.announced,
        "seen": len(catalog.datasets),
        "leftOut": [{"reason": reason, "count": count} for reason, count in catalog.left_out],
        "publisherSiren": catalog.publisher_siren,
        "publisherBadge": list(catalog.publisher_badges),
        "faults": [_fault(fault) for fault in catalog.faults],
    }


def _fault(fault: Fault) -> Payload:
    return {"what": fault.what, "where": fault.where, "remedy": fault.remedy}


def _finding(finding: Finding) -> Payload:
    return {
        "check": finding.check,
        "axis": finding.axis.value,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": finding.message,
        "why": finding.why,
        "remedy": finding.remedy,
        "legal_basis": [reference(basis) for basis in finding.legal_basis],
        "dataset": finding.dataset,
        "dataset_title": finding.dataset_title,
        "files": [place.file for place in finding.locations if place.file],
        "evidence": finding.evidence,
        "fingerprint": finding.fingerprint,
    }
