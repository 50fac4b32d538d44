"""The network of a lot: one pace for each server, whatever the number of audits and of processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from batch_folders import ROOT, batch_command, digests

HOME = '<html><head><meta name="generator" content="ckan 2.10.4"/></head><body data-site-root="/">x</body></html>'
CSV = "id;nom\n" + "".join(f"{n};objet {n}\n" for n in range(20))


class Portal:
    """A portal that notes when each request came and went; ``broken`` communes answer 500."""

    def __init__(self, broken: tuple[str, ...] = ()) -> None:
        self.spans: list[tuple[float, float]] = []
        self.broken = broken
        self.base = ""

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Return what a portal of one file a commune says."""
        parts = urlsplit(path)
        if any(name in path for name in self.broken):
            return 500, "text/html", b"panne"
        if parts.path.startswith("/files/"):
            return 200, "text/csv", CSV.encode()
        if parts.path.endswith("package_search"):
            commune = parse_qs(parts.query).get("fq", ["x:x"])[0].split(":")[1].strip('"')
            package = {
                "id": commune, "name": commune, "title": f"Voirie de {commune}", "type": "dataset", "private": False,
                "license_id": "lov2", "metadata_modified": "2026-10-03T10:00:00", "organization": {"name": commune},
                "resources": [{"id": f"r-{commune}", "url": f"{self.base}/files/{commune}.csv", "format": "CSV"}],
            }  # fmt: skip
            return (
                200,
                "application/json",
                json.dumps({"success": True, "result": {"count": 1, "results": [package]}}).encode(),
            )
        if "/api/3" in parts.path:
            return 200, "application/json", b'{"success": true, "result": {"ckan_version": "2.10.4", "name": "x"}}'
        return 200, "text/html", HOME.encode()


@contextmanager
def serve(portal: Portal) -> Iterator[Portal]:
    """Serve a portal while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            began = time.monotonic()
            time.sleep(0.05)
            status, media, body = portal.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            portal.spans.append((began, time.monotonic()))
            self.wfile.write(body if self.command == "GET" else b"")

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        portal.base = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield portal
        server.shutdown()


def batch(folder: Path, portal: Portal, names: list[str], *more: str) -> subprocess.CompletedProcess[str]:
    listed = folder / "liste.csv"
    listed.write_text("\n".join(["site", *[f"{portal.base}/organization/{name}" for name in names]]), encoding="utf-8")
    command = [*batch_command(listed, folder / "lot"), "--allow-private-network", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)


def test_audits_in_several_processes_keep_the_pace_of_one_for_each_server(tmp_path: Path) -> None:
    with serve(Portal()) as portal:
        ran = batch(tmp_path, portal, [f"commune-{n}" for n in range(8)])
    assert ran.returncode == 0, ran.stdout + ran.stderr
    starts = sorted(began for began, _ in portal.spans)
    at_once = max(sum(1 for began, ended in portal.spans if began <= one < ended) for one in starts)
    assert len(starts) >= 8 * 3 and at_once <= 2
    assert len(starts) - 1 <= 5.2 * (starts[-1] - starts[0]), "more than five requests a second"
    reports = [json.loads(path.read_bytes()) for path in (tmp_path / "lot").rglob("rapport.json")]
    assert sorted(report["datasets"][0]["files"][0]["row_count"] for report in reports) == [20] * 8


def test_a_lot_recorded_is_made_again_without_network(tmp_path: Path) -> None:
    names = [f"commune-{n}" for n in range(3)]
    for name in ("une", "autre"):
        (tmp_path / name).mkdir()
    with serve(Portal()) as portal:
        assert batch(tmp_path / "une", portal, names, "--record", str(tmp_path / "gardé")).returncode == 0
    ran = batch(tmp_path / "autre", portal, names, "--replay", str(tmp_path / "gardé"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert digests(tmp_path / "autre" / "lot") == digests(tmp_path / "une" / "lot")


def test_a_body_whose_portal_is_down_fails_alone(tmp_path: Path) -> None:
    with serve(Portal(broken=("commune-1",))) as portal:
        ran = batch(tmp_path, portal, ["commune-0", "commune-1", "commune-2"])
    assert ran.returncode == 3 and "commune-1" in ran.stdout
    told = json.loads((tmp_path / "lot" / "lot.json").read_text("utf-8"))
    assert [row["state"] for row in told["rows"]] == ["done", "failed", "done"]


def test_nothing_of_the_network_is_imported_by_a_lot_of_folders() -> None:
    code = "import sys, opendata_check.cli.batch; print('requests' in sys.modules or 'multiprocessing' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
