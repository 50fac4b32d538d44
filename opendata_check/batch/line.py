"""The line between a worker and the process that holds the network: questions go one way, answers come back.

All the network of a lot is in one process: one pace for each server, one cache, one recording, whatever the number of
audits. The workers only compute.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from opendata_check.fetching import Fetcher, Limits
from opendata_check.fetching.budget import Budget
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.question import Answer, Question
from opendata_check.model.content import Content

_BETWEEN_SIGNS = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to the network."""

    number: int
    thread: int
    """Of the worker: what ``cut`` names."""
    question: Question
    target: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Threads of a worker whose questions are to end at once."""

    threads: frozenset[int]


@dataclass(frozen=True, slots=True)
class Alive:
    """A worker that computes for long goes on: it comes to another file."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a question: an answer, or the error that it raises."""

    number: int
    answer: Answer | None
    error: BaseException | None = None


class _Waiting:
    __slots__ = ("come", "told")

    def __init__(self) -> None:
        self.come = threading.Event()
        self.told: Told | None = None


class Line:
    """A worker's end of the line, for all its threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._numbers = itertools.count()
        self._waiting: dict[int, _Waiting] = {}
        self._alive = time.monotonic()

    def send(self, message: Any) -> None:
        """Send one message whole."""
        with self._sending:
            self._connection.send(message)

    def ask(self, question: Question, target: Path) -> Answer:
        """Return the answer to a question once it comes. Raises FetchingError."""
        number, waiting = next(self._numbers), _Waiting()
        self._waiting[number] = waiting
        self.send(Asked(number, threading.get_ident(), question, str(target)))
        waiting.come.wait()
        told = waiting.told
        assert told is not None
        if told.error is not None:
            raise told.error
        assert told.answer is not None
        return told.answer

    def tell_alive(self) -> None:
        """Tell, now and then, that this process goes on."""
        if time.monotonic() - self._alive >= _BETWEEN_SIGNS:
            self._alive = time.monotonic()
            self.send(Alive())

    def take(self, told: Told) -> None:
        """Hand an answer to the thread that waits for it."""
        waiting = self._waiting.pop(told.number)
        waiting.told = told
        waiting.come.set()


class Baton:
    """Lets one audit of a process compute at a time: the others wait for the network, or for their turn.

    Python computes in one thread at a time anyway; threads that fight for it lose a third of it, and some readers
    (workbooks, PDF) hold things of the whole process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the baton while the block lasts."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend the baton while the block lasts; nothing when this thread does not hold it."""
        if self._holder != threading.get_ident():
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()

    def _give(self) -> None:
        self._holder = None
        self._lock.release()


class DistantFetcher(Fetcher):
    """A fetcher for one audit, whose questions are asked by another process."""

    def __init__(self, folder: Path, line: Line, baton: Baton, limits: Limits) -> None:
        super().__init__(folder, allow_private=False, limits=limits, user_agent="")
        self._line = line
        self._baton = baton
        self._budget = Budget(limits)
        self.requests = 0

    def ask(self, question: Question, target: Path) -> Answer:
        """Return the answer to a question, its body at ``target``. Raises FetchingError."""
        shown = shown_url(question.url)
        self._budget.check(shown)
        self.requests += 1
        with self._baton.lent():
            answer = self._line.ask(question, target)
        self._budget.spend(answer.byte_size, shown)
        return answer

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Lend the processor to the other audits while the block lasts."""
        with self._baton.lent():
            yield

    def local(self, path: Path, root: Path) -> Content:
        """Return a file of a folder, as every fetcher does; whoever started us learns that we go on."""
        self._line.tell_alive()
        return super().local(path, root)

    def cut(self, threads: set[int]) -> None:
        """End at once what these threads are fetching."""
        self._line.send(Cut(frozenset(threads)))
