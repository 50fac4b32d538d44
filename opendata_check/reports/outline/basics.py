"""The first few values of an outline: those that the answer to `scope` needs too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as printed."""

    label: str
    """With « selon … » when the text itself was not read."""
    version: str = ""
    """The same with the date of the version read."""
    url: str = ""
    """http(s) address, or ""."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled text: « Quoi faire », « Enregistrez… »."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A text with a state: an id of the table ``outcomes`` of rules/words.yaml, "" for none."""

    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class VerdictBlock:
    """The answer to « are we bound? »."""

    sentence: str
    applicability: str
    reason: str
    figures: tuple[Statement, ...]
    what_if: tuple[str, ...]
    more: tuple[str, ...]
    """What to know besides: freedom of an exempt body, other duties, notes on the organization."""
    articles: tuple[Citation, ...]
