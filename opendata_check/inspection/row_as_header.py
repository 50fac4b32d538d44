"""Tells a column's name from a value: in a table without header, the first person of the list stands in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from opendata_check.model.facts import PersonalDataHint, TableFacts

_ADDRESS = re.compile(r"\d{1,4}(?: ?(?:bis|ter|quater|[A-D]))?,? +[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_MOST_WORDS = 6
_LABELS = (
    "first_name", "last_name", "full_name", "civility", "private_person", "public_person", "school_person", "owner",
    "person_group", "staff",
)  # fmt: skip
"""Things of rules/personal_data.yaml that the name of a column may announce."""


def is_a_row(table: TableFacts, personal: Sequence[PersonalDataHint]) -> bool:
    """Return whether what was taken for the header of a table is its first row: a column bears a person's name."""
    labels = {column.letter: column.label for column in table.columns}
    return any(is_surely_a_value(hint, labels.get(hint.letter, "")) for hint in personal)


def is_surely_a_value(hint: PersonalDataHint, label: str) -> bool:
    """Return whether the name of a column is one more of the persons or addresses that its cells hold."""
    from opendata_check.inspection.personal.names import CIVIL, FULL, shape_of_name

    if hint.kind == "person_address":
        return bool(_ADDRESS.match(label.strip()))
    return hint.kind == "person_name" and shape_of_name(label) in (FULL, CIVIL)


def without_value(hint: PersonalDataHint) -> PersonalDataHint:
    """Return a hint that tells its column by its letter alone when the column's name may be a value."""
    may_be = hint.kind == "person_name" and hint.by == "values" and _may_be_name(hint.column)
    return replace(hint, column="") if hint.letter and (may_be or is_surely_a_value(hint, hint.column)) else hint


def _may_be_name(label: str) -> bool:
    """Return whether a label is made of words with capitals and announces no person: « Zebulonde Ursuline »."""
    from opendata_check.inspection.personal.names import is_first, is_last, plain

    words = label.split()
    if not 0 < len(words) <= _MOST_WORDS or _is_said(label):
        return False
    if not all(_WORD.fullmatch(word) and word[0].isupper() for word in words):
        return False
    return len(words) > 1 or is_first(plain(label)) or is_last(plain(label))


def _is_said(label: str) -> bool:
    """Return whether a label speaks of a person or of a name: it is a label indeed."""
    from opendata_check.inspection.personal_words import label_text, words

    return words().says(label_text(label), *_LABELS)
