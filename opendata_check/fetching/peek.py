"""The beginning of an answer, whatever its status, from servers that honour Range, ignore it or get it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import requests

from opendata_check.fetching.bodies import CHUNK, chunks
from opendata_check.fetching.draft import range_of
from opendata_check.fetching.errors import FetchingError, storage_error
from opendata_check.fetching.question import Answer, Question, kept_headers
from opendata_check.fetching.transport import Transport

_PLAIN = {"Accept-Encoding": "identity"}  # part of a compressed body cannot always be read, and its size is not ours


def peek(transport: Transport, question: Question, target: Path) -> Answer:
    """Return what stands at the question's URL, its first bytes at ``target``. Raises FetchingError.

    A 206 is told as the 200 it is part of, and the 416 of an empty file as an empty 200.
    """
    headers = dict(question.headers) | _PLAIN
    if question.method == "HEAD":
        with transport.answer("HEAD", question.url, headers) as response:
            return _of_head(response)
    ranged = headers | {"Range": f"bytes=0-{question.beginning - 1}"}
    with transport.answer("GET", question.url, ranged) as response:
        answer = _of_range(transport, response, question.beginning, target)
    if answer is not None:
        return answer
    with transport.answer("GET", question.url, headers) as response:  # the range was misunderstood
        return _plain(transport, response, question.beginning, target)


def _of_head(response: requests.Response) -> Answer:
    headers = kept_headers(response.headers)
    return Answer(response.status_code, response.url, 0, False, headers, _announced_size(headers))


def _of_range(transport: Transport, response: requests.Response, size: int, target: Path) -> Answer | None:
    """Return the answer to a ranged question, None when the server misunderstood the range."""
    status = response.status_code
    if status == 416:
        if response.headers.get("Content-Range", "").strip().lower() != "bytes */0":
            return None
        _write(target, b"")
        return Answer(200, response.url, 0, False, kept_headers(response.headers), 0)
    if status != 206:
        return _plain(transport, response, size, target)
    span = range_of(response)
    if span is None or span[0] != 0:
        return None
    data, more = first_bytes(transport, response, size)
    _write(target, data)
    headers = kept_headers(response.headers)
    headers.pop("content-range", None)
    headers.pop("content-length", None)
    total = None if headers.get("content-encoding") else span[1]
    truncated = more or total is None or total > len(data)
    return Answer(200, response.url, len(data), truncated, headers, total)


def _plain(transport: Transport, response: requests.Response, size: int, target: Path) -> Answer:
    """Return the answer of a server that sends the whole: only its beginning is read."""
    data, more = first_bytes(transport, response, size)
    _write(target, data)
    headers = kept_headers(response.headers)
    total = _announced_size(headers) if more else len(data)
    return Answer(response.status_code, response.url, len(data), more, headers, total)


def first_bytes(transport: Transport, response: requests.Response, size: int) -> tuple[bytes, bool]:
    """Return the first bytes of a body and whether there are more.

    Part of a compressed body may stop anywhere, and of a refusal whatever came will do. Raises FetchingError.
    """
    kept = b""
    try:
        for chunk in chunks(transport, response, min(CHUNK, size)):
            kept += chunk
            if len(kept) > size:
                return kept[:size], True
            if len(kept) == size and response.headers.get("Content-Length") == str(size):
                break
    except FetchingError as error:
        if response.status_code < 400 and not (kept and error.ground == "bad_encoding"):
            raise
        return kept, True
    return kept, False


def _announced_size(headers: Mapping[str, str]) -> int | None:
    """Return the size of a body as its server tells it, None when it is not told or is that of a compressed form."""
    announced = headers.get("content-length", "").strip()
    if headers.get("content-encoding") or not (announced.isascii() and announced.isdigit()):
        return None
    return int(announced[:18])


def _write(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        raise storage_error(str(target.parent)) from error
