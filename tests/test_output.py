"""A report is written whole, or the previous one stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opendata_check.errors import OutputError
from opendata_check.output import write_atomically


def test_text_is_written_in_utf8_with_unix_ends(tmp_path: Path) -> None:
    target = tmp_path / "rapport.html"
    write_atomically(target, "é\n")
    assert target.read_bytes() == b"\xc3\xa9\n"
    assert [p.name for p in tmp_path.iterdir()] == ["rapport.html"]


def test_pieces_are_written_one_after_the_other(tmp_path: Path) -> None:
    target = tmp_path / "fautes.json"
    write_atomically(target, iter(["é", "", "\n"]))
    assert target.read_bytes() == b"\xc3\xa9\n"


def test_pieces_that_stop_half_way_leave_the_previous_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "fautes.json"
    target.write_text("avant", encoding="utf-8")

    def pieces() -> Iterator[str]:
        yield "début"
        raise ValueError("la suite manque")

    with pytest.raises(ValueError, match="la suite manque"):
        write_atomically(target, pieces())
    assert target.read_text(encoding="utf-8") == "avant"
    assert [p.name for p in tmp_path.iterdir()] == ["fautes.json"]


def test_a_missing_folder_is_said_in_french(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="n'existe pas"):
        write_atomically(tmp_path / "rien" / "rapport.html", "x")


def test_a_folder_in_place_of_a_file_is_said_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"dossier, pas un fichier|droit d'écrire"):
        write_atomically(tmp_path, "x")
    assert not list(tmp_path.parent.glob(".*part"))


@pytest.mark.skipif(sys.platform == "win32", reason="limite de taille de fichier absente de Windows")
def test_a_full_disk_leaves_the_previous_report_whole(tmp_path: Path) -> None:
    """A real write that the system refuses half-way (RLIMIT_FSIZE stands for a full disk)."""
    target = tmp_path / "rapport.html"
    target.write_text("ancien rapport", encoding="utf-8")
    code = (
        "import resource, signal, sys; from pathlib import Path;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "from opendata_check.output import write_atomically; from opendata_check.errors import OutputError\n"
        f"try: write_atomically(Path({str(target)!r}), 'x' * 100_000)\n"
        "except OutputError as error: print(error); sys.exit(2)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 2, done.stderr
    assert "rapport.html" in done.stdout
    assert target.read_text(encoding="utf-8") == "ancien rapport"
    assert [p.name for p in tmp_path.iterdir()] == ["rapport.html"]


@pytest.mark.skipif(sys.platform == "win32", reason="ni tube ni lien de ce genre sous Windows")
def test_what_is_no_ordinary_file_is_written_to_never_replaced(tmp_path: Path) -> None:
    """Run as root, swapping files would turn /dev/null into a report for every program of the machine."""
    import os
    import stat
    import threading

    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write_atomically(pipe, "bonjour\n")
    reader.join(10)
    assert read == ["bonjour\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="les liens demandent des droits sous Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "vrai.html").write_text("ancien", encoding="utf-8")
    (tmp_path / "lien.html").symlink_to("vrai.html")
    write_atomically(tmp_path / "lien.html", "neuf")
    assert (tmp_path / "lien.html").is_symlink()
    assert (tmp_path / "vrai.html").read_text(encoding="utf-8") == "neuf"
