"""Links are tried once each, one export for all those of the same rows, and the result keeps the list's order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.links import Links
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import Progress

sys.path.insert(0, str(Path(__file__).resolve().parent / "fetching"))
from scripted_server import Reply, scripted_server

CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    limits = Limits(backoff_seconds=0.01, requests_per_second=1000, retries=0)
    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as opened:
        yield opened


def item(name: str, *distributions: Distribution) -> InspectedDataset:
    return InspectedDataset(
        Dataset(name, name, distributions), tuple(InspectedFile(one, one.id) for one in distributions)
    )


def tried(datasets: list[InspectedDataset], fetcher: Fetcher) -> list[InspectedDataset]:
    links = Links(datasets)
    assert all(isinstance(event, Progress) for event in links.tried(fetcher))
    return links.datasets()


def states(datasets: list[InspectedDataset]) -> list[str]:
    return [file.availability.state if file.availability else "" for one in datasets for file in one.files]


def test_each_link_is_told_beside_its_file(fetcher: Fetcher) -> None:
    with scripted_server({"/a.csv": Reply(body=b"x;y\n1;2\n", headers=CSV), "/c.csv": Reply(404)}) as server:
        base = server.base_url
        found = tried(
            [
                item("1", Distribution("a", "a", url=f"{base}/a.csv"), Distribution("b", "b")),
                item(
                    "2", Distribution("c", "c", url=f"{base}/c.csv"), Distribution("d", "d", access_url=f"{base}/a.csv")
                ),
            ],
            fetcher,
        )
    assert states(found) == ["available", "", "unavailable", "available"]


def test_one_address_is_asked_once_whatever_the_number_of_files(fetcher: Fetcher) -> None:
    with scripted_server({"/a.csv": Reply(body=b"x;y\n1;2\n", headers=CSV)}) as server:
        files = [Distribution(str(n), "a", url=f"{server.base_url}/a.csv") for n in range(5)]
        found = tried([item("1", *files)], fetcher)
        once = len(server.paths())
        tried([item("1", files[0])], fetcher)
        assert len(server.paths()) - once == once
    assert states(found) == ["available"] * 5


def test_one_export_is_tried_for_all(fetcher: Fetcher) -> None:
    with scripted_server({"/a.csv": Reply(body=b"x;y\n1;2\n", headers=CSV)}) as server:
        files = [Distribution(f, f, url=f"{server.base_url}/a.{f}", synthesised=True) for f in ("csv", "json", "xlsx")]
        found = tried([item("1", *files)], fetcher)
        assert set(server.paths()) == {"/a.csv"}
    assert states(found) == ["available", "", ""]


def test_a_local_file_has_no_link(fetcher: Fetcher, tmp_path: Path) -> None:
    found = tried([item("1", Distribution("a", "a", path=tmp_path / "a.csv", url="http://127.0.0.1:1/a.csv"))], fetcher)
    assert states(found) == [""]
