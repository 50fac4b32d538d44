"""Finds what each column of a list holds: by its label, else by its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from opendata_check.batch.errors import BatchError
from opendata_check.batch.identifying import is_address, kinds_of
from opendata_check.batch.rows import Row
from opendata_check.folding import fold
from opendata_check.ranges import column_letter
from opendata_check.resources import load_yaml, rules_folder

BODY_ROLES = ("insee", "siren", "name", "postcode", "place", "folder")
"""Roles that may name the body audited, surest first."""
_HEADER_WITHIN = 25
"""Rows above the table that may hold titles."""
_SAMPLE = 60
_NUMBER = re.compile(r"[0-9][0-9 .,ab-]*", re.IGNORECASE)
_TITLE_WORDS = frozenset(
    {"liste", "listes", "communes", "commune", "adherents", "adherentes", "membres", "collectivites"}
)
_LEAST = 0.3
"""Share of a column's values that must be understood for the column to name the bodies."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a list hold."""

    labels: tuple[str, ...]
    """One for each column; « colonne B » where nothing is written."""
    roles: dict[str, int]
    """Role of rules/words.yaml (batch_columns) to the column's rank, from 0."""
    first: int
    """Rank of the first row of data."""
    remarks: tuple[str, ...] = field(default=())
    """French: what was supposed."""


def columns_of(rows: Sequence[Row], named: str | None = None) -> Columns:
    """Return what the columns of a list hold; ``named`` is the column that names the bodies (label, letter or rank).

    Raises BatchError when no column names a body, or when ``named`` is none of them.
    """
    width = max(len(row.cells) for row in rows)
    header = _header(rows, named)
    labels = _labels(rows[header].cells if header is not None else (), width)
    roles = _roles(rows[header].cells) if header is not None else {}
    first = 0 if header is None else header + 1
    remarks: list[str] = []
    if named is not None:
        chosen = _chosen(named, labels if header is not None else _labels(rows[0].cells, width))
        roles = {role: at for role, at in roles.items() if role not in BODY_ROLES or at == chosen}
        if chosen not in roles.values():
            roles[_role_by_values(rows[first:], chosen) or "name"] = chosen
    elif not any(role in roles for role in BODY_ROLES):
        role, at = _by_values(rows[first:], width, taken=set(roles.values()))
        roles[role] = at
        if width > 1:
            remarks.append(f"La colonne « {labels[at]} » nomme les organismes : c'est celle qui se lit le mieux.")
    if header is None:
        first, skipped = _after_titles(rows, roles)
        remarks += skipped
    if first >= len(rows):
        raise BatchError("cette liste n'a que des titres", remedy="Ajoutez une ligne par organisme.")
    return Columns(labels, roles, first, tuple(remarks))


@cache
def _words() -> dict[str, str]:
    """Return the role of each label of rules/words.yaml, folded."""
    table = load_yaml(rules_folder() / "words.yaml")["batch_columns"]
    return {_plain(label): role for role, labels in table.items() for label in labels}


def _plain(label: str) -> str:
    """Return a label folded, without what surrounds it: « Code INSEE* : » is « code insee »."""
    return " ".join(re.sub(r"\([^)]*\)|[*:°]", " ", fold(label).replace("_", " ").replace("-", " ")).split())


def _roles(cells: Sequence[str]) -> dict[str, int]:
    """Return the first column of each role that a header row names."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        role = _words().get(_plain(cell)) or _words().get(fold(cell))
        if role is not None:
            found.setdefault(role, at)
    return found


def _header(rows: Sequence[Row], named: str | None) -> int | None:
    """Return the rank of the row that labels the columns, None when none does."""
    if named is not None:
        wanted = _plain(named)
        for rank, row in enumerate(rows[:_HEADER_WITHIN]):
            if any(_plain(cell) == wanted for cell in row.cells if cell):
                return rank
    best: tuple[int, int] | None = None
    for rank, row in enumerate(rows[:_HEADER_WITHIN]):
        known = len(_roles(row.cells))
        if known == 1 and any(_NUMBER.fullmatch(cell) or is_address(cell) for cell in row.cells):
            continue  # « Ville » is a commune of the Oise
        if known and (best is None or known > best[0]):
            best = (known, rank)
    return best[1] if best else None


def _labels(header: Sequence[str], width: int) -> tuple[str, ...]:
    written = [*header, *[""] * (width - len(header))][:width]
    return tuple(label or f"colonne {column_letter(at)}" for at, label in enumerate(written))


def _chosen(named: str, labels: Sequence[str]) -> int:
    """Return the rank of the column that was named. Raises BatchError with the nearest label."""
    wanted = _plain(named)
    for at, label in enumerate(labels):
        if wanted == _plain(label):
            return at
    if wanted.isdecimal() and 1 <= int(wanted[:4]) <= len(labels):
        return int(wanted[:4]) - 1
    letters = {column_letter(at).lower(): at for at in range(len(labels))}
    if wanted in letters:
        return letters[wanted]
    close = get_close_matches(wanted, [_plain(label) for label in labels], n=1, cutoff=0.6)
    meant = next((label for label in labels if close and _plain(label) == close[0]), "")
    hint = f"Vouliez-vous dire « {meant} » ? " if meant else ""
    shown = ", ".join(label[:30] for label in labels[:12])
    raise BatchError(
        f"« {named[:40]} » n'est pas une colonne de la liste", where="--column", remedy=f"{hint}Il y a : {shown}."
    )


def _by_values(rows: Sequence[Row], width: int, taken: set[int]) -> tuple[str, int]:
    """Return the role and the rank of the column whose values are best understood. Raises BatchError."""
    best: tuple[float, int, str] | None = None
    for at in range(width):
        if at in taken:
            continue
        for role, share in _shares(rows, at).items():
            rank = -BODY_ROLES.index(role)
            if share >= _LEAST and (best is None or (share, rank) > (best[0], best[1])):
                best, chosen = (share, rank, role), at
    if best is not None:
        return _loosely(best[2]), chosen
    if width == 1:
        return "name", 0
    raise BatchError(
        "aucune colonne de cette liste ne nomme des organismes",
        remedy="Dites laquelle avec --column, ou nommez-la « commune », « code insee », « siren » ou « url ».",
    )


def _role_by_values(rows: Sequence[Row], at: int) -> str | None:
    shares = {role: share for role, share in _shares(rows, at).items() if share >= _LEAST}
    role = max(shares, key=lambda role: (shares[role], -BODY_ROLES.index(role)), default=None)
    return None if role is None else _loosely(role)


def _loosely(role: str) -> str:
    """Return the role of a column that no label settles: addresses and folders may stand among names."""
    return "name" if role in ("place", "folder") else role


def _shares(rows: Sequence[Row], at: int) -> dict[str, float]:
    """Return, for each role, the share of a column's values (a sample) that may be of it."""
    values = [row.cells[at] for row in rows if len(row.cells) > at and row.cells[at]]
    step = max(1, len(values) // _SAMPLE)
    sample = values[::step][:_SAMPLE]
    counts = dict.fromkeys(BODY_ROLES, 0)
    for value in sample:
        for role in kinds_of(value):
            counts[role] += 1
    return {role: count / max(1, len(sample)) for role, count in counts.items()}


def _after_titles(rows: Sequence[Row], roles: dict[str, int]) -> tuple[int, list[str]]:
    """Return the rank of the first row that is no title, and what to say of those above.

    A row above is a title when it does not reach the column of the bodies, or when its words are those of a title and
    name nobody.
    """
    at = min(roles[role] for role in BODY_ROLES if role in roles)
    said: list[str] = []
    for rank, row in enumerate(rows[:_HEADER_WITHIN]):
        cell = row.cells[at] if len(row.cells) > at else ""
        titled = bool(set(fold(cell).split()) & _TITLE_WORDS)
        labelled = (
            len(row.cells) > 1 and rank == 0 and not any(_NUMBER.fullmatch(c) or is_address(c) for c in row.cells)
        )
        if cell and (kinds_of(cell) or not (titled or labelled)):
            return rank, said
        text = cell or next(c for c in row.cells if c)
        said.append(f"Ligne {row.line} : « {text[:60]} » est pris pour un titre.")
    return min(len(said), len(rows) - 1), said
