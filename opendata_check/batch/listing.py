"""From the rows of a list to what is to audit: each body once, and what to say of the rows that are not one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from opendata_check.batch.columns import Columns, columns_of
from opendata_check.batch.errors import BatchError
from opendata_check.batch.identifying import NobodyError, identified, is_address
from opendata_check.batch.naming import key_of_body, key_of_place
from opendata_check.batch.rows import Row
from opendata_check.errors import ConfigError
from opendata_check.model.catalog import Fault
from opendata_check.model.lot import LotEntry, LotResult, LotState

NATIONAL = "data.gouv.fr"
_NOT_EXTRA = frozenset({"folder", "config"})
"""Paths of this computer: nobody else's business."""
_MOST_PLACES = 20
_HIGHEST_STAFF = 10_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """One body to audit, small enough for tens of thousands to wait in memory."""

    entry: LotEntry
    target: str
    """As ``audit`` takes it: a query that finds the body for certain, an address, a folder."""
    shown: str
    """The target as the reports show it: never where a folder lies on this computer."""
    query: str = ""
    """What finds the body; "" when only a place is given."""
    places: tuple[str, ...] = ()
    """Further addresses where it publishes."""
    agents: float | None = None
    agents_band: str | None = None
    config: str | None = None
    host: str = NATIONAL
    """The server that is asked most: audits of different servers go together."""

    @property
    def digest(self) -> str:
        """Return a mark of what is asked: another one means that the row was changed."""
        asked = [self.target, self.query, list(self.places), self.agents, self.agents_band, self.config]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


@dataclass(slots=True)
class Listing:
    """A whole list, in its order."""

    jobs: list[Job] = field(default_factory=list)
    refused: list[LotResult] = field(default_factory=list)
    """Rows that name nobody, several bodies, or one that stands above."""
    remarks: list[str] = field(default_factory=list)
    """French: what was supposed, row by row."""

    @property
    def size(self) -> int:
        """Return how many rows there are."""
        return len(self.jobs) + len(self.refused)


def listing_of(rows: Sequence[Row], base: Path, column: str | None = None) -> Listing:
    """Return what a list asks for. ``base`` is the folder that its paths start from. Raises BatchError."""
    rows = [row for row in rows if not row.cells[0].startswith("#")]  # set aside by whoever wrote the list
    if not rows:
        raise BatchError("cette liste n'a que des lignes mises de côté", remedy="Retirez le # qui les ouvre.")
    columns = columns_of(rows, column)
    found = Listing(remarks=list(columns.remarks))
    seen: dict[str, int] = {}
    for row in rows[columns.first :]:
        try:
            job, remarks = _job(row, columns, base)
        except NobodyError as error:
            entry = LotEntry(row.line, error.typed[:300], f"ligne-{row.line}", _extra(row, columns, error.typed))
            fault = Fault(error.what, f"ligne {row.line}", error.remedy)
            found.refused.append(LotResult(entry, LotState.UNKNOWN, fault=fault))
            continue
        found.remarks += [f"Ligne {row.line} : {remark}." for remark in remarks]
        first = seen.setdefault(job.entry.key, row.line)
        if first != row.line:
            fault = Fault(
                f"le même organisme est à la ligne {first}",
                f"ligne {row.line}",
                "Gardez une ligne, avec toutes ses adresses.",
            )
            entry = LotEntry(row.line, job.entry.typed, f"ligne-{row.line}", job.entry.extra)
            found.refused.append(LotResult(entry, LotState.DUPLICATE, fault=fault))
            continue
        found.jobs.append(job)
    if not found.jobs:
        why = found.refused[0].fault
        said = f" ({why.line.rstrip('.')})" if why is not None else ""
        raise BatchError(
            f"aucune ligne de cette liste ne nomme un organisme{said}", remedy="Dites quelle colonne avec --column."
        )
    return found


def _job(row: Row, columns: Columns, base: Path) -> tuple[Job, tuple[str, ...]]:
    """Return what a row asks for, and what was supposed. Raises NobodyError."""
    cells = {role: row.cells[at] for role, at in columns.roles.items() if at < len(row.cells) and row.cells[at]}
    _place_in_name(cells)
    who = identified(cells)
    places = _addresses(cells.get("place", ""))
    folder = _folder(cells.get("folder", ""), base)
    if who is None and not places and not folder:
        raise NobodyError(
            next(filter(None, row.cells), ""), "cette ligne ne nomme personne", "Écrivez un nom ou un code."
        )
    agents, band, remarks = _staff(cells)
    config = _config(cells.get("config", ""), base)
    typed = who.typed if who else cells.get("place") or _last_part(cells.get("folder", ""))
    key = key_of_body(who.body) if who else key_of_place(folder or places[0])
    entry = LotEntry(row.line, typed[:300], key, _extra(row, columns, typed))
    target = folder or (who.query if who else places[0])
    more = places if who or folder else places[1:]
    shown = _shown(folder, base, key) if folder else typed
    job = Job(entry, target, shown, who.query if who else "", more, agents, band, config, _host(target, more))
    return job, (*(who.remarks if who else ()), *remarks)


def _place_in_name(cells: dict[str, str]) -> None:
    """Move what stands in the column of the names to its own role, when it is an address or a folder."""
    name = cells.get("name", "")
    if is_address(name):
        cells["place"] = f"{name} {cells['place']}" if "place" in cells else name
        del cells["name"]
    elif re.search(r"^[.~]|[/\\]", name) and not re.search(r"\bs/", name, re.IGNORECASE):
        cells.setdefault("folder", name)
        del cells["name"]


def _addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a cell, parted by spaces, bars or semicolons, with their scheme, each once."""
    found = [part for part in re.split(r"[\s|;]+", text) if part]
    wrong = next((part for part in found if not is_address(part)), None)
    if wrong is not None:
        raise NobodyError(
            text, f"« {wrong[:60]} » n'est pas une adresse web", "Par exemple : https://data.ma-ville.fr."
        )
    if len(found) > _MOST_PLACES:
        raise NobodyError(text, f"il y a plus de {_MOST_PLACES} adresses", "Gardez les principales.")
    return tuple(dict.fromkeys(one if "://" in one else f"https://{one}" for one in found))


def _folder(text: str, base: Path) -> str:
    """Return the folder a cell names, seen from the list's own folder; "" for none. Raises NobodyError."""
    if not text:
        return ""
    try:
        given = Path(text).expanduser()
        for path in (base / given, given):
            if path.exists():
                return path.as_posix()
    except (OSError, ValueError, RuntimeError):
        pass
    raise NobodyError(text, "ce dossier n'existe pas", "Vérifiez le chemin, vu du dossier de la liste.")


def _shown(folder: str, base: Path, key: str) -> str:
    """Return a folder as seen from the list's own, its key when it lies elsewhere."""
    try:
        return Path(folder).resolve().relative_to(base.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return key


def _last_part(folder: str) -> str:
    """Return a folder as it is shown: where it lies on this computer is nobody else's business."""
    return folder.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or folder


def _config(text: str, base: Path) -> str | None:
    """Return the path of a row's file of answers. Raises NobodyError when it cannot be used."""
    from opendata_check import config

    if not text:
        return None
    path = base / text
    try:
        config.read(path)
    except ConfigError as error:
        raise NobodyError(text, error.what, error.remedy or "Corrigez ce fichier de réponses.") from error
    return path.as_posix()


def _staff(cells: dict[str, str]) -> tuple[float | None, str | None, tuple[str, ...]]:
    """Return the agents and the band of a row; what cannot be read is left out, and told."""
    from opendata_check.territory.headcount import BANDS
    from opendata_check.wording import number_in

    remarks = []
    agents, band = None, None
    if "agents" in cells:
        agents = number_in(cells["agents"], "etp", "agents", "agent")
        if agents is None or agents > _HIGHEST_STAFF:
            agents = None
            remarks.append(f"« {cells['agents'][:30]} » n'est pas un nombre d'agents : il est laissé de côté")
    if "agents_band" in cells and cells["agents_band"].upper() != "NN":
        code = cells["agents_band"].zfill(2)
        if code in BANDS:
            band = code
        else:
            remarks.append(
                f"« {cells['agents_band'][:30]} » n'est pas une tranche de l'Insee : elle est laissée de côté"
            )
    return agents, band, tuple(remarks)


def _extra(row: Row, columns: Columns, typed: str) -> tuple[tuple[str, str], ...]:
    """Return the other columns of a row, but the paths of this computer."""
    hidden = {at for role, at in columns.roles.items() if role in _NOT_EXTRA}
    return tuple(
        (columns.labels[at], cell) for at, cell in enumerate(row.cells) if cell and cell != typed and at not in hidden
    )


def _host(target: str, places: Iterable[str]) -> str:
    first = next((one for one in (*places, target) if "://" in one), "")
    try:
        return (urlsplit(first).hostname or NATIONAL) if first else NATIONAL
    except ValueError:
        return NATIONAL
