"""The bytes of a response as they come, decompressed in pieces of bounded size: a bomb never stands in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import requests

from opendata_check.fetching.errors import unusable_answer
from opendata_check.fetching.failures import NETWORK_FAILURES
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.transport import Transport

CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"


def chunks(transport: Transport, response: requests.Response, size: int = CHUNK) -> Iterator[bytes]:
    """Yield a body in pieces of at most ``size``, as soon as they come, and count it. Raises FetchingError."""
    where = shown_url(response.url)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        pieces = _raw(transport, response, size)
    elif encoding in ("gzip", "x-gzip", "deflate"):
        pieces = _decompressed(_raw(transport, response, CHUNK), encoding, size, where)
    else:
        raise unusable_answer("la réponse est compressée d'une façon inhabituelle", where, "bad_encoding")
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
            raise transport.failure(error, response.url) from error
        if not piece:
            return
        yield piece


def _decompressed(pieces: Iterator[bytes], encoding: str, size: int, where: str) -> Iterator[bytes]:
    """Yield gzip (several members too) or deflate decompressed. What follows the end is ignored, as gzip does.

    Raises FetchingError, after what came, when it is damaged or stops too early.
    """
    decoder = None
    for piece in pieces:
        rest = piece
        while rest:
            if decoder is None:
                decoder = zlib.decompressobj(_deflate_form(rest) if encoding == "deflate" else _GZIP)
            elif decoder.eof:
                if encoding == "deflate" or not rest.startswith(_GZIP_START):
                    return
                decoder = zlib.decompressobj(_GZIP)
            try:
                out = decoder.decompress(rest, size)
            except zlib.error as error:
                raise unusable_answer("la réponse est mal compressée", where, "bad_encoding") from error
            if out:
                yield out
            rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if decoder is not None and not decoder.eof:
        raise unusable_answer("la réponse est mal compressée : elle s'arrête au milieu", where, "bad_encoding")


def _deflate_form(beginning: bytes) -> int:
    """Return how « deflate » is meant: with the zlib header, as RFC 9110 §8.4.1.2 says, or raw, as many send it."""
    zlib_header = len(beginning) >= 2 and beginning[0] & 0x0F == 8 and int.from_bytes(beginning[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS
