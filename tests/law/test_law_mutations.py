"""No comparison of the law may be wrong unseen: each one is flipped in turn, and at least one case must then fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from law_cases import Case, cases, differences

from opendata_check.law import scope
from opendata_check.law.examples import example_body
from opendata_check.law.loading import law
from opendata_check.law.rules import (
    Answer,
    Comparison,
    Condition,
    Event,
    Group,
    Law,
    Obligation,
    OneOf,
    OtherObligation,
    Part,
    Threshold,
)
from opendata_check.law.rules import (
    Test as Leaf,
)
from opendata_check.model.legal import NodeKind

CASES = cases()
_FLIPPED = {
    Comparison.AT_LEAST: Comparison.MORE_THAN,
    Comparison.MORE_THAN: Comparison.AT_LEAST,
    Comparison.AT_MOST: Comparison.LESS_THAN,
    Comparison.LESS_THAN: Comparison.AT_MOST,
}
_REVERSED = {
    Comparison.AT_LEAST: Comparison.LESS_THAN,
    Comparison.MORE_THAN: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.MORE_THAN,
    Comparison.LESS_THAN: Comparison.AT_LEAST,
}
Mutant = tuple[str, Obligation]


def _conditions(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Yield every condition that differs by one leaf or one word (all, any), and what was changed."""
    if isinstance(condition, Group):
        for index, child in enumerate(condition.children):
            for said, changed in _conditions(child):
                children = (*condition.children[:index], changed, *condition.children[index + 1 :])
                yield said, replace(condition, children=children)
        if len(condition.children) > 1:
            other = NodeKind.ANY if condition.kind is NodeKind.ALL else NodeKind.ALL
            yield f"« {condition.label} » : {other}", replace(condition, kind=other)
    elif isinstance(condition, OtherObligation):
        yield f"« {condition.label} » : le contraire", Group(NodeKind.NOT, "non", (condition,))
    else:
        for said, changed in _leaves(condition):
            yield said, changed


def _leaves(test: Leaf) -> Iterator[tuple[str, Leaf]]:
    comparison = test.comparison
    if isinstance(comparison, Threshold):
        for table in (_FLIPPED, _REVERSED):
            new = table[comparison.comparison]
            yield (
                f"{test.fact} {comparison.comparison} → {new}",
                replace(test, comparison=replace(comparison, comparison=new)),
            )
    elif isinstance(comparison, Answer):
        yield f"{test.fact} : l'autre réponse", replace(test, comparison=Answer(not comparison.expected))
    else:
        for value in comparison.values:
            rest = tuple(other for other in comparison.values if other != value)
            yield f"{test.fact} sans {value}", replace(test, comparison=OneOf(rest))


def _parts(parts: tuple[Part, ...]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    for index, part in enumerate(parts):

        def changed(new: Part, index: int = index) -> tuple[Part, ...]:
            return (*parts[:index], new, *parts[index + 1 :])

        if index == 0 or parts[index - 1].until is not None:
            yield f"début {part.since} + 1 jour", changed(replace(part, since=part.since + timedelta(days=1)))
        if part.when is not None:
            for said, condition in _conditions(part.when):
                yield f"étape {part.since}, {said}", changed(replace(part, when=condition))


def _events(event: Event) -> Iterator[tuple[str, Event]]:
    if event.parameter and event.amount:
        yield f"événement {event.comparison}", replace(event, comparison=_FLIPPED[event.comparison])


def mutants(obligation: Obligation) -> Iterator[Mutant]:
    """Yield every obligation that differs from this one by one comparison, one date or one word."""
    for said, condition in _conditions(obligation.who):
        yield said, replace(obligation, who=condition)
    for said, parts in _parts(obligation.parts):
        yield said, replace(obligation, parts=parts)
    if obligation.event is not None:
        for said, event in _events(obligation.event):
            yield said, replace(obligation, event=event)


def _with(mutant: Obligation) -> Law:
    national = law()
    others = tuple(mutant if item.id == mutant.id else item for item in national.obligations)
    return replace(national, obligations=others, by_id={**national.by_id, mutant.id: mutant})


def _speaking(case: Case, name: str) -> bool:
    return any(name in case.get(key, {}) for key in ("attendu", "etapes", "evenement", "manque", "depuis"))


def _survives(mutant: Obligation) -> bool:
    """Return whether no case and no example tells the mutant from the law."""
    alone = replace(_with(mutant), obligations=(mutant,))
    if any(_speaking(case, mutant.id) and differences(case, alone, only=mutant.id) for case in CASES):
        return False
    return all(
        scope(example_body(example), example.on, alone)[0].applicability is example.status
        for example in mutant.examples
    )


@pytest.mark.parametrize("obligation", law().obligations, ids=lambda item: item.id)
def test_every_comparison_has_cases_on_both_sides(obligation: Obligation) -> None:
    survivors = [said for said, mutant in mutants(obligation) if _survives(mutant)]
    assert survivors == []


def test_a_rule_left_as_it_is_survives() -> None:
    """The test of the test: were everything found at fault, nothing would be proven."""
    assert all(_survives(obligation) for obligation in law().obligations)


def test_there_are_mutants_of_each_sort() -> None:
    said = " ".join(text for obligation in law().obligations for text, _ in mutants(obligation))
    make: Callable[[str], bool] = said.__contains__
    assert all(
        map(make, ("at_least → more_than", "more_than → at_most", "l'autre réponse", "sans commune", "début", "étape"))
    )
