"""Answers kept on disk between runs. On line each one is asked about again (ETag, Last-Modified); off line it serves.

An entry is ``<key>.json`` (metadata) and ``<key>-<digest>.body``; the key is a hash of the request, so no URL is
written. The body is in place before the metadata that names it, both by rename, and is opened when it is found: a
reader sees a whole entry or none, whatever other processes write or evict meanwhile. A cache that cannot be written
or read is as good as no cache.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opendata_check.fetching.cache_entry import (
    Entry,
    body_named,
    digest_of_file,
    find,
    key_of,
    link_or_copy,
    metadata,
    read,
    remove,
    request_key,
)
from opendata_check.fetching.question import Answer, Question

__all__ = ["Cache", "Entry", "find", "request_key"]

_OURS = re.compile(r"(?P<key>[0-9a-f]{40})(-[0-9a-f]{16}\.body|\.json)|[0-9a-f]{32}\.part")
_ABANDONED_SECONDS = 3600.0
"""A file half written for longer belongs to nobody."""
_SCAN_EVERY = 256
"""Entries stored before the size of the whole is counted again: other processes write too."""


class Cache:
    """One folder of answers, for several threads and several processes."""

    def __init__(self, folder: Path, max_bytes: int, *, refresh: bool = False) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._refresh = refresh
        self._lock = threading.Lock()
        self._size: int | None = None
        self._stored = 0

    @contextmanager
    def found(self, question: Question) -> Iterator[Entry | None]:
        """Give the entry of a question while the block lasts, None when there is none or when it is damaged."""
        if self._refresh:
            yield None
            return
        entry = read(self._folder, key_of(question), question.url)
        try:
            yield entry
        finally:
            if entry is not None:
                entry.stream.close()

    def store(self, question: Question, answer: Answer, body: Path) -> None:
        """Keep an answer and its body (a file that stays the caller's), then bound the cache's size."""
        key = key_of(question)
        meta = self._folder / f"{key}.json"
        draft = self._folder / f"{uuid.uuid4().hex}.part"
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            digest = digest_of_file(body)
            target = self._folder / f"{key}-{digest[:16]}.body"
            previous = body_named(meta, key)
            try:
                link_or_copy(body, draft)
                draft.replace(target)
                draft.write_text(json.dumps(metadata(question, answer, digest)), encoding="utf-8")
                draft.replace(meta)
            finally:
                draft.unlink(missing_ok=True)
            if previous is not None and previous != target.name:
                (self._folder / previous).unlink(missing_ok=True)
            self._bound(answer.byte_size)

    def touch(self, question: Question) -> None:
        """Mark an entry as used, so that it is not the next one evicted."""
        with contextlib.suppress(OSError):
            os.utime(self._folder / f"{key_of(question)}.json")

    def _bound(self, added: int) -> None:
        """Remove the entries least recently used until the cache fits its bound. Raises OSError."""
        with self._lock:
            self._stored += 1
            if self._size is not None and self._stored % _SCAN_EVERY:
                self._size += added
                if self._size <= self._max_bytes:
                    return
            sizes, used = self._scan()
            total = sum(sizes.values())
            for key in sorted(sizes, key=lambda key: (used.get(key, 0.0), key)):
                if total <= self._max_bytes:
                    break
                remove(self._folder, key)
                total -= sizes[key]
            self._size = total

    def _scan(self) -> tuple[dict[str, int], dict[str, float]]:
        """Return the size of each entry and when it was last used; what nobody finished writing is removed."""
        sizes: dict[str, int] = {}
        used: dict[str, float] = {}
        for file in self._folder.iterdir():
            ours = _OURS.fullmatch(file.name)
            if ours is None:
                continue
            try:
                status = file.stat()
            except FileNotFoundError:  # another process was here
                continue
            key = ours["key"]
            if key is None:
                if time.time() - status.st_mtime > _ABANDONED_SECONDS:
                    file.unlink(missing_ok=True)
                continue
            sizes[key] = sizes.get(key, 0) + status.st_size
            if file.suffix == ".json":
                used[key] = status.st_mtime
        return sizes, used
