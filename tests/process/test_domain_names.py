"""What name servers answer, or do not: found, absent, failed, silent; never an unexpected end."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.domains.findings import Standing
from posthorn.connections.domains.names import (
    NamesUnavailableError,
    ServerNames,
)
from posthorn.connections.domains.records import Sending, check_records
from posthorn.connections.domains.servers import NameServerError, parse_servers
from tests.name_server import NameServer

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = "kantoor.example"
SENDING = Sending(
    sender=f"facturen@{DOMAIN}",
    relay_host="relay.example",
    terms=("ip4:203.0.113.7",),
    selector="posthorn-1",
    public="QUJD",
)


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer().serving() as started:
        yield started


def names(server: NameServer, within_s: float = 5.0) -> ServerNames:
    return ServerNames(parse_servers([server.address]), within_s)


def test_records_are_read_whole_and_mail_hosts_in_order(server: NameServer) -> None:
    server.records = {
        (DOMAIN, "TXT"): ['"v=spf1 " "-all"', f'"{"x" * 255}" "{"y" * 255}" "{"z" * 255}"'],
        (DOMAIN, "MX"): ["20 second.example.", "10 First.example."],
        ("relay.example", "A"): ["203.0.113.7"],
        ("relay.example", "AAAA"): ["2001:db8::7"],
        ("null.example", "MX"): ["0 ."],
    }

    assert sorted(names(server).texts(DOMAIN)) == [
        "v=spf1 -all",
        "x" * 255 + "y" * 255 + "z" * 255,
    ]
    assert names(server).mail_hosts(DOMAIN) == ["first.example", "second.example"]
    assert names(server).addresses("relay.example") == ["203.0.113.7", "2001:db8::7"]
    assert names(server).mail_hosts("null.example") == [""]


def test_a_name_that_is_not_there_and_one_without_such_a_record_are_empty(
    server: NameServer,
) -> None:
    server.records = {(DOMAIN, "A"): ["203.0.113.7"]}

    assert names(server).texts("gone.example") == []
    assert names(server).texts(DOMAIN) == []
    assert names(server).mail_hosts(DOMAIN) == []


def test_a_failing_name_server_is_no_answer(server: NameServer) -> None:
    server.failing = {DOMAIN}

    with pytest.raises(NamesUnavailableError, match="the name server failed"):
        names(server).texts(DOMAIN)


def test_a_silent_name_server_is_waited_for_within_the_time_of_all(server: NameServer) -> None:
    server.silent = {DOMAIN}
    asked = names(server, within_s=0.6)
    started = time.monotonic()

    for _ in range(3):
        with pytest.raises(NamesUnavailableError, match=r"no answer in time|no time left"):
            asked.texts(DOMAIN)

    assert time.monotonic() - started < 2.0


def test_a_name_server_that_is_not_there_is_no_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{probe.getsockname()[1]}"

    with pytest.raises(NamesUnavailableError):
        ServerNames(parse_servers([nobody]), 0.5).texts(DOMAIN)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a..b", "EmptyLabel"),
        ("x" * 64 + ".example", "LabelTooLong"),
        (".".join(["x" * 60] * 5), "NameTooLong"),
    ],
)
def test_what_can_be_no_name_is_no_answer(server: NameServer, name: str, why: str) -> None:
    with pytest.raises(NamesUnavailableError) as raised:
        names(server).texts(name)

    assert str(raised.value) == f"{name} TXT: {why}"
    assert server.asked == []


@pytest.mark.parametrize("text", ["ns1.example:53", "300.1.1.1:53", "127.0.0.1:port", ""])
def test_a_name_server_is_an_address_with_a_port(text: str) -> None:
    with pytest.raises(NameServerError) as raised:
        parse_servers([text])

    assert repr(text) in str(raised.value)


def test_a_port_may_be_left_out() -> None:
    assert parse_servers(["192.0.2.53", "2001:db8::53", "[2001:db8::54]:5353"]) == (
        ("192.0.2.53", 53),
        ("2001:db8::53", 53),
        ("2001:db8::54", 5353),
    )


def test_the_check_of_a_domain_follows_what_the_name_server_says(server: NameServer) -> None:
    server.publish(DOMAIN, "v=spf1 ip4:203.0.113.0/24 -all")
    server.publish(f"posthorn-1._domainkey.{DOMAIN}", "v=DKIM1; k=rsa; p=QUJD")
    server.publish(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
    server.records[DOMAIN, "MX"] = ["10 mx.kantoor.example."]
    good = check_records(names(server), SENDING)

    server.records[DOMAIN, "MX"] = ["0 ."]
    server.failing = {f"posthorn-1._domainkey.{DOMAIN}"}
    flapping = check_records(names(server), SENDING)

    assert [one.code for one in good] == [
        "spf_pass",
        "dkim_match",
        "dmarc_aligned",
        "mx_found",
    ]
    assert [(one.code, one.standing) for one in flapping] == [
        ("spf_pass", Standing.GOOD),
        ("names_unavailable", Standing.UNKNOWN),
        ("dmarc_aligned", Standing.GOOD),
        ("mx_null", Standing.BAD),
    ]
