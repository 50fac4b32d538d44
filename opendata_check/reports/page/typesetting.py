"""French typography, for display only."""

from __future__ import annotations

import re


def typeset(text: str) -> str:
    """Return French text with no-break spaces before high punctuation, inside quotes and numbers, for display only."""
    return re.sub(
        r" (?=[:;?!»%€](?:\s|$|[).,»]))|(?<=«) |(?<=n°) |(?<=art\.) |(?<=\d) (?=\d{3}(?!\d))",
        "\N{NO-BREAK SPACE}",
        text,
    )
