"""What each field of Dataset and Distribution is read from on an Opendatasoft portal.

Paths are those of API v2, then of v1; « | » parts what is tried in turn, « ( ) » holds a remark.
"""

from __future__ import annotations

MAPPING: dict[str, str] = {
    "dataset.id": "dataset_id | datasetid",
    "dataset.title": "metas.default.title | metas.title",
    "dataset.description": "metas.default.description | metas.description (HTML made plain text)",
    "dataset.license": "metas.default.license | metas.license | metas.default.license_url | metas.license_url",
    "dataset.license_url": "metas.default.license_url | metas.license_url",
    "dataset.frequency": (
        "metas.dcat.accrualperiodicity | interop_metas.dcat.accrualperiodicity | metas.default.update_frequency"
        " | metas.update_frequency"
    ),
    "dataset.issued": (
        "metas.dcat.issued | metas.dcat.created | interop_metas.dcat.issued | interop_metas.dcat.created"
    ),
    "dataset.modified": (
        "metas.default.modified | metas.modified | metas.default.data_processed | metas.data_processed"
        " (data_processed first when modified_updates_on_metadata_change)"
    ),
    "dataset.metadata_modified": "metas.default.metadata_processed | metas.metadata_processed",
    "dataset.keywords": "metas.default.keyword | metas.keyword",
    "dataset.themes": "metas.default.theme | metas.theme",
    "dataset.spatial": (
        "metas.default.territory | metas.territory | metas.dcat.spatial | interop_metas.dcat.spatial"
        " | metas.default.geographic_reference | metas.geographic_reference | metas.inspire.extend_description"
        " | interop_metas.inspire.extend_description"
    ),
    "dataset.temporal": (
        "metas.dcat.temporal | interop_metas.dcat.temporal | metas.dcat.temporal_coverage_start"
        " | metas.dcat.temporal_coverage_end"
    ),
    "dataset.publisher": "metas.default.publisher | metas.publisher",
    "dataset.publisher_siren": "metas.custom.siren | (SIREN or SIRET that dataset_id begins with)",
    "dataset.contact": (
        "metas.dcat.contact_email | interop_metas.dcat.contact_email | metas.inspire.contact_email"
        " | interop_metas.inspire.contact_email (never a named person's)"
    ),
    "dataset.landing_page": "dataset_id | datasetid | metas.default.references | metas.references",
    "dataset.harvested_from": (
        "metas.default.source_domain_address | metas.source_domain_address | metas.default.source_domain"
        " | metas.source_domain (or what follows « @ » in the id)"
    ),
    "dataset.identifiers": "dataset_uid | dataset_id | datasetid (uid, page, and the original's page and id)",
    "dataset.language": "metas.default.language | metas.language",
    "dataset.access_rights": (
        "metas.dcat.accessRights | metas.dcat.access_rights | interop_metas.dcat.accessRights"
        " (« restricted » when data_visible is false)"
    ),
    "dataset.bbox": (
        "metas.default.geographic_area | metas.geographic_area | metas.default.bbox | metas.bbox"
        " | metas.inspire.extend_bounding_box_westbound_longitude"
        " | interop_metas.inspire.extend_bounding_box_westbound_longitude"
    ),
    "dataset.conforms_to": "metas.dcat.conforms_to | interop_metas.dcat.conforms_to",
    "dataset.applicable_legislation": "metas.dcat_ap.applicable_legislation",
    "dataset.hvd_categories": "metas.dcat_ap.hvd_category",
    "dataset.fields": "fields",
    "dataset.inspire": "metas.inspire | interop_metas.inspire",
    "dataset.distributions": "has_records | attachments | alternative_exports",
    "distribution.url": "has_records | attachments | alternative_exports (the exports of the API)",
    "distribution.row_count": "metas.default.records_count | metas.records_count (exports only)",
    "distribution.modified": "metas.default.data_processed | metas.data_processed (exports only)",
}
