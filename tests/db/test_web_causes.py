"""What needs attention, grouped by cause, and the one button that acts on all of it."""

from __future__ import annotations

import pytest

from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.factories import (
    ClientFactory,
    DeliveryFactory,
    DocumentFactory,
    IntegrationFactory,
)
from tests.db.web_desk import Desk, delivery_now

pytestmark = pytest.mark.django_db


def cause(desk: Desk, state: str, **more: str) -> dict[str, str]:
    return {"connection": str(desk.package.pk), "state": state, **more}


def test_a_cause_stands_once_with_its_numbers_and_who_must_act() -> None:
    desk = Desk()
    for _ in range(3):
        desk.delivery(state="refused", code="recipient_refused")

    page = desk.read("deliveries/")

    assert page.count("Resend all") == 1
    assert "3 deliveries" in page
    assert "1 client" in page
    assert "The file manager corrects the cause and sends it again." in page


def test_all_of_a_cause_are_sent_again_after_a_reason() -> None:
    desk = Desk(Role.ACCOUNTANT)
    refused = [desk.delivery(state="refused", code="recipient_refused") for _ in range(2)]
    other = desk.delivery(state="refused", code="mailbox_full")
    asked = cause(desk, "refused", code="recipient_refused")

    page = desk.post("deliveries/cause/", **asked)
    assert "Resend 2 deliveries" in page
    page = desk.post("deliveries/cause/", **asked, sure="yes")
    assert "Resend 2 deliveries" in page
    page = desk.post("deliveries/cause/", **asked, sure="yes", why="Address corrected")

    assert "2 deliveries are sent again." in page
    with system("look"):
        copies = set(Delivery.objects.filter(copy=1).values_list("resend_of", "resend_reason"))
    assert copies == {(row.pk, "Address corrected") for row in refused}
    assert delivery_now(other.pk).state == "refused"


def test_all_that_somebody_held_are_released() -> None:
    desk = Desk()
    rows = [desk.delivery(state="held", reason="by_hand") for _ in range(2)]
    asked = cause(desk, "held", reason="by_hand")

    assert "Release 2 deliveries" in desk.post("deliveries/cause/", **asked)
    page = desk.post("deliveries/cause/", **asked, sure="yes")

    assert "2 deliveries were released and go in their turn." in page
    assert {delivery_now(row.pk).state for row in rows} == {"queued"}


def test_what_lifts_by_itself_leads_to_where_it_is_mended() -> None:
    desk = Desk()
    desk.delivery(state="held", reason="missing_address")
    desk.delivery(state="held", reason="connection_attention")

    page = desk.read("deliveries/")

    assert "Release all" not in page
    assert f"{desk.base}/clients/{desk.client.pk}/connection/" in page
    assert f"{desk.base}/packages/{desk.package.pk}/" in page


def test_a_cause_that_is_gone_or_made_up_does_nothing() -> None:
    desk = Desk()
    desk.delivery(state="accepted")
    asked = [cause(desk, "refused"), cause(desk, "accepted"), cause(desk, "nonsense"), {}]
    for each in asked:
        page = desk.post("deliveries/cause/", **each, sure="yes", why="x")
        assert "Nothing stands still for this cause any more." in page
    with system("look"):
        assert list(Delivery.objects.values_list("state", "copy")) == [("accepted", 0)]


def test_an_accountant_acts_on_the_deliveries_of_own_clients_alone() -> None:
    desk = Desk(Role.ACCOUNTANT)
    mine = desk.delivery(state="held", reason="by_hand")
    other = ClientFactory.create(firm=desk.firm)
    theirs = DeliveryFactory.create(
        firm=desk.firm,
        client=other,
        document=DocumentFactory.create(firm=desk.firm, client=other, released_at=now()),
        integration=IntegrationFactory.create(
            firm=desk.firm, client=other, connection=desk.package
        ),
        state="held",
        reason="by_hand",
    )

    page = desk.post("deliveries/cause/", **cause(desk, "held", reason="by_hand"), sure="yes")

    assert "1 delivery was released and goes in its turn." in page
    assert delivery_now(mine.pk).state == "queued"
    assert delivery_now(theirs.pk).state == "held"
