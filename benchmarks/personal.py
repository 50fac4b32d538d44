"""Measures the detector of personal data: right and wrong alarms over a labelled corpus, and its pace.

    python benchmarks/personal.py tune      figures, then every miss and false alarm
    python benchmarks/personal.py test      the figures only; --show lists misses and false alarms
    python benchmarks/personal.py reserve   the same, over tables written after those
    python benchmarks/personal.py fresh     the same, over tables that nobody sets the detector on: never --show
    python benchmarks/personal.py speed     a million rows of 15 columns, against the bare parse of the same file
    python benchmarks/personal.py --write   all of them, and rewrites docs/donnees-personnelles.md

The corpus is made by scripts/personal_corpus, always the same. No value of a cell is printed: labels only.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from personal_corpus import KINDS, measure, page, tables  # noqa: E402
from personal_corpus.wide import write_wide  # noqa: E402

ROWS = 1_000_000
BATCH = 20_000
"""Rows of a batch, as the reader of tables makes them."""
ROUNDS = 3


def part(split: str) -> list[measure.Outcome]:
    """Return the outcome of every column of a part."""
    with tempfile.TemporaryDirectory() as folder:
        return list(measure.outcomes(tables(split), Path(folder)))


def show_figures(split: str, seen: Sequence[measure.Outcome]) -> None:
    """Print recall, precision and the detail by kind."""
    total = measure.figures(seen)
    print(f"{split}: {len(seen)} columns, {sum(outcome.positive for outcome in seen)} personal and not public")
    for name, share, size in (
        ("recall", total.recall, total.found + total.missed),
        ("precision", total.precision, total.found + total.false),
    ):
        low, high = measure.interval(share, size)
        print(f"  {name:<10} {share:.3f}   (95 %: {low:.3f} to {high:.3f}; {size} columns)")
    print(f"  missed {total.missed}, false alarms {total.false}")
    print(f"  {'kind':<16} {'columns':>7} {'found':>6} {'recall':>7} {'right kind':>11}")
    for kind, count, found, exact in measure.by_kind(seen, KINDS):
        print(f"  {kind:<16} {count:>7} {found:>6} {found / count if count else 1:>7.2f} {exact:>11}")
    for expected, said, count in measure.confusions(seen):
        print(f"  right column, other kind: {expected} said {said} ({count})")
    print(f"  public columns left in peace under another family: {len(measure.wrong_families(seen))}")


def show_errors(seen: Sequence[measure.Outcome]) -> None:
    """Print every miss, false alarm and wrong family; labels only."""
    for outcome in seen:
        if outcome.counted and outcome.positive != outcome.flagged:
            word = "MISSED" if outcome.positive else "FALSE "
            print(f"  {word} {outcome.table} › {outcome.label}: {outcome.expected}, said {outcome.alarms or 'nothing'}")
    for outcome in measure.wrong_families(seen):
        print(f"  FAMILY {outcome.table} › {outcome.label}: {outcome.expected}, said {outcome.families}")


def least(action: Callable[[], Any]) -> float:
    """Return the least CPU seconds of a few runs."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        best = min(best, time.process_time() - start)
    return best


def speed() -> dict[str, float]:
    """Return CPU seconds of csv.reader, of pyarrow's parser and of the personal scan over the same file."""
    import pyarrow as pa

    from opendata_check.inspection.personal import PersonalWatch

    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wide.csv"
        labels = write_wide(path, ROWS)
        print(
            f"{ROWS} rows × {len(labels)} columns, {path.stat().st_size / 1e6:.0f} MB; CPU seconds, least of {ROUNDS}"
        )

        def python_parse() -> None:
            with path.open(encoding="utf-8", newline="") as stream:
                for _ in csv.reader(stream, delimiter=";"):
                    pass

        def arrow_parse() -> None:
            for _ in arrow_batches(path, labels):
                pass

        scans = []
        for _ in range(ROUNDS):
            watch, spent, line = PersonalWatch(labels), 0.0, 2
            for batch in table_batches(path, labels):
                start = time.process_time()
                watch.take(batch)
                spent += time.process_time() - start
                line += len(batch.lines)
            start = time.process_time()
            watch.hints()
            scans.append(spent + time.process_time() - start)
        return {"csv": least(python_parse), "arrow": least(arrow_parse), "scan": min(scans)}


def arrow_batches(path: Path, labels: Sequence[str]) -> Iterator[Any]:
    """Yield the record batches of the file, every cell a string."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=1 << 22),
        parse_options=arrow_csv.ParseOptions(delimiter=";"),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(labels, pa.string()), strings_can_be_null=False
        ),
    ) as reader:
        yield from reader


def table_batches(path: Path, labels: Sequence[str]) -> Iterator[Any]:
    """Yield the file as the batches that observers of cells take."""
    import numpy as np

    from opendata_check.inspection.batch import ColumnBatch, TableBatch

    line = 2
    for record in arrow_batches(path, labels):
        for start in range(0, record.num_rows, BATCH):
            piece = record.slice(start, BATCH)
            columns = [ColumnBatch(place, cells) for place, cells in enumerate(piece.columns)]
            yield TableBatch(np.arange(line, line + piece.num_rows, dtype=np.int64), columns)
            line += piece.num_rows


def show_speed(spent: dict[str, float]) -> None:
    """Print the pace of the scan against the two bare parses."""
    print(f"  csv.reader        {spent['csv']:.2f} s")
    print(f"  pyarrow's parser  {spent['arrow']:.2f} s")
    print(f"  personal scan     {spent['scan']:.2f} s")
    print(f"  throughput of the scan over csv.reader's: {spent['csv'] / spent['scan']:.2f}   (asked: at least 0.30)")
    print(f"  throughput of the scan over pyarrow's:    {spent['arrow'] / spent['scan']:.2f}")


def main(words: Sequence[str]) -> None:
    """Measure what is asked."""
    write = "--write" in words
    asked = [word for word in words if not word.startswith("--")] or ([*page.SPLITS, "speed"] if write else ["tune"])
    seen: dict[str, list[measure.Outcome]] = {}
    spent: dict[str, float] = {}
    for word in asked:
        if word == "speed":
            spent = speed()
            show_speed(spent)
        else:
            seen[word] = part(word)
            show_figures(word, seen[word])
            if word == "tune" or "--show" in words:
                show_errors(seen[word])
    if write:
        target = ROOT / "docs" / "donnees-personnelles.md"
        target.write_text(page.page(seen, spent), encoding="utf-8")
        print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
