"""What the detector said of each column of the corpus, against what was expected, and the figures that follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from opendata_check.inspection import inspect
from opendata_check.model.content import Content
from opendata_check.model.facts import PersonalDataHint

from .designs import LabelledTable, as_csv


@dataclass(frozen=True, slots=True)
class Outcome:
    """One column of one table."""

    table: str
    label: str
    expected: str
    alarms: tuple[str, ...]
    """Kinds of the hints that no family makes public."""
    families: tuple[str, ...]
    """Families of the other hints."""

    @property
    def flagged(self) -> bool:
        """Whether an alarm is raised."""
        return bool(self.alarms)

    @property
    def positive(self) -> bool:
        """Whether an alarm was expected."""
        return self.expected not in ("none", "either") and not self.expected.startswith("public:")

    @property
    def counted(self) -> bool:
        """Whether the column is in the figures."""
        return self.expected != "either"


@dataclass(frozen=True, slots=True)
class Figures:
    """Columns by outcome."""

    found: int
    missed: int
    false: int
    right: int
    """Columns rightly left in peace."""

    @property
    def recall(self) -> float:
        """Share of the personal columns that are found."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def precision(self) -> float:
        """Share of the alarms that are right."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0


def outcomes(tables: Iterable[LabelledTable], folder: Path) -> Iterator[Outcome]:
    """Yield the outcome of each column; each table is written in ``folder`` and inspected as any file."""
    for table in tables:
        path = folder / f"{table.name}.csv"
        path.write_bytes(as_csv(table))
        facts = inspect(Content(path, path.name, path.stat().st_size, path.name))
        yield from compare(table, facts.personal)


def compare(table: LabelledTable, hints: Sequence[PersonalDataHint]) -> Iterator[Outcome]:
    """Yield the outcome of each column of a table, from the hints about it."""
    for position, label in enumerate(table.labels):
        mine = [hint for hint in hints if hint.letter == _letter(position)]
        yield Outcome(
            table.name,
            label,
            table.expected[position],
            tuple(sorted({hint.kind for hint in mine if not hint.public_family})),
            tuple(sorted({hint.public_family for hint in mine if hint.public_family})),
        )


def figures(seen: Iterable[Outcome]) -> Figures:
    """Return how many columns were found, missed, falsely flagged, left in peace; disputed columns are left out."""
    counts = Counter((outcome.positive, outcome.flagged) for outcome in seen if outcome.counted)
    return Figures(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def interval(share: float, size: int) -> tuple[float, float]:
    """Return the bounds between which the true share lies 95 times out of 100 (Wilson, 1927)."""
    if not size:
        return 0.0, 1.0
    z = 1.96
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def by_kind(seen: Sequence[Outcome], kinds: Iterable[str]) -> Iterator[tuple[str, int, int, int]]:
    """Yield for each kind: columns of that kind, those flagged, and those flagged with that very kind."""
    for kind in kinds:
        mine = [outcome for outcome in seen if outcome.expected == kind]
        yield kind, len(mine), sum(outcome.flagged for outcome in mine), sum(kind in outcome.alarms for outcome in mine)


def confusions(seen: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """Return (expected, said, columns): the right column, another kind; most frequent first."""
    counts = Counter(
        (outcome.expected, ", ".join(outcome.alarms))
        for outcome in seen
        if outcome.positive and outcome.flagged and outcome.expected not in outcome.alarms
    )
    return [(expected, said, count) for (expected, said), count in counts.most_common()]


def wrong_families(seen: Iterable[Outcome]) -> list[Outcome]:
    """Return the public columns, left in peace, whose family is not the expected one."""
    return [
        outcome
        for outcome in seen
        if outcome.expected.startswith("public:")
        and not outcome.flagged
        and outcome.families
        and outcome.expected.removeprefix("public:") not in outcome.families
    ]


def _letter(position: int) -> str:
    """Return the letter of a column, as a spreadsheet names it."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
