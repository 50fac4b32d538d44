"""The ways a fetch can fail, each with one French line; a portal's own words are never repeated."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError

_RETRY_LATER = "Réessayez plus tard."
_CHECK_ADDRESS = "Vérifiez l'adresse."


class FetchingError(OpendataCheckError):
    """Base of what this room raises.

    ``status`` is the HTTP status when a server answered with one, else None. ``temporary`` tells that trying again may
    work; ``retry_after`` is the number of seconds the server asked to wait, else None. ``beginning`` is the start of
    the answer's body, for whoever knows that portal's way of telling errors; it is never shown as it is.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        remedy: str = "",
        status: int | None = None,
        temporary: bool = False,
        retry_after: float | None = None,
        beginning: bytes = b"",
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.beginning = beginning
        self.status = status
        self.temporary = temporary
        self.retry_after = retry_after


class BadAddressError(FetchingError):
    """The URL cannot be used: malformed, neither http nor https, or carrying a password."""


class UnknownHostError(FetchingError):
    """No server has that name (or there is no network)."""


class PrivateAddressError(FetchingError):
    """The name leads to a loopback, private or otherwise internal address, which a public catalogue must not reach."""


class UnreachableError(FetchingError):
    """The server refused the connection or cut it."""


class TooSlowError(FetchingError):
    """A time limit was reached."""


class InsecureError(FetchingError):
    """The TLS certificate or handshake is at fault."""


class RedirectError(FetchingError):
    """Too many redirects, or a redirect that leads nowhere."""


class StatusError(FetchingError):
    """The server answered with a status of 400 or more; ``status`` holds it."""


class NotJsonError(FetchingError):
    """JSON was expected; a web page, half a JSON or something else came."""


class TooLongError(FetchingError):
    """The answer is longer than allowed."""


class UnreadableFileError(FetchingError):
    """A local file is missing, is not an ordinary file, leaves its root or cannot be opened."""


class StorageError(FetchingError):
    """The temporary folder cannot be written (disk full, rights)."""


def status_error(status: int, where: str, retry_after: float | None = None, beginning: bytes = b"") -> StatusError:
    """Return the error that says in French what an HTTP status of 400 or more means."""
    temporary = status in (429, 500, 502, 503, 504)
    if status == 404:
        what, remedy = "cette page n'existe pas (réponse 404)", _CHECK_ADDRESS
    elif status == 410:
        what, remedy = "cette page a été supprimée (réponse 410)", _CHECK_ADDRESS
    elif status in (401, 407):
        what, remedy = (
            f"l'accès demande un mot de passe (réponse {status})",
            "Seul ce qui est public peut être contrôlé.",
        )
    elif status == 403:
        what, remedy = "le serveur refuse l'accès (réponse 403)", "Seul ce qui est public peut être contrôlé."
    elif status == 429:
        what, remedy = "le serveur reçoit trop de demandes (réponse 429)", _wait_words(retry_after)
    elif status >= 500:
        what, remedy = f"le serveur est en panne (réponse {status})", _wait_words(retry_after)
    else:
        what, remedy = f"le serveur refuse la demande (réponse {status})", _CHECK_ADDRESS
    return StatusError(
        what,
        where=where,
        remedy=remedy,
        status=status,
        temporary=temporary,
        retry_after=retry_after,
        beginning=beginning,
    )


def _wait_words(retry_after: float | None) -> str:
    """Return when to come back, as the server said it."""
    if retry_after is None or retry_after < 60:
        return _RETRY_LATER
    return f"Réessayez dans {int(-(-retry_after // 60))} minutes."
