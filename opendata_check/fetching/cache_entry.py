"""One answer kept on disk: its metadata, its body held open, and what it may be asked again with."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from opendata_check.fetching.errors import storage_error
from opendata_check.fetching.question import Answer, Question, digest_of
from opendata_check.fetching.secrecy import KnownSecrets, kept_url

_CHUNK = 1024 * 1024
_FORMAT = 2
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAMAGES = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)
"""What reading damaged metadata may raise."""


def request_key(url: str, headers: Mapping[str, str], more: tuple[str, ...] = ()) -> str:
    """Return the key of a request: a hash of its URL, of the headers that change the answer and of ``more``."""
    return digest_of([url, *more, *sorted(f"{name.lower()}: {value}" for name, value in headers.items())])


def key_of(question: Question) -> str:
    """Return the key of a question: that of a plain GET, or one that says how it differs."""
    more = [] if question.method == "GET" else [question.method]
    if question.beginning:
        more.append(f"beginning {question.beginning}")
    if question.body is not None:
        more.append(hashlib.sha256(question.body).hexdigest())
    return request_key(question.url, question.headers, tuple(more))


def url_hash(url: str) -> str:
    """Return the hash of a URL alone."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer in the cache, its body checked against its digest and held open."""

    body: Path
    stream: IO[bytes]
    answer: Answer
    final_url_hash: str
    """Hash of the URL that gave the body, after redirects: validators are sent to that one only."""

    @property
    def etag(self) -> str:
        """Return the ETag of the body, "" when it has none."""
        return self.answer.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        """Return the Last-Modified of the body, "" when it has none."""
        return self.answer.headers.get("last-modified", "")

    def validators_for(self, url: str) -> dict[str, str]:
        """Return the conditional headers to send to ``url``: none when it gave another body, or nothing to ask with."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified} if self.is_of(url) else {}
        return {name: value for name, value in headers.items() if value}

    def is_of(self, url: str) -> bool:
        """Return True when the body came from ``url``."""
        return url_hash(url) == self.final_url_hash

    def give(self, target: Path, question: Question) -> Answer:
        """Return the answer, its body at ``target``, cut if the limits became narrower. Raises StorageError."""
        size, most = self.answer.byte_size, question.beginning or question.max_bytes
        cut = size > most
        try:
            if cut or not _link(self.body, target):
                self.stream.seek(0)
                with target.open("xb") as out:
                    _copy(self.stream, out, min(size, most))
        except OSError as error:
            raise storage_error(str(target.parent)) from error
        kept, said = min(size, most), self.answer
        return Answer(said.status, said.final_url, kept, cut or said.truncated, said.headers, said.total_size)


def find(folder: Path, key: str) -> Entry | None:
    """Return what is said of the entry of ``key`` (its body is closed), None when there is none."""
    entry = read(folder, key, "")
    if entry is not None:
        entry.stream.close()
    return entry


def read(folder: Path, key: str, url: str) -> Entry | None:
    """Return the entry of ``key``, None when there is none or when it is damaged: the next answer replaces it."""
    try:
        stored = json.loads((folder / f"{key}.json").read_text(encoding="utf-8"))
        return _open(folder / body_name(key, stored["digest"]), stored, url)
    except (OSError, *_DAMAGES):
        return None


def _open(path: Path, stored: dict[str, Any], url: str) -> Entry:
    """Return an entry whose body is what its metadata say. Raises OSError, or one of _DAMAGES."""
    headers = {str(name): str(value) for name, value in stored["headers"].items()}
    stream = path.open("rb")
    try:
        if stored["format"] != _FORMAT or _digest(stream) != stored["digest"]:
            raise ValueError("damaged")
        total = stored["total_size"]
        answer = Answer(
            status=int(stored["status"]),
            final_url=str(stored["final_url"]) or url,
            byte_size=stream.tell(),
            truncated=bool(stored["truncated"]),
            headers=headers,
            total_size=None if total is None else int(total),
        )
        return Entry(path, stream, answer, str(stored["url"]))
    except BaseException:
        stream.close()
        raise


def metadata(question: Question, answer: Answer, digest: str) -> dict[str, Any]:
    """Return the metadata of an entry, without any secret of the question."""
    hidden = KnownSecrets()
    hidden.learn_request(question.url, question.headers)
    same = answer.final_url == question.url
    return {
        "format": _FORMAT,
        "digest": digest,
        "status": answer.status,
        "url": url_hash(answer.final_url),
        "final_url": "" if same else hidden.hide_text(kept_url(answer.final_url)),
        "truncated": answer.truncated,
        "total_size": answer.total_size,
        "headers": {name: hidden.hide_text(value) for name, value in answer.headers.items()},
    }


def body_name(key: str, digest: str) -> str:
    """Return the name of the body of an entry. Raises ValueError, TypeError when ``digest`` is none."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a digest")
    return f"{key}-{digest[:16]}.body"


def body_named(meta: Path, key: str) -> str | None:
    """Return the name of the body that an entry's metadata name, None when there is none."""
    try:
        return body_name(key, json.loads(meta.read_text(encoding="utf-8"))["digest"])
    except (OSError, *_DAMAGES):
        return None


def _link(source: Path, target: Path) -> bool:
    """Make ``target`` a second name of ``source``; False where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def link_or_copy(source: Path, target: Path) -> None:
    """Make ``target`` a second name of ``source``, or a copy where that cannot be. Raises OSError."""
    if not _link(source, target):
        shutil.copyfile(source, target)


def _copy(source: IO[bytes], out: IO[bytes], size: int) -> None:
    left = size
    while left and (chunk := source.read(min(_CHUNK, left))):
        out.write(chunk)
        left -= len(chunk)


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    with path.open("rb") as stream:
        return _digest(stream)


def _digest(stream: IO[bytes]) -> str:
    """Return the SHA-256 of the rest of a stream. Raises OSError."""
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
