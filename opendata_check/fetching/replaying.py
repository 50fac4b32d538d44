"""Answers from a recording alone: the same answers, in the same order for a question asked several times."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from pathlib import Path
from typing import IO, Any

from opendata_check.fetching import errors
from opendata_check.fetching.errors import FetchingError, InsecureError, NotRecordedError, storage_error
from opendata_check.fetching.naming import printable, shown_url
from opendata_check.fetching.question import Answer, Question
from opendata_check.fetching.recording import BODIES, answer_file, damaged, read_head, recording_key
from opendata_check.fetching.secrecy import KnownSecrets

_CHUNK = 1024 * 1024
_LONGEST_ANSWER = 2_000_000
_LONGEST_WAIT = 1e15
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Replay:
    """Reads a recording. For several threads; it may come from anybody."""

    def __init__(self, folder: Path) -> None:
        """Raises RecordingError when there is no recording in ``folder`` that can be read."""
        read_head(folder)
        self._folder = folder
        self._secrets = KnownSecrets()
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def answer(self, question: Question, target: Path) -> Answer:
        """Return the recorded answer, its body at ``target``, or raise the recorded failure.

        The last answer of a question is given again to whoever asks more often than was recorded. Raises
        NotRecordedError, RecordingError.
        """
        self._secrets.learn_request(question.url, question.headers)
        stored = self._next(question)
        try:
            if "failure" in stored:
                raise _failure(stored["failure"])
            return self._give(question, stored["answer"], target)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise damaged(printable(str(self._folder))) from error

    def _next(self, question: Question) -> dict[str, Any]:
        """Return the next recorded outcome of a question."""
        key = recording_key(question, self._secrets)
        with self._lock:
            count = self._counts.get(key, 0) + 1
            path = answer_file(self._folder, key, count)
            if count > 1 and not path.is_file():
                count -= 1
                path = answer_file(self._folder, key, count)
            self._counts[key] = count
        try:
            with path.open("rb") as stream:
                stored = json.loads(stream.read(_LONGEST_ANSWER).decode("utf-8", "surrogatepass"))
        except FileNotFoundError as error:
            raise _not_recorded(question, "cette réponse n'est pas dans l'enregistrement") from error
        except (OSError, ValueError, RecursionError) as error:
            raise damaged(printable(str(path))) from error
        if not isinstance(stored, dict):
            raise damaged(printable(str(path)))
        return stored

    def _give(self, question: Question, stored: dict[str, Any], target: Path) -> Answer:
        """Return a recorded answer, its body at ``target``, cut if the limits became narrower."""
        total, digest = stored["total_size"], stored["body"]
        size, truncated = int(stored["byte_size"]), bool(stored["truncated"])
        if question.method != "HEAD":
            if digest == "":
                raise _not_recorded(question, "cette réponse était trop longue pour l'enregistrement")
            if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
                raise ValueError("not a digest")
            most = question.beginning or question.max_bytes
            whole = self._copy_body(digest, target, most)
            size, truncated = min(whole, most), truncated or whole > most
        return Answer(
            status=int(stored["status"]),
            final_url=str(stored["final_url"]),
            byte_size=size,
            truncated=truncated,
            headers={str(name): str(value) for name, value in stored["headers"].items()},
            total_size=None if total is None else int(total),
        )

    def _copy_body(self, digest: str, target: Path, most: int) -> int:
        """Write a body to ``target``, at most ``most`` bytes of it, and return its whole size."""
        body = self._folder / BODIES / digest
        try:
            stream = body.open("rb")
        except OSError as error:
            raise damaged(printable(str(body))) from error
        found = hashlib.sha256()
        size = 0
        with stream, _opened(target) as out:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
                try:
                    out.write(chunk[: max(0, most - size)])
                except OSError as error:
                    raise storage_error(str(target.parent)) from error
                size += len(chunk)
        if found.hexdigest() != digest:
            target.unlink(missing_ok=True)
            raise damaged(printable(str(body)))
        return size


def _opened(target: Path) -> IO[bytes]:
    try:
        return target.open("wb")
    except OSError as error:
        raise storage_error(str(target.parent)) from error


def _failure(stored: dict[str, Any]) -> FetchingError:
    """Return a recorded failure as it was raised."""
    kind = getattr(errors, str(stored["class"]), FetchingError)
    if not (isinstance(kind, type) and issubclass(kind, FetchingError)):
        kind = FetchingError
    wait, status = stored["retry_after"], stored["status"]
    if wait is not None and not 0 <= wait < _LONGEST_WAIT:
        raise ValueError("not a wait")
    error = kind(
        printable(str(stored["what"]), 500),
        where=printable(str(stored["where"]), 500),
        remedy=printable(str(stored["remedy"]), 500),
        status=None if status is None else int(status),
        temporary=bool(stored["temporary"]),
        retry_after=None if wait is None else float(wait),
        beginning=str(stored["beginning"]).encode("latin-1"),
        ground=printable(str(stored["ground"]), 60),
    )
    if isinstance(error, InsecureError):
        error.flaw = printable(str(stored["flaw"]), 60)
    return error


def _not_recorded(question: Question, what: str) -> NotRecordedError:
    return NotRecordedError(what, where=shown_url(question.url), remedy="Refaites-le avec --record.")
