"""Measures the gate on a repository of 200 files: read for the first time, unchanged, one file changed, with reports.

    python benchmarks/gate.py

The peer is frictionless' own validation of the same 200 tables, in one process, without a schema: it looks at far less,
and reads them anew each time. Both run in turn, in the same run; seconds of whole processes (median), on the clock and of
processor: only the second says anything on a busy machine. The program
is copied first: an edit made meanwhile would, rightly, empty the gate's memory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
FILES = 200
ROWS = 300
RUNS = 5
_PEER = (
    "import sys, frictionless\n"
    "from pathlib import Path\n"
    "frictionless.system.trusted = True\n"
    "for path in sorted(Path('data').glob('*.csv')):\n"
    "    frictionless.Resource(str(path)).validate()\n"
)


def repository(folder: Path) -> Path:
    """Write tables of subsidies, each with other figures."""
    (folder / "data").mkdir(parents=True)
    for number in range(FILES):
        place = folder / "data" / f"subventions-{number:03}.csv"
        place.write_text(table(number), encoding="utf-8")
    (folder / "opendata-check.toml").write_text('[gate]\npaths = ["data"]\n', encoding="utf-8")
    return folder


def table(number: int) -> str:
    """Return a table whose figures depend on a number."""
    rows = "".join(
        f"{row},Association {row},{(row * 37 + number) % 900}.00,2025-{1 + row % 12:02}-{1 + row % 28:02}\n"
        for row in range(ROWS)
    )
    return f"numero,nom,montant,date\n{rows}"


def main() -> None:
    """Print the figures, and the ratio to the peer."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        program = place / "program"
        shutil.copytree(
            ROOT / "opendata_check", program / "opendata_check", ignore=shutil.ignore_patterns("__pycache__")
        )
        shutil.copytree(ROOT / "rules", program / "rules")
        folder = repository(place / "depot")
        environment = {
            **os.environ, "PYTHONPATH": str(program), "OPENDATA_CHECK_CACHE": str(place / "memoire"),
        }  # fmt: skip

        def timed(*command: str) -> tuple[float, float]:
            """Return (wall, processor) seconds of one finished process."""
            start, before = time.perf_counter(), os.times()
            done = subprocess.run(
                [sys.executable, *command], cwd=folder, env=environment, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr.decode()[-2000:]
            after = os.times()
            own = sum(after[2:4]) - sum(before[2:4])
            return time.perf_counter() - start, own

        gate = ("-m", "opendata_check", "gate", "--on", "2026-11-26")
        first = timed(*gate)
        unchanged, changed, peer = [], [], []
        for number in range(RUNS):
            unchanged.append(timed(*gate))
            other = table(number + FILES)
            (folder / "data" / f"subventions-{7 * number:03}.csv").write_text(other, encoding="utf-8")
            changed.append(timed(*gate))
            peer.append(timed("-c", _PEER))
        reports = [f"sarif:{place}/a.sarif", f"junit:{place}/a.xml"]
        asked = [word for one in reports for word in ("-o", one)]
        timed(*gate, *asked)
        with_reports = [timed(*gate, *asked) for _ in range(RUNS)]
        without = timed(*gate, "--no-cache")
        kept = sum(one.stat().st_size for one in (place / "memoire").rglob("*") if one.is_file())
    print(f"{FILES} files of {ROWS} rows       wall  processor")
    _tell("gate, first time", [first])
    _tell("gate, nothing changed", unchanged, "   (asked: at most 1 s)")
    _tell("same, SARIF and JUnit", with_reports)
    _tell("gate, one file changed", changed)
    _tell("gate, --no-cache", [without])
    _tell("frictionless validate", peer)
    for what, times in (("unchanged", unchanged), ("one file changed", changed), ("first time", [first] * RUNS)):
        ratio = median(own[1] / other[1] for own, other in zip(times, peer, strict=True))
        print(f"{what:24} {ratio:.2f} times its processor time")
    print(f"kept on disk             {kept / 1e6:.1f} MB")


def _tell(what: str, times: list[tuple[float, float]], note: str = "") -> None:
    wall, own = (median(column) for column in zip(*times, strict=True))
    print(f"{what:24} {wall:6.2f} s {own:6.2f} s{note}")


if __name__ == "__main__":
    main()
