"""Bounces come in over LMTP, SMTP and IMAP: kept before they are acknowledged, never twice."""

from __future__ import annotations

import smtplib
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.keyring import fresh_key
from posthorn.delivery import instance
from posthorn.delivery.bounces.doors import Mailbox
from posthorn.delivery.bounces.mailbox import MailboxError, Visit, look
from posthorn.delivery.bounces.parts import MAX_BYTES
from posthorn.delivery.bounces.serving import NoDoorError, read_mailbox, serve
from posthorn.delivery.bounces.settling import settle_due
from posthorn.delivery.letters import Letter
from posthorn.delivery.models import Instance
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system
from posthorn_sandbox.mail.certificates import CertificateOrder, issue
from tests.db.returning import Post, letters, open_post, with_bounce_domain
from tests.imap_box import PASSWORD, Box, served
from tests.installation import await_that, free_port
from tests.returned_mail import DOMAIN
from tests.returned_reports import postfix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from tests.database import Database

ROBOT = "<>"
WRONG, SPECIAL = "wrong-secret", "ge:heim"


@pytest.fixture(autouse=True)
def own_domain(settings: Settings) -> None:
    with_bounce_domain(settings)


@pytest.fixture
def post(committed: Database) -> Post:
    del committed
    return open_post()


@contextmanager
def open_door(settings: Settings, protocol: str) -> Iterator[int]:
    """Serve bounces in this process."""
    port = free_port()
    settings.POSTHORN = replace(
        settings.POSTHORN,
        bounce_listen=f"{protocol}://127.0.0.1:{port}",
        mail_from="facturen@kantoor.example",
    )
    is_over = threading.Event()
    serving = threading.Thread(target=serve, args=(is_over,))
    serving.start()
    try:
        await_that(lambda: _answers(port))
        yield port
    finally:
        is_over.set()
        serving.join(30)
    assert not serving.is_alive()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(("protocol", "client"), [("lmtp", smtplib.LMTP), ("smtp", smtplib.SMTP)])
def test_a_bounce_comes_in_and_moves_its_delivery(
    post: Post, settings: Settings, protocol: str, client: type[smtplib.SMTP]
) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)

    with open_door(settings, protocol) as port, client("127.0.0.1", port) as line:
        refused = line.sendmail(ROBOT, lost.path.upper(), postfix(lost))
        with system("test"):
            assert Letter.objects.count() == 1
        await_that(lambda: post.now(delivery).state == "bounced", 20)

    assert refused == {}
    assert letters() == [("matched", f"delivery {delivery.id}")]


def test_addresses_that_nobody_made_are_refused_and_nothing_is_kept(
    post: Post, settings: Settings
) -> None:
    (delivery,) = post.sent()
    path = post.lost(delivery).path
    strangers = [
        f"r-{'a' * 47}@{DOMAIN}",
        f"anybody@{DOMAIN}",
        path.replace(DOMAIN, "elsewhere.example"),
        "an@elsewhere.example",
    ]
    with open_door(settings, "smtp") as port, smtplib.SMTP("127.0.0.1", port) as line:
        line.helo("test")
        line.mail(ROBOT)
        answers = [line.rcpt(address)[0] for address in strangers]
        own = [
            line.rcpt(f"postmaster@{DOMAIN}")[0],
            line.rcpt(path)[0],
        ]

    assert answers == [550] * 4
    assert own == [250, 452]  # one recipient at a time: LMTP answers for each
    assert letters() == []


def test_a_letter_that_is_too_large_is_refused(post: Post, settings: Settings) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    huge = postfix(lost) + ("x" * 76 + "\r\n") * 440_000

    with open_door(settings, "smtp") as port, smtplib.SMTP("127.0.0.1", port) as line:
        line.helo("test")
        with pytest.raises(smtplib.SMTPResponseException) as refusal:
            line.sendmail(ROBOT, lost.path, huge)

    assert refusal.value.smtp_code == 552
    assert letters() == []


def test_a_letter_of_ten_megabytes_is_taken_and_its_beginning_kept(
    post: Post, settings: Settings
) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    large = postfix(lost) + ("x" * 76 + "\r\n") * 130_000

    with open_door(settings, "lmtp") as port, smtplib.LMTP("127.0.0.1", port) as line:
        line.sendmail(ROBOT, lost.path, large)
        await_that(lambda: post.now(delivery).state == "bounced", 20)

    with system("test"):
        ((size, raw),) = Letter.objects.values_list("size", "raw")
    assert (size, len(raw)) == (len(large), MAX_BYTES)


def test_a_tag_whose_key_is_gone_is_refused(post: Post, settings: Settings) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    with open_door(settings, "smtp") as port, smtplib.SMTP("127.0.0.1", port) as line:
        line.helo("test")
        settings.POSTHORN = replace(settings.POSTHORN, keyring=fresh_key("another"))
        line.mail(ROBOT)
        code, _ = line.rcpt(lost.path)

    assert code == 550
    assert letters() == []


@pytest.fixture
def box() -> Box:
    return Box()


@contextmanager
def mailbox(box: Box, folder: Path, **changes: object) -> Iterator[tuple[Mailbox, Path]]:
    certificate = issue(folder)
    with served(box, certificate.server_context()) as port:
        place = Mailbox(
            host="localhost", port=port, username="bounces", password=PASSWORD, folder="INBOX"
        )
        yield replace(place, **changes), certificate.ca_path  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("takes_keywords", [True, False])
def test_a_mailbox_is_read_once_and_marked(
    box: Box, tmp_path: Path, *, takes_keywords: bool
) -> None:
    post = open_post()
    box.takes_keywords = takes_keywords
    sent = post.sent(3)
    for delivery in sent:
        lost = post.lost(delivery)
        box.put(f"Delivered-To: {lost.path}\r\n{postfix(lost)}")

    with mailbox(box, tmp_path) as (place, ca):
        first, again = look(place, ca=ca), look(place, ca=ca)
    while settle_due():
        pass

    assert (first, again) == (Visit(new=3, known=0), Visit(new=0, known=0))
    assert [post.now(delivery).state for delivery in sent] == ["bounced"] * 3
    marks = {r"\Seen", "PosthornTaken"} if takes_keywords else {r"\Seen"}
    assert list(box.flags.values()) == [marks] * 3


@pytest.mark.django_db
def test_a_mailbox_that_was_rebuilt_is_read_again_and_nothing_counts_twice(
    box: Box, tmp_path: Path
) -> None:
    post = open_post()
    sent = post.sent(4)
    with mailbox(box, tmp_path) as (place, ca):
        for delivery in sent[:3]:
            box.put(f"Delivered-To: {post.lost(delivery).path}\r\n{postfix(post.lost(delivery))}")
        look(place, ca=ca)
        box.rebuild()  # numbers used anew, another UIDVALIDITY, no marks
        box.put(f"Delivered-To: {post.lost(sent[3]).path}\r\n{postfix(post.lost(sent[3]))}")
        second = look(place, ca=ca)
    while settle_due():
        pass

    assert second == Visit(new=1, known=3)
    assert [post.now(delivery).state for delivery in sent] == ["bounced"] * 4
    assert len(post.returns()) == 4


@pytest.mark.django_db
def test_a_copy_of_the_installation_leaves_the_mailbox_to_the_original(
    box: Box, settings: Settings, tmp_path: Path
) -> None:
    box.put("From: an@x.example\r\n\r\nHello.\r\n")
    instance.recognise()

    with mailbox(box, tmp_path / "tls") as (place, ca):
        settings.POSTHORN = replace(settings.POSTHORN, mail_ca=ca)
        with system("test"):
            Instance.objects.update(held_reason="copied", held_at=now())
        assert read_mailbox(place) is None
        assert box.commands == []

        instance.release("test")
        assert read_mailbox(place) == Visit(new=1, known=0)


@pytest.mark.django_db
def test_what_somebody_has_opened_already_is_not_missed(box: Box, tmp_path: Path) -> None:
    box.put("From: an@x.example\r\n\r\nHello.\r\n")
    box.flags[1].add(r"\Seen")

    with mailbox(box, tmp_path) as (place, ca):
        assert look(place, ca=ca) == Visit(new=1, known=0)


@pytest.mark.django_db
def test_a_server_that_announces_gigabytes_is_left(box: Box, tmp_path: Path) -> None:
    box.put("From: an@x.example\r\n\r\nHello.\r\n")
    box.announces = 10**10

    with mailbox(box, tmp_path) as (place, ca), pytest.raises(MailboxError):
        look(place, ca=ca)
    assert letters() == []


@pytest.mark.django_db
def test_a_refused_login_says_nothing_of_the_password(box: Box, tmp_path: Path) -> None:
    with (
        mailbox(box, tmp_path, password=WRONG) as (place, ca),
        pytest.raises(MailboxError) as refusal,
    ):
        look(place, ca=ca)

    assert WRONG not in str(refusal.value)
    assert WRONG not in repr(place)


@pytest.mark.django_db
def test_a_certificate_of_another_host_keeps_the_password_here(box: Box, tmp_path: Path) -> None:
    certificate = issue(tmp_path, CertificateOrder(hosts=("elsewhere.example",)))
    with served(box, certificate.server_context()) as port:
        place = Mailbox(
            host="localhost", port=port, username="b", password=PASSWORD, folder="INBOX"
        )
        with pytest.raises(MailboxError):
            look(place, ca=certificate.ca_path)

    assert box.commands == []


def test_without_a_door_serving_is_refused() -> None:
    with pytest.raises(NoDoorError):
        serve(threading.Event())
