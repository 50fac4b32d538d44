"""Measures what the README claims, each figure against a peer or a bound measured in the same run.

    python benchmarks/run.py            all of it
    python benchmarks/run.py start      one of: start, demo, memory

Figures are of whole processes: wall seconds (median of several runs, the two commands in turn) and the peak memory that
the system gives for the finished process. Nothing here is a test: a slow machine fails nothing.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-m", "opendata_check"]
RUNS = 7


def run(command: list[str]) -> tuple[float, float]:
    """Return (wall seconds, peak MiB) of one finished process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def start() -> None:
    """--help against a bare import of what it is made with (asked: at most 1.5 times)."""
    helped, bare = [], []
    run([*PROGRAM, "--help"])
    for _ in range(RUNS):
        helped.append(run([*PROGRAM, "--help"])[0])
        bare.append(run([sys.executable, "-c", "import typer, rich"])[0])
    ratio = median([a / b for a, b in zip(helped, bare, strict=True)])
    print(f"--help                    {median(helped):.3f} s")
    print(f"import typer, rich        {median(bare):.3f} s")
    print(f"ratio                     {ratio:.2f}   (asked: at most 1.5)")


def demo() -> None:
    """The README's first command, once set up (asked: at most 3 s)."""
    command = [*PROGRAM, "audit", str(ROOT / "examples" / "commune-exemple"), "--on", "2026-11-23"]
    run(command)
    times = [run(command) for _ in range(RUNS)]
    print(
        f"audit of the example      {median([t for t, _ in times]):.2f} s, {max(m for _, m in times):.0f} MiB   (asked: at most 3 s)"
    )


def memory() -> None:
    """Peak memory of an audit as its largest table grows tenfold (asked: at most 400 MiB, whatever the size)."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in (20_000, 200_000):
            place = Path(folder) / str(rows)
            place.mkdir()
            size = _deliberations(place / "deliberations.csv", rows) / 1e6
            seconds, peak = run([*PROGRAM, "audit", str(place), "--on", "2026-11-23"])
            print(f"{rows:>7} rows, {size:5.1f} MB      {seconds:.1f} s, {peak:.0f} MiB   (asked: at most 400 MiB)")


def _deliberations(path: Path, rows: int) -> int:
    sys.path.insert(0, str(ROOT / "scripts"))
    import random

    from build_examples import deliberations

    one = deliberations(random.Random(1), "Vauclair-sur-Orme", "219900016", 500, 2025).decode().splitlines()
    header, body = one[0], list(csv.reader(one[1:]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(header + "\r\n")
        writer = csv.writer(stream)
        for number in range(rows):
            row = list(body[number % len(body)])
            row[2] = f"2025-{number:07d}"
            if number % 1000 == 7:
                row[3] = "31/12/2025"
            writer.writerow(row)
    return path.stat().st_size


ALL: dict[str, Callable[[], None]] = {"start": start, "demo": demo, "memory": memory}


def main() -> None:
    """Run the measures named, or all of them, then the rooms' own."""
    chosen = sys.argv[1:] or list(ALL)
    for name in chosen:
        print(f"# {name}: {(ALL[name].__doc__ or '').splitlines()[0]}")
        ALL[name]()
        print()
    if not sys.argv[1:]:
        for script in sorted(Path(__file__).parent.glob("*.py")):
            if script.name != "run.py":
                print(f"# {script.name}")
                sys.stdout.flush()
                subprocess.run([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
                print()


if __name__ == "__main__":
    main()
