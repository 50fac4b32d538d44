"""Opening hours in OpenStreetMap's syntax: tells a plausible rule from anything else, without evaluating it."""

from __future__ import annotations

import re

_LONGEST = 1_000
_TIME = r"(?:[01]?[0-9]|2[0-9]):[0-5][0-9]|(?:sunrise|sunset|dawn|dusk)"
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_SPAN = rf"(?:{_TIME})(?:-(?:{_TIME})\+?|\+)?"
_DAYS = rf"{_DAY}(?:\[-?[0-9](?:[,-]-?[0-9])*\])?(?:-{_DAY})?"
_MONTH_DAY = rf"{_MONTH}(?: [0-9]{{1,2}})?"
_DATES = rf"(?:[0-9]{{4}} )?{_MONTH_DAY}(?:-(?:{_MONTH_DAY}|[0-9]{{1,2}}))?|easter|week [0-9]{{1,2}}(?:-[0-9]{{1,2}})?"
_WORD = re.compile(
    rf"(?:24/7|(?:{_DATES})(?:, ?(?:{_DATES}))*:?|(?:{_DAYS})(?:, ?(?:{_DAYS}))*:?"
    rf'|(?:{_SPAN})(?:, ?(?:{_SPAN}))*|off|closed|open|unknown|"[^"]*")'
)


def is_opening_hours(text: str) -> bool:
    """Return True when each rule is made of dates, days, times and states, in the form of the OSM wiki.

    Source: wiki.openstreetmap.org/wiki/Key:opening_hours/specification (facts of the grammar, simplified: what it
    accepts may still contradict itself).
    """
    if not text.strip() or len(text) > _LONGEST:
        return False
    return all(_is_rule(rule.strip()) for rule in re.split(r";|\|\|", text.strip().rstrip(";")))


def _is_rule(rule: str) -> bool:
    position = 0
    while position < len(rule):
        found = _WORD.match(rule, position)
        if found is None or found.end() == position:
            return False
        position = found.end()
        while position < len(rule) and rule[position] in " ,":
            position += 1
    return bool(rule)
