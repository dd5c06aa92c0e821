"""TLS, certificates and addresses: whom we speak to at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.connections.relays import LineSecurity
from posthorn.sdk import Misconfigured, Outcome
from posthorn_sandbox.mail import (
    Action,
    CertificateOrder,
    Fault,
    Receiver,
    ReceiverSettings,
    Tls,
    Verb,
)
from tests.process.mail_relay import (
    MESSAGE,
    RECIPIENT,
    SENDER,
    Script,
    closed_lines,  # noqa: F401  used by every test
    endpoint,
    mailer_on,
    switchboard,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


def _send(mailer: RelayMailer, recipient: str = RECIPIENT) -> None:
    mailer.send(MESSAGE, sender=SENDER, recipient=recipient)


def _tls_mailer(receiver: Receiver, security: LineSecurity, host: str = "") -> RelayMailer:
    place = endpoint(receiver.smtp, security)
    return RelayMailer(
        switchboard=switchboard(terms(ca=receiver.ca_path)),
        endpoint=replace(place, host=host or place.host),
        sender=SENDER,
    )


@pytest.mark.parametrize(
    ("tls", "security"),
    [(Tls.STARTTLS, LineSecurity.STARTTLS), (Tls.IMPLICIT, LineSecurity.IMPLICIT)],
)
def test_a_good_certificate_is_trusted_by_name_and_by_address(
    tls: Tls, security: LineSecurity
) -> None:
    with Receiver(ReceiverSettings(tls=tls)) as receiver:
        for host in ("127.0.0.1", "localhost"):
            _send(_tls_mailer(receiver, security, host))

        assert [message.tls.startswith("TLSv1.") for message in receiver.messages()] == [True] * 2


@pytest.mark.parametrize(
    "order",
    [
        CertificateOrder(hosts=["mail.elsewhere.example"]),
        CertificateOrder(valid_for=timedelta(days=-1)),
    ],
    ids=["other name", "expired"],
)
@pytest.mark.parametrize(
    ("tls", "security"),
    [(Tls.STARTTLS, LineSecurity.STARTTLS), (Tls.IMPLICIT, LineSecurity.IMPLICIT)],
)
def test_a_wrong_certificate_is_refused(
    order: CertificateOrder, tls: Tls, security: LineSecurity
) -> None:
    with Receiver(ReceiverSettings(tls=tls, certificate=order)) as receiver:
        with pytest.raises(Misconfigured) as raised:
            _send(_tls_mailer(receiver, security))

        assert (raised.value.code, raised.value.field) == ("certificate_refused", "relay_host")
        assert receiver.messages() == []


def test_an_authority_nobody_trusts_is_refused() -> None:
    with (
        Receiver(ReceiverSettings(tls=Tls.STARTTLS)) as receiver,
        Receiver(ReceiverSettings(tls=Tls.STARTTLS)) as stranger,
    ):
        mailer = RelayMailer(
            switchboard=switchboard(terms(ca=stranger.ca_path)),
            endpoint=endpoint(receiver.smtp, LineSecurity.STARTTLS),
            sender=SENDER,
        )
        with pytest.raises(Misconfigured) as raised:
            mailer.check()

    assert raised.value.code == "certificate_refused"


def test_a_plain_relay_is_not_spoken_to_where_starttls_is_wanted(receiver: Receiver) -> None:
    place = endpoint(receiver.smtp, LineSecurity.STARTTLS)
    mailer = RelayMailer(switchboard=switchboard(), endpoint=place, sender=SENDER)

    with pytest.raises(Misconfigured) as raised:
        _send(mailer)

    assert (raised.value.code, raised.value.field) == ("starttls_missing", "relay_security")
    assert receiver.messages() == []


def test_tls_from_the_first_byte_on_a_plain_port_names_the_choice(receiver: Receiver) -> None:
    place = endpoint(receiver.smtp, LineSecurity.IMPLICIT)
    mailer = RelayMailer(switchboard=switchboard(), endpoint=place, sender=SENDER)

    with pytest.raises(Misconfigured) as raised:
        mailer.check()

    assert (raised.value.code, raised.value.field) == ("tls_missing", "relay_security")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(at=Verb.STARTTLS, action=Action.REPLY, code=454), "relay_unreachable"),
        (Fault(at=Verb.STARTTLS, action=Action.DROP), "relay_unreachable"),
        (Fault(at=Verb.STARTTLS, action=Action.REPLY, code=421), "relay_busy"),
        (Fault(at=Verb.STARTTLS, action=Action.REPLY, code=502), "starttls_missing"),
    ],
)
def test_starttls_that_fails_has_its_outcome(fault: Fault, code: str) -> None:
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS)) as receiver:
        receiver.add_fault(fault)
        with pytest.raises(Outcome) as raised:
            _tls_mailer(receiver, LineSecurity.STARTTLS).check()

    assert raised.value.code == code


def test_a_check_sends_nothing(receiver: Receiver) -> None:
    reply = mailer_on(receiver).check()

    assert reply.reply == "250 OK"
    assert receiver.messages() == []


def test_a_firms_relay_on_a_private_address_is_refused(receiver: Receiver) -> None:
    place = replace(endpoint(receiver.smtp), is_operators=False)
    mailer = RelayMailer(switchboard=switchboard(), endpoint=place, sender=SENDER)

    with pytest.raises(Misconfigured) as raised:
        _send(mailer)

    assert (raised.value.code, raised.value.field) == ("private_address", "relay_host")
    assert receiver.messages() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_allowed_port_is_reached_and_its_neighbour_is_not(host: str) -> None:
    with Script(answers=(b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n")).serving() as relay:
        allowed = terms(allow=[f"127.0.0.1:{relay.address[1]}"])
        place = replace(endpoint(relay.address), host=host, is_operators=False)
        board = switchboard(allowed)

        assert RelayMailer(switchboard=board, endpoint=place, sender=SENDER).check().reply == (
            "250 ok"
        )
        neighbour = replace(place, port=place.port + 1)
        with pytest.raises(Misconfigured) as raised:
            RelayMailer(switchboard=board, endpoint=neighbour, sender=SENDER).check()

    assert raised.value.code == "private_address"


def test_the_proof_names_server_reply_tls_and_queue() -> None:
    with Receiver(ReceiverSettings(tls=Tls.IMPLICIT)) as receiver:
        reply = _tls_mailer(receiver, LineSecurity.IMPLICIT).send(
            MESSAGE, sender=SENDER, recipient=RECIPIENT
        )
        message = receiver.messages()[0]

    host, port = receiver.smtp
    assert reply.server == f"{host}:{port}"
    assert reply.reply == f"250 2.0.0 Stored as {message.number}"
    assert reply.queue_id == str(message.number)
    assert reply.tls == message.tls
    assert reply.tls.startswith("TLSv1.")
