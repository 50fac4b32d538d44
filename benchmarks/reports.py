"""Measures how long reports take to write and what memory they need, each beside a peer in the same run.

    python benchmarks/reports.py                 every measure
    python benchmarks/reports.py sarif           one measure
    python benchmarks/reports.py sarif 300000    the same with so many findings

Asked (issue 8): SARIF of 100 000 findings streamed. Each way of writing is a process of its own; memory is what it takes
beyond the report it is given.

- sarif: the file written piece by piece, against the same document built whole and given to ``json.dumps``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_REPORT = """
import json, resource, sys, time
from dataclasses import replace
from datetime import date
from pathlib import Path
from opendata_check.model.catalog import Catalog
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.organization import EvidenceKind
from opendata_check.model.report import AuditReport
from opendata_check.model.score import AxisScore, Scores

def finding(at):
    file = f"donnees/fichier-{at % 500:03}.csv"
    place = Location(file, file, "", f"colonne_{at % 7}", "ABCDEFG"[at % 7], ((at // 500 + 2, at // 500 + 4),))
    return Finding(f"controle-{at % 40:02}", list(Axis)[at % 6], Outcome.NON_COMPLIANT, list(Severity)[at % 4], 3,
        "Les valeurs suivent le modèle", f"3 lignes : la colonne n'est pas une date de la forme 2024-01-31 (n° {at}).",
        "Un logiciel rejette la ligne entière.", "Corrigez ces cellules dans le tableau d'origine, puis exportez.",
        "demi_heure", (), "", file, "Fichier", (place,), "", EvidenceKind.OBSERVED, f"{at:016x}", count=3)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

count, path = int(sys.argv[1]), Path(sys.argv[2])
axes = tuple(AxisScore(axis, 50.0, 1.0, 1, 1, 0) for axis in Axis)
report = AuditReport("donnees", date(2026, 11, 26), None, (), (Catalog("folder", "folder", "donnees", "", ()),), (),
    tuple(finding(at) for at in range(count)), Scores(50.0, 1.0, "", axes), (), (), "0.1.0")
"""

_MEASURED = """
from opendata_check.reports import sarif
from opendata_check.reports.interface import Layout
"".join(sarif.render(replace(report, findings=report.findings[:10]), Layout()))  # words and rules are read
before, start = peak(), time.process_time()
{way}
taken = time.process_time() - start
print(json.dumps([taken, (peak() - before) / 1024, path.stat().st_size / 1e6]))
"""

_STREAMED = """
with path.open("w", encoding="utf-8") as file:
    file.writelines(sarif.render(report, Layout()))
"""

_WHOLE = """
from opendata_check.reports.ci import sarif_run
from opendata_check.reports.ci.places import Places
from opendata_check.reports.ci.problems import Models, Unique, faults
places, models, seen = Places(report), Models(report), Unique()
ranks, rules = sarif_run.rules(report)
results = [sarif.result(one, places, ranks, models, seen) for one in faults(report)]
driver = sarif_run.driver(report, rules)
document = {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
"""


def measured(program: str, count: int) -> tuple[float, float, float]:
    """Return (seconds of CPU, MB of memory beyond the report, MB written) of one way of writing, in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", program, str(count), str(Path(folder) / "report")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, memory, written = json.loads(done.stdout)
    return seconds, memory, written


def best(program: str, count: int, times: int = 3) -> tuple[float, float, float]:
    """Return the fastest of a few runs."""
    return min(measured(program, count) for _ in range(times))


def sarif(count: int = 100_000) -> None:
    """Print SARIF streamed against the same built whole."""
    streamed, whole = (best(_REPORT + _MEASURED.replace("{way}", way), count) for way in (_STREAMED, _WHOLE))
    print(f"sarif, {count} findings, {streamed[2]:.0f} MB")
    print(f"  streamed    {streamed[0]:6.2f} s of CPU  {streamed[1]:7.1f} MB of memory")
    print(f"  json.dumps  {whole[0]:6.2f} s of CPU  {whole[1]:7.1f} MB of memory")
    print(f"  ratio       {streamed[0] / whole[0]:6.2f}    {streamed[1] / whole[1]:7.2f}")


MEASURES: dict[str, Callable[..., None]] = {"sarif": sarif}


def main(arguments: list[str]) -> int:
    """Run the measures asked for."""
    names = arguments[:1] or list(MEASURES)
    if any(name not in MEASURES for name in names) or not all(text.isdigit() for text in arguments[1:]):
        print(__doc__)
        return 2
    for name in names:
        MEASURES[name](*map(int, arguments[1:2]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
