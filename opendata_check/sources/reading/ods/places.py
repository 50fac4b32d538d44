"""Where things stand on an Opendatasoft portal, or on one that imitates it, for each version of the API."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

VERSIONS = ("v2.1", "v2.0", "v1")
"""From the richest to the oldest: what is tried, in this order."""
_ROOTS = {"v2.1": "/api/explore/v2.1", "v2.0": "/api/explore/v2.0", "v2": "/api/v2"}
_OLD = "/api/datasets/1.0"

_CSV = ("csv", "text/csv", "?use_labels=true")
_JSON = ("json", "application/json", "")
_GEOJSON = ("geojson", "application/geo+json", "")
_SHP = ("shp", "application/zip", "")
_XLSX = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "?use_labels=true")
_XLS = ("xls", "application/vnd.ms-excel", "")
_PARQUET = ("parquet", "application/vnd.apache.parquet", "")
_OLD_SHAPEFILE_ROWS = 50_000
"""Beyond it, API v1 cut its shapefiles silently (udata-ods, test-shp-limit)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A portal and the version of its API that answers."""

    site: str
    """Scheme, host and what comes before the API's own path, without a final slash."""
    version: str
    """``v2.1``, ``v2.0``, ``v2`` (the older address of v2.0) or ``v1``."""
    imitation: bool = False
    """True for Data4Citizen, which answers like v1 under ``/d4c``."""

    @property
    def is_old(self) -> bool:
        """Return True for API v1."""
        return self.version == "v1"

    @property
    def root(self) -> str:
        """Return what the API's paths begin with."""
        return f"{self.site}/d4c" if self.imitation else self.site

    @property
    def catalogue(self) -> str:
        """Return the URL that lists datasets."""
        if self.is_old:
            return f"{self.root}{_OLD}/search/"
        return f"{self.site}{_ROOTS[self.version]}/catalog/datasets"

    @property
    def export(self) -> str:
        """Return the URL that gives every dataset's record in one JSON document (v2 only)."""
        return f"{self.site}{_ROOTS[self.version]}/catalog/exports/json"

    def dataset(self, identifier: str) -> str:
        """Return the URL of one dataset's record."""
        if self.is_old:
            return f"{self.root}{_OLD}/{_part(identifier)}/"
        return f"{self.catalogue}/{_part(identifier)}"

    def page(self, identifier: str) -> str:
        """Return the page where people see a dataset."""
        if self.imitation:
            return f"{self.site}/visualisation/?id={quote(identifier, safe='')}"
        return f"{self.site}/explore/dataset/{_part(identifier)}/"

    def added(self, identifier: str, kind: str, part: str) -> str:
        """Return the URL of a file added to a dataset; ``kind`` is ``attachments`` or ``alternative_exports``."""
        url = f"{self.dataset(identifier).rstrip('/')}/{kind}/{_part(part)}"
        return f"{url}/" if self.is_old else url

    def exports(self, identifier: str, *, geographic: bool, rows: int | None, resource: str) -> list[tuple[str, ...]]:
        """Return (format, media type, URL) of each file the API makes of a dataset's rows, CSV first.

        The URLs are those of the portal's own DCAT export, so that a harvested copy bears the same. ``resource`` is
        what Data4Citizen calls the table behind a dataset.
        """
        if self.is_old:
            whole_shapefile = geographic and (rows or 0) <= _OLD_SHAPEFILE_ROWS
            kept = [_CSV, _JSON, *([_GEOJSON] if geographic else []), *([_SHP] if whole_shapefile else []), _XLS]
            return [(name, media, self._old_export(identifier, name, resource)) for name, media, _ in kept]
        base = f"{self.dataset(identifier)}/exports/"
        kept = [_CSV, _JSON, *([_GEOJSON, _SHP] if geographic else []), _XLSX]
        if self.version == "v2.1":
            kept.append(_PARQUET)
        return [(name, media, f"{base}{name}{query}") for name, media, query in kept]

    def _old_export(self, identifier: str, name: str, resource: str) -> str:
        """Return the URL of an export of API v1."""
        labels = "&use_labels_for_header=true" if name in ("csv", "xls") else ""
        if resource:
            return f"{self.root}/api/records/2.0/downloadfile/format={name}&resource_id={_part(resource)}{labels}"
        return f"{self.root}/api/records/1.0/download/?dataset={quote(identifier, safe='')}&format={name}{labels}"


def _part(text: str) -> str:
    """Return ``text`` as one part of a path; « @ », which divides a federated id, stays readable."""
    return quote(text, safe="@")
