"""Makes small lists and folders of communes for the tests of the batch, and runs it in a process of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def commune(folder: Path, name: str, rows: int = 20, label: str = "voirie") -> Path:
    """Write a folder of one small file."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    text = "id;nom;date\n" + "".join(f"{n};{label} {n};2026-0{1 + n % 9}-10\n" for n in range(rows))
    (place / f"{label}.csv").write_text(text, encoding="utf-8")
    return place


def folder_list(folder: Path, names: list[str], file: str = "liste.csv") -> Path:
    """Write a folder for each name, and their list, with a column to keep."""
    lines = ["dossier;Référent"]
    for name in names:
        commune(folder / "donnees", name)
        lines.append(f"donnees/{name};Anne {name}")
    path = folder / file
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def batch_command(listed: Path, output: Path, *more: str, on: str = "2026-11-26") -> list[str]:
    """Return the command line of a batch without network."""
    date = ["--on", on] if on else []
    return [sys.executable, "-m", "opendata_check", "batch", str(listed), "-o", str(output), *date, "--no-cache", *more]


def batch(listed: Path, output: Path, *more: str, on: str = "2026-11-26") -> subprocess.CompletedProcess[str]:
    """Run a batch to its end."""
    return subprocess.run(
        batch_command(listed, output, *more, on=on), cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def digests(folder: Path) -> dict[str, str]:
    """Return each file of a lot with its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".verrou")
    }
