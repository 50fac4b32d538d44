"""Compiles a schema's pattern: anchored as its author meant, and never for longer than a moment on one cell."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

from opendata_check.model.schema import Field
from opendata_check.tables.ambiguity import ends_with_mark, parse, safe_length
from opendata_check.tables.errors import TablesError

CELL_SECONDS = 0.1
"""What one cell may take against a pattern that could be endless; beyond, its long cells are no longer judged."""

LONGEST_PATTERN = 10_000
_MOST_TIMEOUTS = 5
"""Cells that may take too long before the long ones are no longer tried."""
_OTHERWISE_READ = re.compile(r"\{[^{}]*[dies][^{}]*\}|\[\[|\[:")
"""What the module regex reads in its own way: fuzzy matching, sets in sets, POSIX classes."""


def anchored(pattern: str) -> str:
    """Return the expression that judges a cell: ``^pattern$``, each branch of an alternative anchored on both sides."""
    # Without an alternative, the end mark is the last thing of the whole; with one, it belongs to the last branch.
    alternative = not ends_with_mark(parse(f"^{pattern}$"))
    return f"^(?:{pattern})$" if alternative else f"^{pattern}$"


def compiled(expression: str) -> re.Pattern[str]:
    """Return the compiled expression, without a warning on what a later Python will read otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(expression)


class PatternTest:
    """Tells whether a text fits a field's pattern; long texts are no longer judged once a few took too much time."""

    def __init__(self, expression: str) -> None:
        self._plain = compiled(expression)
        self._safe_length = safe_length(parse(expression))
        self._expression = expression
        self._bounded: Any = None
        self._timeouts = 0
        self._judged = True

    def fits(self, text: str) -> bool:
        """Return True when the text fits, or when it could not be judged."""
        if self._safe_length is None or len(text) <= self._safe_length:
            self._judged = True
            return self._plain.match(text) is not None
        fits = self._fits_in_time(text) if self._timeouts < _MOST_TIMEOUTS else None
        self._timeouts += fits is None
        self._judged = fits is not None
        return fits is not False

    @property
    def plain_match(self) -> Callable[[str], object] | None:
        """What tells whether a text fits, in one call; None when a text's length must be looked at first."""
        return self._plain.match if self._safe_length is None else None

    def was_judged(self, text: str) -> bool:
        """Return False when the text, the last one given to ``fits``, could not be judged in time."""
        return self._judged

    @property
    def plain(self) -> bool:
        """True when the pattern costs as much as the text is long, whatever the text."""
        return self._safe_length is None

    def _fits_in_time(self, text: str) -> bool | None:
        import regex

        try:
            if self._bounded is None:
                if _OTHERWISE_READ.search(self._expression):
                    return None
                self._bounded = regex.compile(self._expression, regex.VERSION0)
            return self._bounded.match(text, timeout=CELL_SECONDS) is not None
        except (TimeoutError, regex.error, MemoryError):
            return None


def pattern_test(field: Field) -> PatternTest:
    """Return the test of the field's pattern; raises TablesError when the pattern makes no sense."""
    pattern = field.constraints["pattern"]
    try:
        if len(pattern) > LONGEST_PATTERN:
            raise OverflowError
        return PatternTest(anchored(pattern))
    except (re.error, TypeError, OverflowError, RecursionError) as error:
        raise TablesError(
            "le motif (pattern) de ce champ du schéma ne se lit pas",
            where=field.name,
            remedy="Le schéma est à corriger par ceux qui le publient.",
        ) from error
