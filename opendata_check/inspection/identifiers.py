"""Controls SIRET and SIREN numbers, and follows a column until it is known whether it holds them."""

from __future__ import annotations

import numpy as np
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from opendata_check.inspection.batch import ColumnBatch, Integers, Mask

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")
_DOUBLED = {"0": 0, "1": 2, "2": 4, "3": 6, "4": 8, "5": 1, "6": 3, "7": 5, "8": 7, "9": 9}
_LA_POSTE = "356000000"
_LENGTHS = {"siret": 14, "siren": 9}
_ENOUGH = 0.8
_HOPELESS = 0.5
_DISTINCT = 3
_DECIDABLE = 20


def _luhn(digits: str) -> bool:
    """Return whether ASCII digits pass the Luhn control (ISO/IEC 7812-1, annex B)."""
    return (sum(map(int, digits[::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))) % 10 == 0


def passes(kind: str, cell: str) -> bool:
    """Return whether a cell is a valid SIRET or SIREN; spaces are tolerated, nothing else is.

    Ordinary numbers go through our own Luhn (ten times faster); python-stdnum decides on La Poste's establishments,
    which follow another rule.
    """
    digits = cell.translate(_SPACES)
    if len(digits) != _LENGTHS[kind] or not (digits.isascii() and digits.isdigit()):
        return False
    if digits.startswith(_LA_POSTE):
        return bool((stdnum_siret if kind == "siret" else stdnum_siren).is_valid(digits))
    return _luhn(digits) and _luhn(digits[:9])


class IdentifierTracker:
    """Counts, in one column, the cells that pass the control of one identifier.

    ``announced`` says that the label promised it: such a column is followed to the end; another is dropped
    (``alive`` turns false) as soon as its values prove to be something else.
    """

    __slots__ = ("_distinct", "alive", "announced", "filled", "kind", "passing")

    def __init__(self, kind: str, announced: bool) -> None:
        self.kind = kind
        self.announced = announced
        self.alive = True
        self.filled = 0
        self.passing = 0
        self._distinct: set[str] = set()

    def take(self, column: ColumnBatch) -> Mask:
        """Add a batch; return which distinct values are filled and fail."""
        passing = _passing(self.kind, column)
        self.filled += int(column.counts[column.filled].sum())
        self.passing += int(column.counts[passing].sum())
        if len(self._distinct) < _DISTINCT:
            for index in np.flatnonzero(passing)[: 2 * _DISTINCT]:
                if len(self._distinct) < _DISTINCT:
                    self._distinct.add(column.trimmed[int(index)].as_py())
        if not self.announced and self.filled >= _DECIDABLE and self.passing < _HOPELESS * self.filled:
            self.alive = False
        return np.asarray(column.filled & ~passing, dtype=np.bool_)

    @property
    def decided(self) -> bool:
        """True when the label, or at least 80 % of the values (three different ones or more), say so."""
        if self.announced:
            return True
        return self.alive and len(self._distinct) >= _DISTINCT and self.passing >= _ENOUGH * self.filled


def _passing(kind: str, column: ColumnBatch) -> Mask:
    """Return which distinct values pass: ordinary ones all at once, those with spaces or of La Poste one by one."""
    size = _LENGTHS[kind]
    result = np.zeros(len(column.values), dtype=np.bool_)
    plain = (column.lengths == size) & (column.digits == size)
    if plain.any():
        figures = column.characters(plain, size) - ord("0")
        result[plain] = _luhn_of(figures) & _luhn_of(figures[:, :9])
    post = column.matching(f"^{_LA_POSTE}", plain) if plain.any() else plain
    spaced = (column.digits == size) & (column.lengths > size) & (column.lengths <= 2 * size)
    for index in np.flatnonzero(post | spaced):
        result[index] = passes(kind, column.trimmed[int(index)].as_py())
    return result


def _luhn_of(figures: Integers) -> Mask:
    """Return which rows of figures, shape (n, size), pass the Luhn control."""
    doubled = figures[:, -2::-2] * 2
    total = figures[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return np.asarray(total % 10 == 0, dtype=np.bool_)
