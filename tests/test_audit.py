"""The whole flow: progress first, the report last, and nothing lost when a source fails in part."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from opendata_check import sources
from opendata_check.audit import Request, audit
from opendata_check.fetching import Limits, open_fetcher
from opendata_check.model.report import AuditReport, Progress

sys.path.insert(0, str(Path(__file__).resolve().parent / "sources"))
from udata_server import Scripted, UdataServer, serve_udata

ON = date(2026, 11, 23)


def test_progress_comes_first_and_the_report_last(examples: Path) -> None:
    source = sources.detect(str(examples / "commune-conforme"))
    with open_fetcher(cache_folder=None) as fetcher:
        events = list(audit(Request("x", ON, None, (source,)), fetcher))
    assert all(isinstance(event, Progress) for event in events[:-1])
    report = events[-1]
    assert isinstance(report, AuditReport)
    assert {event.total for event in events[1:-1]} == {7}  # type: ignore[union-attr]
    assert len(report.datasets) == 7


def test_a_portal_that_fails_on_its_second_page_gives_a_partial_report() -> None:
    organization = {"id": "5baa0e468b4c414416b6f7b2", "slug": "maville", "name": "Maville"}
    datasets = [
        {
            "id": f"{n:024x}",
            "slug": f"d{n}",
            "title": f"Jeu {n}",
            "organization": organization,
            "resources": [],
            "license": "lov2",
        }
        for n in range(150)
    ]
    with serve_udata([organization], datasets) as portal:
        first, second = [asked for asked in _asked(portal) if "page_size=" in asked]
        with open_fetcher(cache_folder=None, allow_private=True) as fetcher:
            page = json.dumps(fetcher.json(portal.base_url + first)).encode()
    failing = {second.partition("?")[0]: [Scripted(200, page), Scripted(status=500, keep=True)]}
    limits = Limits(backoff_seconds=0.01, requests_per_second=1000, retries=1)
    with serve_udata([organization], datasets, scripted=failing) as portal:
        source = sources.detect(f"{portal.base_url}/organizations/maville/", base_url=portal.base_url)
        with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher:
            *_, report = audit(Request("x", ON, None, (source,)), fetcher)
    assert isinstance(report, AuditReport)
    assert report.partial
    assert report.faults
    assert len(report.datasets) == 100


def _asked(portal: UdataServer) -> list[str]:
    """Return what a whole collection asks for: path and query."""
    source = sources.detect(f"{portal.base_url}/organizations/maville/", base_url=portal.base_url)
    with open_fetcher(cache_folder=None, allow_private=True, limits=Limits(requests_per_second=1000)) as fetcher:
        source.collect(fetcher)
    return list(portal.seen)


def test_ctrl_c_between_two_sources_keeps_the_first_and_tells_the_other(tmp_path: Path) -> None:
    for name in ("un", "deux"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    places = tuple(sources.detect(str(tmp_path / name)) for name in ("un", "deux"))
    with open_fetcher(cache_folder=None) as fetcher:
        events = audit(Request("x", ON, None, places), fetcher)
        next(events)
        assert isinstance(next(events), Progress)
        last = events.throw(KeyboardInterrupt())
        while isinstance(last, Progress):
            last = next(events)
    assert last.partial and last.interrupted
    assert [len(catalog.datasets) for catalog in last.catalogs] == [1, 0]
    assert [item.dataset.title for item in last.datasets] == ["Un"]
    assert all(file.facts is None for item in last.datasets for file in item.files)
    assert any("interrompue avant cette source" in fault.what for fault in last.faults)


def test_ctrl_c_while_files_are_read_keeps_those_read(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with open_fetcher(cache_folder=None) as fetcher:
        events = audit(Request("x", ON, None, (sources.detect(str(tmp_path)),)), fetcher)
        while getattr(next(events), "done", 0) < 1:
            pass
        last = events.throw(KeyboardInterrupt())
        while isinstance(last, Progress):
            last = next(events)
    assert last.partial and len(last.datasets) == 3
    assert [file.facts is not None for item in last.datasets for file in item.files] == [True, False, False]
