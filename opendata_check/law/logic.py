"""Three-valued logic (strong Kleene): None stands for « we do not know »."""

from __future__ import annotations

from collections.abc import Iterable


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Return False if one value is False, else None if one is unknown, else True (also for no value)."""
    known = list(values)
    if any(value is False for value in known):
        return False
    return None if any(value is None for value in known) else True


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Return True if one value is True, else None if one is unknown, else False (also for no value)."""
    known = list(values)
    if any(value is True for value in known):
        return True
    return None if any(value is None for value in known) else False


def not_(value: bool | None) -> bool | None:
    """Return the opposite; the opposite of unknown is unknown."""
    return None if value is None else not value
