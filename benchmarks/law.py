"""Measures what answering about the law costs, each figure against a peer or a bound measured in the same run.

    python benchmarks/law.py            all of it
    python benchmarks/law.py scope      one of: scope, country, sirene

Whole processes, bytecode compiled once before (as an installed program's is): wall seconds, and the peak memory that the
system gives for the finished process. Runs alternate with those of the peer. Nothing here is a test.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-m", "opendata_check"]
RUNS = 15
ROWS = 4_000_000
_CSV_PEER = """
import csv, sys
wanted = set(sys.argv[2:])
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    rows = csv.DictReader(stream)
    found = {row["siren"]: row["trancheEffectifsUniteLegale"] for row in rows if row["siren"] in wanted}
assert found
"""
_ONE_BY_ONE = """
import sys
from datetime import date
from itertools import islice
from opendata_check.law import scope
from opendata_check.territory.everyone import everyone
for body in islice(everyone(), int(sys.argv[1])):
    scope(body, date(2026, 11, 23))
"""


def run(command: list[str], cache: str) -> tuple[float, float]:
    """Return (wall seconds, peak MiB) of one finished process, which must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def scope(cache: str) -> None:
    """One commune against a bare import of typer and rich (asked: at most 150 ms more)."""
    command = [*PROGRAM, "scope", "54395", "--agents", "62", "--on", "2026-11-23"]
    bare = [sys.executable, "-c", "import typer, rich"]
    run(command, cache)
    run(bare, cache)
    pairs = [(run(command, cache)[0], run(bare, cache)[0]) for _ in range(RUNS)]
    print(f"scope of one commune      {median(a for a, _ in pairs):.3f} s")
    print(f"import typer, rich        {median(b for _, b in pairs):.3f} s")
    print(f"difference                {median(a - b for a, b in pairs) * 1000:.0f} ms   (asked: at most 150 ms)")


def country(cache: str) -> None:
    """Every body of the reference (asked: at most 5 s and 500 MiB), against asking one body after the other."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("x.csv", "x.parquet"):
            command = [*PROGRAM, "scope", "--all", "--on", "2026-11-23", "-o", str(Path(folder) / name)]
            run(command, cache)
            times = [run(command, cache) for _ in range(5)]
            seconds, peak = median(s for s, _ in times), max(m for _, m in times)
            print(f"scope --all, {name:<12} {seconds:.1f} s, {peak:.0f} MiB   (asked: at most 5 s, 500 MiB)")
    few = 1_000
    alone, _ = run([sys.executable, "-c", _ONE_BY_ONE, str(few)], cache)
    print(f"{few} communes one by one   {alone:.1f} s")


def sirene(cache: str) -> None:
    """A pass over an extract of Sirene, against Python's csv module reading the same columns."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in (ROWS // 10, ROWS):
            path = Path(folder) / f"{rows}.csv"
            _extract(path, rows)
            command = [*PROGRAM, "scope", "54395", "--on", "2026-11-23", "--sirene", str(path)]
            peer = [sys.executable, "-c", _CSV_PEER, str(path), "215403957"]
            run(command, cache)
            ours, theirs = run(command, cache), run(peer, cache)
            size = path.stat().st_size / 1e6
            print(
                f"{rows:>8} rows, {size:4.0f} MB     {ours[0]:.1f} s, {ours[1]:.0f} MiB; "
                f"csv module {theirs[0]:.1f} s: {theirs[0] / ours[0]:.1f} times"
            )


def _extract(path: Path, rows: int) -> None:
    """Write rows shaped as StockUniteLegale's: Nancy's among the last."""
    names = [f"colonne{number}" for number in range(30)]
    draw = random.Random(1)
    filler = [",".join(draw.choice(("", "2019-11-14T14:00:03", "A", "NN")) for _ in names) for _ in range(1_000)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["siren", "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale", *names])
        for number in range(rows - 1):
            stream.write(f"{100_000_000 + number},{draw.choice(('', 'NN', '01', '21'))},2023,{filler[number % 1000]}\n")
        stream.write(f"215403957,51,2023,{filler[0]}\n")


def main(names: list[str]) -> None:
    """Run the benchmarks named, all by default."""
    every = {"scope": scope, "country": country, "sirene": sirene}
    with tempfile.TemporaryDirectory() as cache:
        for name in names or every:
            every[name](cache)


if __name__ == "__main__":
    main(sys.argv[1:])
