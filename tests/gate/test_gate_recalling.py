"""One changed file alone is read again, and the answer is the one of a run that remembers nothing."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gate_repositories import DAY, SCHEMAS, repository, subsidies

from opendata_check import examination
from opendata_check.audit import Request, audit
from opendata_check.fetching import open_fetcher
from opendata_check.gate.keeping import state_of
from opendata_check.gate.memory import Memory
from opendata_check.gate.recalling import ROOM, Recall
from opendata_check.model.report import AuditReport
from opendata_check.sources.folder import FolderSource
from opendata_check.sources.reading.folder.tree import walk


@pytest.fixture(autouse=True)
def memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("memoire")
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(folder))
    return folder / ROOM.name


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list where the name of each distribution really read is written."""
    names: list[str] = []
    real = examination.examine

    def told(distribution: Any, *arguments: Any, **named: Any) -> Any:
        names.append(distribution.id)
        return real(distribution, *arguments, **named)

    monkeypatch.setattr(examination, "examine", told)
    return names


def answered(folder: Path) -> AuditReport:
    """Audit a folder through a memory."""
    state = state_of(folder, walk(folder).files)
    recall = Recall(folder, state, Memory([folder], ROOM), "program")
    with open_fetcher(cache_folder=None, offline=True) as fetcher:
        asked = Request("x", date(2026, 11, 26), None, (FolderSource(folder),), examine=recall)
        *_, report = audit(asked, fetcher)
    assert isinstance(report, AuditReport)
    return report


def test_only_the_changed_file_is_read_again(tmp_path: Path, read: list[str]) -> None:
    repository(tmp_path, {f"data/t{number}.csv": f"a,b\n1,{number}\n" for number in range(5)}, "")
    first = answered(tmp_path)
    assert len(read) == 5
    assert answered(tmp_path) == first and len(read) == 5
    (tmp_path / "data" / "t3.csv").write_text("a,b\n1,x\n", encoding="utf-8")
    answered(tmp_path)
    assert read[5:] == ["data/t3.csv"]


def test_the_files_of_the_examples_are_recalled_as_they_were(examples: Path, read: list[str]) -> None:
    for name in ("commune-exemple", "commune-conforme"):
        first = answered(examples / name)
        count = len(read)
        assert answered(examples / name) == first
        assert len(read) < 2 * count


def test_a_name_a_description_or_a_program_that_changes_makes_it_read_again(tmp_path: Path, read: list[str]) -> None:
    repository(tmp_path, {"a.csv": "a,b\n1,2\n"}, "")
    answered(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert answered(tmp_path).datasets[0].files[0].name == "b.csv"
    assert read == ["a.csv", "b.csv"]
    package = '{"name": "x", "resources": [{"name": "b", "path": "b.csv", "title": "Autre", "format": "csv"}]}'
    (tmp_path / "datapackage.json").write_text(package, encoding="utf-8")
    answered(tmp_path)
    assert "b.csv" in read[2:]
    state = state_of(tmp_path, walk(tmp_path).files)
    distribution = replace(answered(tmp_path).datasets[0].files[0].distribution)
    read.clear()
    with open_fetcher(cache_folder=None, offline=True) as fetcher:
        for program in ("program", "other"):
            recall = Recall(tmp_path, state, Memory([tmp_path], ROOM), program)
            recall(distribution, fetcher, root=tmp_path, online=False)
    assert len(read) == 1


def test_what_lies_beside_a_file_under_its_name_counts(tmp_path: Path, read: list[str]) -> None:
    repository(tmp_path, {"zones.csv": "a,b\n1,2\n", "zones.prj": "x", "autre.csv": "a,b\n1,3\n"}, "")
    answered(tmp_path)
    read.clear()
    (tmp_path / "zones.prj").write_text("y", encoding="utf-8")
    answered(tmp_path)
    assert "zones.csv" in read and "autre.csv" not in read


def test_what_went_wrong_and_what_was_not_seen_before_is_never_kept(
    tmp_path: Path, read: list[str], memory: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "lien.csv").symlink_to(tmp_path / "real" / "a.csv")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("../dehors.csv", "a\n1\n")
    answered(tmp_path)
    read.clear()
    answered(tmp_path)
    assert set(read) == {"lien.csv", "z.zip"}


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: Path
) -> None:
    repository(tmp_path, {"a.csv": "a,b\n1,2\n"}, "")
    real = examination.examine

    def meddling(distribution: Any, *arguments: Any, **named: Any) -> Any:
        (tmp_path / "a.csv").write_text("a,b\n9,9,9\n", encoding="utf-8")
        return real(distribution, *arguments, **named)

    monkeypatch.setattr(examination, "examine", meddling)
    answered(tmp_path)
    assert not memory.exists() or not list(memory.iterdir())


EDITS: dict[str, Callable[[Path, random.Random], None]] = {
    "cell": lambda folder, chance: _write(folder, chance, subsidies(f"{chance.randrange(10**6)}.00")),
    "wrong": lambda folder, chance: _write(folder, chance, subsidies("12,50", f"{chance.randrange(99)}.00")),
    "new": lambda folder, chance: _text(folder / f"neuf-{chance.randrange(9)}.csv", f"x;y\n{chance.randrange(9)};é\n"),
    "empty": lambda folder, chance: _write(folder, chance, ""),
    "bytes": lambda folder, chance: _some(folder, chance).write_bytes(chance.randbytes(chance.randrange(400))),
    "gone": lambda folder, chance: _some(folder, chance).unlink() if len(_files(folder)) > 2 else None,
    "renamed": lambda folder, chance: _rename(_some(folder, chance), chance),
    "described": lambda folder, chance: _text(
        folder / "datapackage.json",
        f'{{"name": "x", "resources": [{{"name": "s", "path": "{_some(folder, chance).name}", '
        f'"title": "T{chance.randrange(5)}", "format": "{chance.choice(["csv", "json"])}"}}]}}',
    ),
    "same": lambda folder, chance: _write(
        folder, chance, _some(folder, chance).read_bytes().decode("utf-8", "replace")
    ),
}


def _files(folder: Path) -> list[Path]:
    return sorted(place for place in folder.iterdir() if place.suffix == ".csv")


def _some(folder: Path, chance: random.Random) -> Path:
    return chance.choice(_files(folder))


def _text(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")


def _write(folder: Path, chance: random.Random, text: str) -> None:
    _text(_some(folder, chance), text)


def _rename(place: Path, chance: random.Random) -> None:
    place.rename(place.with_name(f"subventions-{chance.randrange(100, 120)}.csv"))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_edited_the_answer_is_that_of_a_run_that_remembers_nothing(
    program: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    folder = tmp_path / "depot"
    files = {f"data/subventions-{number}.csv": subsidies(f"{number}.00") for number in range(4)}
    repository(folder, files, SCHEMAS)
    monkeypatch.chdir(folder)
    chance = random.Random(seed)
    for _ in range(5):
        for kind in chance.choices(sorted(EDITS), k=chance.randrange(1, 4)):
            EDITS[kind](folder / "data", chance)
        given = []
        for name, options in (("souvenir", ()), ("neuf", ("--no-cache",))):
            places = [tmp_path / f"{name}.{ending}" for ending in ("json", "sarif", "xml")]
            wanted = [f"-o{kind}:{place}" for kind, place in zip(("json", "sarif", "junit"), places, strict=True)]
            done = program("gate", "--on", DAY, *options, *wanted)
            log = done.out.replace(", rien n'a changé depuis la dernière fois", "")
            given.append((done.code, log, *(place.read_bytes() for place in places)))
        assert given[0] == given[1]
