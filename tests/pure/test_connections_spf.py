"""Whether mail from an address passes a domain's SPF record, by the rules of RFC 7208."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.domains.names import NamesUnavailableError
from posthorn.connections.domains.spf import (
    BrokenRecordError,
    Spf,
    evaluate,
    networks_of,
    record_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SENDER = "facturen@kantoor.example"


@dataclass
class Zone:
    """Names with their records; a name under `broken` fails."""

    text: Mapping[str, Sequence[str]] = field(default_factory=dict)
    address: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mail: Mapping[str, Sequence[str]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    def texts(self, name: str) -> list[str]:
        return self._found(self.text, name)

    def addresses(self, name: str) -> list[str]:
        return self._found(self.address, name)

    def mail_hosts(self, name: str) -> list[str]:
        return self._found(self.mail, name)

    def _found(self, records: Mapping[str, Sequence[str]], name: str) -> list[str]:
        self.asked.append(name)
        if name in self.broken:
            raise NamesUnavailableError(f"{name}: the name server failed")
        return list(records.get(name, ()))


def zone(record: str, **more: Sequence[str]) -> Zone:
    """Give a zone in which the sender's domain has this record, and others theirs."""
    others = {name.replace("_", "."): texts for name, texts in more.items()}
    return Zone(
        text={"kantoor.example": [record], **others},
        address={
            "kantoor.example": ["192.0.2.1"],
            "mail.kantoor.example": ["192.0.2.25", "2001:db8::25"],
            "1.2.0.192.in-addr.kantoor.example": ["127.0.0.2"],
        },
        mail={"kantoor.example": ["mail.kantoor.example"]},
    )


def said_of(names: Zone, address: str) -> Spf:
    result, _ = evaluate(names, "kantoor.example", address, SENDER)
    return result


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("v=spf1 -all", "192.0.2.1", Spf.FAIL),
        ("v=spf1 ~all", "192.0.2.1", Spf.SOFTFAIL),
        ("v=spf1 ?all", "192.0.2.1", Spf.NEUTRAL),
        ("v=spf1 +all", "192.0.2.1", Spf.PASS),
        ("v=spf1", "192.0.2.1", Spf.NEUTRAL),
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.200", Spf.PASS),
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.3.1", Spf.FAIL),
        ("v=spf1 -ip4:192.0.2.7 +all", "192.0.2.7", Spf.FAIL),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::1", Spf.PASS),
        ("v=spf1 ip6:2001:db8::/32 -all", "192.0.2.1", Spf.FAIL),
        ("v=spf1 a -all", "192.0.2.1", Spf.PASS),
        ("v=spf1 a:mail.kantoor.example -all", "2001:db8::25", Spf.PASS),
        ("v=spf1 a/24 -all", "192.0.2.99", Spf.PASS),
        ("v=spf1 a:mail.kantoor.example//64 -all", "2001:db8::99", Spf.PASS),
        ("v=spf1 mx -all", "192.0.2.25", Spf.PASS),
        ("v=spf1 mx -all", "192.0.2.26", Spf.FAIL),
        ("v=spf1 ptr ~all", "192.0.2.1", Spf.SOFTFAIL),
        ("v=spf1 exists:%{ir}.%{v}.%{d} -all", "192.0.2.1", Spf.PASS),
        ("v=spf1 exists:%{ir}.%{v}.%{d} -all", "192.0.2.2", Spf.FAIL),
        ("V=SPF1 IP4:192.0.2.1 -ALL", "192.0.2.1", Spf.PASS),
        ("v=spf1 exp=why.%{d} ip4:192.0.2.1 -all", "192.0.2.1", Spf.PASS),
    ],
)
def test_mechanisms_say_what_the_standard_says(record: str, address: str, result: Spf) -> None:
    assert said_of(zone(record), address) == result


@pytest.mark.parametrize(
    ("inner", "result"),
    [
        ("v=spf1 ip4:192.0.2.1 -all", Spf.PASS),
        ("v=spf1 -all", Spf.SOFTFAIL),
        ("v=spf1 ~ip4:192.0.2.1 -all", Spf.SOFTFAIL),
    ],
)
def test_an_include_counts_only_when_it_passes(inner: str, result: Spf) -> None:
    names = zone("v=spf1 include:spf.relay.example ~all", spf_relay_example=[inner])

    assert said_of(names, "192.0.2.1") == result


def test_a_redirect_takes_the_place_of_the_record_where_no_all_stands() -> None:
    redirected = zone("v=spf1 redirect=spf.relay.example", spf_relay_example=["v=spf1 -all"])
    ended = zone("v=spf1 redirect=spf.relay.example ?all", spf_relay_example=["v=spf1 -all"])

    assert said_of(redirected, "192.0.2.1") == Spf.FAIL
    assert said_of(ended, "192.0.2.1") == Spf.NEUTRAL


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("v=spf1 include:gone.example -all", "include:gone.example has no SPF record"),
        ("v=spf1 redirect=gone.example", "redirect=gone.example leads to no SPF record"),
        ("v=spf1 ipv4:192.0.2.1 -all", "'ipv4:192.0.2.1' is no term of SPF"),
        ("v=spf1 ip4:300.1.1.1 -all", "ip4:300.1.1.1 is no network"),
        ("v=spf1 a/33 -all", "'a/33' has no prefix length"),
        ("v=spf1 include: -all", "'include:' is no term of SPF"),
        ("v=spf1 a:1.x a:2.x a:3.x -all", "more than 2 look-ups found nothing"),
        ("v=spf1 " + "mx " * 11 + "-all", "it needs more than 10 look-ups"),
    ],
)
def test_a_broken_record_is_an_error_with_its_reason(record: str, why: str) -> None:
    assert evaluate(zone(record), "kantoor.example", "192.0.2.9", SENDER) == (Spf.PERMERROR, why)


def test_a_record_that_includes_itself_ends_after_ten_look_ups() -> None:
    names = zone("v=spf1 include:kantoor.example -all")

    assert said_of(names, "192.0.2.1") == Spf.PERMERROR
    assert len(names.asked) == 11


def test_two_records_are_an_error_and_other_texts_are_none() -> None:
    two = Zone(text={"kantoor.example": ["v=spf1 -all", "v=spf1 +all"]})
    none = Zone(text={"kantoor.example": ["v=spf10 -all", "google-site-verification=x"]})

    assert said_of(two, "192.0.2.1") == Spf.PERMERROR
    assert said_of(none, "192.0.2.1") == Spf.NONE
    assert record_of(none, "kantoor.example") is None
    with pytest.raises(BrokenRecordError):
        record_of(two, "kantoor.example")


def test_a_name_server_that_fails_is_no_answer_at_all() -> None:
    names = Zone(
        text={"kantoor.example": ["v=spf1 include:spf.relay.example -all"]},
        broken=frozenset({"spf.relay.example"}),
    )

    assert evaluate(names, "kantoor.example", "192.0.2.1", SENDER) == (
        Spf.TEMPERROR,
        "spf.relay.example: the name server failed",
    )


def test_networks_are_gathered_through_includes_once() -> None:
    names = zone(
        "v=spf1 ip4:192.0.2.0/24 include:spf.relay.example redirect=kantoor.example",
        spf_relay_example=["v=spf1 ip6:2001:db8::/32 include:kantoor.example -all"],
    )

    assert list(networks_of(names, "kantoor.example")) == ["192.0.2.0", "2001:db8::"]
