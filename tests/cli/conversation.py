"""What a conversation with `init` asked, and what it kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from opendata_check import config
from opendata_check.law.loading import law

_ASKED = {fact.question: fact.id for fact in law().facts.values()}


def flat(text: str) -> str:
    """Return a text on one line, its no-break spaces made plain."""
    return " ".join(text.split())


def questions(run: Any) -> list[str]:
    """Return the names of the facts that were asked, in order."""
    said = flat(run.out)
    places = [(found.start(), name) for text, name in _ASKED.items() for found in re.finditer(re.escape(text), said)]
    return [name for _, name in sorted(places)]


def declared(path: Path) -> dict[str, object]:
    """Return the answers that a file declares."""
    return {fact.name: fact.value for fact in config.read(path).declarations}
