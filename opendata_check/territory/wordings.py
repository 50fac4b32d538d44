"""The turns of phrase that the answers of this room share."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.model.organization import Organization
from opendata_check.territory.organizations import described

_LISTED = 15


def listed(bodies: Sequence[Organization]) -> str:
    """Return bodies on one line, each with its département and code; after 15, how many more there are."""
    text = " ; ".join(described(body) for body in bodies[:_LISTED])
    more = len(bodies) - _LISTED
    return f"{text} ; et {more} de plus" if more > 0 else text


def did_you_mean(suggestions: Sequence[str]) -> str:
    """Return « Vouliez-vous dire « Nancy (54) » ? », or "" when there is nothing to suggest."""
    if not suggestions:
        return ""
    quoted = [f"« {text} »" for text in suggestions]
    last = f" ou {quoted[-1]}" if len(quoted) > 1 else ""
    return f"Vouliez-vous dire {', '.join(quoted[:-1]) or quoted[0]}{last} ?"
