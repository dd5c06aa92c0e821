"""The admin surface, as a program and a browser meet it."""

from __future__ import annotations

import http.client
import json
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from posthorn_sandbox.mail import Fault, PortTakenError, Receiver, ReceiverSettings
from posthorn_sandbox.mail.faults import Action, Verb

SENDER = "firm@posthorn.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def value(self) -> object:
        """Return the body as JSON."""
        return json.loads(self.body)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def ask(
    receiver: Receiver,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Ask the admin surface once."""
    line = http.client.HTTPConnection(urlsplit(receiver.admin_url).netloc, timeout=10)
    sent = None if body is None else json.dumps(body)
    line.request(method, path, body=sent, headers=headers or {})
    reply = line.getresponse()
    answer = Answer(status=reply.status, headers=dict(reply.getheaders()), body=reply.read())
    line.close()
    return answer


def send(receiver: Receiver, to: str, subject: str = "one") -> None:
    """Send a mail with one attachment."""
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["Message-ID"] = "<7@firm.example>"
    mail.set_content("Good day\n")
    mail.add_attachment(b"<Invoice/>", maintype="application", subtype="xml", filename='7".xml')
    with smtplib.SMTP(*receiver.smtp, timeout=10) as client:
        client.sendmail(SENDER, [to], mail.as_bytes())


def test_list_tells_what_is_stored(receiver: Receiver) -> None:
    send(receiver, "in@package.example")

    (message,) = receiver.messages()
    answer = ask(receiver, "/messages")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.value() == [
        {
            "number": 1,
            "from": SENDER,
            "to": ["in@package.example"],
            "subject": "one",
            "message_id": "<7@firm.example>",
            "size": len(receiver.content(1)),
            "sha256": message.sha256,
            "received_at": message.received_at.isoformat(),
            "stored_at": message.stored_at.isoformat(),
            "answered_at": message.answered_at.isoformat() if message.answered_at else None,
            "peer": message.peer,
            "tls": "",
            "login": "",
        }
    ]


def test_list_is_filtered_by_recipient_time_and_number(receiver: Receiver) -> None:
    for to in ("a@x.example", "b@x.example", "a@x.example"):
        send(receiver, to)
    second = receiver.messages()[1].received_at.isoformat()

    def numbers(query: str) -> list[int]:
        listed = ask(receiver, f"/messages?{query}").value()
        assert isinstance(listed, list)
        return [message["number"] for message in listed]

    assert numbers("to=A@x.example") == [1, 3]
    assert numbers("to=c@x.example") == []
    assert numbers(f"since={second}") == [2, 3]
    assert numbers(f"since={second.replace('+', '%2B')}&to=b@x.example") == [2]
    assert numbers("after=2") == [3]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("since=noon", "since is a time with its zone, such as 2026-08-01T12:00:00Z."),
        ("since=2026-08-01T12:00", "since is a time with its zone, such as 2026-08-01T12:00:00Z."),
        ("after=x", "after is a message's number."),
        ("from=a", "There is no filter from."),
    ],
)
def test_bad_filter_is_told(receiver: Receiver, query: str, error: str) -> None:
    answer = ask(receiver, f"/messages?{query}")

    assert (answer.status, answer.value()) == (400, {"error": error})


def test_raw_message_and_attachment_come_as_downloads(receiver: Receiver) -> None:
    send(receiver, "in@package.example")

    raw = ask(receiver, "/messages/1")
    attachment = ask(receiver, "/messages/1/attachments/0")

    assert raw.body == receiver.content(1)
    assert raw.headers["Content-Type"] == "message/rfc822"
    assert raw.headers["Content-Disposition"] == "attachment; filename*=UTF-8''000001.eml"
    assert attachment.body == b"<Invoice/>"
    assert attachment.headers["Content-Type"] == "application/xml"
    assert attachment.headers["Content-Disposition"] == "attachment; filename*=UTF-8''7%22.xml"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/messages/1", 404),
        ("GET", "/mail/1", 404),
        ("GET", "/nothing", 404),
        ("GET", "/messages/../1", 404),
        ("POST", "/messages", 405),
        ("DELETE", "/", 405),
        ("PUT", "/faults", 501),
    ],
)
def test_what_is_not_there_is_refused(
    receiver: Receiver, method: str, path: str, status: int
) -> None:
    assert ask(receiver, path, method).status == status


def test_missing_attachment_is_told(receiver: Receiver) -> None:
    send(receiver, "in@package.example")

    answer = ask(receiver, "/messages/1/attachments/1")

    assert (answer.status, answer.value()) == (404, {"error": "It has 1 attachments."})


def test_faults_are_added_listed_and_cleared(receiver: Receiver) -> None:
    one = {"at": "rcpt", "action": "reply", "code": 550, "text": "no", "recipient": "in@*"}

    added = ask(receiver, "/faults", "POST", [one, {"at": "dot", "action": "drop", "times": 1}])
    with smtplib.SMTP(*receiver.smtp, timeout=10) as client:
        client.ehlo()
        client.mail(SENDER)
        reply = client.rcpt("in@package.example")
    listed = ask(receiver, "/faults")
    cleared = ask(receiver, "/faults", "DELETE")

    wanted = Fault(at=Verb.RCPT, action=Action.REPLY, code=550, text="no", recipient="in@*")
    other = Fault(at=Verb.DOT, action=Action.DROP, times=1)
    assert added.status == 201
    assert added.value() == [{**wanted.as_json(), "hits": 0}, {**other.as_json(), "hits": 0}]
    assert reply == (550, b"no")
    assert listed.value() == [{**wanted.as_json(), "hits": 1}, {**other.as_json(), "hits": 0}]
    assert (cleared.status, cleared.body) == (204, b"")
    assert receiver.faults() == []


def test_one_bad_fault_of_a_list_adds_none(receiver: Receiver) -> None:
    answer = ask(receiver, "/faults", "POST", [{"at": "dot", "action": "drop"}, {"at": "dot"}])

    assert (answer.status, answer.value()) == (
        400,
        {"error": "A fault needs at least 'at' and 'action'."},
    )
    assert receiver.faults() == []


def test_body_over_a_megabyte_is_refused(receiver: Receiver) -> None:
    answer = ask(receiver, "/faults", "POST", headers={"Content-Length": "1000001"})

    assert (answer.status, answer.value()) == (413, {"error": "Send a smaller body."})


def test_messages_can_be_thrown_away(receiver: Receiver) -> None:
    send(receiver, "in@package.example")

    assert ask(receiver, "/messages", "DELETE").status == 204
    assert receiver.messages() == []


def test_pages_escape_a_hostile_subject_and_forbid_everything_active(receiver: Receiver) -> None:
    send(receiver, "in@package.example", "<script>alert(1)</script>")

    for path in ("/", "/mail/1"):
        answer = ask(receiver, path)
        assert answer.status == 200
        assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in answer.body
        assert b"<script" not in answer.body
        assert b"stand-in" in answer.body
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )
    assert ask(receiver, "/style.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_other_host_name_and_other_origin_are_refused(receiver: Receiver) -> None:
    rebound = ask(receiver, "/messages", headers={"Host": "evil.example"})
    crossed = ask(receiver, "/messages", "DELETE", headers={"Origin": "https://evil.example"})

    assert rebound.status == 421
    assert crossed.status == 403


def test_taken_admin_port_is_one_clear_line_and_frees_all_else(receiver: Receiver) -> None:
    port = int(urlsplit(receiver.admin_url).port or 0)

    with pytest.raises(PortTakenError) as refused:
        Receiver(ReceiverSettings(admin_port=port)).start()

    assert str(refused.value) == (
        f"Port {port} on 127.0.0.1 is taken; choose another one, or 0 for any."
    )
