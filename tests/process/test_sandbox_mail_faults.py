"""Every fault, as a real client meets it, and what the server has afterwards."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Iterator

import pytest

from posthorn_sandbox.mail import (
    Action,
    Fault,
    Login,
    Moment,
    Receiver,
    ReceiverSettings,
    Tls,
    Verb,
)

SENDER = "firm@posthorn.example"
BOX = "in@package.example"
CONTENT = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 50
TIMEOUT_S = 0.3
LOGIN = Login(user="relay", password="s3cret")  # noqa: S106  nobody's


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def client_of(receiver: Receiver, timeout_s: float = 10.0) -> smtplib.SMTP:
    """Connect and read the banner."""
    return smtplib.SMTP(*receiver.smtp, timeout=timeout_s)


def send(client: smtplib.SMTP) -> None:
    """Send the one message of these tests."""
    client.sendmail(SENDER, [BOX], CONTENT)


def took_s(act: Callable[[], object]) -> float:
    """Return how many seconds it took."""
    start = time.monotonic()
    act()
    return time.monotonic() - start


def command(client: smtplib.SMTP, verb: Verb) -> tuple[int, bytes]:
    """Bring the conversation to a verb and return the reply to it."""
    if verb is Verb.EHLO:
        return client.ehlo()
    client.ehlo()
    plain = {Verb.NOOP: client.noop, Verb.RSET: client.rset, Verb.QUIT: client.quit}
    if verb in plain:
        return plain[verb]()
    if verb is Verb.MAIL:
        return client.mail(SENDER)
    client.mail(SENDER)
    if verb is Verb.RCPT:
        return client.rcpt(BOX)
    client.rcpt(BOX)
    return client.docmd("DATA") if verb is Verb.DATA else client.data(CONTENT)


CODES = (421, 450, 451, 452, 454, 550, 552, 553, 554)
VERBS = [
    Verb.EHLO,
    Verb.MAIL,
    Verb.RCPT,
    Verb.DATA,
    Verb.DOT,
    Verb.RSET,
    Verb.NOOP,
    Verb.QUIT,
]


@pytest.mark.parametrize("verb", VERBS)
def test_reply_is_given_once_at_its_verb(receiver: Receiver, verb: Verb) -> None:
    for code in CODES:
        receiver.add_fault(
            Fault(at=verb, action=Action.REPLY, code=code, text="4.2.0 not now", times=1)
        )
        client = client_of(receiver)
        assert command(client, verb) == (code, b"4.2.0 not now")
        client.close()

    assert receiver.messages() == []
    with client_of(receiver) as again:
        send(again)
    assert len(receiver.messages()) == 1


def test_reply_at_connect_takes_the_banners_place_and_closes(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.REPLY, code=554, text="no", times=1))

    with pytest.raises(smtplib.SMTPConnectError) as refused:
        client_of(receiver)

    assert (refused.value.smtp_code, refused.value.smtp_error) == (554, b"no")


def test_reply_after_acceptance_leaves_the_message_stored(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.DOT, when=Moment.AFTER, action=Action.REPLY, code=451))

    with client_of(receiver) as client, pytest.raises(smtplib.SMTPDataError):
        send(client)

    assert [one.answered_at for one in receiver.messages()] == [None]


def test_reply_may_carry_bytes_that_are_not_text(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.MAIL, action=Action.REPLY, code=550, text="\0 caf\udce9 \x07"))

    with client_of(receiver) as client:
        assert command(client, Verb.MAIL) == (550, b"\0 caf\xe9 \x07")


def test_fault_for_one_recipient_leaves_the_other_alone(receiver: Receiver) -> None:
    receiver.add_fault(
        Fault(at=Verb.RCPT, action=Action.REPLY, code=550, text="no", recipient="in@*")
    )

    with client_of(receiver) as client:
        refused = client.sendmail(SENDER, [BOX, "out@package.example"], CONTENT)

    assert refused == {BOX: (550, b"no")}
    assert [one.recipients for one in receiver.messages()] == [("out@package.example",)]


def test_refused_login_is_taken_the_next_time() -> None:
    with Receiver(ReceiverSettings(login=LOGIN)) as receiver, client_of(receiver) as client:
        receiver.add_fault(Fault(at=Verb.AUTH, action=Action.REPLY, code=535, times=2))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(LOGIN.user, LOGIN.password)
        assert client.login(LOGIN.user, LOGIN.password)[0] == 235


def test_starttls_can_be_refused() -> None:
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS)) as receiver, client_of(receiver) as client:
        receiver.add_fault(Fault(at=Verb.STARTTLS, action=Action.REPLY, code=454, text="no"))
        assert client.ehlo()[0] == 250
        assert client.docmd("STARTTLS") == (454, b"no")


def test_greylisted_pair_is_taken_after_its_period(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.RCPT, action=Action.GREYLIST, seconds=0.2))

    codes = []
    for wait_s in (0, 0, 0.25):
        time.sleep(wait_s)
        with client_of(receiver) as client:
            codes.append(command(client, Verb.RCPT)[0])

    assert codes == [451, 451, 250]


@pytest.mark.parametrize("when", list(Moment))
@pytest.mark.parametrize("verb", VERBS)
def test_stall_delays_the_reply_and_then_all_goes_on(
    receiver: Receiver, verb: Verb, when: Moment
) -> None:
    receiver.add_fault(Fault(at=verb, when=when, action=Action.STALL, seconds=0.15, times=1))
    client = client_of(receiver)

    assert 0.15 <= took_s(lambda: command(client, verb)) < 2
    client.close()
    assert [listed["hits"] for listed in receiver.faults()] == [1]


def test_stall_before_the_banner_delays_the_connection(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.STALL, seconds=0.15))

    assert 0.15 <= took_s(lambda: client_of(receiver).close()) < 2


def test_banner_can_come_byte_by_byte_and_the_next_reply_at_once(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.TRICKLE, seconds=0.01))
    clients: list[smtplib.SMTP] = []

    assert took_s(lambda: clients.append(client_of(receiver))) >= 0.01 * len("220 mail.sandbox")
    with clients[0] as client:
        assert took_s(client.noop) < 0.1


def test_no_banner_leaves_the_client_waiting(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.SILENCE))

    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        client_of(receiver, TIMEOUT_S)


@pytest.mark.parametrize(("when", "stored"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
def test_silence_at_the_dot_never_answers(receiver: Receiver, when: Moment, stored: int) -> None:
    receiver.add_fault(Fault(at=Verb.DOT, when=when, action=Action.SILENCE))
    client = client_of(receiver, TIMEOUT_S)

    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(client)
    client.close()

    assert [one.answered_at for one in receiver.messages()] == [None] * stored


def test_server_with_the_dot_stores_although_the_client_has_left(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.DOT, action=Action.STALL, seconds=0.4))
    client = client_of(receiver, 0.1)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(client)
    client.close()

    (message,) = receiver.wait_for(1, timeout_s=5)

    assert receiver.content(message.number) == CONTENT
    assert message.answered_at is None


def test_trickled_reply_comes_byte_by_byte(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.NOOP, action=Action.TRICKLE, seconds=0.02, times=1))

    with client_of(receiver) as client:
        assert took_s(client.noop) >= 0.02 * len(b"250 OK\r")
        assert took_s(client.noop) < 0.1


def test_flood_on_one_line_is_as_long_as_asked(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.NOOP, action=Action.FLOOD, code=250, size=10_000_000, times=1))
    with client_of(receiver) as client:
        assert client.sock is not None
        client.send(b"NOOP\r\n")
        reply = client.sock.makefile("rb").readline()
        assert reply == b"250 " + b"x" * 10_000_000 + b"\r\n"
        assert client.noop() == (250, b"OK")


def test_flood_of_lines_ends_as_a_reply_does(receiver: Receiver) -> None:
    receiver.add_fault(
        Fault(at=Verb.NOOP, action=Action.FLOOD, code=451, size=200_000, line_bytes=70)
    )

    with client_of(receiver) as client:
        code, text = client.noop()

    lines = text.split(b"\n")
    assert code == 451
    assert set(lines[:-1]) == {b"x" * 70}
    assert lines[-1] == b"end"
    assert len(lines) >= 200_000 // 76


def test_connections_above_the_limit_get_421_until_one_leaves(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.LIMIT, limit=2, code=421, text="full"))
    first, second = client_of(receiver), client_of(receiver)

    with pytest.raises(smtplib.SMTPConnectError) as refused:
        client_of(receiver)
    first.quit()
    third = _client_when_free(receiver)

    assert (refused.value.smtp_code, refused.value.smtp_error) == (421, b"full")
    second.quit()
    third.quit()


def test_cleared_faults_strike_no_more(receiver: Receiver) -> None:
    receiver.add_fault(Fault(at=Verb.MAIL, action=Action.REPLY, code=550))
    receiver.clear_faults()

    with client_of(receiver) as client:
        send(client)

    assert receiver.faults() == []


def _client_when_free(receiver: Receiver) -> smtplib.SMTP:
    """Connect once the server has noticed that another client left."""
    end = time.monotonic() + 5
    while True:
        try:
            return client_of(receiver)
        except smtplib.SMTPConnectError:
            if time.monotonic() > end:
                raise
