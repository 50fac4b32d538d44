"""Names fit to be printed: of files, of URLs, and of what a server sends."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from opendata_check.fetching.secrecy import clean_url

_LONGEST_NAME = 200
_LONGEST_URL = 300
# Cf: invisible marks and right-to-left overrides, Cs: lone surrogates, Co and Cn: unassigned.
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
_BREAKS = frozenset({"Cc", "Zl", "Zp"})


def printable(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return ``text`` on one line without control, invisible or undecodable characters, cut to ``longest``."""
    kept = text[: 4 * longest]
    if not kept.isprintable():
        kinds = ((char, unicodedata.category(char)) for char in kept)
        kept = "".join(" " if kind in _BREAKS else char for char, kind in kinds if kind not in _INVISIBLE)
    kept = " ".join(kept.split())
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def shown_path(path: PurePath) -> str:
    """Return a path as POSIX text fit for printing; names that are not UTF-8 are read as Windows-1252."""
    text = path.as_posix()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = os.fsencode(text).decode("cp1252", "replace")
    return printable(unicodedata.normalize("NFC", text), 1000)


def shown_url(url: str) -> str:
    """Return a URL fit for printing: no password, no value of a secret parameter, no fragment, bounded."""
    return printable(clean_url(url[:20_000]), _LONGEST_URL)


def file_name(name: str) -> str:
    """Return the last component of ``name``, printable, never empty, never a path."""
    last = printable(re.split(r"[/\\]", name)[-1]).strip(" .")
    return last or "fichier"


def download_name(disposition: str, url: str) -> str:
    """Return the file name a response announces (RFC 6266), else the last segment of its URL."""
    announced = _disposition_name(disposition)
    if announced:
        return file_name(announced)
    try:
        segment = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        segment = ""
    return file_name(unquote(segment, errors="replace"))


def _disposition_name(disposition: str) -> str:
    """Return the file name of a Content-Disposition header, or ""."""
    if not disposition:
        return ""
    from email.message import Message

    message = Message()
    message["content-disposition"] = disposition[:2000].replace("\r", " ").replace("\n", " ")
    try:
        name = message.get_filename("") or ""
    except (ValueError, LookupError):
        return ""
    try:  # headers are read as Latin-1; many servers write UTF-8
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def short_suffix(name: str) -> str:
    """Return the extension of ``name`` when it is short and plain (``.csv``), else ""."""
    suffix = PurePath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
