"""Tries the links of datasets, many hosts at once, and writes beside each file what its link gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from opendata_check.fetching import Fetcher
from opendata_check.fetching.availability import Asked, check_all
from opendata_check.model.availability import Availability
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import Progress

Wanted = Callable[[InspectedDataset, InspectedFile], bool]


@dataclass(slots=True)
class Links:
    """The links of datasets, and what those tried so far gave."""

    listed: Sequence[InspectedDataset]
    wanted: Wanted = lambda item, file: True
    results: dict[Asked, Availability] = field(default_factory=dict)

    def tried(self, fetcher: Fetcher) -> Iterator[Progress]:
        """Try them all, yielding progress.

        An address that several files share is tried once, and one export of a dataset's rows for all
        (``spare_exports``).
        """
        asked = {
            one
            for item in self.listed
            for file in item.files
            if self._worth(item, file) and (one := _asked(file)) is not None
        }
        for question, seen in check_all(fetcher, sorted(asked, key=lambda one: (one.url, repr(one)))):
            self.results[question] = seen
            yield Progress("Essai des liens", len(self.results), len(asked))

    def datasets(self) -> list[InspectedDataset]:
        """Return the datasets with ``availability`` on each file whose link was tried.

        It does not depend on the order of the answers.
        """
        return [
            replace(item, files=tuple(self._with(file) if self._worth(item, file) else file for file in item.files))
            for item in self.listed
        ]

    def _worth(self, item: InspectedDataset, file: InspectedFile) -> bool:
        return file.distribution.id not in item.dataset.spare_exports and self.wanted(item, file)

    def _with(self, file: InspectedFile) -> InspectedFile:
        question = _asked(file)
        seen = self.results.get(question) if question is not None else None
        return file if seen is None else replace(file, availability=seen)


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
