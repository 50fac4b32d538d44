"""The French words of these formats: the table ``ci`` of rules/words.yaml, its braces filled."""

from __future__ import annotations

from opendata_check.wording import plural, word


def say(key: str, **values: object) -> str:
    """Return a phrase. Raises RulesError when the table lacks it."""
    return word("ci", key).format(**values)


def faults_phrase(count: int) -> str:
    """Return « 45 points à améliorer », or that nothing is."""
    return say("faults", count=plural(count, "point")) if count else say("faults_none")


def doubts(unknown: int, failed: int) -> list[str]:
    """Return « 3 points à confirmer » and « 1 contrôle en échec », what is none left out."""
    parts = [say("unknown", count=plural(unknown, "point"))] if unknown else []
    return [*parts, plural(failed, "contrôle en échec", "contrôles en échec")] if failed else parts


def counted(faults: int, unknown: int, failed: int) -> str:
    """Return « 45 points à améliorer, 3 points à confirmer, 1 contrôle en échec »."""
    return ", ".join([faults_phrase(faults), *doubts(unknown, failed)])
