"""Which network addresses a public catalogue may lead us to, decided on the very address that is connected to.

A name is resolved once, the addresses are judged, and the socket is opened on one of those judged: neither a redirect
nor a name that changes its answer (DNS rebinding) can lead elsewhere. Through a proxy (``HTTPS_PROXY``…) the proxy
resolves the name; the target is then judged beforehand when this machine can resolve it, and always when it is a
literal address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from opendata_check.fetching.errors import PrivateAddressError, TooSlowError, UnknownHostError, UnreachableError

Address = tuple[socket.AddressFamily, Any]
"""Family and socket address, as ``getaddrinfo`` gives them."""
Resolver = Callable[[str, int], list[Address]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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
        if ip.is_site_local:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_unspecified


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of ``host`` in the system's order.

    Raises UnknownHostError when the name has none.
    """
    try:
        answers = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(
            "aucun serveur ne porte ce nom, ou cet ordinateur n'a pas accès à Internet",
            where=host,
            remedy="Vérifiez l'adresse et la connexion.",
            ground="no_network" if getattr(error, "errno", None) == socket.EAI_AGAIN else "",
        ) from error
    return [(family, address) for family, _, _, _, address in answers]


def resolve_public(host: str, port: int) -> list[Address]:
    """Return only the public addresses of ``host``.

    Raises UnknownHostError when the name has no address, PrivateAddressError when none is public.
    """
    addresses = [found for found in resolve(host, port) if is_public(str(found[1][0]))]
    if not addresses:
        raise PrivateAddressError(
            "cette adresse mène à un réseau privé ou à cet ordinateur : elle n'est pas suivie",
            where=host,
            remedy="Si ce serveur est le vôtre, ajoutez --allow-private-network.",
        )
    return addresses


def connect(host: str, addresses: list[Address], seconds: float, left: Callable[[], float]) -> socket.socket:
    """Return a socket connected to the first of ``addresses`` that answers, each tried for ``seconds``.

    ``left`` tells the seconds left for all of them. Raises TooSlowError or UnreachableError, both temporary, when none
    does.
    """
    too_slow = False
    for family, address in addresses[:8]:
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(max(0.01, min(seconds, left())))
            opened.connect(address)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError:
            too_slow = True
            opened.close()
        except OSError:
            opened.close()
        else:
            opened.settimeout(seconds)
            return opened
    if too_slow:
        raise TooSlowError("le serveur ne répond pas", where=host, remedy="Réessayez plus tard.", temporary=True)
    raise UnreachableError(
        "le serveur refuse la connexion",
        where=host,
        remedy="Vérifiez l'adresse.",
        temporary=True,
        ground="connection_refused",
    )
