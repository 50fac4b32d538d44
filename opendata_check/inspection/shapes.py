"""Tells what one cell looks like (a number, a date, a code, text…), and what kind of column many cells make."""

from __future__ import annotations

import re
from collections.abc import Mapping

INTEGER, NUMBER, CODE, ISO, FRENCH, DATE, BOOLEAN, TEXT = (
    "integer", "number", "code", "iso", "french", "date", "boolean", "text",
)  # fmt: skip
"""``code`` is a run of digits with a leading zero; ``date`` a date that is neither ISO 8601 nor in the French order."""

MAJORITY = 0.9
"""Share of the filled cells that decides a column's kind: a few bad cells must not turn dates into text."""

LONGEST = 40
"""Characters of the longest cell that is looked at as a number or a date."""
_GROUPS = r"[1-9]\d{0,2}(?:[ \x{a0}\x{202f}]\d{3})+"
_TIME = r"(?:[T ]\d{1,2}[:h]\d{2}.*)?"
NUMBER_SHAPES = {
    INTEGER: rf"[+-]?(?:0|[1-9]\d*|{_GROUPS})",
    CODE: r"0\d+",
    NUMBER: rf"[+-]?(?:(?:{_GROUPS}|\d+)?[.,]\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)",
    ISO: rf"\d{{4}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){_TIME}",
    FRENCH: rf"(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:\d{{4}}|\d{{2}}){_TIME}",
    DATE: rf"(?:\d{{4}}/\d{{1,2}}/\d{{1,2}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}){_TIME}",
}
"""RE2 pattern of each shape of figures, in the order they are tried."""
_PYTHON = "|".join(f"(?P<{name}>{pattern})" for name, pattern in NUMBER_SHAPES.items())
_SHAPES = re.compile(re.sub(r"\\x\{(\w+)\}", lambda code: chr(int(code[1], 16)), _PYTHON), re.ASCII)
STARTS = tuple(b"0123456789+-.,")
"""First byte of a cell that may be a number or a date."""
BOOLEANS = frozenset({"true", "false", "vrai", "faux", "oui", "non", "yes", "no"})


def shape_of(cell: str) -> str:
    """Return the shape of one cell, stripped and not empty: one of the constants above."""
    if cell.isdigit() and cell.isascii():
        return CODE if cell[0] == "0" and len(cell) > 1 else INTEGER
    if ord(cell[0]) in STARTS and len(cell) <= LONGEST:
        found = _SHAPES.fullmatch(cell)
        if found:
            return found.lastgroup or TEXT
    elif len(cell) <= 5 and cell.casefold() in BOOLEANS:
        return BOOLEAN
    return TEXT


def column_kind(shapes: Mapping[str, int]) -> tuple[str, str]:
    """Return the kind and the date form (as ColumnFacts names them) of a column from how many cells have each shape.

    A leading zero makes codes of numbers (postcodes, INSEE codes): such a column is text.
    """
    filled = sum(shapes.values())
    if not filled:
        return "empty", ""
    needed = MAJORITY * filled
    iso, french = shapes.get(ISO, 0), shapes.get(FRENCH, 0)
    if iso + french + shapes.get(DATE, 0) >= needed:
        if not iso and not french:
            return "date", ""
        return "date", ISO if iso > french else FRENCH
    if shapes.get(BOOLEAN, 0) >= needed:
        return BOOLEAN, ""
    integers, numbers = shapes.get(INTEGER, 0), shapes.get(NUMBER, 0)
    if integers + numbers >= needed and not shapes.get(CODE, 0):
        return (NUMBER if numbers else INTEGER), ""
    return TEXT, ""
