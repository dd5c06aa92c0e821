"""Lines to a relay: reused, replaced when dead, bounded in number, and protected by TLS."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.mail import RelayMailer
from posthorn.connections.relays import LineSecurity
from posthorn.sdk import Misconfigured, Outcome, Rejected, Unavailable
from posthorn_sandbox.mail import (
    Action,
    CertificateOrder,
    Fault,
    Moment,
    Receiver,
    ReceiverSettings,
    Tls,
    Verb,
)
from tests.process.mail_relay import (
    MESSAGE,
    RECIPIENT,
    SENDER,
    TERMS,
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


def _peers(receiver: Receiver) -> list[str]:
    return [message.peer for message in receiver.messages()]


def test_twenty_mails_go_over_one_line(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)

    for _ in range(20):
        _send(mailer)

    assert len(_peers(receiver)) == 20
    assert len(set(_peers(receiver))) == 1


def test_what_arrives_is_what_was_given_dots_and_all(receiver: Receiver) -> None:
    message = b".first\r\nSubject: x\r\n\r\n.\r\n..\r\n.. two\r\nend.\r\n.\r\n"

    mailer_on(receiver).send(message, sender=SENDER, recipient=RECIPIENT)

    assert receiver.content(receiver.messages()[0].number) == message


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


def test_a_line_that_died_while_idle_is_replaced_without_a_word(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)
    _send(mailer)
    receiver.close()
    again = Receiver(ReceiverSettings(port=receiver.smtp[1]))
    with again:
        _send(mailer)

        assert len(again.messages()) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(at=Verb.MAIL, action=Action.DROP, skip=1, times=1),
        Fault(at=Verb.MAIL, action=Action.RESET, skip=1, times=1),
        Fault(at=Verb.MAIL, action=Action.SILENCE, skip=1, times=1),
        Fault(at=Verb.MAIL, action=Action.REPLY, code=421, skip=1, times=1),
    ],
    ids=["dropped", "reset", "silent", "421"],
)
def test_a_reused_line_that_fails_at_mail_from_is_replaced_once(
    receiver: Receiver, fault: Fault
) -> None:
    mailer = mailer_on(receiver)
    receiver.add_fault(fault)

    _send(mailer)
    _send(mailer)

    assert len(receiver.messages()) == 2
    assert len(set(_peers(receiver))) == 2


def test_a_new_line_that_fails_too_is_told(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)
    receiver.add_fault(Fault(at=Verb.MAIL, action=Action.DROP, skip=1))
    _send(mailer)

    with pytest.raises(Unavailable) as raised:
        _send(mailer)

    assert raised.value.code == "line_dropped"
    assert receiver.faults()[0]["hits"] == 2


def test_a_line_on_which_a_recipient_was_refused_is_reset_and_reused(receiver: Receiver) -> None:
    mailer = mailer_on(receiver)
    receiver.add_fault(
        Fault(at=Verb.RCPT, action=Action.REPLY, code=550, recipient="nobody@pakket.example")
    )
    _send(mailer)

    with pytest.raises(Rejected):
        _send(mailer, "nobody@pakket.example")
    _send(mailer)

    assert len(receiver.messages()) == 2
    assert len(set(_peers(receiver))) == 1


def test_an_idle_line_is_closed_when_asked(receiver: Receiver) -> None:
    board = switchboard()
    mailer = mailer_on(receiver, board)
    _send(mailer)

    assert board.close_idle(60.0) == 1
    assert board.close_idle(0.0) == 0
    _send(mailer)
    assert len(set(_peers(receiver))) == 2


def test_size_is_announced_and_a_limit_refuses_the_document() -> None:
    with Receiver(ReceiverSettings(max_bytes=10_000)) as receiver:
        with pytest.raises(Rejected) as raised:
            mailer_on(receiver).send(MESSAGE * 1_000, sender=SENDER, recipient=RECIPIENT)

        assert raised.value.code == "too_large"
        assert receiver.messages() == []


def test_threads_share_lines_up_to_the_limit(receiver: Receiver) -> None:
    mailer = mailer_on(receiver, switchboard(terms(concurrency=3)))
    receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.05))

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: _send(mailer), range(24)))

    assert len(receiver.messages()) == 24
    assert len(set(_peers(receiver))) == 3


def test_a_relay_that_takes_four_lines_gets_everything_over_at_most_four(
    receiver: Receiver,
) -> None:
    patient = replace(TERMS, times=replace(TERMS.times, connect_s=10.0))
    mailer = mailer_on(receiver, switchboard(patient))
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.LIMIT, limit=4, code=421))
    receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.05))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: _send(mailer), range(32)))

    assert len(receiver.messages()) == 32
    assert len(set(_peers(receiver))) <= 4


def test_a_relay_that_takes_no_line_at_all_is_busy(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.REPLY, code=421, text="too many"))

    with pytest.raises(Unavailable) as raised:
        _send(mailer_on(receiver))

    assert (raised.value.code, raised.value.detail) == ("relay_busy", "421 too many")
    assert receiver.faults()[0]["hits"] == 1


def test_who_waits_too_long_for_a_line_has_sent_nothing(receiver: Receiver) -> None:
    slow = replace(TERMS, times=replace(TERMS.times, connect_s=0.2, accept_s=10.0), concurrency=1)
    mailer = mailer_on(receiver, switchboard(slow))
    receiver.add_fault(
        Fault(at=Verb.DOT, action=Action.STALL, seconds=1.0, when=Moment.AFTER, times=1)
    )
    first = threading.Thread(target=_send, args=(mailer,))
    first.start()
    receiver.wait_for(1)

    with pytest.raises(Unavailable) as raised:
        _send(mailer)

    first.join()
    assert raised.value.code == "relay_busy"
    assert len(receiver.messages()) == 1


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
