"""A firm whose client's addresses are tried over a relay that keeps what it gets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery import instance
from posthorn.delivery.asker import ask_once
from posthorn.delivery.trials import Trial
from posthorn.tenancy.scope import acting
from posthorn_sandbox.mail import Receiver, ReceiverSettings
from tests.db.returning import with_bounce_domain
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

ADDRESSES = {
    "purchase_address": "in@pakket.example",
    "sales_address": "out@pakket.example",
    "statement_address": "bank@pakket.example",
    "same_address": "off",
}


@pytest.fixture(name="relay")
def relay_fixture(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(ReceiverSettings(folder=tmp_path)) as receiver:
        yield receiver


@pytest.fixture(name="desk")
def desk_fixture(settings: Settings, relay: Receiver) -> Desk:
    with_bounce_domain(settings)
    host, port = relay.smtp
    settings.POSTHORN = replace(
        settings.POSTHORN,
        mail_relay=f"smtp://{host}:{port}?tls=none",
        mail_from="facturen@kantoor.example",
    )
    desk = Desk()
    with acting(desk.firm.pk):
        type(desk.integration).objects.filter(pk=desk.integration.pk).update(settings=ADDRESSES)
    instance.recognise()
    return desk


def path_of(desk: Desk, *more: str) -> str:
    parts = ["clients", desk.client.pk, "integrations", desk.integration.pk, "test-mails", *more]
    return "/".join(str(part) for part in parts) + "/"


def trials(desk: Desk) -> list[Trial]:
    with acting(desk.firm.pk):
        return list(Trial.objects.order_by("asked_at", "kind"))


def work() -> None:
    while ask_once():
        pass
