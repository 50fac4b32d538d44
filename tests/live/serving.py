"""Starts real servers for the live tests: a virtual environment per lock file, a free port, a process that ends."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STAMP = "installed.sha256"
_TAIL = 2_000
_GRACE = 15.0


class LiveUnavailableError(Exception):
    """A real server cannot be had on this machine: the live tests skip, and say this."""


@dataclass(frozen=True)
class LiveServer:
    """A real server that answers."""

    base_url: str
    """Scheme, host and port, without a final slash."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def venv_from_lock(folder: Path, lock: Path) -> Path:
    """Return the Python of ``folder/venv``, made once for this lock file; made again when the lock changes.

    Raises LiveUnavailableError when the packages cannot be had.
    """
    python = folder / "venv" / "bin" / "python"
    stamp = folder / "venv" / _STAMP
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "venv.log"
    _logged([sys.executable, "-m", "venv", "--clear", str(folder / "venv")], log)
    # A lock names everything: without --no-deps, pip looks again for what a package with extras brings, and stumbles.
    quiet = ["--disable-pip-version-check", "--no-input", "--no-deps"]
    _logged([str(python), "-m", "pip", "install", *quiet, "--require-hashes", "-r", str(lock)], log)
    stamp.write_text(wanted, encoding="ascii")
    return python


def _logged(command: Sequence[str], log: Path) -> None:
    """Run ``command``, its output added to ``log``. Raises LiveUnavailableError with the log's end."""
    with log.open("ab") as out:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise LiveUnavailableError(f"« {' '.join(command[:4])}… » a échoué :\n{tail(log)}")


def tail(log: Path) -> str:
    """Return the end of a log, "" when there is none."""
    try:
        return log.read_bytes()[-_TAIL:].decode("utf-8", "replace")
    except OSError:
        return ""


def wait_until(url: str, seconds: float) -> None:
    """Return once ``url`` answers, whatever the status below 500. Raises TimeoutError after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not _answers(url):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{url} ne répond pas après {seconds:.0f} s")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    """Tell whether ``url`` answers now, with a status below 500. No proxy is used."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500
    except OSError:
        return False


@contextmanager
def run_server(
    args: Sequence[str | Path],
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    *,
    ready: str = "",
    seconds: float = 120.0,
    user: str | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, then end its whole process group. ``env`` adds to this process's own.

    Its output goes to ``log``. With ``ready``, the block starts once that URL answers. A server that ends at once, or
    does not answer within ``seconds``, raises RuntimeError with the log's tail. ``user`` (for root only) runs it as
    somebody else.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in args],
            env={**os.environ, **env},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    try:
        _wait_for(process, ready, seconds, log)
        yield process
    finally:
        _end(process)


def _wait_for(process: subprocess.Popen[bytes], ready: str, seconds: float, log: Path) -> None:
    """Return once ``ready`` answers, or at once when it is "". Raises RuntimeError with the log's tail."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            if not ready or _answers(ready):
                return
        else:
            raise RuntimeError(f"le serveur s'est arrêté (code {process.returncode}) :\n{tail(log)}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"le serveur ne répond pas après {seconds:.0f} s :\n{tail(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process group: politely, then for good."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
