"""What the columns of a table tell together: the values that the judges share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from opendata_check.inspection.personal.tally import PERSON_SHAPES, Tally
from opendata_check.inspection.personal_words import Family

SURE, LIKELY, FAIR, DOUBTFUL = 0.95, 0.85, 0.75, 0.55
"""How sure a judgement is."""


@dataclass(slots=True)
class Context:
    """What the columns tell together."""

    tallies: Sequence[Tally]
    named: dict[int, tuple[float, str]] = field(default_factory=dict)
    """By column that names persons: how sure, and why (id of a reason)."""
    births: dict[int, tuple[float, str]] = field(default_factory=dict)
    things: bool = False
    """A column names what the rows are: equipment, association, firm…"""
    typed: bool = False
    """A column tells what kind of thing each row is: « école », « association »."""
    private: bool = False
    """The rows are private persons."""
    persons: bool = False
    """Persons appear somewhere, in whatever quality."""
    announced: Family | None = None
    """The family of article D312-1-3 that the labels announce."""
    family: Family | None = None
    """The same, when persons are named or their births told."""
    statistics: bool = False
    """The rows count persons."""
    owned: bool = False
    """The column that names persons says that they are private ones."""
    reached: bool = False
    """A column tells how to reach persons, or when they were born."""
    keyed: bool = False
    """The rows are persons known by a number: « id_eleve », « num_allocataire »."""
    dead: bool = False
    """Nearly every row tells a death: the persons named are no longer alive."""
    _saying: dict[str, int] = field(default_factory=dict)

    def saying(self, kind: str, *, words_only: bool = False) -> int:
        """Return how many labels announce something; ``words_only`` leaves out the columns of whole numbers."""
        key = f"{kind} {words_only}"
        if key not in self._saying:
            self._saying[key] = sum(tally.says(kind) and not (words_only and tally.whole) for tally in self.tallies)
        return self._saying[key]


def name_share(tally: Tally) -> float:
    """Return the share of the values that are whole names of persons."""
    return tally.share(*PERSON_SHAPES)


def reaches(tally: Tally) -> bool:
    """Return whether a column holds mailboxes or phones rather than names."""
    return tally.part("mail") >= 0.5 or tally.count("mobile") + tally.count("landline") >= 0.5 * tally.filled
