"""`posthorn integration test-mail`: the same test mails as on the site, sent by the command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery import instance
from posthorn.delivery.trials import Trial
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import acting
from posthorn_sandbox.mail import Receiver
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory, ConnectionFactory, IntegrationFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

    from posthorn.connections.models import Integration
    from tests.command_line import Ran

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay(settings: Settings) -> Iterator[Receiver]:
    with Receiver() as receiver:
        host, port = receiver.smtp
        settings.POSTHORN = replace(
            settings.POSTHORN,
            mail_relay=f"smtp://{host}:{port}?tls=none",
            mail_from="facturen@kantoor.example",
            public_url="https://post.example",
        )
        yield receiver


def bound(connector: str = "email_delivery", **settings: str) -> Integration:
    client = ClientFactory.create(dossier_number="1001")
    package = ConnectionFactory.create(
        firm=client.firm, name="Octopus", connector_id=connector, settings=settings
    )
    addresses = {"purchase_address": "in@pakket.example", "same_address": "on"}
    made: Integration = IntegrationFactory.create(
        firm=client.firm, client=client, connection=package, settings=addresses
    )
    return made


def test_test_mails_are_sent_listed_and_ticked(
    relay: Receiver, posthorn: Callable[..., Ran]
) -> None:
    bound()
    instance.recognise()

    sent = posthorn("integration", "test-mail", "send", "1001", "Octopus", "--json")

    assert sent.code == 0, sent
    assert {one["state"] for one in sent.objects} == {"accepted"}
    assert len(relay.messages()) == len(sent.objects)
    listed = posthorn("integration", "test-mail", "list", "1001", "Octopus", "--json")
    assert {one["id"] for one in listed.objects} == {one["id"] for one in sent.objects}
    (first, *_) = sent.objects
    seen = posthorn("integration", "test-mail", "arrived", "1001", "Octopus", first["id"], "--json")
    assert [one["arrived"] for one in seen.objects] == ["yes"]
    missed = posthorn(
        "integration", "test-mail", "arrived", "1001", "Octopus", first["id"], "--not", "--json"
    )
    assert [one["arrived"] for one in missed.objects] == ["no"]


def test_the_link_of_a_test_mail_is_closed(relay: Receiver, posthorn: Callable[..., Ran]) -> None:
    bound(attached_as="link")
    instance.recognise()
    sent = posthorn("integration", "test-mail", "send", "1001", "Octopus", "--json")
    (first, *_) = sent.objects
    assert (first["state"], first["link"]) == ("accepted", "open")

    closed = posthorn(
        "integration", "test-mail", "close-link", "1001", "Octopus", first["id"], "--json"
    )

    assert [one["link"] for one in closed.objects] == ["closed"]
    assert len(relay.messages()) == len(sent.objects)


def test_a_package_that_offers_none_sends_none(posthorn: Callable[..., Ran]) -> None:
    made = bound("exact_online")

    refused = posthorn("integration", "test-mail", "send", "1001", "Octopus")

    assert refused.code != 0
    assert "There is no e-mail address to try" in refused.err
    with acting(made.firm_id):
        assert Trial.objects.count() == 0


def test_a_test_mail_that_is_not_there_is_not_found(posthorn: Callable[..., Ran]) -> None:
    bound()

    for command in ("arrived", "close-link"):
        ran = posthorn("integration", "test-mail", command, "1001", "Octopus", str(new_id()))
        assert ran.code == 3, ran
