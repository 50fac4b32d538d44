"""Measures the store of audits at the size of the country, against the same audits in JSON and Parquet files.

    python benchmarks/store.py             35 000 bodies, 12 audits each
    python benchmarks/store.py 3500        fewer bodies
    python benchmarks/store.py 35000 FILE  keeps the store in FILE, and takes it when it is there

Commands are whole processes, bytecode compiled once before: wall and processor time, peak memory. The start of the
program alone (« --version ») is told apart. Audits are made up: the number of open findings, their texts, how long they last and what
changes in them follow audits of real bodies. Nothing here is a test.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from opendata_check.model.finding import Axis, Outcome  # noqa: E402
from opendata_check.model.score import AxisScore  # noqa: E402
from opendata_check.model.summary import AuditSummary, FindingMark  # noqa: E402
from opendata_check.store import opened  # noqa: E402
from opendata_check.store.packing import packed_numbers, told_form, unpacked_numbers  # noqa: E402
from opendata_check.store.writing import add_within, together  # noqa: E402
from opendata_check.territory.everyone import everyone  # noqa: E402
from opendata_check.wording import french_date  # noqa: E402

PROGRAM = [sys.executable, "-m", "opendata_check"]
RUNS = 9
AUDITS = 12
SEEDS = 2000
"""Bodies whose audits are made up one by one; the others are copies of them."""
DAYS = [date(2026, month, 5) for month in range(1, AUDITS + 1)]
_WHAT = (
    "Répertoire non trouvé dans « {name} » le {day}. Le texte désigne votre propre site, quand il existe.",
    "Délibérations non trouvées là où nous avons cherché, le {day}. Cherchez-les sur le site de la commune.",
    "{count} lignes ne suivent pas le modèle : la colonne « date » du fichier « {file} » n'est pas écrite AAAA-MM-JJ.",
    "Le fichier « {file} » n'a pas de licence : celui qui le réutilise ne sait pas ce qu'il a le droit de faire.",
    "Le jeu « {dataset} » n'a pas changé depuis longtemps ; son rythme annoncé est annuel.",
    "Le fichier « {file} » est enregistré en Windows (cp1252) : les accents se perdent ailleurs que sur votre poste.",
)


@dataclass
class Living:
    """An open finding that lasts from one audit to the next."""

    seed: int
    count: int


def made(bodies: int) -> Iterator[tuple[AuditSummary, tuple[FindingMark, ...]]]:
    """Yield the audits of a year of SEEDS bodies over the country, month after month, as a batch makes them."""
    chance = random.Random(8)
    communes = [body for body in everyone() if body.insee_code][:bodies]
    communes = communes[:: max(1, len(communes) // SEEDS)][:SEEDS]
    living = {}
    for body in communes:
        number = min(120, int(chance.lognormvariate(2.6, 0.7)) + 4)  # the half have 17 or fewer, one in twenty over 45
        living[body.insee_code] = [Living(chance.getrandbits(40), chance.randrange(1, 400)) for _ in range(number)]
    for day in DAYS:
        for body in communes:
            held = living[body.insee_code]
            for one in held:
                if chance.random() < 0.04:
                    one.seed = chance.getrandbits(40)
                elif chance.random() < 0.03:
                    one.count += chance.randrange(1, 9)
            marks = tuple(_mark(one, body.name, day) for one in held)
            axes = tuple(
                AxisScore(axis, round(chance.uniform(40, 100), 1), round(chance.random(), 3), chance.randrange(60),
                          chance.randrange(20), chance.randrange(30)) for axis in Axis
            )  # fmt: skip
            yield AuditSummary(
                body=f"insee:{body.insee_code}", name=body.name, kind="commune", target=body.name, on=day,
                tool_version="0.1.0", insee_code=body.insee_code or "", siren=body.siren or "",
                departement_code=body.departement_code or "", departement_name=body.departement_name or "",
                epci_siren=body.epci_siren or "", epci_name=body.epci_name or "",
                population=body.populations[0].municipale if body.populations else None,
                stratum="les communes de 500 à 1 000 habitants", bound="exempt",
                overall=round(chance.uniform(40, 100), 1), confidence=round(chance.random(), 3),
                level="a_regler_d_abord", axes=axes, datasets=len(held) // 3, files=len(held) // 2, duties_met=2,
                duties_unmet=chance.randrange(9), duties_unknown=chance.randrange(30),
                counts=(("compliant", chance.randrange(300)), ("non_compliant", len(held))),
                severities=(("major", len(held) // 2), ("minor", len(held) // 2)),
                families=tuple(sorted(chance.sample(["bal", "budget", "subventions", "deliberations", "decp"], 2))),
                first_action="Publiez la liste de vos subventions", actions=len(held) // 2,
                newest=date(2025, chance.randrange(1, 13), 3),
            ), marks  # fmt: skip


def _mark(one: Living, name: str, day: date) -> FindingMark:
    """Return the finding as the audit of a day tells it; one in six is about the body, and names it and the day."""
    seed = one.seed
    what = _WHAT[seed % len(_WHAT)]
    about_body = seed % len(_WHAT) < 2
    dataset = "" if about_body else f"Jeu de données communal n° {seed % 997}"
    file = "" if about_body else f"jeu-{seed % 997}-{seed % 7919}.csv"
    told = what.format(name=name, day=french_date(day), count=one.count, file=file, dataset=dataset)
    return FindingMark(
        fingerprint=f"{seed:016x}", check=f"controle-{seed % 90}", axis=list(Axis)[seed % 6].value,
        severity=("critical", "major", "minor", "info")[seed % 4],
        outcome=(Outcome.NON_COMPLIANT if seed % 3 else Outcome.UNVERIFIABLE).value,
        title=f"Corrigez ce que le contrôle n° {seed % 90} a montré dans vos fichiers", message=told, dataset=dataset,
        file=file, obligation="" if seed % 2 else "diffusion-par-principe", count=one.count,
    )  # fmt: skip


def run(command: list[str], cache: str) -> tuple[float, float, float]:
    """Return (wall seconds, processor seconds, peak MiB) of one finished process, which must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def told(name: str, command: list[str], cache: str, runs: int) -> None:
    """Time a command and print the middle of its runs; the first, which compiles, is left out when there are several."""
    if runs > 1:
        run(command, cache)
    times = [run(command, cache) for _ in range(runs)]
    wall, processor = (median(one[rank] for one in times) * 1000 for rank in (0, 1))
    print(f"{name:<28}{wall:.0f} ms, of which processor {processor:.0f} ms, {max(one[2] for one in times):.0f} MiB",
          flush=True)  # fmt: skip


def fill(path: Path, bodies: int) -> None:
    """Make the store: 300 audits one by one, as audits come; those of the other seeds by thousands; then their copies.

    A copy has its own key, audits, findings and texts: nothing is shared between copies, so the size is an upper bound.
    """
    audits = made(bodies)
    with opened(path, write=True) as store:
        first = [next(audits) for _ in range(300)]
        start, used = time.perf_counter(), time.process_time()
        for one in first:
            store.add(*one, run="essai")
        wall, processor = ((now - then) / 300 * 1000 for now, then in (
            (time.perf_counter(), start), (time.process_time(), used)))  # fmt: skip
        print(f"one audit kept, flushed     {wall:.1f} ms, of which processor {processor:.1f} ms", flush=True)
        connection = store._connection  # the bulk path is no part of the interface
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        used, done = time.process_time(), 0
        while some := list(islice(audits, 5000)):
            with together(connection):
                for summary, marks in some:
                    add_within(connection, summary, marks, None, "essai")
            done += len(some)
        print(f"{done} audits by thousands  {time.process_time() - used:.0f} s of processor", flush=True)
        copy(connection, [body.insee_code or "" for body in everyone() if body.insee_code][:bodies])


def copy(connection: sqlite3.Connection, codes: list[str]) -> None:
    """Give every commune that is no seed the audits of one that is, under its own key."""
    taken = {key for (key,) in connection.execute("SELECT key FROM body")}
    free = iter([f"insee:{code}" for code in codes if f"insee:{code}" not in taken])
    last = {name: connection.execute(f"SELECT max(id) FROM {name}").fetchone()[0]
            for name in ("body", "text", "mark", "audit")}  # fmt: skip
    chance = random.Random(9)
    connection.create_function("any_digest", 0, lambda: chance.getrandbits(63))
    connection.create_function("next_key", 0, lambda: next(free))
    connection.create_function("moved", 2, _moved)
    left, number = len(codes) - last["body"], 1
    while left > 0:
        few = min(left, last["body"])
        body, text, mark, audit = (number * last[name] for name in ("body", "text", "mark", "audit"))
        with together(connection):
            for statement in (
                f"INSERT INTO body SELECT id + {body}, next_key(), name, departement, departement_name, epci, epci_name"
                f" FROM body WHERE id <= {few}",
                f"INSERT INTO text SELECT id + {text}, any_digest(), value FROM text WHERE id <= {last['text']}",
                f"INSERT INTO mark SELECT id + {mark}, any_digest(), fingerprint, head + {text}, message + {text},"
                f" dataset + {text}, file + {text}, count FROM mark WHERE id <= {last['mark']}",
                f"INSERT INTO audit SELECT id + {audit}, body + {body}, day, digest, run, partial, datasets, points,"
                " newest, overall, published, accessible, usable, reusable, up_to_date, protected, late FROM audit"
                f" WHERE body <= {few}",
                f"INSERT INTO content SELECT content.audit + {audit}, identity + {text}, measures,"
                f" moved(marks, {mark}) FROM content JOIN audit ON audit.id = content.audit WHERE body <= {few}",
            ):
                connection.execute(statement)
        left, number = left - few, number + 1


def _moved(marks: bytes, by: int) -> bytes:
    """Return a packed list of numbers, each greater by so much."""
    return packed_numbers([one + by for one in unpacked_numbers(marks)])


def sizes(path: Path) -> None:
    """Print what takes room in the store."""
    with opened(path) as store:
        connection = store._connection
        audits = connection.execute("SELECT count(*), sum(points) FROM audit").fetchone()
        marks = connection.execute("SELECT count(*) FROM mark").fetchone()[0]
        print(f"store                       {path.stat().st_size / 1e6:.0f} MB for {audits[0]} audits,"
              f" {audits[1]} open findings of which {marks} are distinct")  # fmt: skip
        try:
            rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()
        except Exception:  # noqa: BLE001 - a Python without that table goes without it
            return
        print("  of which                 ", ", ".join(f"{name} {size / 1e6:.0f}" for name, size in rows[:6]), "MB")


def commands(path: Path, cache: str, body: str) -> None:
    """Time each command as a whole process."""
    told("start of the program", [*PROGRAM, "--version"], cache, RUNS)
    for name, words, runs in (
        (f"store history {body}", ["history", body], RUNS),
        (f"store diff {body}", ["diff", body], RUNS),
        ("store trend", ["trend"], 3),
        ("store trend --departement 54", ["trend", "--departement", "54"], 3),
        ("store export -o x.csv", ["export", "-o", f"{cache}/x.csv"], 1),
        ("store export -o x.parquet", ["export", "-o", f"{cache}/x.parquet"], 1),
        ("store export -o x.xlsx", ["export", "-o", f"{cache}/x.xlsx"], 1),
        ("store check", ["check"], 1),
    ):
        told(name, [*PROGRAM, "store", *words, "--store", str(path)], cache, runs)


_JSON_PEER = """
import json, sys
from pathlib import Path
found = [json.loads(path.read_bytes()) for path in sorted(Path(sys.argv[1]).glob(sys.argv[2] + "-*.json"))]
assert len(found) == 12, len(found)
before, after = ({mark["fingerprint"] for mark in one["marks"]} for one in found[-2:])
print(len(after - before), len(before - after))
"""
_PARQUET_PEER = """
import sys
import pyarrow.dataset as ds
found = ds.dataset(sys.argv[1]).to_table(filter=ds.field("body") == sys.argv[2]).to_pylist()
assert len(found) == 12, len(found)
"""


def peers(bodies: int, cache: str, code: str) -> None:
    """Read one body's audits from a JSON file for each audit, and from a Parquet file for each month."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder, columns = Path(cache) / "json", Path(cache) / "parquet"
    folder.mkdir()
    columns.mkdir()
    size, count = 0, 0
    month: list[dict[str, str]] = []
    for summary, marks in made(bodies):
        if month and month[0]["day"] != summary.on.isoformat():
            pq.write_table(pa.Table.from_pylist(month), columns / f"{month[0]['day']}.parquet", compression="zstd")
            month = []
        listed = [asdict(mark) for mark in marks]
        month.append({"body": summary.body, "day": summary.on.isoformat(), "summary": "".join(told_form(summary)),
                      "marks": json.dumps(listed, ensure_ascii=False)})  # fmt: skip
        told_here = json.dumps({"summary": asdict(summary), "marks": listed}, default=str, ensure_ascii=False).encode()
        size, count = size + len(told_here), count + 1
        (folder / f"{summary.insee_code}-{summary.on}.json").write_bytes(told_here)
    pq.write_table(pa.Table.from_pylist(month), columns / f"{month[0]['day']}.parquet", compression="zstd")
    whole = sum(path.stat().st_size for path in columns.iterdir())
    more = bodies * AUDITS / count
    print(f"peers, from {count} audits to as many as the store holds")
    print(f"peer, JSON files            {size * more / 1e6:.0f} MB")
    print(f"peer, Parquet by month      {whole * more / 1e6:.0f} MB (read below with {count} audits only)")
    for name, command in (
        ("JSON: diff of a body", [sys.executable, "-c", _JSON_PEER, str(folder), code]),
        ("Parquet: a body's audits", [sys.executable, "-c", _PARQUET_PEER, str(columns), f"insee:{code}"]),
    ):
        told(name, command, cache, RUNS)


def main() -> None:
    """Make the store, then time it and its peers."""
    bodies = int(sys.argv[1]) if len(sys.argv) > 1 else 35_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "audits.db"
        if not path.exists():
            fill(path, bodies)
        sizes(path)
        with opened(path) as store:
            seeds = {summary.insee_code for summary, _ in islice(made(bodies), SEEDS)}
            code = next(one.key[6:] for one in store.bodies()[bodies // 2 :] if one.key[6:] in seeds)
        commands(path, folder, code)
        peers(bodies, folder, code)


if __name__ == "__main__":
    main()
