"""Runs the audits of a lot in several processes, with one network for all; one fault never stops the others.

How many audits go on is for the network: they wait for servers most of the time. How many processes is for the
processors. Measured on two of them (benchmarks/batch.py): threads alone compute no faster than one audit at a time.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from opendata_check.batch import folder
from opendata_check.batch.errors import BatchError
from opendata_check.batch.journal import Kept, summary_file
from opendata_check.batch.line import Asked, Cut, Told
from opendata_check.batch.listing import Job
from opendata_check.batch.worker import Orders, Outcome
from opendata_check.batch.worker import run as work
from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Fault
from opendata_check.model.lot import LotState

JOBS = 32
"""Audits in hand at once, unless told otherwise."""
_MOST_PROCESSES = 8
_MOST_DEATHS = 50
_WAKE = 0.5
_QUESTIONS = 8
"""Questions that one audit may ask at once."""
_GOODBYE = 3.0
SILENCE = 1800.0
"""Seconds that a worker may compute without coming to another file: beyond, it is stuck."""
_KILLED = Fault(
    "le programme s'est arrêté net pendant cet audit",
    "",
    "Un de ses fichiers est peut-être trop lourd ou piégé. Relancez avec --retry-failed.",
)


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows, nor on a Mac
        return os.cpu_count() or 1


@dataclass(slots=True)
class _Worker:
    """One process and what it has in hand."""

    number: int
    process: Any
    connection: Connection
    sending: threading.Lock = field(default_factory=threading.Lock)
    in_hand: dict[str, Job] = field(default_factory=dict)
    heard: float = field(default_factory=time.monotonic)
    asking: int = 0
    """Questions of it that the network has not answered yet."""


class Crew:
    """The workers of a lot, the network they share, and the jobs that wait."""

    def __init__(self, orders: Orders, fetcher: Fetcher, jobs: int, silence: float = SILENCE) -> None:
        self._silence = silence
        self._fetcher = fetcher
        self._most = max(1, jobs)
        count = min(processors(), _MOST_PROCESSES, self._most)
        self._orders = replace(orders, threads=-(-self._most // count))
        self._count = count
        self._context = multiprocessing.get_context("spawn")
        self._events: queue.SimpleQueue[tuple[_Worker, Outcome | None]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._serving: dict[tuple[int, int], int] = {}
        self._pool = ThreadPoolExecutor(self._most * _QUESTIONS, thread_name_prefix="lot")
        self._made = 0
        self.dropped: tuple[Job, ...] = ()
        """What was in hand when the run was left: a folder may have been written all the same."""

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Yield what becomes of each job, as it ends. Whoever leaves early (Ctrl-C) drops what is in hand.

        Raises BatchError when the folder takes nothing more, or when no worker can be started.
        """
        waiting, suspects = deque(by_turns(jobs)), deque[Job]()
        left = len(waiting)
        try:
            for _ in range(min(self._count, left)):
                self._start()
            while left:
                self._hand_out(waiting, suspects)
                try:
                    worker, outcome = self._events.get(timeout=_WAKE)
                except queue.Empty:
                    self._wake_stuck()
                    continue
                if outcome is None:
                    for lost in self._died(worker, suspects):
                        left -= 1
                        yield lost
                    continue
                if outcome.stop:
                    raise BatchError(outcome.stop)
                worker.in_hand.pop(outcome.key, None)
                left -= 1
                yield outcome
        finally:
            self._end()

    def _hand_out(self, waiting: deque[Job], suspects: deque[Job]) -> None:
        """Give each worker what it lacks. A job that a worker died of goes alone, in a worker of its own."""
        busy = sum(len(worker.in_hand) for worker in self._workers)
        if suspects and not waiting and busy == 0:
            self._give(self._workers[0], suspects.popleft())
            return
        while waiting and busy < self._most:
            worker = min(self._workers, key=lambda one: len(one.in_hand))
            if len(worker.in_hand) >= self._orders.threads:
                return
            self._give(worker, waiting.popleft())
            busy += 1

    def _wake_stuck(self) -> None:
        """Kill a worker that computes without end: what it had in hand is then told as for one that died."""
        now = time.monotonic()
        for worker in self._workers:
            if worker.in_hand and not worker.asking and now - worker.heard > self._silence:
                worker.process.kill()

    def _give(self, worker: _Worker, job: Job) -> None:
        worker.in_hand[job.entry.key] = job
        worker.heard = time.monotonic()
        _send(worker, job)

    def _died(self, worker: _Worker, suspects: deque[Job]) -> Iterator[Outcome]:
        """Start another worker in place of a dead one. What it had in hand alone failed; the rest is suspect."""
        self._workers.remove(worker)
        worker.process.join(_GOODBYE)
        lost = list(worker.in_hand.values())
        self._start()
        if len(lost) != 1:
            suspects.extend(lost)
            return
        job = lost[0]
        kept = Kept(job.digest, self._orders.turn, None, fault=_KILLED)
        folder.keep(self._orders.root, job.entry.key, {folder.FAILURE: summary_file(kept)})
        yield Outcome(job.entry.key, LotState.FAILED, _KILLED)

    def _start(self) -> None:
        if self._made > _MOST_DEATHS + self._count:
            raise BatchError(
                "les audits s'arrêtent net les uns après les autres", remedy="Réduisez --jobs, puis relancez."
            )
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._orders), daemon=True)
        try:
            process.start()
        except OSError as error:
            raise BatchError("aucun processus ne peut être lancé", remedy="Fermez d'autres programmes.") from error
        theirs.close()
        worker = _Worker(self._made, process, ours)
        self._made += 1
        self._workers.append(worker)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()

    def _listen(self, worker: _Worker) -> None:
        """Hear one worker until its line breaks."""
        while True:
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._events.put((worker, None))
                return
            worker.heard = time.monotonic()
            if isinstance(message, Outcome):
                self._events.put((worker, message))
            elif isinstance(message, Asked):
                try:
                    self._pool.submit(self._answer, worker, message)
                except RuntimeError:  # all is over
                    return
            elif isinstance(message, Cut):
                serving = (self._serving.get((worker.number, thread)) for thread in message.threads)
                self._fetcher.cut({one for one in serving if one is not None})

    def _answer(self, worker: _Worker, asked: Asked) -> None:
        """Ask a worker's question and send what comes of it."""
        place = (worker.number, asked.thread)
        with worker.sending:
            worker.asking += 1
        self._serving[place] = threading.get_ident()
        try:
            told = Told(asked.number, self._fetcher.ask(asked.question, Path(asked.target)))
        except FetchingError as error:
            told = Told(asked.number, None, error.with_traceback(None))
        except Exception as error:  # noqa: BLE001 - the audit that asked tells it; the others go on
            what = f"cette adresse n'a pas pu être lue (erreur imprévue : {type(error).__name__})"
            told = Told(asked.number, None, FetchingError(what, ground="unforeseen"))
        finally:
            self._serving.pop(place, None)
        _send(worker, told)
        with worker.sending:
            worker.asking -= 1
            worker.heard = time.monotonic()

    def _end(self) -> None:
        """End the workers first, so that none writes an audit that the end of the network cut short."""
        self.dropped = tuple(job for worker in self._workers for job in worker.in_hand.values())
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_GOODBYE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(_GOODBYE)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._fetcher.close()
        for worker in self._workers:
            worker.connection.close()


def _send(worker: _Worker, message: Job | Told) -> None:
    """Send one message to a worker; one that died is told of by its own line."""
    with worker.sending:
        try:
            worker.connection.send(message)
        except (OSError, ValueError):
            return


def by_turns(jobs: Sequence[Job]) -> Iterator[Job]:
    """Yield the jobs of each server in turn, so that as many servers as possible are asked at once."""
    lanes: dict[str, deque[Job]] = {}
    for job in jobs:
        lanes.setdefault(job.host, deque()).append(job)
    turning = deque(lanes.values())
    while turning:
        lane = turning.popleft()
        yield lane.popleft()
        if lane:
            turning.append(lane)
