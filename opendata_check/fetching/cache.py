"""Bodies kept on disk with what lets us ask « has it changed? »: ETag and Last-Modified. Always asked, never assumed.

An entry is ``<key>.json`` (metadata) and ``<key>-<digest>.body``; the key is a hash of the request, so no URL is
written. The body is in place before the metadata that names it, both by rename: a reader sees a whole entry or none.
A cache that cannot be written or read is as good as no cache: nothing here raises (but ``link_or_copy``).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

_CHUNK = 1024 * 1024
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A body in the cache, checked against its digest."""

    body: Path
    etag: str
    last_modified: str
    media_type: str
    disposition: str
    final_url_hash: str
    """Hash of the URL that gave the body, after redirects: validators are sent to that one only."""

    @property
    def validators(self) -> dict[str, str]:
        """Return the conditional headers to send."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


def request_key(url: str, headers: Mapping[str, str]) -> str:
    """Return the key of a request: a hash of its URL and of the headers that change the answer."""
    lines = [url, *sorted(f"{name.lower()}: {value}" for name, value in headers.items())]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def url_hash(url: str) -> str:
    """Return the hash of a URL alone."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def find(folder: Path, key: str) -> Entry | None:
    """Return the entry of ``key``, or None when there is none or when it is damaged (it is then removed)."""
    meta = folder / f"{key}.json"
    try:
        if not meta.is_file():
            return None
        stored = json.loads(meta.read_text(encoding="utf-8"))
        body = folder / f"{key}-{stored['digest'][:16]}.body"
        entry = Entry(
            body, *(str(stored[name]) for name in ("etag", "last_modified", "media_type", "disposition", "url"))
        )
        if stored["format"] == _FORMAT and _digest(body) == stored["digest"] and entry.validators:
            return entry
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    remove(folder, key)
    return None


def store(folder: Path, key: str, body: Path, entry: Entry, max_bytes: int) -> None:
    """Keep ``body`` (a file that stays the caller's) with the validators of ``entry``, then bound the cache's size."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digest = _digest(body)
        stored = asdict(entry) | {"format": _FORMAT, "digest": digest, "url": entry.final_url_hash}
        del stored["body"], stored["final_url_hash"]
        target = folder / f"{key}-{digest[:16]}.body"
        draft = folder / f"{uuid.uuid4().hex}.part"
        try:
            link_or_copy(body, draft)
            draft.replace(target)
            draft.write_text(json.dumps(stored), encoding="utf-8")
            draft.replace(folder / f"{key}.json")
        finally:
            draft.unlink(missing_ok=True)
        for old in folder.glob(f"{key}-*.body"):
            if old != target:
                old.unlink(missing_ok=True)
        _bound(folder, max_bytes)
    except OSError:
        remove(folder, key)


def touch(folder: Path, key: str) -> None:
    """Mark an entry as used, so that it is not the next one evicted."""
    with contextlib.suppress(OSError):
        os.utime(folder / f"{key}.json")


def remove(folder: Path, key: str) -> None:
    """Forget an entry."""
    with contextlib.suppress(OSError):
        (folder / f"{key}.json").unlink(missing_ok=True)
        for body in folder.glob(f"{key}-*.body"):
            body.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> None:
    """Make ``target`` a second name of ``source``, or a copy where the file system has no links. Raises OSError."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _bound(folder: Path, max_bytes: int) -> None:
    """Remove the entries least recently used until the cache fits ``max_bytes``. Raises OSError."""
    sizes: dict[str, int] = {}
    used: dict[str, float] = {}
    for file in folder.iterdir():
        status = file.stat()
        key = file.stem.partition("-")[0]
        sizes[key] = sizes.get(key, 0) + status.st_size
        if file.suffix == ".json":
            used[key] = status.st_mtime
    total = sum(sizes.values())
    for key in sorted(sizes, key=lambda key: (used.get(key, 0.0), key)):
        if total <= max_bytes:
            return
        remove(folder, key)
        total -= sizes[key]
