"""The bounds of every fetch, in one value."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are in bytes, times in seconds. The defaults suit a public portal reached from a town hall."""

    max_bytes: int = 200 * _MIB
    """A download is cut here (``Content.truncated``)."""
    json_bytes: int = 20 * _MIB
    """A longer JSON answer is refused."""
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    """Longest silence."""
    json_seconds: float = 60.0
    """Longest whole exchange for JSON: redirects, retries and the waits that its answers ask for included."""
    document_bytes: int = 300 * _MIB
    """A longer catalogue in one document (RDF, XML, a long JSON) is refused."""
    document_seconds: float = 300.0
    download_seconds: float = 300.0
    """The same for a download."""
    head_seconds: float = 5.0
    """Longest HEAD of an availability check (as the crawler of data.gouv.fr)."""
    check_seconds: float = 20.0
    """Longest ranged GET of an availability check, its retry included."""
    total_bytes: int = 20 * 1024 * _MIB
    """All that one fetcher receives, once decompressed."""
    total_seconds: float = 12 * 3600.0
    """All the time one fetcher may take, from its first request."""
    retries: int = 3
    """Further attempts after a temporary failure (429, 500, 503…, connection cut)."""
    backoff_seconds: float = 0.5
    """Wait before the first retry; doubled each time."""
    retry_after_seconds: float = 30.0
    """A longer ``Retry-After`` is not waited for: the failure is told at once."""
    calm_seconds: float = 300.0
    """All that one server may make us wait; then its 429 are told at once."""
    requests_per_second: float = 5.0
    """For one host, whatever the number of threads."""
    requests_at_once: int = 2
    """For one host."""
    workers: int = 64
    """Most threads of a check of many addresses."""
    redirects: int = 10
    archive_members: int = 1000
    archive_bytes: int = 1024 * _MIB
    """All the members of one archive, once unpacked."""
    member_ratio: int = 200
    """Most bytes a member may unpack to for each packed byte, beyond the first million."""
    cache_bytes: int = 2048 * _MIB
    recording_bytes: int = 4096 * _MIB
    """All the bodies of one recording; beyond, they are left out of it, which says so."""
