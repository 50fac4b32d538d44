"""Answers kept on disk between runs. On line each one is asked about again (ETag, Last-Modified); off line it serves.

An entry is ``<key>.json`` (metadata) and ``<key>-<digest>.body``; the key is a hash of the request: no address is
written but the one a redirect led to, without its secrets. The body is in place before the metadata that names it, both
by rename, and is opened when it is found: a reader sees a whole entry or none, whatever other processes write or evict
meanwhile. A cache that cannot be written or read is as good as no cache.
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
from dataclasses import dataclass, field
from pathlib import Path

from opendata_check.fetching.cache_entry import (
    Entry,
    body_name,
    body_named,
    digest_of_file,
    find,
    key_of,
    link_or_copy,
    metadata,
    read,
    request_key,
)
from opendata_check.fetching.question import Answer, Question

__all__ = ["Cache", "Entry", "find", "request_key"]

_OURS = re.compile(r"(?P<key>[0-9a-f]{40})(-[0-9a-f]{16}\.body|\.json)|[0-9a-f]{32}\.part")
_ABANDONED_SECONDS = 3600.0
"""A file half written for longer belongs to nobody."""
_UNCOUNTED = 256
"""Answers stored, at least, before the size of the whole is counted again: other processes write too."""
_KEPT_SHARE = 0.9
"""What is left of a cache that went over its bound."""


@dataclass(slots=True)
class _Kept:
    """One entry as its folder shows it."""

    size: int = 0
    used: float = 0.0
    names: list[str] = field(default_factory=list)


class Cache:
    """One folder of answers, for several threads and several processes."""

    def __init__(self, folder: Path, max_bytes: int, *, refresh: bool = False) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._refresh = refresh
        self._lock = threading.Lock()
        self._size = 0
        self._uncounted = 0

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
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # some answers were given to a key
            digest = digest_of_file(body)
            target = self._folder / body_name(key, digest)
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
        """Remove the entries least recently used when the cache is over its bound. Raises OSError."""
        with self._lock:
            self._uncounted -= 1
            if self._uncounted > 0:
                self._size += added
                if self._size <= self._max_bytes:
                    return
            kept = self._scan()
            self._size = sum(one.size for one in kept)
            self._uncounted = max(_UNCOUNTED, len(kept) // 4)
            if self._size > self._max_bytes:
                self._evict(kept)

    def _evict(self, kept: list[_Kept]) -> None:
        """Remove entries until there is some room: the folder is not to be read again at the next answer."""
        for one in sorted(kept, key=lambda one: (one.used, one.names)):
            if self._size <= self._max_bytes * _KEPT_SHARE:
                return
            for name in sorted(one.names, reverse=True):  # the metadata first
                with contextlib.suppress(OSError):
                    (self._folder / name).unlink(missing_ok=True)
            self._size -= one.size

    def _scan(self) -> list[_Kept]:
        """Return all the entries; what nobody finished writing is removed."""
        kept: dict[str, _Kept] = {}
        with os.scandir(self._folder) as files:
            for file in files:
                ours = _OURS.fullmatch(file.name)
                if ours is None:
                    continue
                try:
                    status = file.stat()
                except FileNotFoundError:  # another process was here
                    continue
                if ours["key"] is None:
                    if time.time() - status.st_mtime > _ABANDONED_SECONDS:
                        with contextlib.suppress(OSError):
                            Path(file.path).unlink(missing_ok=True)
                    continue
                one = kept.setdefault(ours["key"], _Kept())
                one.size += status.st_size
                one.names.append(file.name)
                if file.name.endswith(".json"):
                    one.used = status.st_mtime
        return list(kept.values())
