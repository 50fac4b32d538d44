"""Tells whether the name a file keeps is a person's, and adds up the traces of several parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache

from opendata_check.folding import fold
from opendata_check.model.facts import TraceFacts
from opendata_check.resources import load_yaml, rules_folder

MAX_PLACES = 20
"""Places kept; the count goes on."""
_MAX_NAME = 200
_WORDS = re.compile(r"[^\W\d_]+")


@cache
def _not_persons() -> frozenset[str]:
    content = load_yaml(rules_folder() / "traces.yaml")
    return frozenset(content["not_persons"])


def names_a_person(text: str) -> bool:
    """Return whether an author's name may be a person's: not empty, and none of its words a service's or a program's.

    The words are those of rules/traces.yaml. The text is read and forgotten.
    """
    words = _WORDS.findall(fold(text[:_MAX_NAME]))
    if not any(len(word) > 1 for word in words):
        return False
    return not _not_persons().intersection(words)


def merged(traces: Iterable[TraceFacts]) -> TraceFacts:
    """Return what several parts of one file keep, together: counts added, places bounded."""
    total = TraceFacts()
    for item in traces:
        values: dict[str, object] = {}
        for field in fields(TraceFacts):
            ours, theirs = getattr(total, field.name), getattr(item, field.name)
            if isinstance(ours, bool):
                values[field.name] = ours or theirs
            elif isinstance(ours, tuple):
                values[field.name] = (*ours, *theirs)[:MAX_PLACES]
            else:
                values[field.name] = ours + theirs
        total = replace(total, **values)  # type: ignore[arg-type]
    return total
