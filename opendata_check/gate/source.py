"""The repository as a source of the audit: the datasets that are judged, with the schemas of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from opendata_check.fetching import Fetcher
from opendata_check.gate.globs import matches
from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import SchemaRule
from opendata_check.model.catalog import Catalog, Dataset, Distribution
from opendata_check.sources.folder import FolderSource


@dataclass(frozen=True, slots=True)
class RepositorySource:
    """The judged files of a repository, each with the whole of its dataset. Names are counted from the root."""

    selection: Selection
    schemas: tuple[SchemaRule, ...] = ()
    kind: str = "folder"

    @property
    def label(self) -> str:
        """Return the folder that is read."""
        return FolderSource(self.selection.base).label

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Return the datasets that have a file to judge. Raises SourceError when the folder cannot be listed."""
        catalog = FolderSource(self.selection.base).collect(fetcher)
        return replace(
            catalog,
            datasets=tuple(self._kept(catalog.datasets)),
            faults=tuple(
                replace(f, where=f"{self.selection.prefix}{f.where}") if f.where else f for f in catalog.faults
            ),
        )

    def _kept(self, datasets: Iterable[Dataset]) -> Iterable[Dataset]:
        for dataset in datasets:
            distributions = tuple(self._named(one) for one in dataset.distributions)
            distributions = tuple(one for one in distributions if one.id not in self.selection.excluded)
            local = [one.id for one in distributions if one.path is not None]
            remote = not any(one.path is not None for one in dataset.distributions)
            if any(name in self.selection.judged for name in local) or (remote and self.selection.whole):
                yield replace(dataset, id=f"{self.selection.prefix}{dataset.id}", distributions=distributions)

    def _named(self, distribution: Distribution) -> Distribution:
        if distribution.path is None:
            return distribution
        name = f"{self.selection.prefix}{distribution.id}"
        schema = schema_for(name, self.schemas)
        said = distribution if schema is None else replace(distribution, schema_name=schema.schema, schema_version="")
        return replace(said, id=name)


def schema_for(name: str, rules: Iterable[SchemaRule]) -> SchemaRule | None:
    """Return the first rule whose pattern fits a file."""
    return next((rule for rule in rules if matches(rule.pattern, name)), None)


def file_of(place: str) -> str:
    """Return the file that a place names: the archive for « archive.zip › a.csv »."""
    return place.split(" › ", 1)[0]


def real_names(selection: Selection) -> dict[str, Path]:
    """Return each file that is read, by its name."""
    from opendata_check.fetching.naming import shown_path

    return {f"{selection.prefix}{shown_path(path.relative_to(selection.base))}": path for path in selection.files}
