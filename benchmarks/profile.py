"""Measures `schemas infer` on a million rows of fifteen mixed columns, against a bare reading of the same file by Arrow.

Each measure is a process of its own: CPU seconds (imports included) and peak memory.
Asked: at most 5 CPU s and 300 MB for a million rows of fifteen columns.
Run: python benchmarks/profile.py [rows]
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = 1_000_000
ROUNDS = 3
LABELS = "id;siret_acheteur;code_commune;date_notification;date_effet;montant;taux;objet;categorie;actif;courriel;url;lat;lon;annee"


def luhn(digits: str) -> str:
    """Return digits followed by their key."""
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def generate(path: Path, rows: int) -> None:
    """Write ``rows`` rows of identifiers, codes, dates, numbers, texts and addresses, the same for the same number."""
    chance = random.Random(rows)
    offices = [luhn(luhn(f"{chance.randrange(10**8):08}") + f"{chance.randrange(1, 60):04}") for _ in range(3_000)]
    kinds = ["voirie", "eau", "sport", "culture", "école"]
    with path.open("w", encoding="utf-8") as stream:
        stream.write(LABELS + "\n")
        for number in range(rows):
            year, month, day = chance.randrange(2010, 2026), chance.randrange(1, 13), chance.randrange(1, 29)
            cells = [
                number + 1,
                chance.choice(offices),
                f"{chance.randrange(1_000, 96_000):05}",
                f"{year}-{month:02}-{day:02}",
                f"{day:02}/{month:02}/{year}",
                chance.randrange(10**7) / 100,
                str(chance.randrange(10**6) / 100).replace(".", ","),
                f"Décision modificative {chance.randrange(10**6)} du budget",
                chance.choice(kinds),
                chance.choice(["oui", "non"]),
                f"agent{chance.randrange(10**5)}@mairie.example",
                f"https://www.valmont.example/d/{number}.pdf",
                f"{48 + chance.random():.7f}",
                f"{2 + chance.random():.7f}",
                year,
            ]
            stream.write(";".join(map(str, cells)) + "\n")


def profiled(path: Path) -> str:
    """Profile the file as the command does; return the kinds of its columns."""
    from opendata_check import inspection
    from opendata_check.model.content import Content
    from opendata_check.tables.profile import profile

    content = Content(path, path.name, path.stat().st_size, path.name)
    return ", ".join(column.kind for column in profile(content, inspection.read_head(content)).columns)


def bare(path: Path) -> str:
    """Read the file into columns of texts, and forget them; return how many rows there are."""
    from opendata_check.model.facts import Dialect
    from opendata_check.tables.arrow_reader import open_columns

    with path.open("rb") as stream:
        batches = open_columns(stream, Dialect(";"), width=15, header_row=1, on_odd=lambda row: "skip", block=2 << 20)
        return f"{sum(batch.num_rows for batch in batches)} rows"


def measure(what: str, path: Path) -> None:
    """Print one measure as JSON (in the child process)."""
    sys.path.insert(0, str(ROOT))
    start = time.process_time()
    found = {"bare reading": bare, "profile": profiled}[what](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": time.process_time() - start, "peak": peak, "found": found}))


def main(rows: int) -> None:
    """Print a table of measures: the best of several processes."""
    print(f"{'':<14} {'CPU s':>7} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        generate(path, rows)
        for what in ("bare reading", "profile"):
            command = [sys.executable, __file__, "--measure", what, str(path)]
            runs = [
                json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                for _ in range(ROUNDS)
            ]
            best = min(runs, key=lambda run: run["cpu"])
            print(f"{what:<14} {best['cpu']:>7.2f} {best['peak']:>8.0f}   {best['found']}")
        print(
            f"{rows} rows of 15 columns, {path.stat().st_size / 1e6:.0f} MB (asked: at most 5 CPU s a million, 300 MB)"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
