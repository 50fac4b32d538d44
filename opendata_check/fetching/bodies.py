"""The bytes of a response as they come, decompressed, in pieces of bounded size, and counted."""

from __future__ import annotations

from collections.abc import Iterator

import requests

from opendata_check.fetching.errors import unusable_answer
from opendata_check.fetching.failures import NETWORK_FAILURES
from opendata_check.fetching.inflating import DamagedError, inflated
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.transport import Transport

CHUNK = 64 * 1024
_READABLE = frozenset({"gzip", "x-gzip", "deflate"})
_UNREADABLE = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "lzma", "xz", "bzip2", "exi"})


def chunks(transport: Transport, response: requests.Response, size: int = CHUNK) -> Iterator[bytes]:
    """Yield a body in pieces of at most ``size``, as soon as they come, and count it. Raises FetchingError."""
    where = shown_url(response.url)
    named = (name.strip().lower() for name in response.headers.get("Content-Encoding", "").split(","))
    encodings = [name for name in named if name in _READABLE or name in _UNREADABLE]  # « UTF-8 » and such are none
    if not encodings:
        pieces = _raw(transport, response, size)
    elif len(encodings) == 1 and encodings[0] in _READABLE:
        pieces = _decompressed(_raw(transport, response, CHUNK), encodings[0], size, where)
    else:
        raise unusable_answer("la réponse est compressée d'une façon inhabituelle", where, "other_encoding")
    for piece in pieces:
        transport.budget.spend(len(piece), where)
        yield piece


def _raw(transport: Transport, response: requests.Response, size: int) -> Iterator[bytes]:
    """Yield a body as it travels. Raises FetchingError."""
    read = getattr(response.raw, "read1", response.raw.read)  # read waits for « size » bytes, read1 for some
    while True:
        try:
            piece = read(size, decode_content=False)
        except NETWORK_FAILURES as error:
            raise transport.failure(error, response.url) from None
        if not piece:
            return
        yield piece


def _decompressed(pieces: Iterator[bytes], encoding: str, size: int, where: str) -> Iterator[bytes]:
    """Yield a compressed body as it was meant. Raises FetchingError, after what came."""
    try:
        yield from inflated(pieces, size, deflate=encoding == "deflate")
    except DamagedError:
        raise unusable_answer("la réponse est mal compressée", where, "bad_encoding") from None
