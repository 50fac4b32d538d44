"""What a reader is told, in order, whatever the format: French texts to lay out, and ids of states for signs."""

from __future__ import annotations

from dataclasses import dataclass, field

from opendata_check.reports.outline.basics import Citation, Fact, Statement, VerdictBlock
from opendata_check.reports.outline.counted import CheckCount, Documents, Tally


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    rank: int
    title: str
    flag: str
    """« à régler avant toute autre publication », « au choix… », or ""."""
    blocker: bool
    gesture: tuple[Fact, ...]
    """Why, what to do, what to ask."""
    practical: tuple[Fact, ...]
    """Time, who has it, software, rhythm, files, gain."""
    articles: tuple[Citation, ...]
    check: str = ""
    """Id of the check, as every format prints it."""
    time: str = ""
    holder: str = ""
    gain: str = ""
    files: str = ""
    """The same four as in ``practical``, for a table."""
    findings: tuple[str, ...] = ()
    """Fingerprints of what it mends."""


@dataclass(frozen=True, slots=True)
class Actions:
    """What to do: the first ones, and the rest."""

    heading: str
    first: tuple[Action, ...]
    others: tuple[Action, ...]
    others_title: str
    """« et 7 autres actions », or ""."""
    others_where: str
    nothing: str
    """What to say when there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """One score."""

    title: str
    question: str
    score: int | None
    """0 to 100, cut downwards."""
    text: str
    """« 82 sur 100 » or « non noté »."""
    state: str
    word: str
    share: str
    verified: int | None = None
    """Share of what there was to verify that could be, 0 to 100, cut downwards."""


@dataclass(frozen=True, slots=True)
class Board:
    """All scores."""

    overall: Gauge
    next: str
    """What can be done at this level."""
    axes: tuple[Gauge, ...]
    note: str
    partial: str = ""
    """How many files the scores leave aside since they could not be read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty of the table of what the law says."""

    title: str
    state: str
    state_word: str
    reason: str
    facts: tuple[Fact, ...]
    """What to do, on which condition, what to look for by hand."""
    more: tuple[Fact, ...]
    """Steps of the entry into force, what is doubtful."""
    since: str
    doubt: str
    articles: tuple[Citation, ...]
    obligation: str = ""
    """Id of the obligation."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One duty in a line."""

    title: str
    condition: str
    article: str


@dataclass(frozen=True, slots=True)
class OtherRules:
    """The duties that no check looks into, and what the State publishes already."""

    binding: tuple[Brief, ...]
    unknown: tuple[Brief, ...]
    out: str
    """Titles of those that ask nothing of this body, in one sentence part; "" when there is none."""
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What only the body can answer."""

    text: str
    table: str
    """Part of opendata-check.toml: ``organization`` or ``declarations``."""
    answers: tuple[str, ...]
    what_if: tuple[str, ...] = ()
    stakes: str = ""
    """What the answer counts for: titles of duties."""
    yes_or_no: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """What was seen: one finding, or several that say the same thing of several files."""

    message: str
    files: tuple[str, ...]
    place: str
    evidence: Fact | None
    example: str
    fingerprints: tuple[str, ...] = ()
    """Of the findings it tells, in the order given."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one check that one gesture mends."""

    check: str
    title: str
    state: str
    severity: str
    blocker: bool
    why: str
    remedy: str
    time: str
    articles: tuple[Citation, ...]
    files: tuple[str, ...]
    items: tuple[Item, ...]
    axis: str = ""
    """Id of the axis."""
    action: int = 0
    """Rank of the action that tells why and how already, 0 when none of the first ones does."""


@dataclass(frozen=True, slots=True)
class DatasetBlock:
    """A dataset with something to mend."""

    title: str
    files: str
    notes: tuple[str, ...]
    """What it was recognised as; what was not read."""
    groups: tuple[Group, ...]
    also: tuple[str, ...]
    """Where else it is spoken of."""


@dataclass(frozen=True, slots=True)
class Files:
    """Everything seen in the files, private life apart."""

    general: tuple[Group, ...]
    repeated: tuple[Group, ...]
    datasets: tuple[DatasetBlock, ...]
    good: tuple[str, ...]
    """Files without a remark."""
    nothing: str
    """What to say when there is no file, or nothing to say of them."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Private life."""

    sentence: str
    groups: tuple[Group, ...]
    facts: tuple[Fact, ...]
    articles: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """Points that could not be judged on the same files."""

    state: str
    points: tuple[Fact, ...]
    """What was asked, and why it could not be told."""
    files: tuple[str, ...]
    checks: tuple[str, ...] = ()
    """Id of the check behind each point."""
    fingerprints: tuple[tuple[str, ...], ...] = ()
    """Of the findings behind each point."""

    @property
    def open(self) -> bool:
        """Return whether it is a question left to confirm, not something that failed."""
        return self.state == "unverifiable"


@dataclass(frozen=True, slots=True)
class Limits:
    """What could not be seen or judged."""

    undecided: tuple[Undecided, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Further:
    """What the body may publish beyond the law, and what its series lack: suggestions, never faults."""

    usual: tuple[str, ...]
    """The usual families not found that are the easiest and the most common, in one line each."""
    years: str
    """Years that series lack, as a question where it is not sure; "" when none does."""
    others: str
    """What the intercommunality could publish, or ""."""
    like: str
    """What comparable bodies publish, or ""."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole report, in the order it is read."""

    title: str
    name: str
    day: str
    verdict: VerdictBlock
    body: tuple[Fact, ...]
    partial: str
    credit: Statement
    actions: Actions
    board: Board
    rules: tuple[Rule, ...]
    others: OtherRules
    questions: tuple[Question, ...]
    more_questions: str
    files: Files
    personal: Personal
    further: Further
    limits: Limits
    reserve: str
    made_by: str
    tallies: tuple[Tally, ...] = ()
    """Where all the known duties stand, in counts."""
    answers: str = ""
    """What to write in opendata-check.toml to answer the questions shown."""
    documents: Documents = field(default_factory=lambda: Documents("", ""))
    checks: tuple[CheckCount, ...] = ()
    """What was controlled, check by check."""
