"""Addresses that may be asked, made without any network library: a replay needs none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from opendata_check.fetching.errors import BadAddressError, bad_address
from opendata_check.fetching.naming import shown_url

_LONGEST = 20_000
_BREAKS = str.maketrans("", "", "\t\r\n")
"""What browsers leave out of an address that was copied over two lines."""


def check_url(url: str) -> None:
    """Raise BadAddressError unless ``url`` is an http(s) URL with a host and without a password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise bad_address(shown_url(url)) from None  # what it says may show a password
    scheme = parts.scheme.lower()
    if scheme == "file":
        raise BadAddressError(
            "ce n'est pas une adresse web : elle mène à un fichier de l'ordinateur qui la suit",
            where=shown_url(url),
            ground="file_address",
        )
    if scheme in ("ftp", "ftps", "sftp"):
        raise BadAddressError(
            "ce n'est pas une adresse web (le protocole FTP n'est pas suivi)",
            where=shown_url(url),
            remedy="Une adresse commence par https://.",
            ground="other_protocol",
        )
    if scheme not in ("http", "https") or not host or len(url) > _LONGEST:
        raise bad_address(shown_url(url))
    if "@" in parts.netloc:
        raise BadAddressError(
            "l'adresse contient un nom d'utilisateur ou un mot de passe",
            where=shown_url(url),
            remedy="Retirez-les : seul ce qui est public peut être contrôlé.",
            ground="password_in_address",
        )


def full_url(url: str, params: Mapping[str, Any] | None) -> str:
    """Return ``url`` with its parameters, checked; a parameter of None is left out. Raises BadAddressError."""
    url = url.strip().translate(_BREAKS)
    check_url(url)
    given = {name: value for name, value in (params or {}).items() if value is not None}
    if not given:
        return url
    try:
        query = urlencode(given, doseq=True)
    except (TypeError, UnicodeError) as error:
        raise bad_address(shown_url(url)) from error
    address, hash_mark, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query}{hash_mark}{fragment}"
