"""Ctrl-C, and the end of the program, while something is waited for: nobody is kept waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from scripted_server import Reply, scripted_server

_START = """
import sys, threading
from opendata_check.fetching import Limits, open_fetcher
from opendata_check.fetching.availability import Asked, check_all
base = sys.argv[1]
slow = Limits(requests_per_second=0.01, retry_after_seconds=60.0, head_seconds=60.0, check_seconds=60.0)
"""
_WAITS = {
    "a silent server": "fetcher.download(base + '/silent')",
    "a server that drips": "fetcher.json(base + '/drips')",
    "our own pace": "fetcher.json(base + '/one'); fetcher.json(base + '/one')",
    "what a server asks to wait": "fetcher.json(base + '/calm')",
    "our turn": """
for _ in range(2):
    threading.Thread(target=fetcher.download, args=(base + '/silent',), daemon=True).start()
fetcher.json(base + '/one')
""",
    "many addresses": "list(check_all(fetcher, [Asked(f'{base}/silent?{n}') for n in range(20)]))",
}
_SCRIPT: dict[str, Reply | list[Reply]] = {
    "/silent": Reply(delay=60),
    "/drips": Reply(body=b"1" * 1000, seconds_per_byte=0.1),
    "/one": Reply(body=b"1"),
    "/calm": Reply(429, headers={"Retry-After": "50"}),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows n'envoie pas Ctrl-C à un seul programme")
@pytest.mark.parametrize("wait", list(_WAITS))
def test_ctrl_c_ends_every_wait(wait: str) -> None:
    code = f"""{_START}
with open_fetcher(cache_folder=None, allow_private=True, limits=slow) as fetcher:
    try:
        exec({_WAITS[wait]!r})
    except KeyboardInterrupt:
        print("interrompu", flush=True)
        raise SystemExit(7)
"""
    with scripted_server(dict(_SCRIPT)) as server:
        process = subprocess.Popen([sys.executable, "-c", code, server.base_url], stdout=subprocess.PIPE, text=True)
        while not server.seen:
            time.sleep(0.01)
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert (out, process.returncode) == ("interrompu\n", 7)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("wait", ["a silent server", "our turn", "many addresses"])
def test_the_program_ends_while_threads_still_wait(wait: str) -> None:
    code = f"""{_START}
opened = open_fetcher(cache_folder=None, allow_private=True, limits=slow)
fetcher = opened.__enter__()
threading.Thread(target=exec, args=({_WAITS[wait]!r}, globals()), daemon=True).start()
sys.stdin.read()
"""
    with scripted_server(dict(_SCRIPT)) as server:
        process = subprocess.Popen(
            [sys.executable, "-c", code, server.base_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not server.seen:
            time.sleep(0.01)
        began = time.monotonic()
        out, err = process.communicate("", timeout=30)
    assert (out, err, process.returncode) == ("", "", 0)
    assert time.monotonic() - began < 4
