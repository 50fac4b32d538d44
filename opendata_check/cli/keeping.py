"""Keeps a report in the file of audits, when an option or the settings ask for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.config import Config
    from opendata_check.model.report import AuditReport

Keep = Annotated[
    bool, typer.Option("--keep", help="Garde cet examen dans votre fichier d'audits : « store history » le relit.")
]
StoreFile = Annotated[
    str | None, typer.Option("--store", metavar="FICHIER", help="Garde cet examen dans ce fichier d'audits-là.")
]


def place_for(keep: bool, store: str | None, settings: Config) -> Path | None:
    """Return the file of audits that was asked for: the option's, else the settings', else the account's with --keep.

    None when nothing is to be kept. Raises UsageError for an empty name.
    """
    if store is not None:
        if not store.strip():
            raise UsageError("il manque le nom du fichier d'audits", where="--store", remedy="Par exemple : audits.db.")
        return Path(store)
    if settings.store is not None:
        return settings.store
    if not keep:
        return None
    from opendata_check.store import default_path

    return default_path()


def kept(report: AuditReport, place: Path | None, *, whole: bool = False) -> None:
    """Keep the report's summary and its open findings; the ``whole`` report too when asked. Raises StoreError.

    An audit that was interrupted is not kept: it would pass for a body that publishes less than it does.
    """
    if place is None or report.interrupted:
        return
    from opendata_check import reports, store
    from opendata_check.reports.safety import clean
    from opendata_check.summaries import marks, summarised

    ready = reports.Prepared(report)
    text = reports.render(ready, "json").encode() if whole else None
    with store.opened(place, write=True) as opened:
        new = opened.add(summarised(ready.safe), marks(ready.safe), text)
    said = "Gardé" if new else "Déjà gardé"
    print(f"{said} : {clean(str(place))}", file=sys.stderr)  # noqa: T201
