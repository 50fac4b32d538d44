"""The French phrases of a lot's pages, from the table ``lot`` of rules/words.yaml."""

from __future__ import annotations

from opendata_check.model.compared import Compared, Stratum
from opendata_check.model.lot import LotState
from opendata_check.model.organization import OrganizationKind
from opendata_check.reports.safety import clean, shorten
from opendata_check.wording import french_date, french_number, word

MAX_NAME = 120
MAX_CELL = 400


def say(key: str, **values: object) -> str:
    """Return a phrase, its braces filled."""
    return word("lot", key).format(**values)


def say_count(key: str, count: int, **values: object) -> str:
    """Return the phrase ``key_one`` or ``key_many``; French plurals start at two."""
    return say(f"{key}_{'one' if count < 2 else 'many'}", count=french_number(count), **values)


def sign(key: str) -> str:
    """Return the sign that goes with a word."""
    return word("lot", key, "sign")


def noun(compared: Compared, count: int = 2) -> str:
    """Return « communes », « collectivité »…: what the lot is made of. Both words are feminine."""
    which = "commune" if compared.counts.communes_only else "body"
    return say(f"{which}_{'one' if count < 2 else 'many'}")


def short(text: str, limit: int = MAX_CELL) -> str:
    """Return a text of the list or of an audit, safe to show, on one line, cut."""
    return clean(text, limit)


def name_of(name: str, typed: str) -> str:
    """Return a body's name, else what was typed."""
    return clean(name or typed, MAX_NAME) or "?"


def group(stratum: Stratum) -> str:
    """Return « communes de 3 500 à 10 000 habitants »…"""
    if stratum.kind != OrganizationKind.COMMUNE:
        return say("stratum_other", kind=word("kinds", stratum.kind))
    if stratum.least is None:
        return say("stratum_communes")
    least = french_number(stratum.least)
    if stratum.below is None:
        return say("stratum_above", least=least)
    below = french_number(stratum.below)
    return say("stratum_between", least=least, below=below) if stratum.least else say("stratum_below", below=below)


def redo(state: LotState, part: str) -> str:
    """Return what happened to a line, or what to do, when nothing more precise is known."""
    return say(f"{state.value}_{part}")


def points(value: float) -> str:
    """Return a score without decimals."""
    return french_number(round(value))


__all__ = [
    "MAX_CELL", "MAX_NAME", "french_date", "french_number", "group", "name_of", "noun", "points", "redo", "say",
    "say_count", "short", "shorten", "sign",
]  # fmt: skip
