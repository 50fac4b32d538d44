"""Tries the links of datasets, many hosts at once, and writes beside each file what its link gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from opendata_check.fetching import Fetcher
from opendata_check.fetching.availability import Asked, check_all
from opendata_check.model.availability import Availability
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import Progress


def checked_links(
    datasets: list[InspectedDataset],
    fetcher: Fetcher,
    wanted: Callable[[InspectedDataset, InspectedFile], bool] = lambda item, file: True,
) -> Iterator[Progress | list[InspectedDataset]]:
    """Yield progress, then the datasets with ``availability`` on each file that has a link and is ``wanted``.

    An address that several files share is tried once, and one export of a dataset's rows for all (``spare_exports``).
    The result does not depend on the order of the answers.
    """
    asked = {
        one
        for item in datasets
        for file in item.files
        if _worth(item, file) and wanted(item, file) and (one := _asked(file)) is not None
    }
    results: dict[Asked, Availability] = {}
    for question, seen in check_all(fetcher, sorted(asked, key=lambda one: (one.url, repr(one)))):
        results[question] = seen
        yield Progress("Essai des liens", len(results), len(asked))
    yield [
        replace(
            item,
            files=tuple(
                _with(file, results) if _worth(item, file) and wanted(item, file) else file for file in item.files
            ),
        )
        for item in datasets
    ]


def _worth(item: InspectedDataset, file: InspectedFile) -> bool:
    return file.distribution.id not in item.dataset.spare_exports


def _asked(file: InspectedFile) -> Asked | None:
    """Return the question a file's link asks, None when it has none."""
    one = file.distribution
    url = one.url or one.access_url
    if one.path is not None or not url:
        return None
    return Asked(
        url=url,
        announced_type=one.media_type or one.declared_format,
        announced_size=one.byte_size,
        asynchronous=one.asynchronous,
    )


def _with(file: InspectedFile, results: dict[Asked, Availability]) -> InspectedFile:
    question = _asked(file)
    seen = results.get(question) if question is not None else None
    return file if seen is None else replace(file, availability=seen)
