"""A lot from its list to its files: what is asked, what is left to do, what is written as it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from opendata_check.batch import folder
from opendata_check.batch.errors import BatchError
from opendata_check.batch.journal import Run, lot_file
from opendata_check.batch.listing import Job, Listing
from opendata_check.batch.planning import planned
from opendata_check.batch.results import in_order, kept_of, previous_date, results_of, standing, state_of
from opendata_check.batch.worker import Outcome
from opendata_check.model.lot import Cover, Lot, LotResult, LotState
from opendata_check.wording import plural

_NAMED = 3
_AGAIN = frozenset({LotState.FAILED, LotState.PARTIAL})


@dataclass(slots=True)
class Work:
    """One run of a lot, while its folder is held."""

    root: Path
    listing: Listing
    run: Run
    title: str
    found: dict[str, LotResult]
    """What became of each body so far, by key."""
    todo: tuple[Job, ...]
    remarks: tuple[str, ...] = ()
    """French: what to say of this run before it begins."""

    def note(self, outcome: Outcome) -> None:
        """Keep in memory what became of a body; its folder is written already."""
        entry = self.found[outcome.key].entry
        self.found[outcome.key] = LotResult(entry, outcome.state, fault=outcome.fault)

    def look_again(self, dropped: Sequence[Job]) -> None:
        """Read the folders of what was in hand when the run was stopped: some were just written."""
        for job in dropped:
            kept = kept_of(self.root, job, self.run)
            if kept is not None:
                self.found[job.entry.key] = LotResult(job.entry, state_of(kept), fault=kept.fault)

    def rows(self) -> tuple[LotResult, ...]:
        """Return the rows in the list's order, without what was found."""
        return in_order(self.listing, self.found.values())

    def write(self) -> None:
        """Write ``lot.json``. Raises OutputError."""
        done = all(result.state is not LotState.WAITING for result in self.found.values())
        text = lot_file(replace(self.run, finished=done), self.title, self.rows(), self.listing.remarks)
        folder.written(self.root, folder.LOT, text)

    def lot(self, cover: Cover) -> Lot:
        """Return the whole lot as its pages show it."""
        results = results_of(self.root, self.listing, self.run)
        return Lot(self.title, self.run.on, self.run.tool_version, results, cover, previous_date(results))


def work_of(
    root: Path,
    listing: Listing,
    title: str,
    options: Mapping[str, str],
    *,
    typed: date | None,
    today: date,
    again: bool,
    retry: bool,
    only: Sequence[str] = (),
    limit: int | None = None,
) -> Work:
    """Return what is to do in a folder that is held: its journal is read, what a killed run left is put right.

    ``retry`` audits again what failed or is partial; ``only`` (keys, codes or names of the list) audits these, done or
    not; ``limit`` keeps the first ones. Raises BatchError, OutputError.
    """
    if again and only:
        raise BatchError(
            "ces options se contredisent", where="--again et --only", remedy="--only refait déjà ceux que vous nommez."
        )
    folder.recovered(root)
    run, last, keys, said = planned(root, typed, today, options, again=again)
    found = standing(root, listing, run)
    wanted = _wanted(listing, only)
    left = {LotState.WAITING} | (_AGAIN if retry else set()) | (set(LotState) if only else set())
    todo = [job for job in listing.jobs if job.entry.key in wanted and found[job.entry.key].state in left]
    remarks = [*said, *_moved(keys, listing, last, again=again)]
    todo = todo if limit is None else todo[:limit]
    return Work(root, listing, run, title, found, tuple(todo), tuple(remarks))


def _wanted(listing: Listing, only: Sequence[str]) -> set[str]:
    """Return the keys to audit. Raises BatchError for one that the list has not."""
    if not only:
        return {job.entry.key for job in listing.jobs}
    found: set[str] = set()
    for text in only:
        plain = text.strip().lower()
        meant = {
            job.entry.key
            for job in listing.jobs
            if plain in (job.entry.key, job.entry.typed.lower(), job.entry.key.partition("-")[0])
            or plain == job.entry.key.partition("-")[2]
        }
        if not meant:
            raise BatchError(f"« {text[:60]} » n'est pas dans la liste", where="--only", remedy=_near(plain, listing))
        found |= meant
    return found


def _near(plain: str, listing: Listing) -> str:
    from difflib import get_close_matches

    names = {job.entry.key.partition("-")[2]: job.entry.key for job in listing.jobs}
    names |= {job.entry.key: job.entry.key for job in listing.jobs}
    close = list(dict.fromkeys(names[name] for name in get_close_matches(plain, list(names), n=3, cutoff=0.6)))
    example = " ou ".join(f"« {key} »" for key in close)
    return f"Vouliez-vous dire {example} ?" if example else "Donnez le nom d'un dossier de « communes », ou un code."


def _moved(keys: frozenset[str], listing: Listing, last: Run | None, *, again: bool) -> Iterator[str]:
    """Yield what changed in the list since the last run."""
    if last is None:
        return
    now = {job.entry.key for job in listing.jobs}
    gone, come = sorted(keys - now), sorted(now - keys)
    if gone:
        count = plural(len(gone), "organisme n'est", "organismes ne sont")
        yield (
            f"{count} plus dans la liste ({_some(gone)}) : son dossier reste, hors des pages."
            if len(gone) == 1
            else f"{count} plus dans la liste ({_some(gone)}) : leurs dossiers restent, hors des pages."
        )
    if come and not again:
        yield f"{plural(len(come), 'organisme')} de plus dans la liste ({_some(come)})."


def _some(keys: Sequence[str]) -> str:
    return ", ".join(keys[:_NAMED]) + ("…" if len(keys) > _NAMED else "")
