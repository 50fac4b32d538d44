"""Says what would follow from each answer to a missing fact: evaluates again on both sides of the threshold."""

from __future__ import annotations

import math
from datetime import date

from opendata_check.law.deciding import decide, status
from opendata_check.law.evaluation import Outcome
from opendata_check.law.figures import Assumption, Figures, quantity
from opendata_check.law.reasons import missing_names
from opendata_check.law.rules import Answer, Comparison, Law, Obligation, OneOf, Test, Threshold
from opendata_check.model.legal import Applicability, WhatIf
from opendata_check.model.organization import OrganizationKind
from opendata_check.wording import join_list, word

Branch = tuple[str, str, Outcome]
"""A French answer, the same with what it is about when that may be unclear, and the decision it would lead to."""


def what_if(obligation: Obligation, root: Outcome, figures: Figures, on: date, law: Law) -> tuple[WhatIf, ...]:
    """Return what each answer to each missing fact would do; facts whose answers would decide nothing are left out."""
    if root.result is not None:
        return ()
    found: list[WhatIf] = []
    tests = undecided_tests(root)
    for test in tests:
        branches = _branches(test, obligation, figures, on, law, alone=len(tests) == 1)
        if any(outcome.result is not None for _, _, outcome in branches):
            found += [
                WhatIf(test.fact, answer, status(outcome), _line(clear, outcome, law))
                for answer, clear, outcome in branches
            ]
    return tuple(dict.fromkeys(found))


def undecided_tests(root: Outcome) -> list[Test]:
    """Return the undecided tests that matter, one per fact and parameter."""
    tests = {
        (node.fact, node.parameter): node.test
        for node in reversed(root.decisive())
        if node.result is None and node.test is not None
    }
    return list(reversed(tests.values()))


def supposed_values(test: Test, on: date, law: Law) -> list[Assumption]:
    """Return the answers to suppose for a test, the one that makes it hold first; none when its threshold is unread."""
    if isinstance(test.comparison, Answer):
        return [test.comparison.expected, not test.comparison.expected]
    if isinstance(test.comparison, OneOf):
        if test.fact == "kind":
            judged_apart = {kind for body in law.apart for kind in body.kinds} | {OrganizationKind.UNKNOWN}
            return [kind for kind in OrganizationKind if kind not in judged_apart]
        return list(law.facts[test.fact].choices)
    dated = law.parameters[test.comparison.parameter].on(on)
    return [] if dated is None else list(_sides(test.comparison.comparison, dated.value))


def _sides(comparison: Comparison, value: float) -> tuple[float, float]:
    """Return the number nearest to a threshold that passes, and the nearest that does not."""
    exact, above, below = float(value), math.nextafter(value, math.inf), math.nextafter(value, 0)
    return {
        Comparison.AT_LEAST: (exact, below),
        Comparison.MORE_THAN: (above, exact),
        Comparison.AT_MOST: (exact, above),
        Comparison.LESS_THAN: (below, exact),
    }[comparison]


def _branches(test: Test, obligation: Obligation, figures: Figures, on: date, law: Law, *, alone: bool) -> list[Branch]:
    """Return each answer in French with what it would decide; ``alone``: no other answer is missing."""
    supposed = [
        (value, decide(obligation, figures.assuming(test.fact, value), on, law))
        for value in supposed_values(test, on, law)
    ]
    if isinstance(test.comparison, Answer):
        branches = [(*_yes_or_no(test, value is True, law, alone=alone), outcome) for value, outcome in supposed]
        return branches if test.comparison.expected else branches[::-1]
    if isinstance(test.comparison, Threshold):
        parameter = law.parameters[test.comparison.parameter]
        dated = parameter.on(on)
        if dated is None:
            return []
        threshold = quantity(dated.value, parameter.unit_one, parameter.unit)
        key = test.comparison.comparison.value
        said = [law.say("what_if", f"{key}_{side}", seuil=threshold) for side in ("yes", "no")]
        return [(text, text, outcome) for text, (_, outcome) in zip(said, supposed, strict=True)]
    if test.fact == "kind":
        named = [(word("kinds", str(value)), outcome) for value, outcome in supposed]
    else:
        named = [(law.facts[test.fact].choices[str(value)], outcome) for value, outcome in supposed]
    return _grouped(named, law)


def _yes_or_no(test: Test, answer: bool, law: Law, *, alone: bool) -> tuple[str, str]:
    key = "said_yes" if answer else "said_no"
    said = law.say("what_if", key)
    return said, said if alone else law.say("what_if", f"{key}_of", nom=law.facts[test.fact].name)


def _grouped(outcomes: list[tuple[str, Outcome]], law: Law) -> list[Branch]:
    """Group the answers that would lead to the same line."""
    groups: dict[str, tuple[list[str], Outcome]] = {}
    for name, outcome in outcomes:
        names, _ = groups.setdefault(_line("", outcome, law), ([], outcome))
        names.append(name)
    if len(groups) == 1:
        names_of = [(law.say("reasons", "any_kind"), outcome) for _, outcome in groups.values()]
    else:
        names_of = [(join_list(names, "ou"), outcome) for names, outcome in groups.values()]
    return [(said, said, outcome) for said, outcome in names_of]


def _line(answer: str, outcome: Outcome, law: Law) -> str:
    answered = status(outcome)
    if answered is Applicability.UNKNOWN:
        return law.say("what_if", "unknown", reponse=answer, manque=join_list(missing_names(outcome)))
    return law.say("what_if", answered.value, reponse=answer)
