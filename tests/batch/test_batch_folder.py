"""The folder of a lot: one run at a time, a body's folder whole or as it was, what a killed run left put right."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from opendata_check.batch import BatchError, folder
from opendata_check.errors import OutputError


def lot(tmp_path: Path) -> Path:
    folder.prepared(tmp_path / "lot")
    return tmp_path / "lot"


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(BatchError, match="autre chose"):
        folder.prepared(tmp_path / "photos")
    with pytest.raises(BatchError, match="pas un dossier"):
        folder.prepared(tmp_path / "photos" / "a.jpg")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["a.jpg"]


def test_a_body_is_replaced_as_a_whole(tmp_path: Path) -> None:
    root = lot(tmp_path)
    folder.keep(root, "a", {"un": "1", "deux": b"2"})
    folder.keep(root, "a", {"trois": iter(["é", "t"])})
    assert {path.name: path.read_text("utf-8") for path in (root / "communes" / "a").iterdir()} == {"trois": "ét"}
    assert [path.name for path in (root / "communes").iterdir()] == ["a"]


def test_a_content_that_fails_on_the_way_leaves_the_previous_folder(tmp_path: Path) -> None:
    root = lot(tmp_path)
    folder.keep(root, "a", {"un": "1"})

    def broken() -> object:
        yield "début"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="disque est plein"):
        folder.keep(root, "a", {"un": "2", "deux": broken()})  # type: ignore[dict-item]
    assert (root / "communes" / "a" / "un").read_text("utf-8") == "1"
    assert [path.name for path in (root / "communes").iterdir()] == ["a"]


def test_what_a_kill_left_between_two_renames_is_put_right(tmp_path: Path) -> None:
    root = lot(tmp_path)
    bodies = root / "communes"
    for name in (".a.ancien", ".a.en-cours", "b", ".b.ancien", ".c.en-cours"):
        (bodies / name).mkdir()
        (bodies / name / "dit").write_text(name, encoding="utf-8")
    folder.recovered(root)
    assert {path.name: (path / "dit").read_text("utf-8") for path in bodies.iterdir()} == {"a": ".a.ancien", "b": "b"}


def test_what_a_killed_run_downloaded_goes_and_nobody_elses(tmp_path: Path) -> None:
    root = lot(tmp_path)
    left = Path(tempfile.mkdtemp(prefix="opendata-check-lot-"))
    (left / "f").write_text("x", encoding="utf-8")
    other = tmp_path / "opendata-check-lot-photos"
    other.mkdir()
    for noted in (left, other):
        (root / ".travail").write_text(str(noted), encoding="utf-8")
        folder.recovered(root)
        assert not (root / ".travail").exists()
    with folder.downloads(root) as given:
        assert given.is_dir() and (root / ".travail").read_text("utf-8") == str(given)
    assert not given.exists() and not (root / ".travail").exists()
    assert not left.exists() and other.is_dir()


_HOLD = """
import sys, time
from pathlib import Path
from opendata_check.batch import folder
with folder.locked(Path(sys.argv[1])):
    print("tenu", flush=True)
    time.sleep(600)
"""


def test_a_second_run_is_refused_while_the_first_holds_even_by_name_and_not_after_a_kill(tmp_path: Path) -> None:
    root = lot(tmp_path)
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(root)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "tenu\n"
        with pytest.raises(BatchError, match=rf"processus {holder.pid}"), folder.locked(root):
            pass
        holder.kill()
    with folder.locked(root) as held:
        assert held


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root écrit partout")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "lot").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="droit d'écrire"):
        folder.prepared(tmp_path / "lot")


def test_a_path_never_leaves_the_lot(tmp_path: Path) -> None:
    for bad in ("/etc/x", "../x", "a/../../x"):
        with pytest.raises(AssertionError):
            folder.written(lot(tmp_path), bad, "x")
