"""The operator's relay from one address, and a firm's own."""

from __future__ import annotations

import pytest

from posthorn.connections.relays import (
    Endpoint,
    LineSecurity,
    RelayAddressError,
    firm_endpoint,
    operator_endpoint,
)
from posthorn.sdk import Relay, Security


@pytest.mark.parametrize(
    ("address", "host", "port", "security"),
    [
        ("smtp://mail.example", "mail.example", 587, LineSecurity.STARTTLS),
        ("smtp://mail.example?tls=implicit", "mail.example", 465, LineSecurity.IMPLICIT),
        ("smtp://mail.example?tls=none", "mail.example", 25, LineSecurity.NONE),
        ("smtp://mail.example:2525?tls=starttls", "mail.example", 2525, LineSecurity.STARTTLS),
        ("smtp://[::1]:2525?tls=none", "::1", 2525, LineSecurity.NONE),
        ("smtp://[::1]?tls=none", "::1", 25, LineSecurity.NONE),
    ],
)
def test_an_address_is_read(address: str, host: str, port: int, security: LineSecurity) -> None:
    assert operator_endpoint(address) == Endpoint(
        host=host, port=port, security=security, is_operators=True
    )


def test_user_and_password_are_unquoted() -> None:
    found = operator_endpoint("smtp://an%40firm.example:p%3Aa%2Fs%20s@mail.example:587")

    assert found is not None
    assert (found.username, found.password) == ("an@firm.example", "p:a/s s")


def test_no_address_is_no_relay() -> None:
    assert operator_endpoint("") is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mail.example:587", "it does not start with smtp://"),
        ("smtps://u:canary-secret@mail.example", "it does not start with smtp://"),
        ("smtp://", "it names no host"),
        ("smtp://u:canary-secret@mail.example:587?tls=ssl", "tls is starttls, implicit or none"),
        ("smtp://u:canary-secret@mail.example?tsl=none", "only tls may follow the question mark"),
        ("smtp://u:canary-secret@mail.example:99999", "the port is no number from 1 to 65535"),
        ("smtp://u:canary-secret@mail.example:x", "the port is no number from 1 to 65535"),
    ],
)
def test_a_bad_address_says_why_and_never_repeats_the_password(address: str, why: str) -> None:
    with pytest.raises(RelayAddressError) as raised:
        operator_endpoint(address)

    assert str(raised.value) == (
        "POSTHORN_MAIL_RELAY must read smtp://user:password@host:587?tls=starttls"
        f" (or tls=implicit, tls=none): {why}"
    )


@pytest.mark.parametrize(
    ("security", "expected"),
    [(Security.STARTTLS, LineSecurity.STARTTLS), (Security.TLS, LineSecurity.IMPLICIT)],
)
def test_a_firms_relay_is_always_protected_and_never_the_operators(
    security: Security, expected: LineSecurity
) -> None:
    relay = Relay(
        host="mail.firm.example",
        port=2587,
        security=security,
        username="an",
        password="canary-secret",  # noqa: S106  made up
        sender="an@firm.example",
    )

    assert firm_endpoint(relay) == Endpoint(
        host="mail.firm.example",
        port=2587,
        security=expected,
        username="an",
        password="canary-secret",  # noqa: S106  made up
    )


def test_the_password_is_in_no_repr() -> None:
    assert "canary-secret" not in repr(operator_endpoint("smtp://u:canary-secret@mail.example"))
