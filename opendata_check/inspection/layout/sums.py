"""Keeps the running sums of a table's columns, to tell whether a row adds up those above it."""

from __future__ import annotations

from collections.abc import Mapping

_FEWEST_ROWS = 2


class RunningSums:
    """Sums of the data rows: since the start, since the last total or section, and of the subtotals themselves."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[int, float]] = {"all": {}, "part": {}, "subtotals": {}}
        self._rows = {"all": 0, "part": 0, "subtotals": 0}

    def data(self, figures: Mapping[int, float]) -> None:
        """Add a row of data."""
        self._add("all", figures)
        self._add("part", figures)

    def subtotal(self, figures: Mapping[int, float]) -> None:
        """Add a row that closes a part; the next part starts."""
        self._add("subtotals", figures)
        self.new_part()

    def new_part(self) -> None:
        """Forget the rows since the last total: a title opens a part."""
        self._sums["part"], self._rows["part"] = {}, 0

    def forget(self) -> None:
        """Forget everything: rows were not looked at, or another table starts."""
        self.__init__()  # type: ignore[misc]

    def matching(self, figures: Mapping[int, float], fewest: int = _FEWEST_ROWS) -> tuple[int, int]:
        """Return how many figures other than zero equal one same sum, and how many there are."""
        wanted = {at: value for at, value in figures.items() if value}
        best = 0
        for name, sums in self._sums.items():
            if self._rows[name] >= fewest:
                equal = sum(_equal(value, sums.get(at), self._rows[name]) for at, value in wanted.items())
                best = max(best, equal)
        return best, len(wanted)

    def _add(self, name: str, figures: Mapping[int, float]) -> None:
        sums = self._sums[name]
        for at, value in figures.items():
            sums[at] = sums.get(at, 0.0) + value
        self._rows[name] += 1


def _equal(value: float, expected: float | None, rows: int) -> bool:
    """Return whether a figure is a sum, roundings of the added figures allowed."""
    if expected is None:
        return False
    allowed = 0.0 if value.is_integer() and expected.is_integer() else 0.005 * min(rows, 20) + 0.001
    return abs(value - expected) <= allowed + 1e-9 * abs(value)
