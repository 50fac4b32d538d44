"""What was read of rules/ is kept between runs, counts only while no file changed, and is never trusted when damaged."""

from __future__ import annotations

import os
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opendata_check import kept, resources
from opendata_check.law.errors import LawError
from opendata_check.law.loading import read_law


class Reader:
    """Reads a file as its text, and counts what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, path: Path) -> Any:
        self.read.append(path.name)
        return {"text": path.read_text(encoding="utf-8"), "day": date(2026, 1, 2)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of two rules, with an empty cache."""
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path / "cache"))
    rules = tmp_path / "rules"
    (rules / "sous").mkdir(parents=True)
    (rules / "a.yaml").write_text("un", encoding="utf-8")
    (rules / "sous/b.yaml").write_text("deux", encoding="utf-8")
    (rules / "lisez.md").write_text("rien", encoding="utf-8")
    return rules


def _again(folder: Path, version: str = "1") -> tuple[dict[str, Any], list[str]]:
    reader = Reader()
    found = kept.texts(folder, version, reader)
    return {Path(name).name: kept.value_of(text) for name, text in found.items()}, reader.read


def test_files_are_read_once_and_give_the_same_the_next_time(folder: Path) -> None:
    first, read = _again(folder)
    assert read == ["a.yaml", "b.yaml"] and first["b.yaml"] == {"text": "deux", "day": date(2026, 1, 2)}
    assert _again(folder) == (first, [])


@pytest.mark.parametrize("change", ["content", "time", "new", "gone", "version"])
def test_any_change_reads_all_anew(folder: Path, change: str) -> None:
    _again(folder)
    one = folder / "a.yaml"
    if change == "content":
        one.write_text("autre chose", encoding="utf-8")
    elif change == "time":
        os.utime(one, ns=(1, 1))
    elif change == "new":
        (folder / "c.yaml").write_text("trois", encoding="utf-8")
    elif change == "gone":
        one.unlink()
    found, read = _again(folder, "2" if change == "version" else "1")
    assert sorted(read) == sorted(found)
    assert _again(folder, "2" if change == "version" else "1")[1] == []


def _sealed(head: bytes, body: bytes) -> bytes:
    return head.rsplit(b" ", 1)[0] + f" {zlib.crc32(body):08x}\n".encode() + body


@pytest.mark.parametrize("body", [b"[" * 200_000, b"{", b"[]", b'{"a": 1}', b"9" * 5000])
def test_what_is_forged_is_read_anew(folder: Path, body: bytes) -> None:
    whole, _ = _again(folder)
    (place,) = (folder.parent / "cache").iterdir()
    place.write_bytes(_sealed(place.read_bytes().split(b"\n")[0], body))
    assert _again(folder)[0] == whole


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pas de tube nommé ici")
def test_a_pipe_is_no_cache(folder: Path) -> None:
    whole, _ = _again(folder)
    (place,) = (folder.parent / "cache").iterdir()
    place.unlink()
    os.mkfifo(place)
    assert _again(folder)[0] == whole


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\xfe", None])
def test_what_is_damaged_is_read_anew(folder: Path, damage: bytes | None) -> None:
    whole, _ = _again(folder)
    (place,) = (folder.parent / "cache").iterdir()
    content = place.read_bytes()
    place.write_bytes(content[:-5] + b"autre" if damage is None else damage)
    found, read = _again(folder)
    assert found == whole and read == ["a.yaml", "b.yaml"]


def test_without_a_place_to_keep_them_files_are_read_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = folder.parent / "un-fichier"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(blocked / "dessous"))
    assert _again(folder)[1] == _again(folder)[1] == ["a.yaml", "b.yaml"]


def test_what_is_no_plain_value_goes_to_the_caller(folder: Path) -> None:
    with pytest.raises(TypeError):
        kept.texts(folder, "1", lambda path: {"x": path})


def test_rules_kept_say_what_they_say_when_read() -> None:
    folder = resources.rules_folder()
    assert resources._kept(folder)
    for name in resources._kept(folder):
        path = Path(name)
        with resources.as_written():
            written = resources.load_yaml(path)
        assert isinstance(written, resources.LinedMapping | list)
        assert resources.load_yaml(path) == written


def test_a_fault_in_the_rules_is_told_with_its_line_all_the_same(tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "rules"
    shutil.copytree(resources.rules_folder(), copy)
    rule = copy / "obligations/rip.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("weight: ", "weight: 1"), encoding="utf-8")
    with resources.as_written(), pytest.raises(LawError, match="ligne"):
        read_law(copy)
