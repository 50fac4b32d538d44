"""A process that audits bodies: it computes and writes their folders; the network is in the process that started it."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from opendata_check.batch import folder
from opendata_check.batch.journal import Kept, read_summary, summary_file
from opendata_check.batch.line import Baton, DistantFetcher, Line, Told
from opendata_check.batch.listing import Job
from opendata_check.errors import OpendataCheckError, OutputError
from opendata_check.fetching import Fetcher, Limits
from opendata_check.model.catalog import Fault
from opendata_check.model.lot import LotState
from opendata_check.model.report import AuditReport
from opendata_check.model.summary import FindingMark

AuditOf = Callable[[Job, date, Fetcher], AuditReport]
"""Audits one body. A function of a module: the workers import it."""
_LINKS_AT_ONCE = 8
"""Links of one audit tried at once: the audits share the servers."""
_ERRORS = "erreurs"


@dataclass(frozen=True, slots=True)
class Orders:
    """What every audit of a lot shares."""

    audit_of: AuditOf
    root: Path
    """The lot's folder."""
    temporary: Path
    """Where downloads go; emptied by whoever started the lot."""
    on: date
    turn: int
    threads: int
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    key: str
    state: LotState
    fault: Fault | None = None
    computing: float = 0.0
    """Seconds of processor."""
    lasting: float = 0.0
    """Seconds in all."""
    requests: int = 0
    stop: str = ""
    """Why nothing more can be written: the lot ends here."""


def run(connection: Connection, orders: Orders) -> None:
    """Audit what comes down the line until it ends. A line that breaks ends the process at once."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides
    line, baton = Line(connection), Baton()
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for _ in range(orders.threads):
        threading.Thread(target=_work, args=(jobs, line, baton, orders), daemon=True).start()
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            os._exit(1)
        if isinstance(message, Told):
            line.take(message)
        elif isinstance(message, Job):
            jobs.put(message)
        else:
            os._exit(0)


def _work(jobs: queue.SimpleQueue[Job], line: Line, baton: Baton, orders: Orders) -> None:
    while True:
        job = jobs.get()
        with baton.held():
            outcome = _outcome(job, line, baton, orders)
        line.send(outcome)


def _outcome(job: Job, line: Line, baton: Baton, orders: Orders) -> Outcome:
    began, computed = time.monotonic(), time.thread_time()
    downloads = Path(tempfile.mkdtemp(prefix="audit-", dir=orders.temporary))
    fetcher = DistantFetcher(downloads, line, baton, Limits(workers=_LINKS_AT_ONCE))
    stop, fault = "", None
    try:
        state, fault = _audited(job, fetcher, orders)
    except OutputError as error:
        state, stop = LotState.WAITING, str(error)
    except OSError as error:
        state, stop = LotState.WAITING, str(folder.written_error(error, orders.root))
    finally:
        shutil.rmtree(downloads, ignore_errors=True)
    computing, lasting = time.thread_time() - computed, time.monotonic() - began
    return Outcome(job.entry.key, state, fault, computing, lasting, fetcher.requests, stop)


def _audited(job: Job, fetcher: Fetcher, orders: Orders) -> tuple[LotState, Fault | None]:
    """Audit a body and write its folder. Raises OutputError; any other fault is the body's, and is written."""
    try:
        report = orders.audit_of(job, orders.on, fetcher)
        return _written(report, job, orders), None
    except OutputError:
        raise
    except OpendataCheckError as error:
        fault = Fault(*(text.replace(job.target, job.shown) for text in (error.what, error.where, error.remedy)))
        _trace(job, orders, error)
    except BaseException as error:  # noqa: BLE001 - one audit's unforeseen fault must not lose the others
        fault = Fault(
            f"une erreur imprévue a arrêté cet audit ({type(error).__name__})",
            "",
            "Relancez avec --retry-failed --debug, et envoyez-nous le fichier du dossier « erreurs ».",
        )
        _trace(job, orders, error)
    return _failed(job, fault, orders), fault


def _written(report: AuditReport, job: Job, orders: Orders) -> LotState:
    from opendata_check import reports
    from opendata_check.summaries import marks, summarised

    ready = reports.Prepared(report)  # once for the two formats: it takes a fifth of an audit's time
    safe = ready.safe
    summary = summarised(safe)
    before = _before(job, orders)
    now = marks(safe)
    kept = Kept(job.digest, orders.turn, summary, now, unseen=_unseen(read_summary(before), now, safe))
    files: dict[str, str | bytes | Iterable[str]] = {
        folder.REPORT: reports.rendered(ready, "json"),
        folder.PAGE: reports.rendered(ready, "html"),
        folder.SUMMARY: summary_file(kept),
    }
    if before is not None:
        files[folder.BEFORE] = before
    folder.keep(orders.root, job.entry.key, files)
    return LotState.PARTIAL if summary.partial else LotState.DONE


def _unseen(before: Kept | None, now: Sequence[FindingMark], report: AuditReport) -> tuple[str, ...]:
    """Return the findings of the last audit that are gone without having been looked at again: they are not mended."""
    if before is None:
        return ()
    from opendata_check.reports.difference.looking import Looked

    present, looked = {mark.fingerprint for mark in now}, Looked(report)
    gone = (mark for mark in before.marks if mark.fingerprint not in present)
    return tuple(mark.fingerprint for mark in gone if not looked.at(mark))


def _before(job: Job, orders: Orders) -> bytes | None:
    """Return the summary this audit is compared with: the last one of another date."""
    known = folder.kept(orders.root, job.entry.key, folder.SUMMARY)
    kept = read_summary(known)
    if kept is not None and kept.summary is not None and kept.summary.on != orders.on:
        return known
    return folder.kept(orders.root, job.entry.key, folder.BEFORE)


def _failed(job: Job, fault: Fault, orders: Orders) -> LotState:
    """Write that an audit failed; a partial one of the same run that was tried again stays."""
    known = read_summary(folder.kept(orders.root, job.entry.key, folder.SUMMARY))
    if known is not None and known.turn == orders.turn and known.digest == job.digest:
        return LotState.PARTIAL
    before = _before(job, orders)
    files: dict[str, str | bytes] = {folder.FAILURE: summary_file(Kept(job.digest, orders.turn, None, fault=fault))}
    if before is not None:
        files[folder.BEFORE] = before
    folder.keep(orders.root, job.entry.key, files)
    return LotState.FAILED


def _trace(job: Job, orders: Orders, error: BaseException) -> None:
    """Keep where a fault came from, when it was asked for."""
    if orders.debug:
        text = "".join(traceback.format_exception(error))
        folder.written(orders.root, f"{_ERRORS}/{job.entry.key}.txt", text)
