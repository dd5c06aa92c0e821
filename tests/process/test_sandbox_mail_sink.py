"""What the sink counts, keeps and delays."""

from __future__ import annotations

import json
import smtplib
import socket
import struct
import threading
import time
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from urllib.error import HTTPError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn_sandbox.mail.settings import NotLoopbackError, PortTakenError
from posthorn_sandbox.mail.sink import Sink, SinkSettings
from posthorn_sandbox.mail.sink_lines import Keeps

SENDER = "firm@posthorn.example"
DIGESTS = SinkSettings(keeps=Keeps.DIGESTS)


def client_of(sink: Sink) -> smtplib.SMTP:
    """Connect and read the banner."""
    return smtplib.SMTP(*sink.smtp, timeout=10)


def content_of(number: int, size: int = 100) -> bytes:
    """Return a message of about that many bytes, with lines that start with a dot."""
    head = f"Subject: x\r\nMESSAGE-ID:\r\n <{number}@firm.example>\r\n\r\n".encode()
    return head + b".dotted line\r\n" * (size // 14)


def test_sink_keeps_id_recipient_and_digest_of_what_was_sent() -> None:
    start = time.time()
    with Sink(DIGESTS) as sink, client_of(sink) as client:
        client.sendmail(SENDER, ["a@x.example", "b@x.example"], content_of(1))
        client.sendmail(SENDER, ["c@x.example"], content_of(2, 400_000))
        records = sink.records()

    assert [(one.message_id, one.recipient, one.sha256) for one in records] == [
        ("<1@firm.example>", "a@x.example", sha256(content_of(1)).hexdigest()),
        ("<1@firm.example>", "b@x.example", sha256(content_of(1)).hexdigest()),
        ("<2@firm.example>", "c@x.example", sha256(content_of(2, 400_000)).hexdigest()),
    ]
    assert all(start <= one.mail_at <= one.accepted_at <= time.time() for one in records)


def test_records_without_digests_leave_them_empty_and_counts_keep_none() -> None:
    for keeps, expected in ((Keeps.RECORDS, [("<1@firm.example>", "")]), (Keeps.COUNTS, [])):
        with Sink(SinkSettings(keeps=keeps)) as sink, client_of(sink) as client:
            client.sendmail(SENDER, ["a@x.example"], content_of(1))
            assert [(one.message_id, one.sha256) for one in sink.records()] == expected


@settings(max_examples=25)
@given(
    content=st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"x", b"\xff"]), max_size=30),
    cut=st.integers(min_value=0, max_value=40),
)
def test_end_is_found_wherever_the_content_is_cut(content: list[bytes], cut: int) -> None:
    plain = b"".join(content) + b"\r\n"
    wire = (b"\r\n" + plain).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
    with Sink(DIGESTS) as sink, socket.create_connection(sink.smtp, timeout=10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        replies = line.makefile("rb")
        line.sendall(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n")
        codes = [replies.readline()[:3] for _ in range(4)]
        line.sendall(wire[:cut])
        time.sleep(0.002)
        line.sendall(wire[cut:])
        codes.append(replies.readline()[:3])

        assert codes == [b"220", b"250", b"250", b"354", b"250"]
        assert [one.sha256 for one in sink.records()] == [sha256(plain).hexdigest()]


def test_next_message_sent_with_the_dot_waits_for_its_turn() -> None:
    envelope = b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
    slow = SinkSettings(delay_ms=30, keeps=Keeps.DIGESTS)
    with Sink(slow) as sink, socket.create_connection(sink.smtp, timeout=10) as line:
        replies = line.makefile("rb")
        line.sendall((envelope + b"one\r\n.\r\n" + envelope + b"two\r\n.\r\n") + b"QUIT\r\n")
        codes = [reply[:3] for reply in replies]

        assert codes == [b"220", *([b"250", b"250", b"354", b"250"] * 2), b"221"]
        assert [one.sha256 for one in sink.records()] == [
            sha256(b"one\r\n").hexdigest(),
            sha256(b"two\r\n").hexdigest(),
        ]


def test_rare_commands_are_answered() -> None:
    with Sink() as sink, client_of(sink) as client:
        assert client.helo()[0] == 250
        assert client.ehlo()[0] == 250
        assert sorted(client.esmtp_features) == ["8bitmime", "pipelining", "size"]
        assert client.noop()[0] == 250
        assert client.docmd("DATA")[0] == 503
        client.rcpt("a@x.example")
        assert client.rset()[0] == 250
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("VRFY x")[0] == 500
        assert client.quit()[0] == 221


def test_endless_command_loses_the_line() -> None:
    with Sink() as sink, socket.create_connection(sink.smtp, timeout=10) as line:
        line.recv(100)
        line.sendall(b"x" * 9_000)
        assert line.recv(100) == b""


def test_final_reply_comes_after_the_delay_and_the_others_at_once() -> None:
    with Sink(SinkSettings(delay_ms=150)) as sink, client_of(sink) as client:
        start = time.monotonic()
        client.ehlo()
        client.mail(SENDER)
        client.rcpt("a@x.example")
        before = time.monotonic() - start
        client.data(content_of(1))
        after = time.monotonic() - start

    assert before < 0.15 <= after < 2


def test_message_of_a_sender_that_left_is_accepted_all_the_same() -> None:
    settings_ = SinkSettings(delay_ms=100, jitter_ms=100, seed=3, keeps=Keeps.DIGESTS)
    with Sink(settings_) as sink:
        client = client_of(sink)
        client.ehlo()
        client.mail(SENDER)
        client.rcpt("a@x.example")
        client.docmd("DATA")
        client.send(content_of(1).replace(b"\r\n.", b"\r\n..") + b".\r\n")
        client.close()
        _until(lambda: sink.counts().messages == 1)

        assert [one.sha256 for one in sink.records()] == [sha256(content_of(1)).hexdigest()]
        assert sink.counts().open_connections == 0


def test_line_reset_by_the_sender_is_forgotten() -> None:
    with Sink() as sink:
        line = socket.create_connection(sink.smtp, timeout=10)
        line.recv(100)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
        _until(lambda: sink.counts().open_connections == 0)

        assert sink.counts().connections == 1


def test_unfinished_message_is_not_accepted() -> None:
    with Sink(DIGESTS) as sink:
        client = client_of(sink)
        client.ehlo()
        client.mail(SENDER)
        client.rcpt("a@x.example")
        client.docmd("DATA")
        client.send(b"half a message\r\n.\r")
        client.close()
        _until(lambda: sink.counts().open_connections == 0)

        assert sink.counts().messages == 0
        assert sink.records() == []


def test_many_connections_at_once_are_counted() -> None:
    with Sink(SinkSettings(delay_ms=5, keeps=Keeps.DIGESTS)) as sink:
        clients = [client_of(sink) for _ in range(256)]
        for number, client in enumerate(clients):
            client.sendmail(SENDER, [f"{number}@x.example"], content_of(number))
        counts = sink.counts()
        senders = [threading.Thread(target=client.quit) for client in clients]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

        assert (counts.messages, counts.connections, counts.peak_connections) == (256, 256, 256)
        assert {one.recipient for one in sink.records()} == {
            f"{one}@x.example" for one in range(256)
        }
        _until(lambda: sink.counts().open_connections == 0)


def test_control_line_reports_and_resets() -> None:
    with Sink(DIGESTS) as sink, client_of(sink) as client:
        client.sendmail(SENDER, ["a@x.example"], content_of(1))

        counts = json.loads(_ask(sink.control_url))
        records = json.loads(_ask(sink.control_url + "records"))
        _ask(sink.control_url, "DELETE")

        assert sorted(counts) == [
            "bytes",
            "connections",
            "cpu_s",
            "messages",
            "open_connections",
            "peak_connections",
        ]
        assert counts["messages"] == 1
        assert counts["bytes"] == len(content_of(1)) + content_of(1).count(b".dotted")
        assert [sorted(one) for one in records] == [
            ["accepted_at", "mail_at", "message_id", "recipient", "sha256"]
        ]
        assert (sink.counts().messages, sink.records()) == (0, [])


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "x", 404), ("POST", "", 405)])
def test_control_line_refuses_what_it_does_not_know(method: str, path: str, status: int) -> None:
    with Sink() as sink, pytest.raises(HTTPError) as refused:
        _ask(sink.control_url + path, method)

    assert refused.value.code == status
    refused.value.close()


def test_sink_listens_on_loopback_only_and_tells_a_taken_port() -> None:
    with pytest.raises(NotLoopbackError):
        Sink(SinkSettings(host="192.0.2.1")).start()
    with Sink() as sink, pytest.raises(PortTakenError):
        Sink(SinkSettings(port=sink.smtp[1])).start()
    with Sink() as sink, pytest.raises(PortTakenError):
        Sink(SinkSettings(control_port=int(sink.control_url.split(":")[2].strip("/")))).start()


def _ask(url: str, method: str = "GET") -> bytes:
    request = urllib.request.Request(url, method=method)  # noqa: S310  ours
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310  ours
        return bytes(reply.read())


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)
