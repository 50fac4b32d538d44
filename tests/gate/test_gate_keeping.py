"""What is kept between runs is never wrong: whatever changes the answer, or cannot be trusted, is read anew."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gate_repositories import DAY, SCHEMAS, repository, subsidies

from opendata_check import kept
from opendata_check.audit import Request, audit
from opendata_check.fetching import open_fetcher
from opendata_check.gate import keeping
from opendata_check.gate.memory import Memory, Room
from opendata_check.gate.plain import plain, read
from opendata_check.model.report import AuditReport
from opendata_check.sources.folder import FolderSource

FILE = "data/subventions-2025.csv"
AGAIN = "rien n'a changé"
ROOM = Room("gate", most=20, bytes=100_000)


@pytest.fixture
def memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("memoire")
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(folder))
    return folder / "gate"


@pytest.fixture
def gate(
    program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, memory: Path
) -> Callable[..., str]:
    """Return a function that runs `gate` on a good repository and returns its log."""
    repository(tmp_path, {FILE: subsidies("100.00")})
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: str(program("gate", *arguments, *(() if "--on" in arguments else ("--on", DAY))).out)


def test_an_unchanged_repository_is_not_read_again(gate: Callable[..., str], memory: Path) -> None:
    assert AGAIN not in gate()
    assert AGAIN in gate()
    assert AGAIN not in gate("--no-cache")
    assert oct(memory.stat().st_mode & 0o777) == "0o700"


def test_each_thing_the_answer_depends_on_makes_it_read_again(gate: Callable[..., str], tmp_path: Path) -> None:
    gate()
    repository(tmp_path, {FILE: subsidies("100.00", "200.00")})
    assert AGAIN not in gate()  # un octet d'un fichier
    gate()
    repository(tmp_path, {}, SCHEMAS + '[organization]\nname = "Rochebelle"\nkind = "commune"\n')
    assert AGAIN not in gate()  # les réglages
    assert AGAIN not in gate("--on", "2026-11-27")  # la date
    (tmp_path / "data" / "vide.csv").write_text("a\n1\n", encoding="utf-8")
    assert AGAIN not in gate()  # un fichier de plus
    (tmp_path / "data" / "vide.csv").rename(tmp_path / "data" / "autre.csv")
    assert AGAIN not in gate()  # un nom
    assert AGAIN in gate()


def test_a_content_that_changes_under_the_same_size_and_time_is_seen(gate: Callable[..., str], tmp_path: Path) -> None:
    gate()
    place = tmp_path / FILE
    known = place.stat()
    place.write_text(place.read_text(encoding="utf-8").replace("100.00", "10,000"), encoding="utf-8")
    os.utime(place, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert (place.stat().st_size, place.stat().st_mtime_ns) == (known.st_size, known.st_mtime_ns)
    assert AGAIN not in gate()


def test_a_changed_rule_or_schema_or_program_makes_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = tmp_path / "rules"
    (rules / "checks").mkdir(parents=True)
    (rules / "checks" / "a.yaml").write_text("severity: minor\n", encoding="utf-8")
    monkeypatch.setattr(keeping, "rules_folder", lambda: rules)
    monkeypatch.setattr(keeping, "__file__", str(tmp_path / "opendata_check" / "gate" / "keeping.py"))
    package = tmp_path / "opendata_check"
    (package / "schemas" / "data").mkdir(parents=True)
    keys = [keeping.key_of(keeping.program_digest(), "x")]
    (rules / "checks" / "a.yaml").write_text("severity: major\n", encoding="utf-8")
    keys.append(keeping.key_of(keeping.program_digest(), "x"))
    (package / "schemas" / "data" / "subventions.yaml").write_text("version: 2\n", encoding="utf-8")
    keys.append(keeping.key_of(keeping.program_digest(), "x"))
    (package / "lecture.py").write_text("x = 1\n", encoding="utf-8")
    keys.append(keeping.key_of(keeping.program_digest(), "x"))
    keys.append(keeping.key_of(keeping.program_digest(), "y"))
    assert len(set(keys)) == len(keys)
    assert keeping.key_of(keeping.program_digest(), "y") == keys[-1]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw[:200] + bytes([raw[200] ^ 1]) + raw[201:] if len(raw) > 200 else raw[:-3],
        lambda raw: b"\x00" * len(raw),
        lambda raw: raw + b"x",
    ],
)
def test_a_damaged_memory_is_ignored(gate: Callable[..., str], memory: Path, damage: Callable[[bytes], bytes]) -> None:
    first = gate()
    for place in memory.iterdir():
        place.write_bytes(damage(place.read_bytes()))
    assert gate() == first
    assert AGAIN in gate()


def test_a_link_in_the_memory_is_not_followed(gate: Callable[..., str], memory: Path, tmp_path: Path) -> None:
    gate()
    for place in list(memory.iterdir()):
        place.rename(tmp_path / place.name)
        place.symlink_to(tmp_path / place.name)
    assert AGAIN not in gate()


def test_a_memory_inside_the_repository_is_never_trusted(
    gate: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path / ".memoire"))
    gate()
    log = gate()
    assert AGAIN not in log and "mémoire n'est pas utilisée" in log
    assert not (tmp_path / ".memoire" / "gate").exists()


def test_a_memory_that_cannot_be_written_changes_nothing(
    gate: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "cache_folder", lambda: Path("/dev/null/x"))
    assert "conforme" in gate() and AGAIN not in gate()


def test_a_file_that_changes_while_it_is_read_is_not_remembered(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text("a\n", encoding="utf-8")
    state = keeping.state_of(tmp_path, [place])
    assert state.unchanged()
    place.write_text("b\n", encoding="utf-8")
    os.utime(place, ns=(1, 1))
    assert not state.unchanged()


def test_a_file_that_changes_within_one_tick_of_the_clock_is_seen_by_its_bytes(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text("b\n", encoding="utf-8")
    state = keeping.state_of(tmp_path, [place])
    other = replace(state.files[place], digest="0" * 64)  # the same signs, other bytes
    assert not replace(state, files={place: other}).unchanged()
    assert replace(
        state, files={place: other}, taken=state.taken + 10**10
    ).unchanged()  # signs are enough for an old one


def test_two_names_printed_alike_are_two_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a b.csv", tmp_path / "a\nb.csv"
    first.write_text("1", encoding="utf-8")
    second.write_text("2", encoding="utf-8")
    before = keeping.state_of(tmp_path, [first, second])
    first.write_text("3", encoding="utf-8")
    assert keeping.state_of(tmp_path, [first, second]).digest != before.digest


@dataclass(frozen=True, slots=True)
class Note:
    """A value to keep."""

    words: tuple[str, ...]
    day: date | None = None


def test_many_runs_at_once_never_read_half_an_answer(memory: Path, tmp_path: Path) -> None:
    value = Note(tuple(str(number) for number in range(2000)), date(2026, 1, 1))
    seen: list[Note | None] = []

    def run() -> None:
        own = Memory([tmp_path / "depot"], ROOM)
        for _ in range(30):
            own.put("k", value, "found")
            seen.append(own.get("k", Note, "found"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 120 and set(seen) <= {value, None} and seen.count(value) > 100


def test_the_memory_does_not_grow_without_end(memory: Path, tmp_path: Path) -> None:
    own = Memory([tmp_path / "depot"], ROOM)
    for number in range(200):
        own.put(f"{number:064}", Note((str(number),)), "found")
    own.prune()
    assert len(list(memory.iterdir())) <= 20
    own.put(f"{199:064}", Note(tuple(str(number**9) for number in range(20_000))), "found")
    own.prune()
    assert sum(place.stat().st_size for place in memory.iterdir()) <= 100_000
    own.put(f"{199:064}", Note(("199",)), "found")
    assert own.get(f"{199:064}", Note, "found") == Note(("199",))


def test_an_answer_kept_under_a_key_is_not_given_for_another(memory: Path, tmp_path: Path) -> None:
    own = Memory([tmp_path / "depot"], ROOM)
    own.put("a" * 64, Note(("a",)), "found")
    (memory / ("a" * 64 + ".found")).rename(memory / ("b" * 64 + ".found"))
    assert own.get("b" * 64, Note, "found") is None


@pytest.mark.parametrize("data", [None, 3, [], [["a"], "2026-99-01"], [["a"]], [[3], None], {"words": []}, "x"])
def test_what_is_no_value_of_the_type_is_refused(data: Any) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        read(Note, data)


def test_a_whole_report_is_written_as_json_and_read_back_equal(examples: Path) -> None:
    for name in ("commune-exemple", "commune-conforme"):
        source = FolderSource(examples / name)
        with open_fetcher(cache_folder=None, offline=True) as fetcher:
            *_, report = audit(Request(name, date(2026, 11, 26), None, (source,)), fetcher)
        text = json.dumps(plain(report))
        assert read(AuditReport, json.loads(text)) == report
