"""Measures the embedded reference: its size, the first answer of a fresh process, then one look-up of each kind.

python benchmarks/territory.py [--runs 20]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

from opendata_check import territory  # noqa: E402 - the checkout's package, not an installed one
from opendata_check.resources import data_file  # noqa: E402
from opendata_check.territory.layout import FILE_NAME  # noqa: E402

MODEL = "import json, opendata_check.model.organization, opendata_check.resources"
PROGRAMS = {
    "bare Python": "pass",
    "the room's model (any command needs it)": MODEL,
    "import of the room": "import opendata_check.territory",
    "first answer by code": "from opendata_check.territory import by_insee; by_insee('54395')",
    "first answer by name": "from opendata_check.territory import resolve; resolve('Grand Nancy')",
}
LOOK_UPS: dict[str, Callable[[], object]] = {
    "by_insee('54395')": lambda: territory.by_insee("54395"),
    "by_siren('215403957')": lambda: territory.by_siren("215403957"),
    "resolve('Nancy')": lambda: territory.resolve("Nancy"),
    "resolve('Nancy (54)')": lambda: territory.resolve("Nancy (54)"),
    "resolve('Grand Nancy')": lambda: territory.resolve("Grand Nancy"),
    "resolve('Nanci'), unknown": lambda: _refused("Nanci"),
    "postcodes_of('13055')": lambda: territory.postcodes_of("13055"),
}


def _refused(query: str) -> None:
    try:
        territory.resolve(query)
    except territory.UnknownTerritoryError:
        return


def fresh_process(runs: int) -> dict[str, float]:
    """Return the least time in ms of each program in a new process: what else runs on the machine only adds to it."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as compiled:  # as installed: compiled once, by the first turn, not counted
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
        for turn in range(runs + 1):
            for name, program in PROGRAMS.items():
                start = time.perf_counter()
                subprocess.run([sys.executable, "-c", program], cwd=_ROOT, env=environment, check=True)
                if turn:
                    times[name].append(1000 * (time.perf_counter() - start))
    return {name: min(values) for name, values in times.items()}


def look_up(call: Callable[[], object]) -> float:
    """Return the median time of one call in ms, once the file is mapped."""
    times = []
    for _ in range(200):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Figures of the embedded reference.")
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    print(f"{FILE_NAME}: {data_file('territory', FILE_NAME).stat().st_size / 1e6:.2f} MB")
    times = fresh_process(runs)
    bare = times["bare Python"]
    print(f"\nFresh process, best of {runs} (ms)")
    for name, value in times.items():
        print(f"  {name:42} {value:7.1f}   minus bare Python: {value - bare:6.1f}")
    print("\nOnce open (ms)")
    for name, call in LOOK_UPS.items():
        call()
        print(f"  {name:42} {look_up(call):7.3f}")


if __name__ == "__main__":
    main()
