"""A store of version 1 becomes one of this version, after a whole copy, all or nothing.

``version_1.sql`` is what the code of version 1 wrote, as SQL: two bodies, four audits, one of them dated back.
"""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from store_samples import mark, summary

from opendata_check import store
from opendata_check.store import schema

NANCY = "insee:54395"
OLD = Path(__file__).with_name("version_1.sql")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a store of version 1."""
    path = tmp_path / "audits.db"
    database = sqlite3.connect(path)
    database.executescript(OLD.read_text(encoding="utf-8"))
    database.close()
    return path


def version_of(path: Path) -> int:
    database = sqlite3.connect(path)
    try:
        return int(database.execute("PRAGMA user_version").fetchone()[0])
    finally:
        database.close()


@pytest.mark.parametrize("write", [False, True])
def test_a_store_of_version_1_is_brought_up_to_date_with_all_it_held(file: Path, *, write: bool) -> None:
    with store.opened(file, write=write) as opened:
        audits = opened.audits(NANCY)
        assert [one.summary for one in audits] == [
            summary(on=date(2026, 8, 1)),
            summary(on=date(2026, 9, 1)),
            summary(on=date(2026, 10, 1), overall=None),
        ]
        assert [(one.number, one.late, one.run) for one in audits] == [
            (3, True, ""),
            (1, False, "lot de septembre"),
            (2, False, ""),
        ]
        assert [opened.marks(one) for one in audits] == [(mark(1),), (mark(1), mark(2)), (mark(2), mark(3))]
        assert opened.report(audits[1]) == b'{"audit": 1}'
        assert [body.name for body in opened.bodies()] == ["Nancy", "Métropole « du Grand » Nancy"]
        assert opened.health().faults == ()
    assert version_of(file) == schema.VERSION


def test_a_whole_copy_of_version_1_is_left_beside(file: Path) -> None:
    with store.opened(file):
        pass
    copy = file.with_name("audits.db.version-1")
    assert version_of(copy) == 1
    database = sqlite3.connect(copy)
    assert database.execute("SELECT count(*) FROM audit").fetchone() == (4,)
    database.close()
    assert sorted(one.name for one in file.parent.iterdir()) == ["audits.db", "audits.db.version-1"]


def test_what_follows_is_kept_as_usual_and_known_audits_are_known(file: Path) -> None:
    with store.opened(file, write=True) as opened:
        assert not opened.add(summary(on=date(2026, 9, 1)), [mark(1), mark(2)])
        assert opened.add(summary(on=date(2026, 11, 1)), [mark(3)])
        assert len(opened.difference(NANCY, date(2026, 10, 1), date(2026, 11, 1)).mended) == 1


def test_content_of_version_1_that_does_not_decode_leaves_the_store_as_it_was(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("UPDATE finding SET mark = '{\"autre\": 1}' WHERE audit = 2")
    database.commit()
    before = "\n".join(database.iterdump())
    database.close()
    with pytest.raises(store.StoreDamagedError), store.opened(file, write=True):
        pass
    assert version_of(file) == 1
    database = sqlite3.connect(file)
    assert "\n".join(database.iterdump()) == before
    database.close()


def test_no_room_for_the_copy_leaves_the_store_as_it_was(file: Path) -> None:
    file.with_name("audits.db.version-1.part").mkdir()
    with pytest.raises(store.StoreError), store.opened(file, write=True):
        pass
    assert version_of(file) == 1


def test_a_locked_store_of_version_1_waits_then_is_told(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(store.StoreBusyError), store.opened(file, wait=0.2):
        pass
    other.close()
    with store.opened(file) as opened:
        assert len(opened.history(NANCY)) == 3


def test_a_copy_of_an_earlier_try_does_not_hinder(file: Path) -> None:
    shutil.copy(file, file.with_name("audits.db.version-1"))
    with store.opened(file) as opened:
        assert len(opened.history(NANCY)) == 3
