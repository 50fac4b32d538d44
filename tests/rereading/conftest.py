"""The audits of both examples, made once."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import rereading_samples

from opendata_check import config, sources
from opendata_check.audit import Request, audit
from opendata_check.cli.options import organization_of
from opendata_check.fetching import open_fetcher
from opendata_check.model.report import AuditReport

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def _audited(name: str) -> AuditReport:
    folder = EXAMPLES / name
    settings = config.read(folder / config.FILE_NAME)
    body = organization_of(None, str(folder), settings)
    with open_fetcher(cache_folder=None) as fetcher:
        request = Request(str(folder), date(2026, 11, 23), body, (sources.detect(str(folder)),))
        *_, report = audit(request, fetcher)
    assert isinstance(report, AuditReport)
    return report


@pytest.fixture(params=[*rereading_samples.REPORTS, "commune-exemple", "commune-conforme"])
def report(request: pytest.FixtureRequest) -> AuditReport:
    """Return every report there is, in turn."""
    name = str(request.param)
    return rereading_samples.REPORTS[name]() if name in rereading_samples.REPORTS else _audited(name)
