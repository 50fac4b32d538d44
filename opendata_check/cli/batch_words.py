"""What the batch command says: before, of the list; after, of what became of each body."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendata_check.batch.lot import Work
    from opendata_check.model.lot import LotResult

_SHOWN = 10
"""Rows told one by one on the screen; lot.json has them all."""


def say(text: str) -> None:
    """Say one line on the error stream, made safe."""
    from opendata_check.reports.safety import clean

    print(clean(text), file=sys.stderr)  # noqa: T201 - what was supposed must be said


def tell_before(work: Work) -> None:
    """Say what was supposed of the list, which rows name nobody, and what is left to do."""
    from opendata_check.model.lot import LotState
    from opendata_check.wording import plural

    refused = [result.fault.line for result in work.listing.refused if result.fault is not None]
    for lines in ([*work.listing.remarks], refused, [*work.remarks]):
        for line in lines[:_SHOWN]:
            say(line[:1].upper() + line[1:])
        if len(lines) > _SHOWN:
            say(f"… et {plural(len(lines) - _SHOWN, 'autre remarque')} : voyez lot.json.")
    done = sum(result.state is not LotState.WAITING for result in work.found.values())
    if done and work.todo:
        say(f"Reprise : {plural(done, 'organisme')} déjà dans le dossier, {len(work.todo)} à faire.")


def tell_after(work: Work, *, interrupted: bool) -> None:
    """Print what became of the lot, and what to do next."""
    from collections import Counter

    from opendata_check.model.lot import LotState
    from opendata_check.reports.safety import clean
    from opendata_check.wording import french_date, plural

    rows = work.rows()
    counts = Counter(row.state for row in rows)
    lines = [f"{work.title}, au {french_date(work.run.on)}"]
    for state, one, many in (
        (LotState.DONE, "organisme examiné", "organismes examinés"),
        (LotState.PARTIAL, "examiné en partie : une source n'a pas été vue", "examinés en partie"),
        (LotState.FAILED, "en échec", "en échec"),
        (LotState.WAITING, "à faire", "à faire"),
        (LotState.UNKNOWN, "ligne à corriger dans la liste", "lignes à corriger dans la liste"),
        (LotState.DUPLICATE, "ligne en double", "lignes en double"),
    ):
        if counts[state]:
            lines.append(f"  {plural(counts[state], one, many)}")
    lines += [f"  {line}" for line in _failures(rows)]
    lines += _next_steps(work, counts[LotState.FAILED] + counts[LotState.PARTIAL], interrupted=interrupted)
    sys.stdout.write("\n".join(clean(line) for line in lines) + "\n")
    sys.stdout.flush()


def _failures(rows: Sequence[LotResult]) -> list[str]:
    """Return the bodies that could not be audited, and why: the first ones."""
    from opendata_check.model.lot import LotState

    lost = [row for row in rows if row.state is LotState.FAILED and row.fault is not None]
    told = [f"  {row.entry.key} : {row.fault.line}" for row in lost[:_SHOWN] if row.fault is not None]
    return told + (["  …"] if len(lost) > _SHOWN else [])


def _next_steps(work: Work, lost: int, *, interrupted: bool) -> list[str]:
    if interrupted:
        return ["Interrompu. La même commande reprend où elle en était."]
    steps = [f"Ouvrez {work.root / 'index.html'}"] if (work.root / "index.html").is_file() else []
    return steps + (["Pour refaire ce qui a échoué ou reste partiel : --retry-failed."] if lost else [])
