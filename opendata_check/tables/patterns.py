"""Compiles a schema's pattern: anchored as its author meant, and never for longer than a moment on one cell."""

from __future__ import annotations

import re
import warnings
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

from opendata_check.model.schema import Field
from opendata_check.tables.errors import TablesError

CELL_SECONDS = 0.1
"""What one cell may take against a pattern that could be endless; beyond, the pattern is no longer judged."""

_MANY = 12
"""Repetitions from which a repeat inside a repeat may explode."""
_LONGEST_PATTERN = 10_000
_PLAIN_LENGTH = 500
"""Characters up to which several open repeats cost nothing to speak of."""
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def anchored(pattern: str) -> str:
    """Return the expression that judges a cell: ``^pattern$``, each branch of an alternative anchored on both sides."""
    parsed = parse(pattern)
    alternative = len(parsed) == 1 and parsed[0][0] is sre.BRANCH
    return f"^(?:{pattern})$" if alternative else f"^{pattern}$"


def parse(pattern: str) -> Any:
    """Return Python's own parse tree of a pattern; raises re.error when it makes no sense."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sre_parser.parse(pattern)


class PatternTest:
    """Tells whether a text fits a field's pattern; gives up for good once a text took too long."""

    def __init__(self, expression: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._plain = re.compile(expression)
        tree = parse(expression)
        # A pattern with one open repeat costs as much as the text is long; with several, their product.
        self._safe_length = 0 if may_explode(tree) else _PLAIN_LENGTH if open_repeats(tree) > 1 else None
        self._expression = expression
        self._bounded: Any = None
        self.given_up = False

    def fits(self, text: str) -> bool:
        """Return True when the text fits, or when it could not be told."""
        if self._safe_length is None or len(text) <= self._safe_length:
            return self._plain.match(text) is not None
        return self.given_up or self._fits_in_time(text)

    @property
    def plain(self) -> bool:
        """True when the pattern costs as much as the text is long, whatever the text."""
        return self._safe_length is None

    def _fits_in_time(self, text: str) -> bool:
        import regex

        try:
            if self._bounded is None:
                self._bounded = regex.compile(self._expression, regex.VERSION0)
            return self._bounded.match(text, timeout=CELL_SECONDS) is not None
        except (TimeoutError, regex.error, MemoryError):
            self.given_up = True
            return True


def pattern_test(field: Field) -> PatternTest:
    """Return the test of the field's pattern; raises TablesError when the pattern makes no sense."""
    pattern = field.constraints["pattern"]
    try:
        if len(pattern) > _LONGEST_PATTERN:
            raise OverflowError
        return PatternTest(anchored(pattern))
    except (re.error, TypeError, OverflowError, RecursionError) as error:
        raise TablesError(
            "le motif (pattern) de ce champ du schéma ne se lit pas",
            where=field.name,
            remedy="Le schéma est à corriger par ceux qui le publient.",
        ) from error


def open_repeats(tree: Any) -> int:
    """Return how many repeats of a pattern have no end."""
    count = 0
    for code, argument in tree:
        if code in _REPEATS:
            count += (argument[1] is sre.MAXREPEAT or argument[1] > _PLAIN_LENGTH) + open_repeats(argument[2])
        elif code is sre.BRANCH:
            count += sum(open_repeats(branch) for branch in argument[1])
        elif code is sre.SUBPATTERN:
            count += open_repeats(argument[-1])
        elif code in (sre.ASSERT, sre.ASSERT_NOT):
            count += open_repeats(argument[1])
    return count


def may_explode(tree: Any, *, repeated: bool = False) -> bool:
    """Return True when a long repeat holds another one, or an alternative: a cell could then take for ever.

    A repeat whose body starts with a character that cannot stand inside it (``(;[0-9]+)*``) is common and harmless, but
    telling them apart is not worth a mistake: such patterns only lose a little speed.
    """
    for code, argument in tree:
        if code in _REPEATS:
            low, high, body = argument
            long = high >= _MANY or high is sre.MAXREPEAT
            if repeated and (long or high > low):
                return True
            if may_explode(body, repeated=repeated or long):
                return True
        elif code is sre.BRANCH:
            if repeated or any(may_explode(branch, repeated=repeated) for branch in argument[1]):
                return True
        elif code is sre.SUBPATTERN:
            if may_explode(argument[-1], repeated=repeated):
                return True
        elif code in (sre.ASSERT, sre.ASSERT_NOT):
            if may_explode(argument[1], repeated=repeated):
                return True
        elif code is sre.GROUPREF and repeated:
            return True
    return False
