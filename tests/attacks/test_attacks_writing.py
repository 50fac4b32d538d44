"""Writing goes wrong: no room, no right, a kill half-way. What was there before stays whole, and nothing is left over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import poisoned_audits as enemy
import pytest

from opendata_check.errors import OutputError
from opendata_check.output import refuse_early, write_atomically

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signaux, droits et limites d'Unix")
PROGRAM = [sys.executable, "-c", "from opendata_check.cli.app import run; run()"]
_SMALL_DISK = (
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
    "from opendata_check.cli.app import run; run(sys.argv[1:])"
)
_ENDLESS = (
    "import sys; from pathlib import Path; from opendata_check.output import write_atomically\n"
    "def pieces():\n"
    "    for _ in range(10**9):\n"
    "        yield 'x' * 100_000\n"
    "        print('ici', flush=True)\n"
    "write_atomically(Path(sys.argv[1]), pieces())"
)


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """Return a saved audit, in a folder of its own."""
    folder = tmp_path / "lu"
    folder.mkdir()
    saved = folder / "audit.json"
    saved.write_text(json.dumps(enemy.honest()), encoding="utf-8")
    return saved


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return an empty folder where reports go."""
    folder = tmp_path / "rapports"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_disk_without_room_for_one_report_costs_neither_the_others_nor_the_old_one(audit: Path, place: Path) -> None:
    """JSON and HTML are above 40 000 bytes, the badge and CSV below: RLIMIT_FSIZE stands for a full disk."""
    (place / "r.html").write_text("ancien", encoding="utf-8")
    command = [sys.executable, "-c", _SMALL_DISK, "report", str(audit)]
    wanted = [part for name in ("r.html", "b.svg", "r.json", "r.csv") for part in ("-o", str(place / name))]
    done = subprocess.run([*command, *wanted], capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 2, done.stderr
    assert (place / "r.html").read_text(encoding="utf-8") == "ancien"
    assert names(place) == ["b.svg", "r.csv", "r.html"]
    told = done.stderr.splitlines()
    assert [line for line in told if line.startswith("Écrit")] == [
        f"Écrit : {place / 'b.svg'}",
        f"Écrit : {place / 'r.csv'}",
    ]
    assert len([line for line in told if "r.html" in line]) == len([line for line in told if "r.json" in line]) == 1
    assert "Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_is_told_before_anything_is_read(
    program: Callable[..., Any], place: Path, tmp_path: Path
) -> None:
    (tmp_path / "donnees").mkdir()
    (tmp_path / "donnees" / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    for output in (place / "absent" / "r.html", place):
        done = program(
            "audit", tmp_path / "donnees", "--on", "2026-11-26", "-o", f"html:{output}", "-o", place / "r.csv"
        )
        assert done.code == 2 and done.err.count("\n") == 1
        assert names(place) == []


def test_a_folder_is_refused_before_the_report_is_made(place: Path) -> None:
    def pieces() -> Iterator[str]:
        pytest.fail("made for nothing")
        yield ""

    with pytest.raises(OutputError, match="dossier, pas un fichier"):
        write_atomically(place, pieces())


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root écrit partout")
def test_a_read_only_folder_is_refused_early(place: Path) -> None:
    place.chmod(0o500)
    with pytest.raises(OutputError, match="droit d'écrire"):
        refuse_early(place / "r.html")


def test_what_can_be_written_is_not_refused_early(place: Path) -> None:
    os.mkfifo(place / "tube")
    (place / "lien.html").symlink_to(place / "pas-encore.html")
    (place / "déjà.html").write_text("x", encoding="utf-8")
    for name in ("tube", "lien.html", "déjà.html", "neuf.html"):
        refuse_early(place / name)
    refuse_early(Path("/dev/null"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_write_stopped_half_way_leaves_the_old_report_and_soon_nothing_else(how: signal.Signals, place: Path) -> None:
    target = place / "rapport.json"
    target.write_text("ancien", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, target], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as run:
        assert run.stdout is not None and run.stdout.readline()
        run.send_signal(how)
        run.stdout.read()
    assert target.read_text(encoding="utf-8") == "ancien"
    left = [place / name for name in names(place) if name != "rapport.json"]
    assert how is not signal.SIGINT or left == []
    assert all(one.name.startswith(".") and one.suffix == ".part" for one in left)
    for one in left:
        os.utime(one, (time.time() - 2 * 86_400,) * 2)
    write_atomically(target, "neuf")
    assert names(place) == ["rapport.json"]


def test_only_old_drafts_of_the_same_report_are_removed(place: Path) -> None:
    old = time.time() - 30 * 86_400
    kept = (".autre.json.abc.part", ".rapport.json.ab.txt", "rapport.json.part")
    for name in (*kept, ".rapport.json.old.part"):
        (place / name).write_text("x", encoding="utf-8")
        os.utime(place / name, (old, old))
    (place / ".rapport.json.young.part").write_text("en cours", encoding="utf-8")
    (place / ".rapport.json.lien.part").symlink_to(place / kept[0])
    write_atomically(place / "rapport.json", "neuf")
    assert names(place) == sorted([*kept, ".rapport.json.young.part", ".rapport.json.lien.part", "rapport.json"])


def test_a_draft_left_by_a_kill_is_no_data(program: Callable[..., Any], place: Path) -> None:
    (place / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (place / ".audit.csv.x1y2.part").write_text("nom;naissance\nDupont;1980-01-01\n", encoding="utf-8")
    found = json.loads(program("audit", place, "--on", "2026-11-26", "-f", "json").out)
    assert [one["key"] for one in found["datasets"]] == ["a"]


@pytest.mark.parametrize("name", ["r" * 250 + ".html", "é" * 125 + ".html"])
def test_the_longest_name_a_disk_takes_is_written(name: str, place: Path) -> None:
    name = name if len(name.encode()) <= 255 else name.encode()[-255:].decode("utf-8", "ignore")
    write_atomically(place / name, "x")
    assert names(place) == [name]


def test_pieces_of_bytes_are_written_as_they_are(place: Path) -> None:
    write_atomically(place / "r.parquet", iter([b"PAR1", b"\xff\x00", b"PAR1"]))
    assert (place / "r.parquet").read_bytes() == b"PAR1\xff\x00PAR1"


def test_an_output_that_someone_reads_stays_whole_for_them(place: Path) -> None:
    target = place / "r.html"
    target.write_text("ancien", encoding="utf-8")
    with target.open(encoding="utf-8") as reader:
        write_atomically(target, "neuf")
        assert reader.read() == "ancien"
    assert target.read_text(encoding="utf-8") == "neuf"
