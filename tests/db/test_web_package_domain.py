"""*Check my domain* on the web: the lines to publish, and who may see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.domains import keeping
from posthorn.connections.domains.keys import key_record
from posthorn.connections.domains.servers import parse_servers
from posthorn.connections.services import save_connection
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.web_desk import Desk
from tests.name_server import NameServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import Settings

    from posthorn.connections.models import SendingDomain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

DOMAIN = "kantoor.example"


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer().serving() as started:
        yield started


@pytest.fixture
def desk(settings: Settings, server: NameServer) -> Desk:
    settings.POSTHORN = replace(
        settings.POSTHORN,
        mail_from="post@posthorn.example",
        mail_addresses=("ip4:203.0.113.7",),
        dns=parse_servers([server.address]),
    )
    return Desk()


def use_own_sender(desk: Desk) -> None:
    with acting(desk.firm.pk):
        values = {**desk.package.settings, "mail_from": f"facturen@{DOMAIN}"}
        save_connection(desk.firm.pk, desk.package.pk, values, actor=desk.person.email)


def page(desk: Desk) -> str:
    return desk.read(f"packages/{desk.package.pk}/domain/")


def check(desk: Desk, capture: DjangoCaptureOnCommitCallbacks) -> None:
    with capture(execute=True):
        desk.post(f"packages/{desk.package.pk}/domain/check/")


def key_of(desk: Desk) -> SendingDomain:
    with acting(desk.firm.pk):
        (row,) = keeping.domains_of(desk.firm.pk)
    return row


def test_the_package_leads_to_the_check(desk: Desk) -> None:
    address = f"/firms/{desk.firm.pk}/packages/{desk.package.pk}/domain/"

    assert f'href="{address}"' in desk.read(f"packages/{desk.package.pk}/")


def test_the_platforms_sender_is_nothing_for_the_firm_to_mend(desk: Desk) -> None:
    shown = page(desk)

    assert "Mail leaves as post@posthorn.example." in shown
    assert "Mail leaves in the name of this platform" in shown
    assert "Check now" not in shown


def test_a_check_gives_each_line_with_a_button_to_copy_it(
    desk: Desk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    use_own_sender(desk)
    before = page(desk)

    check(desk, django_capture_on_commit_callbacks)

    key, shown = key_of(desk), page(desk)
    assert "Nothing is sent." in before
    assert shown.count("data-copy=") == 9
    assert 'data-copy="v=spf1 ip4:203.0.113.7 ~all"' in shown
    assert f'data-copy="{key.selector}._domainkey.{DOMAIN}"' in shown
    assert f'data-copy="{key_record(key.public)}"' in shown
    assert f"_dmarc.{DOMAIN}" in shown
    assert "This platform has no mail server of its own." in shown
    assert "PRIVATE" not in shown


def test_a_published_key_is_said_to_sign(
    desk: Desk,
    server: NameServer,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    use_own_sender(desk)
    check(desk, django_capture_on_commit_callbacks)
    key = key_of(desk)
    server.publish(f"{key.selector}._domainkey.{DOMAIN}", key_record(key.public))

    check(desk, django_capture_on_commit_callbacks)

    shown = page(desk)
    assert "every mail to this package is signed in your name" in shown
    assert "The DKIM key is in DNS: your mail is signed." in shown


def test_what_stands_in_dns_is_written_and_not_run(
    desk: Desk,
    server: NameServer,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    use_own_sender(desk)
    server.publish(DOMAIN, "v=spf1 <script>alert(1)</script> -all")

    check(desk, django_capture_on_commit_callbacks)

    shown = page(desk)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
