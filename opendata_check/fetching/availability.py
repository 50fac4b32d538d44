"""Whether files can be had by a machine, as the crawler of data.gouv.fr learned to tell: one address, or many."""

from __future__ import annotations

from opendata_check.fetching.client import Fetcher
from opendata_check.fetching.judging import Asked, judge
from opendata_check.fetching.many_addresses import check_all
from opendata_check.fetching.observing import observe
from opendata_check.model.availability import Availability

__all__ = ["Asked", "check_all", "check_available"]


def check_available(
    fetcher: Fetcher,
    url: str,
    *,
    announced_type: str = "",
    announced_size: int | None = None,
    asynchronous: bool = False,
) -> Availability:
    """Return whether the file at ``url`` can be had. Raises nothing that an address or a server could cause."""
    return judge(Asked(url, announced_type, announced_size, asynchronous), observe(fetcher, url))
