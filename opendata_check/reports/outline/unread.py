"""Which files of a report nobody could look into: its scores say nothing of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from opendata_check.model.inspected import InspectedDataset, InspectedFile

_SHAPEFILE = "shp"


def listed(datasets: Iterable[InspectedDataset]) -> tuple[InspectedFile, ...]:
    """Return the files that stand for themselves: no member of an archive, no companion of a Shapefile read."""
    return tuple(file for item in datasets for file in item.files if not file.member and not _beside(file, item))


def unread(files: Iterable[InspectedFile]) -> tuple[InspectedFile, ...]:
    """Return the files whose content could not be had or read."""
    return tuple(file for file in files if file.facts is None or file.fault is not None or file.facts.fault)


def _beside(file: InspectedFile, item: InspectedDataset) -> bool:
    """Return whether a file that was not opened came with a Shapefile (.dbf, .shx…), which is read as one."""
    return file.facts is None and any(
        other.facts is not None
        and other.facts.envelope.detected == _SHAPEFILE
        and PurePosixPath(other.name).stem == PurePosixPath(file.name).stem
        for other in item.files
    )
