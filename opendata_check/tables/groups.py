"""Gathers faulty cells by rule and column while rows go by: exact counts, line ranges and one example each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from opendata_check.ranges import LineRanges

STRUCTURE = -1
"""Column of the faults that concern a whole row."""

_KEPT_CELL = 400
"""Characters of an example that are kept; the length is kept apart."""


@dataclass(slots=True)
class Group:
    """The cells of one column that break one rule."""

    lines: LineRanges = field(default_factory=LineRanges)
    example: str | None = None
    """The first faulty cell of a row of the right length: a cell of a shifted row may be another column's."""


class Groups:
    """Groups by (rule, 0-based column position)."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[str, int], Group] = {}

    def add(self, rule: str, position: int, lines: Iterable[int], cell: str | None = None) -> None:
        """Record faulty cells; ``cell`` is one of them, None when it must not be shown. Lines must not decrease."""
        group = self.by_key.setdefault((rule, position), Group())
        group.lines.extend(lines)
        if group.example is None and cell is not None:
            group.example = (
                cell if len(cell) <= _KEPT_CELL or rule in ("max_length", "min_length") else cell[:_KEPT_CELL]
            )

    def ordered(self, rank: Callable[[str], int]) -> list[tuple[str, int, Group]]:
        """Return (rule, position, group): whole rows first, then columns from left to right, then by ``rank``."""
        return [
            (rule, position, self.by_key[rule, position])
            for rule, position in sorted(self.by_key, key=lambda key: (key[1], rank(key[0]), key[0]))
        ]
