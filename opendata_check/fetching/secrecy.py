"""What must never reach a file or a screen: passwords and keys, in URLs, headers, and what servers repeat."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit, urlunsplit

from opendata_check.fetching.keys import secrets

HIDDEN = "***"
_CHUNK = 1024 * 1024
_SHORTEST = 4
"""A shorter value would be found everywhere by chance."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset(
    {
        "apikey", "auth", "authkey", "authorization", "credential", "credentials", "jsessionid", "jwt", "key", "mdp",
        "pass", "passphrase", "passwd", "password", "phpsessid", "pwd", "secret", "sessionid", "sig", "signature",
        "token",
    }
)  # fmt: skip
_SECRET_ENDING = re.compile(r"(api_?key|token|secret|passw(or)?d|signature|credentials?)$", re.IGNORECASE)
_SURE_NAME = re.compile(r"(api[_-]?key|token|secret|pass(word|wd|phrase)|pwd|mdp|jwt)$", re.IGNORECASE)
_LIKE_A_KEY = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[\w%.~+=-]{16,}", re.ASCII)
_MOST_FROM_URLS = 200
"""A catalogue may list thousands of signed addresses: each one more would be looked for in every answer."""
_PARAMETER = re.compile(r"([?&;#]|^)([\w.%\[\]-]{1,60})=([^&;#\s\"'<>]+)")
_PATH_PARAMETER = re.compile(r"(;)([\w.-]{1,60})=([^;/]+)")
_USER = re.compile(r"://[^/@\s?#\"'<>]*@")
_PLAIN_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-type", "if-range", "range", "user-agent", "x-fields"}
)


def is_secret_name(name: str) -> bool:
    """Return True when a parameter of this name holds a key or a password (``apikey``, not ``keyword``)."""
    return any(word.lower() in _SECRET_WORDS for word in _WORDS.findall(name)) or bool(_SECRET_ENDING.search(name))


def is_plain_header(name: str) -> bool:
    """Return True for a request header that may be written and may follow a redirect to another host."""
    return name.lower() in _PLAIN_HEADERS


def clean_url(url: str) -> str:
    """Return a URL without password, fragment nor the value of any secret parameter."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.split("?")[0].rpartition("@")[2]
    query = "&".join(map(_clean_parameter, parts.query.split("&"))) if parts.query else ""
    path = _PATH_PARAMETER.sub(_hide_if_secret, parts.path) if ";" in parts.path else parts.path
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query, ""))


def kept_url(url: str) -> str:
    """Return a clean URL with its fragment, where a page's script finds what to show (``/#/dataset/7``)."""
    address, mark, fragment = url.partition("#")
    return clean_url(address) + clean_text(mark + fragment)


def clean_text(text: str) -> str:
    """Return a text whose URLs show no password and whose parameters show no secret value."""
    text = _USER.sub("://", text) if "@" in text else text
    return _PARAMETER.sub(_hide_if_secret, text) if "=" in text else text


def _clean_parameter(raw: str) -> str:
    name, equals, _ = raw.partition("=")
    return f"{name}={HIDDEN}" if equals and is_secret_name(unquote_plus(name)) else raw


def _hide_if_secret(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}={HIDDEN}" if is_secret_name(unquote_plus(found[2])) else found[0]


class KnownSecrets:
    """The secrets of one run: the environment's keys, then those seen going out. For several threads.

    They are hidden under as many stars, so that no size changes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: set[str] = set()
        self._from_urls = 0
        self._needles: tuple[bytes, ...] = ()
        self.learn(secrets())

    def learn_request(self, url: str, headers: Mapping[str, str]) -> None:
        """Learn the secrets that a request carries."""
        found = [value for name, value in headers.items() if is_secret_name(name) or name.lower() == "cookie"]
        found += [word for value in found for word in value.split()[1:]]  # « Bearer … », « Apikey … »
        in_url = [value for value in secret_parameters(url) if value not in self._values]
        self._from_urls += len(in_url)
        self.learn([*found, *(in_url if self._from_urls <= _MOST_FROM_URLS else ())])

    def learn(self, values: Iterable[str]) -> None:
        """Learn values that must be hidden from now on."""
        new = {value for value in values if len(value) >= _SHORTEST and value != HIDDEN} - self._values
        if not new:
            return
        with self._lock:
            self._values |= new
            forms = {form for value in self._values for form in _forms(value)}
            self._needles = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def hide(self, data: bytes) -> bytes:
        """Return the same bytes, every known secret replaced by stars."""
        for needle in self._needles:
            if needle in data:
                data = data.replace(needle, b"*" * len(needle))
        return data

    def hide_text(self, text: str) -> str:
        """Return the same text without any known secret nor the value of a secret parameter."""
        return self.hide(clean_text(text).encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def copy(self, source: Path, target: Path) -> str:
        """Write ``source`` without secrets to ``target`` and return its SHA-256. Raises OSError."""
        digest = hashlib.sha256()
        overlap = max(map(len, self._needles), default=1) - 1
        with source.open("rb") as stream, target.open("xb") as out:
            tail = b""
            while chunk := stream.read(_CHUNK):
                ready = self.hide(tail + chunk)
                cut = max(0, len(ready) - overlap)
                tail = ready[cut:]
                digest.update(ready[:cut])
                out.write(ready[:cut])
            digest.update(tail)
            out.write(tail)
        return digest.hexdigest()


def secret_parameters(url: str) -> list[str]:
    """Return the values of a URL's secret parameters that are keys for certain, as written and as meant.

    ``?key=commune`` is no secret: hidden wherever it stands, it would change the answers that a recording keeps.
    """
    found: list[str] = []
    for raw in url.partition("#")[0].partition("?")[2].split("&"):
        name, _, value = raw.partition("=")
        meant = unquote_plus(name)
        if is_secret_name(meant) and (_SURE_NAME.search(meant) or _LIKE_A_KEY.fullmatch(value)):
            found += [value, unquote_plus(value)]
    return found


def _forms(value: str) -> set[bytes]:
    """Return how a secret may be written: plain, in a URL, in JSON, in HTML."""
    html = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    forms = {value, quote(value), quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], html}
    return {form.encode("utf-8", "surrogatepass") for form in forms}
