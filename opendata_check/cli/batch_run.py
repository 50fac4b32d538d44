"""Runs a lot in its folder: audits what is left, one network for all, then writes its pages."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.cli import batch_words as words
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from types import FrameType

    from opendata_check.batch.listing import Job, Listing
    from opendata_check.batch.lot import Work
    from opendata_check.cli.network import Network
    from opendata_check.fetching import Fetcher
    from opendata_check.model.lot import Cover
    from opendata_check.model.organization import Organization
    from opendata_check.model.report import AuditReport
    from opendata_check.store import Store

INTERRUPTED = 130
_GIB = 1 << 30
_DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed of a run."""

    root: Path
    typed: date | None
    jobs: int | None
    limit: int | None
    only: tuple[str, ...]
    retry: bool
    again: bool
    rank: bool
    store: Path | None
    register: Path | None
    portal: str | None
    quiet: bool
    debug: bool

    @property
    def options(self) -> dict[str, str]:
        """Return the options that change what is found."""
        given = {"--portal": self.portal or "", "--known-siret": self.register.name if self.register else ""}
        return {name: value for name, value in given.items() if value}


def run(listing: Listing, title: str, cover: Cover, asked: Asked, chosen: Network) -> int:
    """Run the lot in its folder, held from the others; return the exit code."""
    from opendata_check.batch import folder
    from opendata_check.batch.lot import work_of

    folder.prepared(asked.root)
    with folder.locked(asked.root) as held:
        if not held:
            words.say("Ce disque ne sait pas réserver un dossier : ne lancez pas deux lots dedans.")
        work = work_of(
            asked.root, listing, title, asked.options, typed=asked.typed, today=date.today(), again=asked.again,
            retry=asked.retry, only=asked.only, limit=asked.limit,
        )  # fmt: skip
        words.tell_before(work)
        work.write()
        interrupted = False
        try:
            with _ended_as_interrupted():
                _audit(work, asked, chosen)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            work.write()
        try:
            if not interrupted:
                _pages(work, cover, rank=asked.rank)
        finally:
            words.tell_after(work, interrupted=interrupted)
        return INTERRUPTED if interrupted else _exit_code(work)


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Take the end that a system asks for (a shutdown, a timer) as Ctrl-C, while the block lasts."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = None
    with suppress(ValueError):  # in a thread of a program that runs us
        before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _audit(work: Work, asked: Asked, chosen: Network) -> None:
    """Audit what is left to do. Ctrl-C drops what is in hand."""
    from opendata_check.batch.crew import JOBS, Crew
    from opendata_check.batch.folder import downloads
    from opendata_check.batch.worker import Orders
    from opendata_check.cli.progress import LotProgress
    from opendata_check.model.lot import LotState

    progress = LotProgress(len(work.todo), silent=asked.quiet)
    with ExitStack() as stack:
        kept = stack.enter_context(_store(asked.store))
        _keep_earlier(work, kept)
        if not work.todo:
            return
        temporary = stack.enter_context(downloads(asked.root))
        fetcher = stack.enter_context(_network(chosen, len(work.todo), work.run.on))
        audit_of = partial(report_of, chosen, asked.portal, asked.register)
        orders = Orders(audit_of, asked.root, temporary, work.run.on, work.run.turn, threads=1, debug=asked.debug)
        crew = Crew(orders, fetcher, asked.jobs or JOBS)
        failed = 0
        try:
            for done, outcome in enumerate(crew.run(work.todo), start=1):
                work.note(outcome)
                _keep(work, outcome.key, kept)
                failed += outcome.state is LotState.FAILED
                progress.show(done, failed, work.found[outcome.key].entry.typed)
        finally:
            progress.clear()
            work.look_again(crew.dropped)


@contextmanager
def _network(chosen: Network, count: int, on: date) -> Iterator[Fetcher]:
    """Give the one fetcher of a lot: what it may take grows with the lot; each audit keeps its own bounds."""
    from opendata_check.fetching import Limits, open_fetcher
    from opendata_check.kept import cache_folder

    limits = Limits(total_bytes=(20 + count) * _GIB, total_seconds=60 * _DAY)
    with open_fetcher(
        cache_folder=None if chosen.no_cache or chosen.record or chosen.replay else cache_folder(),
        allow_private=chosen.allow_private,
        limits=limits,
        refresh=chosen.refresh,
        offline=chosen.offline,
        ca_bundle=Path(chosen.ca_bundle) if chosen.ca_bundle else None,
        insecure_hosts=frozenset(host.lower() for host in chosen.insecure_hosts),
        record=Path(chosen.record) if chosen.record else None,
        replay=Path(chosen.replay) if chosen.replay else None,
        extra={"on": on.isoformat(), "target": "batch"},
    ) as fetcher:
        yield fetcher


@contextmanager
def _store(path: Path | None) -> Iterator[Store | None]:
    if path is None:
        yield None
        return
    from opendata_check import store

    with store.opened(path, write=True) as opened:
        yield opened


def _keep_earlier(work: Work, kept: Store | None) -> None:
    """Keep what was done before this run: a killed one may have ended between a folder and the store."""
    if kept is not None:
        for key in work.found:
            _keep(work, key, kept)


def _keep(work: Work, key: str, kept: Store | None) -> None:
    from opendata_check.batch.results import kept_now

    if kept is None:
        return
    found = kept_now(work.root, key, work.run)
    if found is not None and found.summary is not None:
        kept.add(found.summary, found.marks, run=f"lot {work.run.turn}")


def report_of(
    chosen: Network, portal: str | None, register: Path | None, job: Job, on: date, fetcher: Fetcher
) -> AuditReport:
    """Audit one body of the list as ``audit`` does (runs in a worker). Raises what ``audit`` raises."""
    from opendata_check.audit import Request, audit
    from opendata_check.cli.recognition import audited
    from opendata_check.model.report import AuditReport

    body = _body(job, on)
    sources = audited(job.target, job.places, fetcher, chosen, body, base_url=portal)
    for event in audit(Request(job.shown, on, body, sources, register), fetcher):
        if isinstance(event, AuditReport):
            return event
    raise AssertionError("an audit ends with its report")


def _body(job: Job, on: date) -> Organization | None:
    """Return who a row names, with its answers: those of its file, else of the file beside its folder.

    Raises UsageError when the row's file is another body's, ConfigError, a territory error.
    """
    from opendata_check import config, territory
    from opendata_check.cli import bodies, options
    from opendata_check.law.hypothesis import with_facts

    settings = options.load_config(job.config, job.target if job.target != job.query else None)
    known = territory.resolve(job.query) if job.query else None
    if known is None:
        body = options.resolve_organization(None, settings)
    else:
        ours = not settings.names_someone or options.speaks_of(settings, known)
        if not ours and job.config is not None:
            raise UsageError(
                f"ces réponses sont celles d'un autre organisme ({settings.name or settings.code})",
                where=Path(job.config).name,
                remedy="Corrigez la colonne « config » de cette ligne.",
            )
        body = config.organization_from(settings if ours else config.Config(), known)
    if body is None:
        return None
    body = with_facts(body, {} if job.agents is None else {"agents_etp": job.agents}, on)
    return bodies.with_band(body, job.agents_band, None)


def _pages(work: Work, cover: Cover, *, rank: bool) -> None:
    """Write the pages and tables of the lot. Raises OutputError."""
    from opendata_check.batch import folder
    from opendata_check.batch.results import marks_of
    from opendata_check.cli.progress import ProgressLine, Step
    from opendata_check.lot_pages import batch_pages

    line = ProgressLine()
    line.show(Step("Écriture des pages"))
    for relative, content in batch_pages(work.lot(cover), partial(marks_of, work.root), rank=rank):
        folder.written(work.root, relative, content)
        line.show(Step(f"Écriture de {relative}"))
    line.clear()


def _exit_code(work: Work) -> int:
    """Return 3 when a row of the list is still to be taken up, else 0. A duplicate is nobody's loss."""
    from opendata_check.model.lot import LotState

    bad = {LotState.PARTIAL, LotState.FAILED, LotState.UNKNOWN}
    return 3 if any(row.state in bad for row in work.rows()) else 0
