"""What an audit's JSON must be enough for: the same values, and every other format again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from opendata_check import reports, summaries
from opendata_check.model.report import AuditReport
from opendata_check.reports.json import SCHEMA_VERSION, payload
from opendata_check.reports.safety import made_safe
from opendata_check.rereading import origin, read, report_from


def again(report: AuditReport) -> AuditReport:
    return report_from(json.loads(reports.render(report, "json")))


def content(made: str | bytes | Iterable[str]) -> str | bytes | list[object]:
    """Return a report as it can be compared: a workbook by its parts, whatever the second it was zipped at."""
    if not isinstance(made, bytes):
        return made if isinstance(made, str) else "".join(made)
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return [(name, archive.read(name)) for name in sorted(archive.namelist())]


def test_values_written_again_are_the_same(report: AuditReport) -> None:
    written = payload(made_safe(report))
    assert payload(report_from(written)) == written
    assert reports.render(again(report), "json") == reports.render(report, "json")


@pytest.mark.parametrize("name", reports.formats())
def test_every_format_is_the_same_made_again(report: AuditReport, name: str) -> None:
    assert content(reports.rendered(again(report), name)) == content(reports.rendered(report, name))


def test_what_a_store_keeps_is_the_same(report: AuditReport) -> None:
    safe = made_safe(report)
    assert summaries.summarised(again(report)) == summaries.summarised(safe)
    assert summaries.marks(again(report)) == summaries.marks(safe)


def test_a_file_read_piece_by_piece_gives_the_same_report(report: AuditReport, tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text(reports.render(report, "json"), encoding="utf-8")
    assert read(path) == again(report)


def test_the_newest_form_read_is_the_one_written() -> None:
    assert ".".join(map(str, origin.READS)) == SCHEMA_VERSION


def test_no_example_comes_back_for_private_life(report: AuditReport) -> None:
    written = payload(made_safe(report))
    private = [item for item in written["findings"] if item["axis"] == "protected"]
    assert all(item["example"] is None for item in private)
    assert payload(made_safe(replace(report_from(written))))["findings"] == written["findings"]
