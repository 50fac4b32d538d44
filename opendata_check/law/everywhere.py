"""Decides every obligation for very many bodies: bodies that answer every comparison alike are decided once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date

from opendata_check.law.apart import apart_of
from opendata_check.law.deciding import decide, status
from opendata_check.law.figures import Figures, figures_of
from opendata_check.law.numbers import read_number
from opendata_check.law.reading import Passes
from opendata_check.law.reasons import missing_facts
from opendata_check.law.references import leaves_of
from opendata_check.law.rules import Apart, Law, Obligation, OtherObligation, Test, Threshold
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import Organization


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the law says of one body."""

    statuses: tuple[Applicability, ...]
    """In the order of ``Law.obligations``."""
    missing: tuple[str, ...]
    """Names of the facts that would decide what is unknown, in the order of rules/facts.yaml."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A comparison that a condition makes, with the threshold of its day; the same one is made once a body."""

    fact: str
    threshold: float
    day: date
    passes: Passes


@dataclass(frozen=True, slots=True)
class _Wordless(Law):
    """The law, whose sentences are not made: millions of comparisons are made for their answers alone."""

    def say(self, section: str, key: str, **values: str) -> str:
        """Return nothing."""
        return ""


def decide_all(bodies: Iterable[Organization], on: date, law: Law) -> Iterator[tuple[Organization, Verdicts]]:
    """Yield each body with its verdicts on the day ``on``: those of ``scope``, since they are decided by the same code.

    An obligation's answer depends on the kind of body, on the answers it declared, and on the result of each
    comparison; bodies that agree on all of these share one decision.
    """
    comparisons = _comparisons(law, on)
    wordless = _Wordless(**{field.name: getattr(law, field.name) for field in fields(law)})
    known: dict[object, Verdicts] = {}
    for body in bodies:
        figures = figures_of(body)
        apart = apart_of(body, law.apart)
        results = tuple(
            (reading.holds, reading.presumed)
            for item in comparisons
            for reading in (read_number(item.fact, item.passes, item.threshold, figures, item.day, wordless),)
        )
        alike = (
            body.kind,
            body.acts_as,
            apart,
            tuple(figures.answers.items()),
            tuple(figures.choices.items()),
            results,
        )
        if alike not in known:
            known[alike] = _verdicts(figures, on, law, apart)
        yield body, known[alike]


def _verdicts(figures: Figures, on: date, law: Law, apart: Apart | None) -> Verdicts:
    if apart is not None:
        statuses = tuple(_apart_status(item, figures, on, law, apart) for item in law.obligations)
        return Verdicts(statuses, ())
    roots = [decide(obligation, figures, on, law) for obligation in law.obligations]
    statuses = tuple(status(root) for root in roots)
    missing = {
        fact.fact
        for root, decided in zip(roots, statuses, strict=True)
        if decided is Applicability.UNKNOWN
        for fact in missing_facts(root)
    }
    return Verdicts(statuses, tuple(name for name in law.facts if name in missing))


def _apart_status(obligation: Obligation, figures: Figures, on: date, law: Law, apart: Apart) -> Applicability:
    """Return the one answer of a body judged apart: as in ``scope``, a text not in force comes first for its kind."""
    early = apart.kinds and status(decide(obligation, figures, on, law)) is Applicability.NOT_IN_FORCE
    return Applicability.NOT_IN_FORCE if early else apart.answer


def _comparisons(law: Law, on: date) -> tuple[_Comparison, ...]:
    found: dict[tuple[str, float, object, date], _Comparison] = {}
    for obligation in law.obligations:
        for test, day in _tests(obligation, on, law):
            if not isinstance(test.comparison, Threshold):
                continue
            dated = law.parameters[test.comparison.parameter].on(day)
            if dated is None:
                continue  # unread for everybody
            key = (test.fact, dated.value, test.comparison.comparison, day)
            found[key] = _Comparison(test.fact, dated.value, day, _passes(test.comparison, dated.value))
    return tuple(found.values())


def _tests(obligation: Obligation, on: date, law: Law) -> Iterator[tuple[Test, date]]:
    """Yield each test that an obligation makes, and those of the obligations it leans on, with the day it is made."""
    stages = [(part.when, part.judged_on(on)) for part in obligation.parts if part.when is not None]
    for condition, day in [(obligation.who, on), *stages]:
        for leaf in leaves_of(condition):
            if isinstance(leaf, OtherObligation):
                yield from _tests(law.by_id[leaf.obligation], day, law)
            else:
                yield leaf, day


def _passes(threshold: Threshold, value: float) -> Passes:
    return lambda figure: threshold.comparison.holds(figure, value)
