"""Whose certificates are believed: the usual authorities, those the user adds, and nobody's for the hosts he names.

``ca_bundle`` adds an administration's own authority to the usual ones. $REQUESTS_CA_BUNDLE, $CURL_CA_BUNDLE,
$SSL_CERT_FILE and $SSL_CERT_DIR replace the usual ones, as they do in every other program.

This module imports ssl; it is imported only when a URL is fetched, or when a bundle is given.
"""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

from opendata_check.fetching.errors import FetchingError, InsecureError, UnreadableFileError, connection_cut
from opendata_check.fetching.naming import printable, shown_url
from opendata_check.fetching.pace import host_of

_OP_LEGACY_SERVER_CONNECT = 0x4
"""Browsers still talk to servers that do not know RFC 5746 (ssl has the name from Python 3.12 on)."""
# VERIFY_X509_STRICT, from Python 3.13 on, refuses the authorities of many administrations and inspecting firewalls.
_FILES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_OWN_AUTHORITY = "Si elle est celle de votre administration, ajoutez --ca-bundle FICHIER"
_TELL = "Signalez-le à qui gère ce site"

# X509_V_ERR_* of OpenSSL's x509_vfy.h: (our name, what it means, who can do something)
_FLAWS = {
    9: ("not_yet_valid", "le certificat de ce site n'est pas encore valable (ou votre horloge retarde)", _TELL),
    10: ("expired", "le certificat de ce site est périmé", _TELL),
    18: ("self_signed", "le certificat de ce site n'est garanti que par lui-même (autosigné)", _OWN_AUTHORITY),
    19: ("unknown_issuer", "le certificat de ce site vient d'une autorité inconnue", _OWN_AUTHORITY),
    20: ("unknown_issuer", "le certificat de ce site vient d'une autorité inconnue", _OWN_AUTHORITY),
    21: ("unknown_issuer", "le certificat de ce site vient d'une autorité inconnue", _OWN_AUTHORITY),
    23: ("revoked", "le certificat de ce site a été révoqué", _TELL),
    62: ("wrong_name", "le certificat de ce site est au nom d'un autre site", _TELL),
    64: ("wrong_name", "le certificat de ce site est au nom d'un autre site", _TELL),
}


class Trust:
    """The TLS contexts of one fetcher: made once, shared by its connections."""

    def __init__(self, ca_bundle: Path | None = None, insecure_hosts: frozenset[str] = frozenset()) -> None:
        """Raises UnreadableFileError when ``ca_bundle`` holds no certificate."""
        self._bundle = ca_bundle
        self._insecure_hosts = frozenset(map(_as_asked, insecure_hosts))
        self._lock = threading.Lock()
        self._verifying: ssl.SSLContext | None = None
        self._blind: ssl.SSLContext | None = None
        if ca_bundle is not None:
            _load(_empty_context(), ca_bundle)

    def context_for(self, url: str) -> ssl.SSLContext:
        """Return the context of a connection to the host of ``url``, and of no redirect from it.

        Raises UnreadableFileError when a file that the environment names holds no certificate.
        """
        with self._lock:
            if host_of(url) in self._insecure_hosts:
                if self._blind is None:
                    self._blind = _blind_context()
                return self._blind
            if self._verifying is None:
                self._verifying = _verifying_context(self._bundle)
            return self._verifying


def _as_asked(host: str) -> str:
    """Return a host as addresses name it once they are asked: ``données.fr`` is ``xn--donnes-eva.fr``."""
    name = host.strip().strip("[]").lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _empty_context() -> ssl.SSLContext:
    from urllib3.util.ssl_ import create_urllib3_context

    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.options |= _OP_LEGACY_SERVER_CONNECT
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _blind_context() -> ssl.SSLContext:
    import urllib3

    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user asked for it
    context = _empty_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _verifying_context(bundle: Path | None) -> ssl.SSLContext:
    """Return a context that believes the environment's authorities, else the usual ones, and the user's."""
    import certifi

    named = next((os.environ[name] for name in _FILES if os.environ.get(name)), "")
    context = _empty_context()
    _load(context, Path(named or certifi.where()))
    if bundle is not None:
        _load(context, bundle)
    return context


def _load(context: ssl.SSLContext, bundle: Path) -> None:
    """Believe the authorities of a file, or of a folder. Raises UnreadableFileError."""
    where = printable(str(bundle))
    try:
        if bundle.is_dir():
            context.load_verify_locations(capath=str(bundle))
        else:
            context.load_verify_locations(cafile=str(bundle))
    except FileNotFoundError as error:
        raise UnreadableFileError("ce fichier de certificats n'existe pas", where=where) from error
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "ce fichier ne contient pas de certificat lisible", where=where, remedy="On attend un fichier PEM."
        ) from error


def tls_failure(error: BaseException, url: str) -> FetchingError:
    """Return the French error of a failed TLS handshake, which says what is wrong with the certificate."""
    where = shown_url(url)
    found = list(causes(error))
    flawed = next((cause for cause in found if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if flawed is not None:
        unknown = ("", "le certificat de ce site ne peut pas être vérifié", _TELL)
        flaw, what, remedy = _FLAWS.get(flawed.verify_code, unknown)
        anyway = f"ou --insecure-host {host_of(url)} si vous connaissez ce serveur."
        insecure = InsecureError(what, where=where, remedy=f"{remedy}, {anyway}")
        insecure.flaw = flaw
        return insecure
    if any(isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) for cause in found):
        return connection_cut(where)
    return InsecureError("la connexion sécurisée échoue", where=where, remedy=f"{_TELL}.", ground="tls")


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all those behind it: libraries keep the cause in several places."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 50:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
