"""Measures the rules of the Base adresse nationale over generated addresses: CPU seconds, rows per second, peak memory.

Each measure is a process of its own, which reads batches already parsed (Arrow) and judges them; imports are told apart,
and memory is what the process grew by after a first small file. The published validator (validateur-bal 3.5.2, on the
same kind of machine, 0.08 % of rows at fault) took 19.95 CPU seconds for 100 000 rows, its parsing of the CSV included.
Run: python benchmarks/bal.py [rows …]
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 5
BATCH = 65_536
FAULTS = 0.001
PUBLISHED = 19.95 / 100_000
"""CPU seconds a row of the published validator."""
LABELS = (
    "id_ban_commune", "id_ban_toponyme", "id_ban_adresse", "cle_interop", "commune_insee", "commune_nom",
    "commune_deleguee_insee", "commune_deleguee_nom", "voie_nom", "lieudit_complement_nom", "numero", "suffixe",
    "position", "x", "y", "long", "lat", "cad_parcelles", "source", "date_der_maj", "certification_commune",
)  # fmt: skip
KINDS = ("Rue", "Avenue", "Chemin", "Impasse", "Place", "Route", "Allée")
NAMES = ("de l'Église", "du Moulin", "des Écoles", "Victor Hugo", "du Général de Gaulle", "de la Fontaine", "du Stade")
WRONG = {
    "numero": "12b",
    "position": "Entrée",
    "long": "2,35",
    "date_der_maj": "31/12/2023",
    "voie_nom": "RUE DU MOULIN",
    "cle_interop": "14118_0150",
    "x": "0",
}


def generate(rows: int) -> dict[str, list[str]]:
    """Return the columns of ``rows`` addresses of one commune, one row in a thousand at fault; always the same."""
    import numpy as np

    from opendata_check.standards.bal.geodesy import LAMBERT_93

    chance = random.Random(rows)

    def identifier() -> str:
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))

    columns: dict[str, list[str]] = {label: [] for label in LABELS}
    commune, done, street = identifier(), 0, 0
    while done < rows:
        street += 1
        name = f"{chance.choice(KINDS)} {chance.choice(NAMES)} {street}"
        toponym, code = identifier(), f"{street % 10_000:04}"
        for rank in range(min(chance.randrange(5, 80), rows - done)):
            number, suffix = rank + 1, "bis" if chance.random() < 0.05 else ""
            row = dict.fromkeys(LABELS, "")
            row |= {
                "id_ban_commune": commune,
                "id_ban_toponyme": toponym,
                "id_ban_adresse": identifier(),
                "cle_interop": f"14118_{code}_{number:05}" + (f"_{suffix}" if suffix else ""),
                "commune_insee": "14118",
                "commune_nom": "Caen",
                "voie_nom": name,
                "numero": str(number),
                "suffixe": suffix,
                "position": "entrée" if chance.random() < 0.9 else "parcelle",
                "long": f"{-0.4 + 0.1 * chance.random():.6f}",
                "lat": f"{49.15 + 0.06 * chance.random():.6f}",
                "cad_parcelles": f"14118000AB{chance.randrange(10_000):04}",
                "source": "Commune de Caen",
                "date_der_maj": f"20{chance.randrange(15, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
                "certification_commune": chance.choice("01"),
            }
            if chance.random() < FAULTS:
                label = chance.choice(tuple(WRONG))
                row[label] = WRONG[label]
            for label in LABELS:
                columns[label].append(row[label])
            done += 1
    points = [[float(text.replace(",", ".")) for text in columns[label]] for label in ("long", "lat")]
    x, y = LAMBERT_93.project(np.array(points[0]), np.array(points[1]))
    for label, metres in (("x", x), ("y", y)):
        columns[label] = [kept or f"{value:.2f}" for kept, value in zip(columns[label], metres.tolist(), strict=True)]
    return columns


def write(path: str, rows: int) -> None:
    """Write the generated addresses as a stream of Arrow batches (in a child process, whose memory is not ours)."""
    import pyarrow as pa

    table = pa.table(generate(rows))
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=BATCH)


def run(path: str) -> int:
    """Return how many rows are at fault in a stream, read batch by batch."""
    import pyarrow as pa

    from opendata_check.standards.bal import BalRules

    rules, faults, first = BalRules(LABELS, known_commune="14118".__eq__), 0, 2
    with pa.OSFile(path) as source, pa.ipc.open_stream(source) as reader:
        for batch in reader:
            faults += sum(len(fault.rows) for fault in rules.judge(batch, first))
            first += batch.num_rows
    return faults + sum(len(fault.rows) for fault in rules.finish())


def measure(path: str, small: str) -> None:
    """Print one measure as JSON (in a child process)."""
    start = time.process_time()
    import pyarrow as pa

    from opendata_check.standards.bal import batch

    assert pa and batch
    imports = time.process_time() - start
    run(small)  # what is loaded once: the rules, the libraries' kernels
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, faults = float("inf"), 0
    for _ in range(ROUNDS):
        start = time.process_time()
        faults = run(path)
        best = min(best, time.process_time() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"cpu": best, "imports": imports, "grown": grown, "faults": faults}))


def child(*arguments: str) -> str:
    """Run this file again as a child process; return what it printed."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def main(sizes: tuple[int, ...]) -> None:
    """Print a table of measures, one line per size."""
    print(
        f"{'rows':>9} {'CPU s':>7} {'rows/s':>9} {'imports s':>9} {'memory +MB':>10} {'faults':>7} {'published/ours':>14}"
    )
    with tempfile.TemporaryDirectory() as folder:
        small = str(Path(folder) / "small.arrow")
        child("--write", small, "1000")
        for size in sizes:
            path = str(Path(folder) / f"{size}.arrow")
            child("--write", path, str(size))
            figures = json.loads(child("--measure", path, small))
            ratio = PUBLISHED * size / figures["cpu"]
            print(
                f"{size:>9} {figures['cpu']:>7.3f} {size / figures['cpu']:>9.0f} {figures['imports']:>9.2f}"
                f" {figures['grown']:>10.0f} {figures['faults']:>7} {ratio:>13.0f}x"
            )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ["--write"]:
        write(sys.argv[2], int(sys.argv[3]))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
