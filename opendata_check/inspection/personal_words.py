"""Reads rules/personal_data.yaml: words that announce personal data, families that the law lets through, thresholds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from opendata_check.inspection.labels import words_of
from opendata_check.resources import load_yaml, rules_folder


@dataclass(frozen=True, slots=True)
class Family:
    """One of the nine families of article D312-1-3 of the CRPA."""

    id: str
    signs: re.Pattern[str]
    """Matches each label that belongs to the family."""
    weak: re.Pattern[str] | None
    """Matches labels that belong to it too, unless the table tells where persons live or their mobiles."""
    beside: re.Pattern[str] | None
    """Matches labels of persons that do not deny the family when other labels announce it."""
    texts: bool
    """Whether it covers the names in sentences, when nothing says that they tell of private life."""
    contacts: bool
    """Whether it covers landlines and impersonal mailboxes."""
    mailboxes: bool
    """Whether it covers mailboxes of work that bear a person's name."""
    trade: bool
    """Whether it covers the mobile and the address of the place of work."""


@dataclass(frozen=True, slots=True)
class Words:
    """The knowledge of rules/personal_data.yaml, compiled."""

    thresholds: Mapping[str, float]
    labels: Mapping[str, re.Pattern[str]]
    lists: Mapping[str, frozenset[str]]
    patterns: Mapping[str, str]
    """Expressions of the values (words.streets, words.health_values…), as written."""
    families: tuple[Family, ...]

    def says(self, label: str, *kinds: str) -> bool:
        """Return whether a label, folded and cut in words by ``label_text``, announces one of these things."""
        return any(self.labels[kind].search(label) for kind in kinds)


_NUMBERED = re.compile(r"\b([a-z]{3,})(\d{1,2})\b")


def label_text(label: str) -> str:
    """Return the words of a label, folded, spaced: « dateNaissance » → « date naissance », « tel1 » → « tel 1 »."""
    return _NUMBERED.sub(r"\1 \2", " ".join(words_of(label)))


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b")


@cache
def words() -> Words:
    """Return the words, read once. Raises RulesError when the file cannot be read."""
    data = load_yaml(rules_folder() / "personal_data.yaml")
    given = data["words"]
    return Words(
        thresholds={name: float(value) for name, value in data["thresholds"].items()},
        labels={name: _whole_words(pattern) for name, pattern in data["labels"].items()},
        lists={name: frozenset(item) for name, item in given.items() if not isinstance(item, str)},
        patterns={name: item for name, item in given.items() if isinstance(item, str)},
        families=tuple(
            Family(
                id=name,
                signs=_whole_words(family["signs"]),
                weak=_whole_words(family["weak"]) if "weak" in family else None,
                beside=_whole_words(family["beside"]) if "beside" in family else None,
                texts=bool(family.get("texts")),
                contacts=bool(family.get("contacts")),
                mailboxes=bool(family.get("mailboxes")),
                trade=bool(family.get("trade")),
            )
            for name, family in data["families"].items()
        ),
    )
