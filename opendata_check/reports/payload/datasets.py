"""Places, datasets and files as JSON values: what their catalogue says, what was read of them."""

from __future__ import annotations

from typing import Any

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.copies import Copy
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.reports.payload.legal import day, number
from opendata_check.reports.safety import is_absolute, last_part

Payload = dict[str, Any]


def catalog(found: Catalog) -> Payload:
    """A folder is the target itself: its location is « . », so that a copy elsewhere gives the same report.

    ``name`` is that folder as it was typed, the last part only of an absolute one.
    """
    local = found.place == "folder"
    return {
        "source": found.source,
        "place": found.place,
        "location": "." if local else found.location,
        "name": shown_folder(found.location) if local else "",
        "title": "" if local and found.title == last_part(found.location) else found.title,
        "complete": found.complete,
        "interrupted": found.interrupted,
        "about_others": found.about_others,
        "publisher_siren": found.publisher_siren,
        "publisher_badges": list(found.publisher_badges),
        "software": found.software,
        "announced": found.announced,
        "left_out": [{"reason": reason, "count": count} for reason, count in found.left_out],
        "datasets": [dataset.id for dataset in found.datasets],
        "faults": [fault(each) for each in found.faults],
    }


def shown_folder(location: str) -> str:
    """Return a folder as typed; never an absolute path."""
    return last_part(location) if is_absolute(location) else location


def fault(seen: Fault) -> Payload:
    """Return what stayed unseen."""
    return {"what": seen.what, "where": seen.where, "remedy": seen.remedy}


def dataset(item: InspectedDataset) -> Payload:
    """Return a dataset with its files."""
    described = item.dataset
    return {
        "key": item.key,
        "catalog": shown_folder(item.catalog_location),
        "title": described.title,
        "license": described.license,
        "license_url": described.license_url,
        "frequency": described.frequency,
        "issued": day(described.issued),
        "modified": day(described.modified),
        "publisher": described.publisher,
        "landing_page": described.landing_page,
        "described": described.described,
        "harvested_from": described.harvested_from,
        "copies": [_copy(copy) for copy in item.copies],
        "matches": [
            {
                "family": match.family,
                "confidence": number(match.confidence),
                "by": match.by,
                "heard": match.heard,
                "rivals": list(match.rivals),
            }
            for match in item.matches
        ],
        "files": [_file(file) for file in item.files],
    }


def _copy(copy: Copy) -> Payload:
    """A folder is the target itself: its location is « . », as in ``catalog``."""
    return {
        "source": copy.source,
        "location": "." if copy.source == "folder" else copy.location,
        "dataset": copy.dataset.id,
        "landing_page": copy.dataset.landing_page,
        "license": copy.dataset.license,
        "modified": day(copy.dataset.modified),
    }


def _file(file: InspectedFile) -> Payload:
    facts = file.facts
    table = facts.table if facts else None
    service = file.distribution.service
    return {
        "id": file.distribution.id,
        "name": file.name,
        "title": file.distribution.title,
        "url": file.distribution.url,
        "role": file.distribution.role,
        "local": file.distribution.path is not None,
        "service": None if service is None else service.protocol,
        "modified": day(file.distribution.modified),
        "declared_format": file.distribution.declared_format,
        "detected_format": facts.envelope.detected if facts else "",
        "byte_size": facts.byte_size if facts else file.distribution.byte_size,
        "declared_size": file.distribution.byte_size,
        "sha256": facts.sha256 if facts else "",
        "read": facts is not None,
        "read_fault": facts.fault if facts else "",
        "encoding": facts.text.encoding if facts and facts.text else "",
        "delimiter": table.dialect.delimiter if table and table.dialect else "",
        "header_row": table.header_row if table else None,
        "row_count": table.row_count if table else None,
        "schema": _schema(file),
        "validation": _validation(file),
        "fault": None if file.fault is None else fault(file.fault),
        "unreachable": file.unreachable,
        "availability": None if file.availability is None else _availability(file.availability),
        "member": file.member,
    }


def _availability(seen: Availability) -> Payload:
    return {
        "state": seen.state,
        "status": seen.status,
        "ground": seen.ground,
        "detail": seen.detail,
        "final_url": seen.final_url,
    }


def _schema(file: InspectedFile) -> Payload | None:
    match = file.schema
    if match is None:
        return None
    return {
        "id": match.schema.id,
        "version": match.schema.version,
        "title": match.schema.title,
        "columns": [field.name for field in match.schema.fields],
        "confidence": number(match.confidence),
        "by": match.by,
        "missing_columns": list(match.missing_columns),
        "extra_columns": list(match.extra_columns),
        "misspelt_columns": [{"found": found, "expected": expected} for found, expected in match.misspelt_columns],
    }


def _validation(file: InspectedFile) -> Payload | None:
    validation = file.validation
    if validation is None:
        return None
    return {
        "schema_id": validation.schema_id,
        "schema_version": validation.schema_version,
        "row_count": validation.row_count,
        "issue_count": len(validation.issues),
        "valid": validation.valid,
        "complete": validation.complete,
        "note": validation.note,
    }
