"""A JSON answer read, whatever the charset its server claims."""

from __future__ import annotations

import json
from typing import Any

from opendata_check.fetching.errors import NotJsonError
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.question import Answer


def value_of(raw: bytes, answer: Answer) -> Any:
    """Return the value of a JSON body. Raises NotJsonError."""
    where = shown_url(answer.final_url)
    if answer.media_type == "text/html" or raw.lstrip()[:1] == b"<":
        raise NotJsonError(
            "le serveur a répondu une page web au lieu de données", where=where, remedy="Réessayez plus tard."
        )
    try:
        return json.loads(_text(raw), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(
            "la réponse est incomplète ou illisible", where=where, remedy="Réessayez plus tard."
        ) from error


def _text(raw: bytes) -> bytes | str:
    """Return what ``json`` reads: UTF-8, UTF-16 or UTF-32 as bytes; a text that only Windows-1252 fits, decoded.

    JSON is UTF-8 whatever its header says (RFC 8259 §8.1); servers that serialise by hand write Windows-1252.
    """
    if raw.lstrip()[:1] not in (b"{", b"[") or b"\0" in raw[:4]:
        return raw
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252")
