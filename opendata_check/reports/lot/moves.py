"""What changed since the last run: first what was lost, then what was mended and what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opendata_check.model.compared import Change
from opendata_check.model.lot import LotResult
from opendata_check.reports.lot.phrases import name_of
from opendata_check.reports.lot.rows import departement, link, losses


@dataclass(frozen=True, slots=True)
class LostRow:
    """A body that lost something."""

    name: str
    link: str
    """"" when it has no page this time."""
    departement: str
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A body with something mended or new."""

    name: str
    link: str
    departement: str
    mended: int
    new: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Moves:
    """One page of changes."""

    lost: tuple[LostRow, ...]
    moved: tuple[MoveRow, ...]
    same: int
    """Bodies where nothing moved and nothing was lost."""
    other_version: bool


def moves(results: Sequence[LotResult], changes: Mapping[str, Change]) -> Moves:
    """Return the changes of these bodies, in the order of the list."""
    lost: list[LostRow] = []
    moved: list[MoveRow] = []
    same, other = 0, False
    for result in results:
        change = changes.get(result.entry.key)
        if change is None:
            continue
        other = other or change.other_version
        known = result.summary or result.previous
        name = name_of(known.name if known else "", result.entry.typed)
        place = departement(known) if known else ""
        address = link(result) if result.summary else ""
        if change.decays:
            lost.append(LostRow(name, address, place, tuple(losses(change))))
        if change.mended or change.new:
            moved.append(MoveRow(name, address, place, change.mended, change.new, change.unchanged))
        elif not change.decays:
            same += 1
    return Moves(tuple(lost), tuple(moved), same, other)
