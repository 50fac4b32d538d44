"""Which network addresses a public catalogue may lead us to, decided on the very address that is connected to.

A name is resolved once, the addresses are judged, and the socket is opened on one of those judged: neither a redirect
nor a name that changes its answer (DNS rebinding) can lead elsewhere. Through a proxy (``HTTPS_PROXY``…) the proxy
resolves the name; the target is then judged beforehand when this machine can resolve it, and always when it is a
literal address or a name that only internal networks have.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from opendata_check.fetching.errors import (
    FetchingError,
    PrivateAddressError,
    TooSlowError,
    UnknownHostError,
    UnreachableError,
)

Address = tuple[socket.AddressFamily, Any]
"""Family and socket address, as ``getaddrinfo`` gives them."""
Resolver = Callable[[str, int], list[Address]]

_INTERNAL_NAMES = (
    ".local", ".localhost", ".localdomain", ".internal", ".intranet", ".private", ".corp", ".lan", ".home", ".home.arpa"
)  # fmt: skip
"""RFC 6761, 6762 (appendix G) and 8375."""
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out; the rest is reserved, or carries an IPv4 address (``::7f00:1``)."""
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""What some versions of Python take for public."""


def is_public(address: str) -> bool:
    """Return True when ``address`` (IPv4 or IPv6) is reachable on the Internet at large.

    Loopback, private, link-local, shared, reserved and multicast ranges are not, nor the IPv6 forms that carry
    such an IPv4 address (mapped, 6to4, Teredo, NAT64). Source: the IANA special-purpose registries (RFC 6890).
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL)


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of ``host`` in the system's order.

    Raises UnknownHostError when the name has none.
    """
    try:
        answers = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name too long
        unknown = isinstance(error, UnicodeError) or error.errno in _NO_SUCH_NAME
        raise UnknownHostError(
            "aucun serveur ne porte ce nom, ou cet ordinateur n'a pas accès à Internet",
            where=host,
            remedy="Vérifiez l'adresse et la connexion.",
            ground="" if unknown else "no_network",
        ) from error
    return [(family, address) for family, _, _, _, address in answers]


def resolve_public(host: str, port: int) -> list[Address]:
    """Return only the public addresses of ``host``.

    Raises UnknownHostError when the name has no address, PrivateAddressError when none is public, or when it is a name
    of internal networks: behind a proxy, only the proxy may know where it leads.
    """
    name = host.strip("[].").lower()
    internal = ":" not in name and ("." not in name or name.endswith(_INTERNAL_NAMES))
    addresses = [] if internal else [found for found in resolve(host, port) if is_public(str(found[1][0]))]
    if not addresses:
        raise PrivateAddressError(
            "cette adresse mène à un réseau privé ou à cet ordinateur : elle n'est pas suivie",
            where=host,
            remedy="Si ce serveur est le vôtre, ajoutez --allow-private-network.",
        )
    return addresses


class Names:
    """Resolves names, and tells one that nobody has from a network that gives none. For several threads.

    Most systems say the same of both. A name is only unknown for certain once another one was found, and still is.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._found = ""

    def __call__(self, host: str, port: int) -> list[Address]:
        """Return the addresses of ``host``, as the resolver does. The ground of UnknownHostError is then certain."""
        try:
            addresses = self._resolver(host, port)
        except UnknownHostError as error:
            if error.ground == UnknownHostError.ground and not self._gives_names():
                error.ground = "no_network"
            raise
        if "." in host and host.rpartition(".")[2].isalpha():  # neither an address nor a name of this machine
            self._found = host
        return addresses

    def _gives_names(self) -> bool:
        """Return True when the network still gives the address of a name that it gave before."""
        try:
            return bool(self._found and self._resolver(self._found, 443))
        except FetchingError:
            return False


def connect(host: str, addresses: list[Address], seconds: float, left: Callable[[], float]) -> socket.socket:
    """Return a socket connected to the first of ``addresses`` that answers, each tried for ``seconds``.

    ``left`` tells the seconds left for all of them. Raises TooSlowError or UnreachableError, both temporary, when none
    does: only a refusal comes from the server itself, the lack of a way to it may be ours (IPv6, a cable).
    """
    too_slow = refused = False
    for family, address in addresses[:8]:
        try:
            opened = socket.socket(family, socket.SOCK_STREAM)
        except OSError:  # a machine without IPv6
            continue
        try:
            opened.settimeout(max(0.01, min(seconds, left())))
            opened.connect(address)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.settimeout(seconds)
        except OSError as error:
            too_slow = too_slow or isinstance(error, TimeoutError)
            refused = refused or isinstance(error, ConnectionRefusedError)
            opened.close()
        else:
            return opened
    if too_slow:
        raise TooSlowError("le serveur ne répond pas", where=host, remedy="Réessayez plus tard.", temporary=True)
    if not refused:
        raise UnreachableError(
            "aucun chemin ne mène à ce serveur depuis cet ordinateur",
            where=host,
            remedy="Vérifiez la connexion.",
            temporary=True,
            ground="no_way",
        )
    raise UnreachableError(
        "le serveur refuse la connexion",
        where=host,
        remedy="Vérifiez l'adresse.",
        temporary=True,
        ground="connection_refused",
    )
