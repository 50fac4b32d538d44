"""Gathers the places where a rule is broken into faults, within bounds however bad the dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from opendata_check.standards.gtfs.facts import RULES
from opendata_check.standards.interface import Fault
from opendata_check.standards.rulebook import shown

MAX_PLACES = 10_000
"""Places listed for one rule in one column."""
MAX_ALL = 200_000
"""Places listed for the whole dataset."""
_PERSONAL = frozenset({"gtfs.courriel", "gtfs.telephone"})


@dataclass(slots=True)
class _Places:
    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    remedy: str = ""


class Gathering:
    """Places by rule, file and column, given out one file after the other."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], _Places] = {}
        self._more: dict[tuple[str, str, str], None] = {}
        self._left = MAX_ALL

    def add(
        self,
        code: str,
        part: str,
        column: str = "",
        row: int = 0,
        value: str | None = None,
        expected: str = "",
        remedy: str = "",
    ) -> None:
        """Note a place; ``row`` 0 for the whole file or column; ``value`` None when there is none to show."""
        key = (code, part, shown(column))
        places = self._found.get(key)
        if places is None:
            if len(self._found) >= MAX_PLACES:
                return
            places = self._found[key] = _Places(remedy=remedy)
        if not row:
            return
        if len(places.rows) >= MAX_PLACES or self._left <= 0:
            self._more[key] = None
            return
        self._left -= 1
        places.rows.append(row)
        if value is not None:
            places.values.append(shown(value))
            places.expected.append(shown(expected))

    def given_out(self) -> Iterator[Fault]:
        """Yield what was gathered, and forget it."""
        for (code, part, column), places in self._found.items():
            rule = RULES.rules[code]
            has_values = bool(places.values) and len(places.values) == len(places.rows)
            yield Fault(
                code=code,
                level=rule.level,
                message=rule.message,
                field=column,
                part=part,
                rows=tuple(places.rows),
                values=tuple(places.values) if has_values else (),
                expected=tuple(places.expected) if has_values and any(places.expected) else (),
                remedy=places.remedy or rule.remedy,
                personal=code in _PERSONAL,
            )
        for part, column in dict.fromkeys((part, column) for _, part, column in self._more):
            yield RULES.fault("gtfs.non_liste", part=part, field=column)
        self._found, self._more = {}, {}
