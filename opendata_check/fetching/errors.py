"""The ways a fetch can fail, each with one French line; a portal's own words are never repeated."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError

_RETRY_LATER = "Réessayez plus tard."
_CHECK_ADDRESS = "Vérifiez l'adresse."
_ONLY_PUBLIC = "Seul ce qui est public peut être contrôlé."
_TELL_OWNER = "Signalez-le à qui gère ce site."

PASSING = frozenset({408, 425, 502, 503, 504, 509, *range(520, 531), 598, 599})
"""Statuses of a server that is busy, or behind one that is (the 520s are Cloudflare's): another day may tell better."""


class FetchingError(OpendataCheckError):
    """Base of what this room raises.

    ``status`` is the HTTP status when a server answered with one, else None. ``temporary`` tells that trying again may
    work; ``retry_after`` is the number of seconds the server asked to wait, else None. ``beginning`` is the start of
    the answer's body, for whoever knows that portal's way of telling errors; it is never shown as it is. ``ground`` is
    a stable English word for the cause.
    """

    ground = "other"

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
        ground: str = "",
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.beginning = beginning
        self.status = status
        self.temporary = temporary
        self.retry_after = retry_after
        if ground:
            self.ground = ground


class BadAddressError(FetchingError):
    """The URL cannot be used: malformed, neither http nor https, or carrying a password."""

    ground = "bad_address"


class UnknownHostError(FetchingError):
    """No server has that name (or there is no network)."""

    ground = "dns"


class PrivateAddressError(FetchingError):
    """The name leads to a loopback, private or otherwise internal address, which a public catalogue must not reach."""

    ground = "private_address"


class UnreachableError(FetchingError):
    """The server refused the connection or cut it."""

    ground = "connection_cut"


class TooSlowError(FetchingError):
    """A time limit was reached."""

    ground = "timeout"


class InsecureError(FetchingError):
    """The TLS certificate or handshake is at fault."""

    ground = "bad_certificate"
    flaw = ""
    """``expired``, ``not_yet_valid``, ``self_signed``, ``unknown_issuer``, ``wrong_name``, ``revoked``, or ""."""


class RedirectError(FetchingError):
    """Too many redirects, or a redirect that leads nowhere."""

    ground = "too_many_redirects"


class StatusError(FetchingError):
    """The server answered with a status of 400 or more; ``status`` holds it."""


class NotJsonError(FetchingError):
    """JSON was expected; a web page, half a JSON or something else came."""

    ground = "not_json"


class TooLongError(FetchingError):
    """The answer is longer than allowed."""

    ground = "too_long"


class TotalLimitError(FetchingError):
    """All the bytes or all the time that one fetcher may take are spent."""

    ground = "total_limit"


class OfflineError(FetchingError):
    """Nothing may be asked on line, and the cache does not hold the answer."""

    ground = "offline"


class NotRecordedError(FetchingError):
    """The recording being replayed does not hold the answer to this question."""

    ground = "not_recorded"


class RecordingError(FetchingError):
    """A recording cannot be read, or cannot be started in the folder given."""

    ground = "recording"


class UnreadableFileError(FetchingError):
    """A local file is missing, is not an ordinary file, leaves its root or cannot be opened."""

    ground = "unreadable_file"


class StorageError(FetchingError):
    """The temporary folder cannot be written (disk full, rights)."""

    ground = "storage"


def status_error(status: int, where: str, retry_after: float | None = None, beginning: bytes = b"") -> StatusError:
    """Return the error that says in French what an HTTP status of 400 or more, or 202, means."""
    what, remedy = _status_words(status, retry_after)
    return StatusError(
        what,
        where=where,
        remedy=remedy,
        status=status,
        temporary=status in (202, 429, 500) or status in PASSING,
        retry_after=retry_after,
        beginning=beginning,
        ground={202: "not_ready", 429: "rate_limited"}.get(status, f"http_{status}"),
    )


def _status_words(status: int, retry_after: float | None) -> tuple[str, str]:
    """Return what a status means, and what to do."""
    if status == 202:
        return "le serveur prépare ce fichier, qui n'est pas encore prêt (réponse 202)", _wait_words(retry_after)
    if status == 404:
        return "cette page n'existe pas (réponse 404)", _CHECK_ADDRESS
    if status == 410:
        return "cette page a été supprimée (réponse 410)", _CHECK_ADDRESS
    if status == 401:
        return "l'accès demande un mot de passe (réponse 401)", _ONLY_PUBLIC
    if status == 403:
        return "le serveur refuse l'accès (réponse 403)", _ONLY_PUBLIC
    if status == 429:
        return "le serveur reçoit trop de demandes (réponse 429)", _wait_words(retry_after)
    if status >= 500:
        return f"le serveur est en panne (réponse {status})", _wait_words(retry_after)
    return f"le serveur refuse la demande (réponse {status})", _CHECK_ADDRESS


def _wait_words(retry_after: float | None) -> str:
    """Return when to come back, as the server said it."""
    if retry_after is None or retry_after < 60:
        return _RETRY_LATER
    return f"Réessayez dans {int(-(-retry_after // 60))} minutes."


def too_slow(where: str) -> TooSlowError:
    """Return the error of an exchange that took all its time."""
    return TooSlowError("le serveur envoie ses données trop lentement", where=where, remedy=_RETRY_LATER)


def interrupted(where: str) -> TooSlowError:
    """Return the error of an exchange that we ended ourselves (Ctrl-C)."""
    return TooSlowError("la lecture a été interrompue", where=where, ground="interrupted")


def bad_address(where: str) -> BadAddressError:
    """Return the error of a URL that cannot be fetched."""
    return BadAddressError("ce n'est pas une adresse web", where=where, remedy="Une adresse commence par https://.")


def bad_key(where: str) -> FetchingError:
    """Return the error of a key that no header can carry."""
    what = "la clé donnée pour ce serveur contient un signe interdit"
    return FetchingError(what, where=where, remedy="Copiez-la de nouveau.", ground="bad_key")


def connection_cut(where: str) -> UnreachableError:
    """Return the error of a connection that ended too early."""
    return UnreachableError("le serveur a coupé la connexion", where=where, remedy=_RETRY_LATER, temporary=True)


def proxy_failure(where: str, *, locked: bool = False) -> UnreachableError:
    """Return the error of the user's own proxy: it gives nothing, or asks for a password when it is ``locked``."""
    what = f"le serveur mandataire (proxy) {'demande un mot de passe' if locked else 'ne répond pas'}"
    return UnreachableError(what, where=where, remedy="Vérifiez les réglages du proxy.", ground="proxy")


def unusable_answer(what: str, where: str, ground: str) -> UnreachableError:
    """Return the error of an answer that HTTP does not allow: trying again would not help."""
    return UnreachableError(what, where=where, remedy=_TELL_OWNER, ground=ground)


def storage_error(folder: str, what: str = "le dossier temporaire ne peut pas être écrit") -> StorageError:
    """Return the error of a file that cannot be written."""
    return StorageError(what, where=folder, remedy="Vérifiez la place libre sur le disque.")
