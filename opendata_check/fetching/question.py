"""What is asked of a server, and what it answered: the two values that pass between network, cache and recording."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# What an answer's headers tell that anybody here uses: a replay gives the same, so nothing else is ever shown.
_KEPT_HEADERS = frozenset(
    {
        "accept-ranges", "access-control-allow-origin", "allow", "cache-control", "cf-mitigated",
        "content-disposition", "content-encoding", "content-language", "content-length", "content-range",
        "content-type", "etag", "last-modified", "link", "location", "retry-after", "server", "vary", "via",
        "www-authenticate", "x-generator", "x-powered-by", "x-total-count",
    }
)  # fmt: skip
_KEPT_PREFIXES = ("x-ratelimit-", "ratelimit", "ods-", "x-esri-", "x-ckan-", "x-drupal-")
_LONGEST_HEADER = 8192


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. The bounds (``max_bytes``, ``seconds``, ``retries``) are no part of what is asked."""

    url: str
    headers: Mapping[str, str]
    max_bytes: int
    seconds: float
    method: str = "GET"
    body: bytes | None = None
    """What to POST."""
    beginning: int = 0
    """The first bytes that are enough, whatever the status; 0: the whole, and only a success will do."""
    file: bool = False
    """True for a file to keep: « not ready yet » (202) is then no answer."""
    fresh: bool = False
    """True when only the server's own word of this instant will do: no cache."""
    patient: bool = False
    """True to ask again after a status that may pass (500, 503…), though any status is an answer."""
    retries: int | None = None
    """Further attempts after a temporary failure, when fewer than the limits say."""

    @property
    def any_status(self) -> bool:
        """Return True when a refusal is an answer too."""
        return self.beginning > 0 or self.method == "HEAD"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came; the body is in the file that was given for it (none after a HEAD)."""

    status: int
    final_url: str
    byte_size: int
    truncated: bool = False
    """True when the body goes on beyond what was kept."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case, those that we know of; never a cookie."""
    total_size: int | None = None
    """Size of the whole body once decompressed, when it is known."""

    @property
    def media_type(self) -> str:
        """Return the Content-Type without parameters, lower case, "" when none is said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """Return the charset of the Content-Type, lower case, "" when none is said."""
        parameters = self.headers.get("content-type", "").partition(";")[2]
        found = re.search(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", parameters, re.IGNORECASE)
        return found[1].lower() if found else ""

    @property
    def disposition(self) -> str:
        """Return the Content-Disposition, "" when there is none."""
        return self.headers.get("content-disposition", "")


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return an answer's headers that we know of, by lower-case name, sorted."""
    named = ((name.lower(), value[:_LONGEST_HEADER]) for name, value in headers.items())
    return dict(sorted(pair for pair in named if pair[0] in _KEPT_HEADERS or pair[0].startswith(_KEPT_PREFIXES)))


def digest_of(lines: list[str]) -> str:
    """Return a short hash of lines, fit for a file name."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:40]
