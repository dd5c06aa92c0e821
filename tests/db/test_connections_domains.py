"""*Check my domain* on a firm's package: its key, what DNS and the relay said, what follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from posthorn.connections import rotation
from posthorn.connections.check import check_connection
from posthorn.connections.domains import keeping
from posthorn.connections.domains.check import check_domain, report_of, sends_mail
from posthorn.connections.domains.findings import Standing
from posthorn.connections.domains.keys import key_record
from posthorn.connections.domains.servers import parse_servers
from posthorn.connections.errors import NotFoundError
from posthorn.connections.keyring import fresh_key
from posthorn.connections.models import Connection, SendingDomain
from posthorn.kernel.clock import now
from posthorn.sdk import Misconfigured
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from posthorn_sandbox.mail import Receiver
from tests.db.connections import (
    ACTOR,
    Keeper,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import FirmFactory
from tests.name_server import NameServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

DOMAIN = "kantoor.example"
OWN_FROM = {"mail_from": f"Facturen@{DOMAIN}"}


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer(records={(DOMAIN, "MX"): ["10 mx.kantoor.example."]}).serving() as started:
        yield started


@pytest.fixture
def firm(settings: Settings, receiver: Receiver, server: NameServer) -> UUID:
    """Give a firm on an instance with a relay on loopback and a name server of its own."""
    host, port = receiver.smtp
    settings.POSTHORN = replace(
        settings.POSTHORN,
        mail_relay=f"smtp://{host}:{port}?tls=none",
        mail_from="post@posthorn.example",
        mail_addresses=("ip4:203.0.113.7",),
        dns=parse_servers([server.address]),
    )
    return FirmFactory.create().pk


def made(firm: UUID, **values: str) -> Connection:
    with acting(firm):
        return a_connection(firm, **values)


def rows(firm: UUID) -> list[SendingDomain]:
    with acting(firm):
        return keeping.domains_of(firm)


def publish_key(server: NameServer, row: SendingDomain) -> None:
    server.publish(f"{row.selector}._domainkey.{row.domain}", key_record(row.public))


def actions(firm: UUID) -> list[str]:
    with acting(firm):
        found = AuditEntry.objects.filter(subject_kind="sending_domain").order_by("id")
        return list(found.values_list("action", flat=True))


def test_the_first_check_makes_a_key_and_gives_the_lines_to_paste(firm: UUID) -> None:
    package = made(firm, **OWN_FROM)

    report = check_domain(firm, package.pk, actor=ACTOR)

    (row,) = rows(firm)
    assert (report.domain, report.selector, report.is_signed) == (DOMAIN, row.selector, False)
    assert {str(one.subject): (one.code, one.name, one.value) for one in report.findings} == {
        "spf": ("spf_missing", DOMAIN, "v=spf1 ip4:203.0.113.7 ~all"),
        "dkim": ("dkim_missing", f"{row.selector}._domainkey.{DOMAIN}", key_record(row.public)),
        "dmarc": (
            "dmarc_missing",
            f"_dmarc.{DOMAIN}",
            f"v=DMARC1; p=none; rua=mailto:Facturen@{DOMAIN}",
        ),
        "mx": ("mx_found", "", ""),
        "tls": ("tls_not_needed", "", ""),
    }
    with acting(firm):
        assert report_of(firm, package.pk) == report
    assert actions(firm) == ["sending_domain.created"]


def test_a_key_that_is_published_signs_and_frees_what_waited(
    firm: UUID, server: NameServer, keeper: Keeper
) -> None:
    package = made(firm, **OWN_FROM)
    with pytest.raises(Misconfigured) as raised:
        check_connection(firm, package.pk, actor=ACTOR)
    check_domain(firm, package.pk, actor=ACTOR)
    publish_key(server, rows(firm)[0])
    keeper.asked.clear()

    report = check_domain(firm, package.pk, actor=ACTOR)

    assert (raised.value.code, raised.value.field) == ("domain_not_proven", "mail_from")
    assert report.is_signed is True
    assert keeper.asked == [("connection", [package.pk])]
    with acting(firm):
        assert Connection.objects.get().attention == ""
        signers = keeping.signers_among(keeping.proven_of([firm])[firm])
    assert [(one.domain, one.selector) for one in signers.values()] == [(DOMAIN, report.selector)]
    assert check_connection(firm, package.pk, actor=ACTOR) == f"Facturen@{DOMAIN}"
    assert actions(firm) == ["sending_domain.created", "sending_domain.proven"]


def test_a_key_that_is_gone_stops_signing_but_silence_does_not(
    firm: UUID, server: NameServer, keeper: Keeper
) -> None:
    del keeper
    package = made(firm, **OWN_FROM)
    check_domain(firm, package.pk, actor=ACTOR)
    publish_key(server, rows(firm)[0])
    check_domain(firm, package.pk, actor=ACTOR)
    key_name = f"{rows(firm)[0].selector}._domainkey.{DOMAIN}"

    server.failing = {key_name}
    silent = check_domain(firm, package.pk, actor=ACTOR)
    server.failing = set()
    del server.records[key_name, "TXT"]
    gone = check_domain(firm, package.pk, actor=ACTOR)

    dkim = next(one for one in silent.findings if one.subject == "dkim")
    assert (dkim.code, dkim.standing, silent.is_signed) == (
        "names_unavailable",
        Standing.UNKNOWN,
        True,
    )
    assert gone.is_signed is False
    assert actions(firm)[-1] == "sending_domain.lost"


def test_the_platforms_own_sender_needs_no_key_of_the_firm(firm: UUID) -> None:
    package = made(firm)

    report = check_domain(firm, package.pk, actor=ACTOR)

    assert (report.sender, report.is_platforms) == ("post@posthorn.example", True)
    assert [str(one.subject) for one in report.findings] == ["spf", "dmarc", "mx", "tls"]
    assert rows(firm) == []


def test_another_firms_key_proves_nothing_here(
    firm: UUID, server: NameServer, keeper: Keeper
) -> None:
    del keeper
    other = FirmFactory.create().pk
    theirs, ours = made(other, **OWN_FROM), made(firm, **OWN_FROM)
    check_domain(other, theirs.pk, actor=ACTOR)
    publish_key(server, rows(other)[0])
    check_domain(other, theirs.pk, actor=ACTOR)

    report = check_domain(firm, ours.pk, actor=ACTOR)

    assert report.is_signed is False
    assert rows(firm)[0].selector != rows(other)[0].selector
    with pytest.raises(Misconfigured):
        check_connection(firm, ours.pk, actor=ACTOR)
    with pytest.raises(NotFoundError):
        check_domain(firm, theirs.pk, actor=ACTOR)


def test_silent_name_servers_take_less_than_ten_seconds(firm: UUID, server: NameServer) -> None:
    package = made(firm, **OWN_FROM)
    with acting(firm):
        row = keeping.ensure_domain(firm, DOMAIN, actor=ACTOR)
    server.silent = {DOMAIN, f"_dmarc.{DOMAIN}", f"{row.selector}._domainkey.{DOMAIN}"}
    started = now()

    report = check_domain(firm, package.pk, actor=ACTOR)

    assert (now() - started).total_seconds() < 10
    assert {one.code for one in report.findings if one.subject != "tls"} == {"names_unavailable"}


def test_a_private_key_is_kept_encrypted_and_survives_a_rotation(
    firm: UUID, settings: Settings
) -> None:
    with acting(firm):
        row = keeping.ensure_domain(firm, DOMAIN, actor=ACTOR)
        before = keeping.signers_among([row])[DOMAIN].private
    assert b"PRIVATE" not in bytes(row.sealed)
    keys = settings.POSTHORN.keyring
    settings.POSTHORN = replace(settings.POSTHORN, keyring=f"{fresh_key('k2')},{keys}")

    assert rotation.rotate_secrets().settings == 1
    settings.POSTHORN = replace(settings.POSTHORN, keyring=settings.POSTHORN.keyring.split(",")[0])

    (after,) = rows(firm)
    assert after.key_id == "k2"
    assert keeping.signers_among([after])[DOMAIN].private == before
    assert rotation.keys_in_use() == {"k2"}


def test_a_forgotten_domain_leaves_nothing_but_its_trail(firm: UUID) -> None:
    with acting(firm):
        keeping.ensure_domain(firm, DOMAIN, actor=ACTOR)
        keeping.forget_domain(firm, DOMAIN, actor=ACTOR)
        with pytest.raises(NotFoundError):
            keeping.forget_domain(firm, DOMAIN, actor=ACTOR)

    assert rows(firm) == []
    assert actions(firm) == ["sending_domain.created", "sending_domain.removed"]


def test_only_what_sends_mail_has_a_domain_to_check() -> None:
    assert sends_mail("email_delivery") is True
