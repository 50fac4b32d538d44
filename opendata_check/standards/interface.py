"""What a standard gives: faults, each the same words for all the places where one rule is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule broken in one or several places of a file.

    A standard may yield several faults of the same ``code``, ``part`` and ``field`` while it reads: whoever prints
    them puts them together.
    """

    code: str
    """Stable id of the rule, in the standard's own words where it has some: ``cle_interop.commune_invalide``."""
    level: str
    """``error``, ``warning`` or ``note``."""
    message: str
    """French: what is wrong, without value nor count nor final stop; it reads well for one place as for many."""
    field: str = ""
    """Column, element or key at fault; "" for a whole row or file."""
    part: str = ""
    """Where in the file, when it has parts: ``stops.txt``, ``marches[3]``; "" otherwise."""
    rows: Sequence[int] = ()
    """Record numbers (1-based, the header counts as one); lines for XML and JSON; empty for the whole file."""
    values: Sequence[str] = ()
    """The value seen in each row, or none at all."""
    expected: Sequence[str] = ()
    """What each value should be, when sure, or none at all; "" where unsure."""
    remedy: str = ""
    """French, one short sentence: what to do."""
    personal: bool = False
    """True when the values may name a person: they are masked before they are shown."""
