"""Which addresses a firm's relay may lie at."""

from __future__ import annotations

import pytest

from posthorn.connections.guard import Guard, PrivateAddressError, is_public, pair


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  to be refused
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
    ],
)
def test_these_are_not_public(address: str) -> None:
    assert is_public(address) is False


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_these_are_public(address: str) -> None:
    assert is_public(address) is True


def _guard(found: list[str], *allowed: str) -> Guard:
    return Guard(allowed=frozenset(allowed), resolve=lambda host, port: found)  # noqa: ARG005


def test_public_addresses_pass_in_the_resolvers_order() -> None:
    assert _guard(["8.8.4.4", "8.8.8.8"]).addresses("mail.example", 587) == ["8.8.4.4", "8.8.8.8"]


def test_one_private_address_among_public_ones_refuses_them_all() -> None:
    with pytest.raises(PrivateAddressError) as raised:
        _guard(["8.8.8.8", "10.0.0.1"]).addresses("mail.example", 587)

    assert str(raised.value) == "mail.example is at 10.0.0.1, which is not public"


@pytest.mark.parametrize("allowed", ["10.0.0.1:587", "mail.example:587"])
def test_an_allowed_pair_passes(allowed: str) -> None:
    assert _guard(["10.0.0.1"], allowed).addresses("Mail.Example", 587) == ["10.0.0.1"]


@pytest.mark.parametrize("allowed", ["10.0.0.1:588", "10.0.0.2:587", "other.example:587", "587"])
def test_another_pair_does_not_help(allowed: str) -> None:
    with pytest.raises(PrivateAddressError):
        _guard(["10.0.0.1"], allowed).addresses("mail.example", 587)


def test_the_resolver_is_asked_once() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(f"{host} {port}")
        return ["8.8.8.8"]

    Guard(resolve=resolve).addresses("mail.example", 587)

    assert asked == ["mail.example 587"]


def test_a_pair_is_written_as_the_setting_writes_it() -> None:
    assert pair("Mail.Example", 587) == "mail.example:587"
    assert pair("::1", 25) == "[::1]:25"
