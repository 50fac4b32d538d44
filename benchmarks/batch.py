"""Measures the batch: parallel against one by one, memory, cost by commune, and what a kill at any moment loses.

    python benchmarks/batch.py                  300 communes on 50 servers at 50 ms, against one by one
    python benchmarks/batch.py --communes 60    fewer of them
    python benchmarks/batch.py --flat           10 to 3 000 folders: seconds and memory by commune, build/batch-memoire.svg
    python benchmarks/batch.py --kill 100       kill -9 at 100 random moments, then the lot must be as if never killed

The servers are one process on 127.0.0.1 to 127.0.0.50 that speaks what an audit asks of CKAN and notes when each
request came and went: the pace of each server is read there, not in our own books. « One by one » is the same command
with --jobs 1, on a part of the list when the whole would last too long (said). Waiting and computing are told apart:
processor seconds are those of all the processes of the lot.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
HOSTS = 50
LATENCY = 0.05
DATASETS = 6
PER_SECOND, AT_ONCE = 5.0, 2
"""The manners of opendata_check/fetching/limits.py, held against the server's notes."""
_CSV = "id;nom;date\n" + "".join(f"{n};Objet {n};2026-0{1 + n % 9}-10\n" for n in range(40))
_HOME = (
    '<!DOCTYPE html><html lang="fr"><head><meta name="generator" content="ckan 2.10.4" /></head>'
    '<body data-site-root="{base}/" data-locale-root="{base}/fr/">Jeux</body></html>'
)


def _package(base: str, commune: str, number: int) -> dict[str, object]:
    return {
        "id": f"{commune}-{number}", "name": f"{commune}-jeu-{number}", "title": f"Jeu {number} de {commune}", "type": "dataset",
        "notes": "Ce que contient le jeu. " * 5, "license_id": "lov2", "license_title": "Licence Ouverte", "state": "active",
        "metadata_created": "2024-03-04T10:00:00", "metadata_modified": "2026-10-03T10:00:00", "private": False,
        "organization": {"id": commune, "name": commune, "title": commune}, "tags": [{"name": "voirie"}], "groups": [],
        "extras": [{"key": "frequency", "value": "annual"}],
        "resources": [{"id": f"{commune}-{number}-r", "name": "Le fichier", "url": f"{base}/files/{commune}-{number}.csv",
                       "format": "CSV", "mimetype": "text/csv", "state": "active"}],
    }  # fmt: skip


def _body(base: str, path: str) -> tuple[int, str, bytes]:
    """Return status, media type and body of what is asked."""
    parts = urlsplit(path)
    if parts.path.startswith("/files/"):
        return 200, "text/csv", _CSV.encode()
    if "/api/3" in parts.path:
        action = parts.path.rpartition("/")[2]
        query = parse_qs(parts.query)
        result: object = {"ckan_version": "2.10.4", "site_title": "Portail", "site_url": base}
        if action == "package_search":
            terms = unquote(" ".join(query.get("fq", query.get("q", [""]))))
            commune = next((part.strip('"()+ ') for part in terms.split(":")[1:]), "commune")
            start, rows = int(query.get("start", ["0"])[0]), int(query.get("rows", ["10"])[0])
            found = [_package(base, commune, number) for number in range(DATASETS)]
            result = {"count": DATASETS, "results": found[start : start + rows], "facets": {}, "sort": ""}
        elif action == "organization_show":
            name = query.get("id", ["x"])[0]
            result = {"id": name, "name": name, "title": name, "package_count": DATASETS}
        return 200, "application/json", json.dumps({"success": True, "result": result}).encode()
    return 200, "text/html", _HOME.replace("{base}", base).encode()


async def _talk(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    base: str,
    latency: float,
    notes: list[tuple[str, float, float]],
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            came = time.monotonic()
            method, path, _ = head.split(b" ", 2)
            await asyncio.sleep(latency)
            status, media, body = _body(base, path.decode())
            sent = b"" if method == b"HEAD" else body
            lines = f"HTTP/1.1 {status} OK\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(lines.encode() + sent)
            await writer.drain()
            notes.append((base, came, time.monotonic()))
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


async def _serve(latency: float) -> None:
    notes: list[tuple[str, float, float]] = []
    port = 0
    for number in range(1, HOSTS + 1):
        listening = socket.create_server((f"127.0.0.{number}", port), backlog=64)
        port = listening.getsockname()[1]
        base = f"http://127.0.0.{number}:{port}"
        await asyncio.start_server(lambda r, w, base=base: _talk(r, w, base, latency, notes), sock=listening)
    print(port, flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(notes), flush=True)
        notes.clear()


class Servers:
    """Fifty servers in a process of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port = int(process.stdout.readline())  # type: ignore[union-attr]

    def notes(self) -> list[tuple[str, float, float]]:
        """Return (server, when a request came, when its answer was sent), and forget them."""
        self._process.stdin.write("\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]
        return [
            (str(host), float(came), float(left)) for host, came, left in json.loads(self._process.stdout.readline())
        ]  # type: ignore[union-attr]


@contextmanager
def servers(latency: float = LATENCY) -> Iterator[Servers]:
    """Give fifty servers that last as long as the block."""
    command = [sys.executable, __file__, "--serve", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Servers(process)
        finally:
            process.stdin.close()  # type: ignore[union-attr]


@dataclass(frozen=True)
class Pace:
    """What the servers saw."""

    requests: int
    most_at_once: int
    fastest: float
    """Most requests that one server had in any ten seconds, by second."""


def pace(notes: list[tuple[str, float, float]]) -> Pace:
    """Return how hard the servers were asked."""
    by_host: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for host, came, left in notes:
        by_host[host].append((came, left))
    most, fastest = 0, 0.0
    for seen in by_host.values():
        seen.sort()
        for rank, (came, _) in enumerate(seen):
            most = max(most, sum(1 for start, end in seen if start <= came < end))
            last = rank
            while last + 1 < len(seen) and seen[last + 1][0] <= came + 10:
                last += 1
            fastest = max(fastest, (last - rank) / 10)
    return Pace(len(notes), most, fastest)


def network_list(folder: Path, communes: int, port: int) -> Path:
    """Write a list of communes spread over the servers."""
    lines = ["site"] + [f"http://127.0.0.{1 + n % HOSTS}:{port}/organization/commune-{n:05d}" for n in range(communes)]
    path = folder / "communes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def folder_list(folder: Path, communes: int) -> Path:
    """Write as many small folders as communes, and their list."""
    lines = ["dossier"]
    for n in range(communes):
        place = folder / "donnees" / f"commune-{n:05d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "voirie.csv").write_text(_CSV.replace("Objet", f"Objet de {n}"), encoding="utf-8")
        lines.append(str(place))
    path = folder / "communes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def command(listed: Path, output: Path, *more: str) -> list[str]:
    """Return the command of one batch."""
    return [sys.executable, "-m", "opendata_check", "batch", str(listed), "-o", str(output), "--on", "2026-11-26",
            "--no-cache", "--allow-private-network", "-q", *more]  # fmt: skip


@dataclass
class Measured:
    """What one run took."""

    wall: float
    processor: float
    peak: float
    """Highest memory of all its processes together, MB."""
    samples: list[tuple[float, float]]


def measured(arguments: list[str]) -> Measured:
    """Run a batch to its end and return what it took, children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        samples: list[tuple[float, float]] = []
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.25):
                samples.append((time.monotonic() - began, _memory(process.pid)))

        watching = threading.Thread(target=watch)
        watching.start()
        _, errors = process.communicate()
        done.set()
        watching.join()
    assert process.returncode in (0, 3), errors.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(time.monotonic() - began, processor, max((m for _, m in samples), default=0.0), samples)


def _memory(pid: int) -> float:
    """Return the memory of a process and its children that is their own or shared by them, in MB."""
    found = 0.0
    for one in [pid, *_children(pid)]:
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        found += next((int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0.0)
    return found


def _children(pid: int) -> list[int]:
    try:
        direct = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*direct, *(below for one in direct for below in _children(one))]


def parallel(communes: int, alone: int) -> None:
    """Print the batch against one by one."""
    with tempfile.TemporaryDirectory() as name, servers() as online:
        base = Path(name)
        listed = network_list(base, communes, online.port)
        part = network_list(base / _made(base, "part"), alone, online.port)
        one = measured(command(part, base / "un-par-un", "--jobs", "1"))
        seen_one = pace(online.notes())
        many = measured(command(listed, base / "ensemble", "--jobs", "100"))
        seen = pace(online.notes())
        done = len(list((base / "ensemble" / "communes").glob("*/rapport.json")))
    each, each_cpu = one.wall / alone, one.processor / alone
    print(f"{communes} communes, {HOSTS} serveurs, {LATENCY * 1000:.0f} ms : {done} rapports, {seen.requests} demandes")
    print(
        f"  un par un ({alone} mesurés) : {each:.2f} s l'un, dont {each_cpu:.2f} s de calcul et {each - each_cpu:.2f} s d'attente"
    )
    print(
        f"  ensemble : {many.wall:.1f} s, dont {many.processor:.1f} s de calcul ({many.processor / communes:.2f} s l'un)"
    )
    wait_one, wait_many = communes * (each - each_cpu), max(many.wall - many.processor / os.cpu_count(), 0.0)  # type: ignore[operator]
    print(
        f"  gain : × {communes * each / many.wall:.1f} en tout ; attente seule : {wait_one:.0f} s contre {wait_many:.0f} s"
    )
    print(f"  par serveur : {seen.most_at_once} demandes à la fois au plus, {seen.fastest:.1f} par seconde au plus "
          f"(un par un : {seen_one.most_at_once} et {seen_one.fastest:.1f})")  # fmt: skip
    assert done == communes, "a commune is missing"
    assert seen.most_at_once <= AT_ONCE and seen.fastest <= PER_SECOND + 0.2, "the pace of a server was not kept"


def _made(base: Path, name: str) -> str:
    (base / name).mkdir()
    return name


def flat(sizes: list[int]) -> None:
    """Print seconds and memory by commune as the lot grows, and draw the memory."""
    curves: dict[int, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            base = Path(name) / str(size)
            base.mkdir()
            listed = folder_list(base, size)
            took = measured(command(listed, base / "lot"))
            curves[size] = took.samples
            steady = sorted(memory for when, memory in took.samples if when > took.wall / 3)
            middle = steady[len(steady) // 2] if steady else took.peak
            print(f"{size:>5} communes : {took.wall:7.1f} s, {took.processor / size * 1000:6.0f} ms de calcul l'une, "
                  f"mémoire {middle:.0f} Mo au milieu, {took.peak:.0f} Mo au plus", flush=True)  # fmt: skip
    target = ROOT / "build" / "batch-memoire.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(_drawn(curves), encoding="utf-8")
    print(f"dessin : {target.relative_to(ROOT)}")


def _drawn(curves: dict[int, list[tuple[float, float]]]) -> str:
    """Return the memory of each run from its beginning to its end, as SVG."""
    highest = max(memory for samples in curves.values() for _, memory in samples)
    top = 100 * (int(highest // 100) + 1)
    lines = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360" font-family="sans-serif" font-size="12">',
             "<title>Mémoire d'un lot, du début à la fin, selon sa taille</title>", '<rect width="720" height="360" fill="#fff"/>']  # fmt: skip
    for step in range(0, top + 1, 100):
        y = 320 - 290 * step / top
        lines.append(f'<path d="M60 {y:.1f}H690" stroke="#ddd"/><text x="8" y="{y + 4:.1f}">{step} Mo</text>')
    for (size, samples), color in zip(
        curves.items(), ("#1b4965", "#c1121f", "#2d6a4f", "#7b2cbf", "#b36b00"), strict=False
    ):
        end = samples[-1][0] if samples else 1.0
        points = " ".join(f"{60 + 630 * when / end:.1f},{320 - 290 * memory / top:.1f}" for when, memory in samples)
        lines.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        x = 90 + 150 * list(curves).index(size)
        lines.append(f'<text x="{x}" y="345" fill="{color}">{size} communes</text>')
    return "\n".join([*lines, "</svg>", ""])


def _contents(folder: Path) -> dict[str, str]:
    """Return each file of a lot that counts, with its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".verrou")
    }


def kills(times: int, communes: int, seed: int) -> None:
    """Kill a batch at random moments, let it resume each time, and hold what is left against a run never killed.

    Each round makes a lot anew: it is killed three to eight times, then left to end. Nothing may be lost, doubled, or cut.
    """
    chance = random.Random(seed)
    done = during = 0
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        listed = folder_list(base, communes)
        measured(command(listed, base / "temoin"))
        expected = _contents(base / "temoin")
        rounds = 0
        while done < times:
            rounds += 1
            lot = base / f"lot-{rounds}"
            ended = False
            for _ in range(min(chance.randint(3, 8), times - done)):
                process = subprocess.Popen(
                    command(listed, lot), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                if _until(process, lot, chance, communes):
                    ended = True
                    break
                process.send_signal(signal.SIGKILL)
                process.wait()
                done += 1
                complete = _whole(lot)
                during += 0 < complete < communes
            if not ended:
                measured(command(listed, lot))
            found = _contents(lot)
            assert found == expected, sorted(set(found.items()) ^ set(expected.items()))[:6]
    print(f"{done} kill -9 à un moment tiré au sort (graine {seed}), dont {during} au milieu des audits, sur {rounds} lots de "
          f"{communes} communes : chaque lot repris est égal, octet pour octet, à celui qui n'a pas été arrêté.")  # fmt: skip


def _until(process: subprocess.Popen[bytes], lot: Path, chance: random.Random, communes: int) -> bool:
    """Wait for a moment drawn at random, whatever the speed of the machine; return True when the run ended before it.

    One time in five it is a time from the start; else one to all of the communes left done, and up to half a second more: within an
    audit, between the renames, in the writing of the pages.
    """
    before = len(list((lot / "communes").glob("[!.]*"))) if lot.is_dir() else 0
    wanted = -1 if chance.random() < 0.2 else chance.randint(min(before + 1, communes), communes)
    while wanted >= 0 and process.poll() is None:
        if lot.is_dir() and len(list((lot / "communes").glob("[!.]*"))) >= wanted:
            break
        time.sleep(0.002)
    try:
        process.wait(chance.uniform(0.05, 2.0) if wanted < 0 else chance.uniform(0.0, 0.5))
    except subprocess.TimeoutExpired:
        return False
    return True


def _whole(lot: Path) -> int:
    """Return how many communes a killed run left, each whole: its report and its summary can be read."""
    found = list((lot / "communes").glob("[!.]*"))
    for place in found:
        for name in ("rapport.json", "resume.json"):
            json.loads((place / name).read_text(encoding="utf-8"))
        assert (place / "index.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    return len(found)


def main() -> None:
    """Run what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=int, default=300)
    parser.add_argument("--alone", type=int, default=10, help="how many are measured one by one")
    parser.add_argument("--flat", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 100, 1000, 3000])
    parser.add_argument("--kill", type=int, metavar="TIMES")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve is not None:
        asyncio.run(_serve(asked.serve))
    elif asked.kill:
        kills(asked.kill, 8, asked.seed)
    elif asked.flat:
        flat(asked.sizes)
    else:
        parallel(asked.communes, asked.alone)


if __name__ == "__main__":
    main()
