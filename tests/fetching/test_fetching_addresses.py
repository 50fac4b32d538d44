from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.fetching.addresses import Address, Names, Resolver, connect, is_public, resolve, resolve_public
from opendata_check.fetching.errors import PrivateAddressError, UnknownHostError, UnreachableError

INTERNAL = [
    "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::7f00:1", "::127.0.0.1", "::a9fe:a9fe", "64:ff9b:1::7f00:1", "::ffff:0:127.0.0.1", "4000::1", "5f00::1",
    "3fff::1", "100::1", "2001:0:7f00:1::", "192.0.0.8", "192.88.99.1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::",
]  # fmt: skip


@pytest.mark.parametrize("address", INTERNAL)
def test_internal_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "37.59.183.93", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_internet_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_word_is_not_a_public_address() -> None:
    assert not is_public("localhost")


@given(st.ip_addresses(v=4))
def test_an_ipv6_form_is_judged_as_the_ipv4_it_carries(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    nat64 = ipaddress.IPv6Address((0x0064FF9B << 96) | number)
    assert {is_public(str(form)) for form in (mapped, six_to_four, nat64)} == {is_public(str(address))}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "[::1]", "0.0.0.0"])
def test_every_way_to_write_this_machine_is_refused(host: str) -> None:
    with pytest.raises((PrivateAddressError, UnknownHostError)):
        resolve_public(host, 80)


def test_without_the_guard_this_machine_is_found() -> None:
    assert resolve("127.0.0.1", 80)[0][1][:2] == ("127.0.0.1", 80)


@pytest.mark.parametrize("host", ["inexistant.invalid", "a" * 300 + ".fr", "é" * 70])
def test_an_unknown_name_is_told(host: str) -> None:
    with pytest.raises(UnknownHostError, match="aucun serveur ne porte ce nom"):
        resolve(host, 80)


# ---- a name that nobody has, or a network that gives none


def _resolver(names: dict[str, str]) -> Resolver:
    def resolver(host: str, port: int) -> list[Address]:
        if host not in names:
            raise UnknownHostError("inconnu", where=host)
        return [(socket.AF_INET, (names[host], port))]

    return resolver


def test_a_name_is_only_unknown_for_certain_while_the_network_gives_others() -> None:
    names = {"exemple.fr": "192.0.2.1", "localhost": "127.0.0.1", "192.0.2.9": "192.0.2.9"}
    resolve_name = Names(_resolver(names))

    def ground() -> str:
        with pytest.raises(UnknownHostError) as caught:
            resolve_name("absent.fr", 80)
        return caught.value.ground

    assert ground() == "no_network"
    for no_proof in ("localhost", "192.0.2.9"):
        resolve_name(no_proof, 80)
        assert ground() == "no_network"
    resolve_name("exemple.fr", 80)
    assert ground() == "dns"
    del names["exemple.fr"]  # the cable is pulled out
    assert ground() == "no_network"


# ---- connecting


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_an_address_that_this_machine_cannot_use_hides_no_other(listening: socket.socket) -> None:
    families: list[Address] = [(31337, ("::1", 80)), (socket.AF_INET, listening.getsockname())]  # type: ignore[list-item]
    with connect("exemple.fr", families, 5.0, lambda: 5.0) as opened:
        assert opened.getpeername() == listening.getsockname()


def test_only_a_refusal_is_an_answer_of_the_server() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed: Address = (socket.AF_INET, probe.getsockname())
        no_way: Address = (31337, ("2001:db8::1", 80))  # type: ignore[assignment]
        for addresses, ground in (([closed, no_way], "connection_refused"), ([no_way], "no_way")):
            with pytest.raises(UnreachableError) as caught:
                connect("exemple.fr", addresses, 5.0, lambda: 5.0)
            assert (caught.value.ground, caught.value.temporary) == (ground, True)
