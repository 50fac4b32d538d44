"""The answer to « what does the law ask of us? », before any look at what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.legal import Duty, OpenElsewhere, WhatIf
from opendata_check.model.organization import Organization


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question whose answer would change a verdict."""

    fact: str
    """Name in rules/facts.yaml."""
    question: str
    help: str
    duties: tuple[str, ...]
    """Titles of the duties it would decide, the heaviest first."""
    what_if: tuple[WhatIf, ...] = ()
    """What would follow from each answer, for the heaviest of the duties that it decides."""
    choices: tuple[tuple[str, str], ...] = ()
    """For a choice: each answer as « --fact » takes it, with its French label."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A rule that is listed but not applied: its text was not read."""

    id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class ScopeAnswer:
    """Every duty of one body on one day, and what goes with them."""

    organization: Organization
    on: date
    duties: tuple[Duty, ...]
    questions: tuple[OpenQuestion, ...]
    already_open: tuple[OpenElsewhere, ...]
    set_aside: tuple[SetAside, ...]
    remarks: tuple[str, ...]
    """French: suppositions made, limits of what was read."""
    tool_version: str
