"""French typography, for display only."""

from __future__ import annotations

import re

_BREAKS = re.compile(
    r" (?:(?=[:;?!»%€](?:\s|$|[).,»]))|(?<=« )|(?<=n° )|(?<=art\. )|(?<=\d )(?=\d{3}(?!\d)))",
)


def typeset(text: str) -> str:
    """Return French text with no-break spaces before high punctuation, inside quotes and numbers, for display only."""
    return _BREAKS.sub("\N{NO-BREAK SPACE}", text)
