"""The phrases of the table ``office`` of rules/words.yaml."""

from __future__ import annotations

from opendata_check.wording import french_number, word


def tell(key: str, **values: object) -> str:
    """Return a phrase, its braces filled. Raises RulesError when rules/words.yaml lacks it."""
    return word("office", key).format(**values)


def tell_count(key: str, count: int, **values: object) -> str:
    """Return the phrase ``key_one`` or ``key_many``."""
    return tell(f"{key}_{'one' if count == 1 else 'many'}", count=french_number(count), **values)


def yes_or_no(answer: bool) -> str:
    """Return « oui » or « non »."""
    return tell("yes" if answer else "no")
