"""Measures `check` against frictionless and against merely parsing the same file, in the same run.

    python benchmarks/tables.py                 1 000, 100 000 and 1 000 000 rows, then the worst case (5 minutes)
    python benchmarks/tables.py 10000 20000     other sizes
    python benchmarks/tables.py --large         20 000 000 rows, ours and the bare parse only (6 GB of disk)

Each measure is a whole process, imports included: CPU seconds (user + system), wall seconds, peak memory. Runs are
taken in turn, and each figure is the least of its runs. All errors are listed, and the two lists must be the same:
(row, field, type of error). A picture of the figures is written beside the table (benchmarks/tables.svg).
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from html import escape
from math import log10
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 100_000, 1_000_000)
LARGE = 20_000_000
FAULTS_PER_CELL = 0.001
ROUNDS = 3
SLOW_ROWS = 200_000
"""From this size on, frictionless runs once: it takes minutes."""

REQUIRED = {"required": True}
FIELDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("id", "string", "default", {**REQUIRED, "unique": True, "pattern": r"SUB-\d{8}"}),
    ("collNom", "string", "default", {**REQUIRED, "maxLength": 100}),
    ("collInsee", "string", "default", {**REQUIRED, "pattern": r"^([013-9]\d|2[AB1-9])\d{3}$"}),
    ("collSiret", "string", "default", {**REQUIRED, "pattern": r"^\d{14}$"}),
    ("beneficiaireNom", "string", "default", REQUIRED),
    ("beneficiaireSiret", "string", "default", {"pattern": r"^\d{14}$"}),
    ("objet", "string", "default", {**REQUIRED, "maxLength": 256}),
    ("dateConvention", "date", "default", REQUIRED),
    ("dateFin", "date", "default", {}),
    ("reference", "string", "default", {"pattern": r"^[0-9]{4}-[0-9]+/[A-D][0-9]{1,2}$"}),
    ("montant", "number", "default", {**REQUIRED, "minimum": 0}),
    ("pourcentage", "number", "default", {"minimum": 0, "maximum": 1}),
    ("nature", "string", "default", {**REQUIRED, "enum": ["aide en numéraire", "aide en nature"]}),
    ("email", "string", "email", {}),
    ("url", "string", "uri", {}),
)
WRONG = {
    "collInsee": "3417",
    "collSiret": "2134017220001",
    "beneficiaireSiret": "213401722000111",
    "dateConvention": "31/12/2023",
    "dateFin": "2023-02-30",
    "reference": "réf 12",
    "montant": "1 500,00",
    "pourcentage": "1.5",
    "nature": "numéraire",
    "email": "contact.fr",
    "url": "www.site.fr",
}


def schema() -> dict[str, Any]:
    """Return the Table Schema of the subsidies generated."""
    fields = [{"name": n, "type": t, "format": f, "constraints": c} for n, t, f, c in FIELDS]
    return {"name": "banc", "title": "Banc d'essai", "fields": fields}


def generate(path: Path, rows: int, *, worst: bool = False) -> None:
    """Write ``rows`` subsidies, one cell in a thousand at fault; in the worst file, every date is wrong and alone."""
    chance = random.Random(rows)
    names = [name for name, *_ in FIELDS]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        for number in range(rows):
            row = _row(number, chance)
            for name in names:
                if chance.random() < FAULTS_PER_CELL:
                    row[name] = WRONG.get(name, "")
                    if name == "id":
                        row[name] = f"SUB-{chance.randrange(number + 1):08}"
            if worst:
                row["dateConvention"] = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{number:07}"
            writer.writerow(row.values())


def _row(number: int, chance: random.Random) -> dict[str, str]:
    year, month, day = chance.randrange(2010, 2026), chance.randrange(1, 13), chance.randrange(1, 29)
    return {
        "id": f"SUB-{number:08}",
        "collNom": "Commune de Valmont-sur-Orne",
        "collInsee": f"{chance.choice((1, 34, 54, 69, 76)):02}{chance.randrange(1000):03}",
        "collSiret": "21340172200011",
        "beneficiaireNom": f"Association n° {chance.randrange(10**5)}",
        "beneficiaireSiret": f"{chance.randrange(10**13, 10**14)}",
        "objet": f"Réfection de la salle des fêtes, tranche {chance.randrange(1000)}",
        "dateConvention": f"{year}-{month:02}-{day:02}",
        "dateFin": "" if chance.random() < 0.3 else f"{year}-12-{day:02}",
        "reference": f"{year}-{chance.randrange(10**4):04}/{chance.choice('ABCD')}{chance.randrange(100)}",
        "montant": f"{chance.randrange(100, 99999)}.{chance.randrange(100):02}",
        "pourcentage": f"0.{chance.randrange(1, 99):02}",
        "nature": chance.choice(("aide en numéraire", "aide en nature")),
        "email": f"contact{chance.randrange(1000)}@asso-{chance.randrange(100)}.example.fr",
        "url": f"https://www.valmont.example/subventions/{year}/{number}.html",
    }


BARE = """
import os, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import pyarrow as pa, pyarrow.csv as pc
names = [str(n) for n in range(15)]
reader = pc.open_csv(sys.argv[1], read_options=pc.ReadOptions(use_threads=False, block_size=1 << 20, column_names=names,
    skip_rows=1), parse_options=pc.ParseOptions(newlines_in_values=True),
    convert_options=pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False))
print(sum(batch.num_rows for batch in reader))
"""
FRICTIONLESS = """
import json, sys
from frictionless import Schema
from frictionless.resources import TableResource
from pathlib import Path
path = Path(sys.argv[1])
resource = TableResource(path=path.name, basepath=str(path.parent), encoding="utf-8",
    schema=Schema.from_descriptor(json.loads(Path(sys.argv[2]).read_text())))
errors = resource.validate(limit_errors=10**9).tasks[0].errors
with open(sys.argv[3], "w") as stream:
    json.dump([[e.row_number, e.field_name, e.type] for e in errors], stream)
"""


@dataclass(frozen=True)
class Figures:
    """What one process took."""

    cpu: float
    wall: float
    peak: float
    """MiB."""


def run(command: list[str]) -> Figures:
    """Run a process to its end."""
    start = time.perf_counter()
    # Compiled modules are kept between runs, as they are on a user's machine.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[:4]} left with {process.returncode}")
    return Figures(usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss / 1024)


def least(runs: list[Figures]) -> Figures:
    """Return the least of each figure (the most of memory)."""
    return Figures(min(r.cpu for r in runs), min(r.wall for r in runs), max(r.peak for r in runs))


def commands(path: Path, folder: Path) -> dict[str, list[str]]:
    """Return what is measured on a file."""
    python, model = sys.executable, str(folder / "schema.json")
    ours = [python, "-m", "opendata_check", "check", str(path), "--schema", model, "--quiet"]
    return {
        "frictionless": [python, "-c", FRICTIONLESS, str(path), model, str(folder / "theirs.json")],
        "opendata-check": [*ours, "--format", "json", "-o", str(folder / "ours.json")],
        "bare parse": [python, "-c", BARE, str(path)],
    }


def same_errors(folder: Path) -> int:
    """Return how many errors both engines list; leave when the lists differ."""
    theirs = sorted(map(tuple, json.loads((folder / "theirs.json").read_text())))
    told = json.loads((folder / "ours.json").read_text())["errors"]
    ours = sorted((error["row"], error["field"], error["type"]) for error in told)
    if theirs != ours:
        raise SystemExit("the two engines disagree")
    return len(ours)


def measure(path: Path, folder: Path, rows: int, *, reference: bool) -> dict[str, Figures]:
    """Measure every tool on one file, in turn."""
    runs: dict[str, list[Figures]] = {}
    for turn in range(ROUNDS):
        for name, command in commands(path, folder).items():
            if name == "frictionless" and (not reference or (turn and rows >= SLOW_ROWS)):
                continue
            runs.setdefault(name, []).append(run(command))
    return {name: least(figures) for name, figures in runs.items()}


def show(title: str, rows: int, size: float, figures: dict[str, Figures]) -> None:
    """Print one size."""
    print(f"\n{title}: {rows:,} rows, {size / 1e6:.1f} MB".replace(",", " "))
    print(f"{'':<16}{'CPU s':>8}{'wall s':>8}{'rows/s':>11}{'MB/s':>8}{'MiB':>7}")
    for name, found in figures.items():
        speed, flow = rows / found.cpu, size / 1e6 / found.cpu
        print(
            f"{name:<16}{found.cpu:>8.2f}{found.wall:>8.2f}{speed:>11,.0f}{flow:>8.1f}{found.peak:>7.0f}".replace(
                ",", " "
            )
        )
    ours, bare = figures["opendata-check"], figures["bare parse"]
    if "frictionless" in figures:
        theirs = figures["frictionless"]
        print(f"frictionless / ours: CPU {theirs.cpu / ours.cpu:.0f} x, wall {theirs.wall / ours.wall:.0f} x")
    print(f"ours / bare parse: CPU {ours.cpu / bare.cpu:.1f} x")


def draw(found: dict[int, dict[str, Figures]]) -> str:
    """Return the CPU seconds of each tool at each size, as an SVG on a logarithmic scale."""
    colours = {"frictionless": "#9a3b26", "opendata-check": "#1f5f8b", "bare parse": "#7a7a7a"}
    said = {"bare parse": "simple lecture"}
    bars, y = [], 50
    low, high = -1.0, 2.5
    for rows, figures in found.items():
        bars.append(f'<text x="10" y="{y}" font-weight="bold">{rows:,} lignes</text>'.replace(",", " "))
        for name, one in figures.items():
            y += 22
            width = max(2.0, (log10(max(one.cpu, 0.1)) - low) / (high - low) * 380)
            told = f"{one.cpu:.2f} s, {one.peak:.0f} Mio".replace(".", ",")
            bars.append(
                f'<text x="20" y="{y}">{escape(said.get(name, name))}</text><rect x="140" y="{y - 12}" width="{width:.0f}" height="14" '
                f'fill="{colours[name]}"/><text x="{146 + width:.0f}" y="{y}">{told}</text>'
            )
        y += 34
    title = "Secondes de processeur pour lister toutes les fautes (échelle logarithmique)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {y}" font-family="sans-serif" font-size="13" role="img" '
        f'aria-label="{title}"><rect width="700" height="{y}" fill="#fff"/><text x="10" y="24">{title}</text>{"".join(bars)}</svg>\n'
    )


def main(arguments: list[str]) -> None:
    """Measure what was asked."""
    sizes = tuple(int(a) for a in arguments if a.isdigit()) or (() if arguments else SIZES)
    os.environ["PYTHONPATH"] = str(ROOT)
    found: dict[int, dict[str, Figures]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.json").write_text(json.dumps(schema()))
        path = folder / "subventions.csv"
        for rows in sizes:
            generate(path, rows)
            found[rows] = measure(path, folder, rows, reference=True)
            show("subsidies", rows, path.stat().st_size, found[rows])
            print(f"same errors in both lists: {same_errors(folder)}")
        if not arguments:
            generate(path, 1_000_000, worst=True)
            show("every date wrong", 1_000_000, path.stat().st_size, measure(path, folder, 1_000_000, reference=False))
            (Path(__file__).parent / "tables.svg").write_text(draw(found), encoding="utf-8")
        if "--large" in arguments:
            generate(path, LARGE)
            show("subsidies", LARGE, path.stat().st_size, measure(path, folder, LARGE, reference=False))


if __name__ == "__main__":
    main(sys.argv[1:])
