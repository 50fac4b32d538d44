"""A whole exchange: the cache, one request, its body streamed to a file within limits, retries when they may help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import requests

from opendata_check.fetching.cache import Cache, Entry
from opendata_check.fetching.dates import http_date
from opendata_check.fetching.draft import Draft
from opendata_check.fetching.errors import (
    PASSING,
    FetchingError,
    StatusError,
    UnreachableError,
    proxy_failure,
    status_error,
)
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.peek import first_bytes, peek
from opendata_check.fetching.question import Answer, Question
from opendata_check.fetching.transport import Transport

_EXPLANATION_BYTES = 8192


class _PassingError(StatusError):
    """An answer whose status may pass: it is the answer all the same when the tries are over."""

    answer: Answer


def ask(transport: Transport, question: Question, target: Path, cache: Cache | None) -> Answer:
    """Return the answer to a question, its body at ``target``, trying temporary failures again after a doubling wait.

    Raises FetchingError; then no file is left at ``target``.
    """
    draft = Draft(transport, target, question.max_bytes)

    def once() -> Answer:
        if question.any_status:
            return _beginning(transport, question, target, cache)
        return _whole(transport, question, draft, cache)

    try:
        return _repeat(transport, question, once, draft)
    except _PassingError as passing:
        return passing.answer
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _repeat(transport: Transport, question: Question, once: Callable[[], Answer], draft: Draft) -> Answer:
    """Return what ``once`` gives, at last. Raises FetchingError."""
    most = transport.limits.retries if question.retries is None else min(question.retries, transport.limits.retries)
    with transport.exchange(question.seconds, question.url) as deadline:
        for attempt in range(most + 1):
            try:
                return once()
            except FetchingError as error:
                if not question.any_status:
                    draft.interrupted()
                pause = _pause(transport, question.url, error, attempt)
                if pause is None or attempt == most or pause >= deadline.remaining():
                    raise
            deadline.sleep(pause)
            if deadline.expired:
                raise transport.late(question.url)
    raise AssertionError("the last attempt returns or raises")


def _pause(transport: Transport, url: str, error: FetchingError, attempt: int) -> float | None:
    """Return how long to wait before trying again, None when it is of no use; all our threads learn of it."""
    if not error.temporary:
        return None
    limits = transport.limits
    pause = max(limits.backoff_seconds * 2.0**attempt, error.retry_after or 0.0)
    if error.status in (429, 503):
        transport.pace.asked_for_calm(error.where or url, error, pause)
    return pause if pause <= limits.retry_after_seconds else None


def _beginning(transport: Transport, question: Question, target: Path, cache: Cache | None) -> Answer:
    """Return the beginning of an answer; it is kept for those who are off line."""
    answer = peek(transport, question, target)
    status = answer.status
    if status in (429, 500) or status in PASSING:
        said = status_error(status, answer.final_url, retry_after(answer.headers.get("retry-after", "")))
        if question.patient and status != 429:
            passing = _PassingError(said.what, status=status, temporary=True, retry_after=said.retry_after)
            passing.where, passing.answer = said.where, answer
            raise passing
        _pause(transport, question.url, said, 0)
    if cache and not question.fresh and _may_store(answer):
        cache.store(question, answer, target)
    return answer


def _whole(transport: Transport, question: Question, draft: Draft, cache: Cache | None) -> Answer:
    """Return the whole answer, from the cache when the server says it has not changed."""
    if cache is None:
        return _from_network(transport, question, draft, None, None)
    with cache.found(question) as entry:
        return _from_network(transport, question, draft, cache, entry)


def _from_network(
    transport: Transport, question: Question, draft: Draft, cache: Cache | None, entry: Entry | None
) -> Answer:
    """Return the answer of one request; ``entry`` is what the cache holds for it."""
    known = entry if question.method == "GET" and not draft.asking else None
    validators = known.validators_for if known else None
    sent = dict(question.headers) | draft.asking
    with transport.answer(question.method, question.url, sent, question.body, validators) as response:
        if response.status_code == 304 and cache and known and known.is_of(response.url):
            answer = known.give(draft.target, question)
            cache.touch(question)
            return answer
        if response.status_code == 416 and draft.asking:
            draft.drop()  # the file changed meanwhile
            raise UnreachableError("le fichier a changé", where=shown_url(response.url), temporary=True)
        _check_status(transport, question, response)
        answer = draft.receive(response)
        if cache and not answer.truncated and _may_store(answer):
            cache.store(question, answer, draft.target)
        return answer


def _check_status(transport: Transport, question: Question, response: requests.Response) -> None:
    """Raise StatusError for anything but a success, with the beginning of what the server says of it."""
    status = response.status_code
    if 200 <= status < 300 and not (status == 202 and question.file):
        return
    if 300 <= status < 400:
        raise UnreachableError(
            "le serveur répond sans rien envoyer",
            where=shown_url(response.url),
            status=status,
            ground=f"http_{status}",
        )
    if status == 407:
        raise proxy_failure(shown_url(response.url), locked=True)
    wait = retry_after(response.headers.get("Retry-After", ""))
    beginning, _ = first_bytes(transport, response, _EXPLANATION_BYTES)
    raise status_error(status, shown_url(response.url), wait, beginning)


def retry_after(value: str) -> float | None:
    """Return the seconds a Retry-After header asks to wait (RFC 9110 §10.2.3), or None when it says nothing clear."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    when = http_date(value)
    return None if when is None else max(0.0, (when - datetime.now(UTC)).total_seconds())


def _may_store(answer: Answer) -> bool:
    """Return True when an answer may be kept (RFC 9111 §3): it is always asked about again when on line."""
    directives = {part.split("=")[0].strip().lower() for part in answer.headers.get("cache-control", "").split(",")}
    varies = answer.headers.get("vary", "").strip() == "*"
    return answer.status == 200 and "no-store" not in directives and not varies
