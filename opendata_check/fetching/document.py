"""What a portal answered, whole or its beginning, with what the server said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Document:
    """A whole answer on disk, within limits. ``path`` is gone when the ``with`` block that gave it ends."""

    path: Path
    byte_size: int
    media_type: str
    """Content-Type without parameters, lower case; "" when the server says nothing."""
    charset: str
    """Charset of the Content-Type, lower case; "" when none is said. Servers lie: the bytes prevail."""
    final_url: str
    """Address after redirects."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; never a cookie."""

    def beginning(self, size: int = 65_536) -> bytes:
        """Return the first bytes. Raises OSError."""
        with self.path.open("rb") as stream:
            return stream.read(size)


@dataclass(frozen=True, slots=True)
class Look:
    """The beginning of an answer, whatever its status: to know what stands at an address."""

    status: int
    """HTTP status; 200 for a part (206), which is how the beginning was asked for."""
    final_url: str
    media_type: str
    data: bytes
    """First bytes of the body, uncompressed."""
    total_size: int | None = None
    """Size of the whole once decompressed, when it is known."""
    headers: Mapping[str, str] = field(default_factory=dict)
