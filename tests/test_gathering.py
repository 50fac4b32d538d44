"""Several sources make one list: a failing one leaves the others, a stopped reading keeps what came, ids differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opendata_check.fetching import Fetcher, open_fetcher
from opendata_check.gathering import gathered, one_list
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault
from opendata_check.model.report import Progress
from opendata_check.sources import SourceError
from opendata_check.sources.reading.collecting import Announced, LeftOut, Part, gather


@dataclass(frozen=True)
class Place:
    """A source that gives what it was made with."""

    label: str
    datasets: tuple[Dataset, ...] = ()
    failing: bool = False
    stopped: bool = False
    kind: str = "ckan"

    def collect(self, fetcher: Fetcher) -> Catalog:
        if self.failing:
            raise SourceError("rien ne peut être vu", where=self.label, remedy="Réessayez.")
        if self.stopped:
            raise KeyboardInterrupt
        return Catalog(self.kind, "portal", f"https://{self.label}", self.label, self.datasets)


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None) as opened:
        yield opened


def dataset(name: str, **more: object) -> Dataset:
    return Dataset(name, f"Jeu {name}", (Distribution("f", "f", url=f"https://exemple.fr/{name}.csv"),), **more)  # type: ignore[arg-type]


def read(sources: list[Place], fetcher: Fetcher) -> list[Catalog]:
    events = list(gathered(sources, fetcher))
    assert sum(isinstance(event, Progress) for event in events) >= 1
    return [event for event in events if isinstance(event, Catalog)]


def test_a_source_that_shows_nothing_leaves_the_others(fetcher: Fetcher) -> None:
    first, second = read([Place("a", failing=True), Place("b", (dataset("1"),))], fetcher)
    assert not first.complete and first.faults == (Fault("rien ne peut être vu", "a", "Réessayez."),)
    assert second.complete and len(second.datasets) == 1


def test_alone_it_raises(fetcher: Fetcher) -> None:
    with pytest.raises(SourceError):
        read([Place("a", failing=True)], fetcher)


def test_after_ctrl_c_the_following_sources_are_told_as_not_asked(fetcher: Fetcher) -> None:
    first, second, third = read([Place("a", (dataset("1"),)), Place("b", stopped=True), Place("c")], fetcher)
    assert first.complete and not first.interrupted
    assert second.interrupted and third.interrupted
    assert not second.complete and not third.complete
    assert third.faults[0].where == "c"


def test_the_list_has_ids_that_differ() -> None:
    catalogs = [
        Catalog("ckan", "portal", f"https://{host}", host, (dataset("1", publisher=host),)) for host in ("a.fr", "b.fr")
    ]
    apart = [
        Catalog(one.source, one.place, one.location, one.title,
                tuple(Dataset(d.id, f"{one.title} {d.title}", ()) for d in one.datasets))
        for one in catalogs
    ]  # fmt: skip
    listed = one_list(apart)
    assert len(listed) == 2
    assert len({item.dataset.id for item in listed}) == 2


def test_a_local_file_keeps_the_folder_it_must_not_leave(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    local = Dataset("a", "Arbres", (Distribution("a.csv", "a", path=tmp_path / "a.csv"),))
    (item,) = one_list([Catalog("folder", "folder", str(tmp_path), "x", (local,))])
    assert item.root == tmp_path
    assert not item.online
    (other,) = one_list([Catalog("ckan", "portal", "https://a.fr", "a", (dataset("1"),))])
    assert other.root is None and other.online


# --- what every reader does alike


def parts(*given: Part) -> Iterator[Part]:
    yield from given


def test_what_a_reader_gives_is_kept_in_order_each_id_once() -> None:
    found = gather(parts(dataset("b"), dataset("a"), dataset("b")), "ici")
    assert [one.id for one in found.datasets] == ["b", "a"]
    assert found.complete and not found.interrupted


def test_fewer_than_announced_is_a_fault() -> None:
    found = gather(parts(Announced(3), dataset("a"), LeftOut("private")), "ici")
    assert not found.complete
    assert found.faults[0].what.startswith("1 jeu de données annoncé n'a pas été vu")
    assert found.left_out == (("private", 1),)


def test_as_many_as_announced_is_complete() -> None:
    assert gather(parts(Announced(2), dataset("a"), LeftOut("private")), "ici").complete


def test_a_stopped_reading_keeps_what_came() -> None:
    def stopping() -> Iterator[Part]:
        yield dataset("a")
        raise KeyboardInterrupt

    found = gather(stopping(), "ici")
    assert [one.id for one in found.datasets] == ["a"]
    assert found.interrupted and not found.complete
    assert "interrompue" in found.faults[0].what
