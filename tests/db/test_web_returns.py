"""What came back by mail stands on the delivery's page and among what needs attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections.return_path import Posted, Tag
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import system
from tests.db.returning import address_of, bring, with_bounce_domain
from tests.db.web_desk import Desk, delivery_now
from tests.returned_mail import TROUBLES, Lost
from tests.returned_reports import postfix

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from posthorn.delivery.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_domain(settings: Settings) -> None:
    with_bounce_domain(settings)


def come_back(delivery: Delivery, trouble: int = 0, *, mark: str = "") -> Lost:
    """Bring a bounce of a delivery."""
    tag = Tag(posted=Posted.DELIVERY, id=delivery.pk, revision=delivery.revision)
    lost = Lost(
        key=delivery.key,
        to="inkoop@pakket.example",
        path=address_of(tag),
        trouble=TROUBLES[trouble],
    )
    bring(postfix(lost).replace("I'm sorry", f"{mark}I'm sorry"), lost.path)
    return lost


def test_a_returned_delivery_shows_why_the_servers_words_and_the_mail() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1)
    lost = come_back(delivery, mark="<script>alert(1)</script>")

    page = desk.read(f"deliveries/{delivery.pk}/")

    assert delivery_now(delivery.pk).state == "bounced"
    assert "What came back" in page
    assert "The message came back: this address does not exist at the package." in page
    assert "Correct the client&#x27;s address and send it again." in page
    assert "550 5.1.1 &lt;inkoop@pakket.example&gt;: Recipient address rejected" in page
    assert "Reporting-MTA: dns; relay.kantoor.example" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert f"/clients/{delivery.client_id}/integrations/" in page
    assert "Correct the address" in page
    assert lost.key in page


def test_a_cause_offers_to_correct_the_address_and_to_resend() -> None:
    desk = Desk()
    come_back(desk.delivery(state="accepted", attempts=1))

    page = desk.read("deliveries/")

    assert "this address does not exist at the package" in page
    assert "Correct the address" in page
    assert "Resend all" in page


def test_what_no_address_helps_against_offers_none() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1)
    come_back(delivery, trouble=7)

    page = desk.read(f"deliveries/{delivery.pk}/")

    assert "The message came back: the package&#x27;s mailbox is full." in page
    assert "Correct the address" not in page


def test_who_reads_no_documents_reads_no_mail_that_came_back() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1)
    come_back(delivery)
    with system("test"):
        Client.objects.filter(pk=desk.client.pk).update(state="archived")

    page = desk.read(f"deliveries/{delivery.pk}/")

    assert "What came back" in page
    assert "Reporting-MTA" not in page
    assert "550 5.1.1" not in page
