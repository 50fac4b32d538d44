"""The French phrases of a comparison; their words are in rules/words.yaml, table « difference »."""

from __future__ import annotations

from opendata_check.wording import french_number, word


def tell(key: str, **values: object) -> str:
    """Return a phrase, its braces filled."""
    return word("difference", key).format(**values)


def tell_count(key: str, count: int, **values: object) -> str:
    """Return the phrase ``key_one`` or ``key_many``."""
    return tell(f"{key}_{'one' if count < 2 else 'many'}", count=french_number(count), **values)
