"""What trying a link gave: a fact about one address at one moment, never yet a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Availability:
    """The answer of one address."""

    state: str
    """``available``, ``unavailable``, ``unknown``, ``not_ready`` or ``refused``."""
    status: int | None = None
    """HTTP status; None when no answer came."""
    final_url: str = ""
    media_type: str = ""
    byte_size: int | None = None
    """Size of the file, when the server tells."""
    last_modified: date | None = None
    ground: str = ""
    """Stable English id of the reason: ``http_404``, ``rate_limited``, ``waf_page``…"""
    detail: str = ""
    """The same as a French sentence."""
    type_differs: bool = False
    """True when what came is plainly of another type than announced."""
    size_differs: bool = False
    """True when the size is not the one announced."""
