"""A file that cannot be used is told in one French line, and is never made worse."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from store_samples import mark, summary

from opendata_check import store
from opendata_check.store import schema

NANCY = "insee:54395"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of a few hundred audits, to be copied."""
    path = tmp_path_factory.mktemp("magasin") / "audits.db"
    with store.opened(path, write=True) as opened:
        for number in range(300):
            opened.add(
                summary(body=f"insee:{number:05d}", name=f"Commune {number}"),
                [mark(number), mark(number + 1)],
                b"rapport " * 50,
            )
        opened.add(summary(), [mark(1)])
    return path


@pytest.fixture
def file(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of that store."""
    return Path(shutil.copy(whole, tmp_path / "audits.db"))


def refused(path: Path, kind: type[store.StoreError], *, write: bool = False) -> str:
    """Return the line told when a store is opened; it names the file and says what to do."""
    with pytest.raises(kind) as told, store.opened(path, write=write, wait=0.2):
        pass
    assert type(told.value) is kind
    assert told.value.remedy
    assert "\n" not in str(told.value)
    assert str(path) in str(told.value)
    return str(told.value)


def test_a_missing_store_is_told_when_read_and_made_when_written(tmp_path: Path) -> None:
    path = tmp_path / "audits.db"
    assert "pas encore de fichier d'audits" in refused(path, store.StoreMissingError)
    assert not path.exists()
    with store.opened(path, write=True):
        pass
    with store.opened(path) as opened:
        assert opened.bodies() == ()


def test_a_missing_folder_is_told_and_not_made(tmp_path: Path) -> None:
    assert "le dossier" in refused(tmp_path / "nulle-part" / "audits.db", store.StoreError, write=True)
    assert not (tmp_path / "nulle-part").exists()


def test_the_folder_of_the_default_store_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_STORE", str(tmp_path / "donnees" / "audits.db"))
    with store.opened(store.default_path(), write=True):
        pass
    assert store.default_path().is_file()


def test_the_default_store_is_among_the_users_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENDATA_CHECK_STORE", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.default_path() == tmp_path / "opendata-check" / "audits.db"


def test_an_empty_file_becomes_a_store_only_when_written(tmp_path: Path) -> None:
    path = tmp_path / "audits.db"
    path.touch()
    assert "vide" in refused(path, store.StoreMissingError)
    with store.opened(path, write=True) as opened:
        assert opened.add(summary(), ())


def _text(path: Path) -> None:
    path.write_text("nom;code\nNancy;54395\n" * 20, encoding="utf-8")


def _short_text(path: Path) -> None:
    path.write_bytes(b"x")


def _other_database(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE audit (id INTEGER PRIMARY KEY)")
    other.close()


def _fake_magic(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)


@pytest.mark.parametrize("made", [_text, _short_text, _other_database, _fake_magic])
@pytest.mark.parametrize("write", [False, True])
def test_what_is_no_store_is_refused_and_left_as_it_is(
    tmp_path: Path, made: Callable[[Path], None], *, write: bool
) -> None:
    path = tmp_path / "autre.db"
    made(path)
    before = path.read_bytes()
    assert "n'est pas un fichier d'audits" in refused(path, store.StoreForeignError, write=write)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["autre.db"]


def test_a_folder_a_pipe_and_an_odd_name_are_refused(tmp_path: Path) -> None:
    assert "dossier" in refused(tmp_path, store.StoreError, write=True)
    os.mkfifo(tmp_path / "tuyau")
    refused(tmp_path / "tuyau", store.StoreForeignError)
    with pytest.raises(store.StoreError), store.opened(Path("a\0b"), write=True):
        pass
    refused(tmp_path / ("x" * 300), store.StoreError, write=True)


def test_a_name_with_signs_that_mean_something_in_an_address_works(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=ro#é %41.db"
    with store.opened(path, write=True) as opened:
        opened.add(summary(), ())
    assert path.is_file()
    with store.opened(path) as opened:
        assert opened.has(NANCY)


@pytest.mark.parametrize("write", [False, True])
def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(file: Path, *, write: bool) -> None:
    with sqlite3.connect(file) as other:
        other.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    other.close()
    before = file.read_bytes()
    told = refused(file, store.StoreNewerError, write=write)
    assert "version plus récente" in told and "Mettez opendata-check à jour" in told
    assert file.read_bytes() == before


def test_a_store_of_an_impossible_version_is_told_damaged(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA user_version = -3")
    other.close()
    assert "store check" in refused(file, store.StoreDamagedError)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE report",
        "CREATE TABLE plus (x)",
        "CREATE TRIGGER malin AFTER INSERT ON audit BEGIN DELETE FROM audit; END",
        "CREATE VIEW vue AS SELECT 1",
    ],
)
def test_a_store_whose_tables_are_not_ours_is_told_damaged(file: Path, change: str) -> None:
    with sqlite3.connect(file) as other:
        other.execute(change)
    other.close()
    refused(file, store.StoreDamagedError, write=True)


@pytest.mark.parametrize("start", [1024, 4096, 8192, 40_960])
def test_a_store_with_zeros_in_it_is_told_damaged_never_a_traceback(file: Path, start: int) -> None:
    content = bytearray(file.read_bytes())
    content[start : start + 8192] = bytes(8192)
    file.write_bytes(content)
    try:
        with store.opened(file) as opened:
            assert opened.health().faults
    except store.StoreError as error:
        assert "store check" in str(error)


def test_a_store_cut_short_is_told_damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])
    try:
        with store.opened(file) as opened:
            assert opened.health().faults
            for body in opened.bodies():
                opened.changes(body.key)
        pytest.fail("nothing was told")
    except store.StoreDamagedError as error:
        assert "store check" in str(error)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE content SET measures = x'00ff' WHERE audit = 301",
        "UPDATE content SET marks = x'ff' WHERE audit = 301",
        "UPDATE content SET marks = x'7e7e7e' WHERE audit = 301",
        "UPDATE content SET identity = 1 WHERE audit = 301",
        "DELETE FROM content WHERE audit = 301",
        "UPDATE audit SET day = 'jamais' WHERE id = 301",
        "UPDATE audit SET points = 'un' WHERE id = 301",
        "UPDATE text SET value = '{}' WHERE id = (SELECT identity FROM content WHERE audit = 301)",
        "UPDATE text SET value = '[' WHERE id = (SELECT identity FROM content WHERE audit = 301)",
        """UPDATE text SET value = replace(value, '"Nancy"', '12')
           WHERE id = (SELECT identity FROM content WHERE audit = 301)""",
        "UPDATE text SET value = x'ff' WHERE id = (SELECT identity FROM content WHERE audit = 301)",
    ],
)
def test_content_that_does_not_decode_is_told_and_the_other_bodies_are_read(file: Path, damage: str) -> None:
    with sqlite3.connect(file) as other:
        other.execute(damage)
    other.close()
    with store.opened(file) as opened:
        with pytest.raises(store.StoreDamagedError, match="store check"):
            opened.changes(NANCY)
        assert any("n° 301" in fault for fault in opened.health().faults)
        assert len(opened.changes("insee:00007")) == 1


def test_a_score_changed_by_hand_is_seen_by_the_check(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("UPDATE text SET value = replace(value, 'Nancy', 'Metz') WHERE value LIKE '{%'")
    other.close()
    with store.opened(file) as opened:
        assert opened.health().faults


def test_a_locked_store_is_told_after_the_wait_and_can_still_be_read(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with store.opened(file, write=True, wait=0.2) as opened:
        with pytest.raises(store.StoreBusyError) as told:
            opened.add(summary(on=date(2026, 12, 1)), ())
        assert "un autre programme écrit" in str(told.value)
        assert len(opened.history(NANCY)) == 1
        other.execute("ROLLBACK")
        assert opened.add(summary(on=date(2026, 12, 1)), ())
    other.close()


def as_nobody(work: Callable[[], str]) -> str:
    """Return what a function answers when run by a user who owns nothing here."""
    read, write = os.pipe()
    child = os.fork()
    if not child:  # pragma: no cover - the other process
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.write(write, work().encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, encoding="utf-8") as stream:
        return stream.read()


def test_a_read_only_folder_is_read_and_writing_is_told(file: Path) -> None:
    folder = Path("/tmp") / f"lecture-{os.getpid()}"
    folder.mkdir()
    try:
        path = folder / "audits.db"
        shutil.copy(file, path)
        path.chmod(0o444)
        folder.chmod(0o555)

        def reading() -> str:
            with store.opened(path) as opened:
                return str(len(opened.history(NANCY)))

        def writing() -> str:
            try:
                with store.opened(path, write=True) as opened:
                    opened.add(summary(on=date(2026, 12, 1)), ())
            except store.StoreError as error:
                return str(error)
            return "written"

        def making() -> str:
            try:
                with store.opened(folder / "neuf.db", write=True):
                    pass
            except store.StoreError as error:
                return str(error)
            return "made"

        assert as_nobody(reading) == "1"
        assert "ne peut pas être modifié" in as_nobody(writing)
        assert "ne peut pas être modifié" in as_nobody(making)
        assert [one.name for one in folder.iterdir()] == ["audits.db"]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_full_disk_is_told_and_what_was_kept_is_whole(file: Path) -> None:
    script = f"""
import sys
sys.path[:0] = {sys.path!r}
from test_store_files import *
print(filling_of(Path({str(file)!r})))
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "le disque est plein" in told, told
    with store.opened(file) as opened:
        assert opened.health().faults == ()
        assert len(opened.history(NANCY)) == 1
        assert len(opened.bodies()) > 301
    with store.opened(file, write=True) as opened:
        assert opened.add(summary(on=date(2026, 12, 1)), ())


def filling_of(file: Path) -> str:
    """Add audits until the file may grow no more; return what is told. For a process of its own: it limits itself."""
    size = file.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30_000, size + 30_000))
    try:
        with store.opened(file, write=True) as opened:
            for number in range(10_000):
                opened.add(summary(body=f"target:{number}", name=os.urandom(400).hex()), [mark(number)])
    except store.StoreError as error:
        return str(error)
    return "written"
