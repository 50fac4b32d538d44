"""Fixtures of the sources' tests: a quick fetcher that may reach local servers, and the udata server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from udata_server import UdataServer, serve_udata

from opendata_check.fetching import Fetcher, Limits, open_fetcher


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """A fetcher for local servers, that does not wait long."""
    limits = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=2, json_seconds=2.0)
    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as opened:
        yield opened


@pytest.fixture
def udata() -> Callable[..., AbstractContextManager[UdataServer]]:
    """The udata server: ``with udata(organizations=…, datasets=…) as server``."""
    return serve_udata
