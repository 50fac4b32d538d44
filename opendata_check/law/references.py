"""Controls that an obligation which leans on another one names one that exists, and never leans on itself."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.law import form
from opendata_check.law.errors import LawError
from opendata_check.law.rules import Condition, Group, Law, Obligation, OtherObligation, Test


def leaf_tests(condition: Condition | None) -> Iterator[Test]:
    """Yield the tests of a condition, in the order they are written."""
    for leaf in leaves_of(condition):
        if isinstance(leaf, Test):
            yield leaf


def leaves_of(condition: Condition | None) -> Iterator[Test | OtherObligation]:
    """Yield the leaves of a condition, in the order they are written."""
    if isinstance(condition, Group):
        for child in condition.children:
            yield from leaves_of(child)
    elif condition is not None:
        yield condition


def conditions_of(obligation: Obligation) -> Iterator[Condition]:
    """Yield every condition of an obligation: who is bound, then those of its steps."""
    yield obligation.who
    yield from (part.when for part in obligation.parts if part.when is not None)


def others_of(obligation: Obligation) -> tuple[str, ...]:
    """Return the ids of the obligations that this one leans on."""
    leaves = (leaf for condition in conditions_of(obligation) for leaf in leaves_of(condition))
    return tuple(leaf.obligation for leaf in leaves if isinstance(leaf, OtherObligation))


def check_references(law: Law) -> None:
    """Raise LawError for a reference to an unknown obligation, or for a chain of them that comes back."""
    for obligation in law.by_id.values():
        _follow(law, obligation, ())


def _follow(law: Law, obligation: Obligation, within: tuple[str, ...]) -> None:
    where = f"obligations/{obligation.id}.yaml"
    if obligation.id in within:
        chain = " → ".join((*within, obligation.id))
        raise LawError(f"cette obligation s'appuie sur elle-même : {chain}", where=where)
    for name in others_of(obligation):
        if name not in law.by_id:
            raise form.unknown("obligation", name, law.by_id, "rules/obligations", where)
        _follow(law, law.by_id[name], (*within, obligation.id))
