"""Several programs on one store, and programs killed in the middle: nothing lost, nothing doubled, nothing half there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from store_samples import mark, summary

from opendata_check import store

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_FIRST = date(2020, 1, 1)


def body_name(number: int) -> str:
    """Return the key of one of forty bodies."""
    return f"insee:{number % 40:05d}"


def write_some(path: Path, start: int, count: int, marks: int) -> None:
    """Add audits numbered from ``start``, telling each once it is kept. Run in processes of their own."""
    with store.opened(path, write=True) as opened:
        for number in range(start, start + count):
            told = summary(body=body_name(number), on=_FIRST + timedelta(days=number), datasets=marks)
            opened.add(told, [mark(number * 7 + rank) for rank in range(marks)], b"x" * 5000, "essai")
            print(number, flush=True)


def writer(path: Path, start: int, count: int, marks: int = 5) -> subprocess.Popen[str]:
    """Start a program that adds audits."""
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]\n"
        "from pathlib import Path\nfrom test_store_writers import write_some\n"
        f"write_some(Path({str(path)!r}), {start}, {count}, {marks})"
    )
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> list[int]:
    """Wait for a program and return the numbers it told."""
    told = process.communicate(timeout=120)[0]
    return [int(line) for line in told.split("\n")[:-1]]


def held(path: Path) -> list[int]:
    """Return the numbers of the audits in a store, each read whole."""
    with store.opened(path) as opened:
        assert opened.health().faults == ()
        found = []
        for body in opened.bodies():
            for audit in opened.audits(body.key):
                number = (audit.summary.on - _FIRST).days
                assert body.key == body_name(number)
                marks = tuple(mark(number * 7 + rank) for rank in range(audit.summary.datasets))
                assert opened.marks(audit) == marks
                assert opened.report(audit) == b"x" * 5000
                found.append(number)
        return sorted(found)


def test_two_batches_that_make_one_store_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "audits.db"
    both = [writer(path, 0, 60), writer(path, 30, 60)]  # thirty audits are given by both
    seen = 0
    while any(one.poll() is None for one in both):
        try:
            with store.opened(path) as opened:  # a reader meanwhile sees whole audits, and more and more of them
                now = sum(len(opened.changes(body.key)) for body in opened.bodies())
        except store.StoreMissingError:
            continue
        assert now >= seen
        seen = now
    assert [one.wait() for one in both] == [0, 0]
    assert ended(both[0]) == list(range(60))
    assert ended(both[1]) == list(range(30, 90))
    assert held(path) == list(range(90))


def test_a_program_killed_at_any_moment_leaves_whole_audits(tmp_path: Path) -> None:
    path = tmp_path / "audits.db"
    chance = random.Random(8)
    told: list[int] = []
    for moment in range(12):
        process = writer(path, moment * 1000, 1000, marks=40)
        assert process.stdout is not None
        if moment:  # the first may be killed before it made the file
            told.append(int(process.stdout.readline()))
        time.sleep(chance.random() * 0.1 if moment else 0.3)
        process.send_signal(signal.SIGKILL)
        told += ended(process)
    kept = held(path)
    assert set(told) <= set(kept)
    assert len(set(kept)) == len(kept)
    assert len(set(kept) - set(told)) <= 12, "at most one audit by program was kept and not yet told"


def test_a_reader_undoes_what_a_killed_program_left_half_done(tmp_path: Path) -> None:
    path = tmp_path / "audits.db"
    with store.opened(path, write=True) as opened:
        opened.add(summary(), [mark(1)])
    script = f"""
import os, signal, sqlite3
database = sqlite3.connect({str(path)!r}, isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("PRAGMA cache_spill = 1")
database.execute("BEGIN IMMEDIATE")
database.execute("DELETE FROM content")
for number in range(3000):
    database.execute("INSERT INTO text VALUES (NULL, ?, ?)", (number, "x" * 500))
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    assert path.with_name("audits.db-journal").exists()
    assert path.stat().st_size > 1_000_000
    with store.opened(path) as opened:
        assert opened.last("insee:54395") == (summary(), (mark(1),))
        assert opened.health().faults == ()
    assert not path.with_name("audits.db-journal").exists()
