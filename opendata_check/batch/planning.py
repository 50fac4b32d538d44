"""Decides what a run is: the first of its folder, the rest of one that was stopped, or a new one after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from opendata_check import __version__
from opendata_check.batch import folder
from opendata_check.batch.errors import BatchError
from opendata_check.batch.journal import Run, read_run, read_summary
from opendata_check.wording import french_date

_AGAIN = "Ajoutez --again pour tout refaire ainsi, ou donnez un autre dossier avec -o."
_LONGEST = 500_000_000


def planned(
    root: Path, typed: date | None, today: date, options: Mapping[str, str], *, again: bool
) -> tuple[Run, Run | None, frozenset[str], tuple[str, ...]]:
    """Return this run, the one it goes on with (or follows), the folders of its list, and French remarks.

    Without a date typed, a lot goes on at its own date, whatever the day: a night's work ends the next morning.
    ``again`` begins anew; what was found at another date is kept to be compared.
    Raises BatchError when the date or the options are not those of the lot, or when its journal cannot be read.
    """
    asked = tuple(sorted(options.items()))
    path = root / folder.LOT
    if not path.is_file():
        return Run(typed or today, _turn_after(root), asked), None, frozenset(), ()
    try:
        known = read_run(path.read_bytes() if path.stat().st_size <= _LONGEST else None)
    except OSError:
        known = None
    if known is None:
        if not again:
            raise BatchError(
                "ce fichier est abîmé, modifié à la main ou d'une autre version",
                where=str(path),
                remedy=_AGAIN,
            )
        return Run(typed or today, _turn_after(root), asked), None, frozenset(), ()
    last, keys = known
    if again:
        day = typed or today
        remarks = (_backwards(day, last.on),) if day < last.on else ()
        return Run(day, max(last.turn + 1, 1), asked), last, keys, remarks
    if typed is not None and typed != last.on:
        raise BatchError(
            f"ce lot est au {french_date(last.on)}, vous demandez le {french_date(typed)}", where="--on", remedy=_AGAIN
        )
    if last.options != asked:
        raise BatchError(_changed(dict(last.options), options), where=f"-o {root}", remedy=_AGAIN)
    said = []
    if last.on != today and typed is None:
        said.append(f"Le lot continue au {french_date(last.on)}. Pour tout refaire à la date du jour : --again.")
    if last.tool_version != __version__:
        said.append(f"Ce lot a été commencé avec la version {last.tool_version} : ce qui est fait n'est pas refait.")
    return Run(last.on, last.turn, asked), last, keys, tuple(said)


def _turn_after(root: Path) -> int:
    """Return the number of a run whose journal is lost: after every one that left its mark."""
    highest = 0
    try:
        for place in (root / folder.BODIES).iterdir():
            for name in (folder.SUMMARY, folder.FAILURE):
                kept = read_summary(folder.kept(root, place.name, name))
                highest = max(highest, kept.turn if kept is not None else 0)
    except OSError:
        pass
    return highest + 1


def _backwards(day: date, last: date) -> str:
    return (
        f"Le {french_date(day)} est avant le dernier passage ({french_date(last)}). "
        "Vérifiez la date de cet ordinateur, ou --on."
    )


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    told = " ; ".join(f"{name} : « {before.get(name, '')} » puis « {now.get(name, '')} »" for name in names)
    return f"ce lot a été commencé avec d'autres options ({told})"
