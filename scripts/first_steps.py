"""Walks docs/premiers-pas.md as a newcomer would: a fresh folder, a fresh home, only what the page says to type.

``python scripts/first_steps.py`` runs every command marked ``<!-- essai -->`` (with the exit codes it may have, 0
unless told) and redraws docs/images/. ``--install`` first installs the project in a new virtual environment.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "premiers-pas.md"
IMAGES = ROOT / "docs" / "images"
DAY = "2026-11-26"
_BLOCK = re.compile(
    r"<!-- essai(?: ([\d,]+))? -->\n```sh\n(.*?)```(?:\s*!\[[^\]]*\]\((images/[\w.-]+\.svg)\))?", re.DOTALL
)
_REPORT = re.compile(r"\((images/[\w.-]+\.png)\)")
_MAX_LINES = 34


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the page, the exit codes it may have, and the picture that shows it ("" for none)."""

    command: str
    codes: tuple[int, ...]
    picture: str = ""


def steps() -> Iterator[Step]:
    """Yield the commands of the page that are to be tried, in order."""
    for codes, block, picture in _BLOCK.findall(PAGE.read_text("utf-8")):
        allowed = tuple(map(int, codes.split(","))) if codes else (0,)
        lines = block.strip().splitlines()
        for rank, line in enumerate(lines):
            yield Step(line, allowed, picture if rank == len(lines) - 1 else "")


def walked(folder: Path, program: Path) -> Iterator[tuple[Step, subprocess.CompletedProcess[str]]]:
    """Run every step in ``folder`` with ``program`` standing for opendata-check; yield each with what came of it."""
    home = folder / "home"
    home.mkdir()
    shutil.copytree(ROOT / "examples" / "commune-exemple", folder / "mes-fichiers")
    (folder / "mes-fichiers" / "opendata-check.toml").unlink()
    shutil.copy(ROOT / "examples" / "commune-conforme" / "equipements.csv", folder / "mes-fichiers" / "equipements.csv")
    environment = {
        "HOME": str(home), "USERPROFILE": str(home), "PATH": os.environ["PATH"], "COLUMNS": "80", "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
    }  # fmt: skip
    for step in steps():
        words = shlex.split(step.command)
        assert words[0] == "opendata-check", step.command
        dated = ["--on", DAY] if words[1:2] in (["audit"], ["scope"]) else []
        done = subprocess.run(
            [str(program), *words[1:], *dated], cwd=folder, env=environment, capture_output=True, text=True,
            encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        yield step, done


def drawn(command: str, text: str) -> str:
    """Return what a terminal of 80 columns shows, as an SVG with the text inside (so that it can be read aloud)."""
    lines = text.rstrip().splitlines()
    cut = len(lines) > _MAX_LINES
    shown = [f"> {command}", "", *lines[:_MAX_LINES], *(["[…]"] if cut else [])]
    height = 18 * len(shown) + 28
    rows = "".join(
        f'<text x="16" y="{30 + 18 * rank}" xml:space="preserve">{escape(line)}</text>'
        for rank, line in enumerate(shown)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" width="720" height="{height}" role="img">'
        f"<title>{escape(command)}</title>"
        f'<rect width="720" height="{height}" rx="8" fill="#1d2430"/>'
        '<g font-family="Consolas, Menlo, \'DejaVu Sans Mono\', monospace" font-size="14" fill="#e8ecf2">'
        f"{rows}</g></svg>\n"
    )


def photographed(report: Path, picture: Path) -> bool:
    """Write the top of a page as Chromium shows it; return False when there is no Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next((found for name in names if (found := shutil.which(name))), None)
    if browser is None:
        return False
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--hide-scrollbars", f"--user-data-dir={profile}", "--window-size=1100,1150",
             f"--screenshot={picture}", report.resolve().as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return True


def _installed(folder: Path) -> Path:
    """Return the program, installed in a new environment from this very tree."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
    place = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(place / "python"), "-m", "pip", "install", "-q", str(ROOT)], check=True)
    return place / "opendata-check"


def main() -> int:
    """Walk the page, tell what went wrong, and redraw its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="install in a new environment first")
    asked = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = _installed(folder) if asked.install else Path(sys.executable).with_name("opendata-check")
        place = folder / "bureau"
        place.mkdir()
        for step, done in walked(place, program):
            fine = done.returncode in step.codes
            wrong += not fine
            print(f"{'ok ' if fine else 'NON'} {done.returncode}  {step.command}")
            if not fine:
                print(done.stderr)
            if step.picture:
                (PAGE.parent / step.picture).write_text(drawn(step.command, done.stdout), "utf-8")
        page = place / "exemple.html"  # the picture shows a fictional commune: its faults are nobody's
        example = ROOT / "examples" / "commune-exemple"
        subprocess.run([str(program), "audit", str(example), "--on", DAY, "-q", "-o", str(page)], check=True)
        for picture in _REPORT.findall(PAGE.read_text("utf-8")):
            if not photographed(page, PAGE.parent / picture):
                print("Pas de Chromium : l'image du rapport n'est pas refaite.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
