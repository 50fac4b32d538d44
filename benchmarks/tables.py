"""Measures table validation against frictionless' own, on the same generated deliberations, in the same run.

Each measure is a process of its own: CPU seconds of validating (imports included), rows per second, peak memory.
Run: python benchmarks/tables.py [rows …]
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000)
ROUNDS = 3
FAULTS_PER_CELL = 0.001


def generate(path: Path, rows: int) -> None:
    """Write ``rows`` deliberations, one cell in a thousand at fault, the same for the same number of rows."""
    sys.path.insert(0, str(ROOT))
    from opendata_check import schemas

    chance = random.Random(rows)
    names = [field.name for field in schemas.load("scdl/deliberations").fields]
    wrong = {
        "DELIB_DATE": "31/12/2023",
        "COLL_SIRET": "2134017220001",
        "DELIB_MATIERE_CODE": "8,1",
        "VOTE_POUR": "tous",
    }
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for number in range(rows):
            year, month, day = chance.randrange(2010, 2026), chance.randrange(1, 13), chance.randrange(1, 29)
            row = dict.fromkeys(names, "")
            row |= {
                "COLL_NOM": "Commune de Valmont-sur-Orne",
                "COLL_SIRET": "21340172200011",
                "DELIB_ID": f"{year}-{number:07}",
                "DELIB_DATE": f"{year}-{month:02}-{day:02}",
                "DELIB_MATIERE_CODE": f"{chance.randrange(1, 10)}.{chance.randrange(1, 10)}",
                "DELIB_MATIERE_NOM": "Finances locales",
                "DELIB_OBJET": f"Décision modificative {chance.randrange(10**6)} du budget",
                "PREF_ID": "PREF014",
                "PREF_DATE": f"{year}-12-31",
                "VOTE_EFFECTIF": "29",
                "VOTE_REEL": "27",
                "VOTE_POUR": str(chance.randrange(20, 28)),
                "VOTE_CONTRE": "0",
                "VOTE_ABSTENTION": "0",
                "DELIB_URL": f"https://www.valmont.example/deliberations/{number}.pdf",
            }
            for name in names:
                if chance.random() < FAULTS_PER_CELL:
                    row[name] = wrong.get(name, "")
            writer.writerow(row.values())


def ours(path: Path) -> int:
    """Validate with opendata_check.tables; return the number of faulty cells."""
    from opendata_check import schemas, tables
    from opendata_check.model.content import Content
    from opendata_check.model.facts import ContentFacts, Dialect, EnvelopeFacts, TableFacts, TextFacts

    labels = tuple(field.name for field in schemas.load("scdl/deliberations").fields)
    match = schemas.recognise(labels)
    assert match is not None
    table = TableFacts(1, labels, 0, dialect=Dialect(","))
    facts = ContentFacts(EnvelopeFacts("csv", "csv"), TextFacts("utf-8", False, "lf"), table)
    validation = tables.validate(Content(path, path.name, path.stat().st_size, path.name), facts, match)
    own = {"siret", "at_least", "at_most", "together"}
    return sum(issue.count for issue in validation.issues if issue.rule not in own)


def theirs(path: Path) -> int:
    """Validate with frictionless.validate, without its limit of a thousand errors; return the number of errors."""
    from frictionless import Schema
    from frictionless.resources import TableResource

    from opendata_check import schemas
    from opendata_check.tables.exact import descriptor

    fields = [descriptor(field, ("",)) for field in schemas.load("scdl/deliberations").fields]
    resource_ = TableResource(
        path=path.name,
        basepath=str(path.parent),
        encoding="utf-8",
        schema=Schema.from_descriptor({"fields": fields}),
    )
    return len(resource_.validate(limit_errors=10**9).tasks[0].errors)


def measure(engine: str, path: Path) -> None:
    """Print one measure as JSON (in the child process)."""
    sys.path.insert(0, str(ROOT))
    start = time.process_time()
    faults = {"ours": ours, "frictionless": theirs}[engine](path)
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "peak": peak, "faults": faults}))


def best(engine: str, path: Path, rounds: int) -> dict[str, float]:
    """Return the least CPU of several processes, with its peak memory (MB) and faults."""
    runs = []
    for _ in range(rounds):
        command = [sys.executable, __file__, "--measure", engine, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: run["cpu"])


def main(sizes: tuple[int, ...]) -> None:
    """Print a table of measures, one line per size and engine."""
    print(f"{'rows':>9} {'engine':<14} {'CPU s':>7} {'rows/s':>9} {'peak MB':>8} {'faults':>7} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"deliberations-{size}.csv"
            generate(path, size)
            reference = best("frictionless", path, ROUNDS if size <= 10_000 else 1)
            found = best("ours", path, ROUNDS)
            assert found["faults"] == reference["faults"], "the two engines disagree"
            for engine, run in (("frictionless", reference), ("opendata-check", found)):
                speed, ratio = size / run["cpu"], reference["cpu"] / run["cpu"]
                figures = f"{run['cpu']:>7.2f} {speed:>9.0f} {run['peak']:>8.0f} {run['faults']:>7} {ratio:>5.1f}x"
                print(f"{size:>9} {engine:<14} {figures}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
