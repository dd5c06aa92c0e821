"""Deliveries on the pages: the proof, and what people do with them."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import (
    FirmFactory,
)
from tests.db.web_desk import Desk, delivery_now

pytestmark = pytest.mark.django_db


def test_a_delivery_is_held_released_and_cancelled() -> None:
    desk = Desk(Role.ACCOUNTANT)
    delivery = desk.delivery()

    def state_after(deed: str, **typed: str) -> tuple[str, str]:
        desk.post(f"deliveries/{delivery.pk}/{deed}/", **typed)
        row = delivery_now(delivery.pk)
        return row.state, row.reason

    assert state_after("hold") == ("held", "by_hand")
    assert state_after("release") == ("queued", "")
    # It cannot be taken back, so the first click only asks.
    assert state_after("cancel") == ("queued", "")
    assert state_after("cancel", reason="Sent by post") == ("cancelled", "")
    assert "that cannot be done now" in desk.post(f"deliveries/{delivery.pk}/release/")
    assert delivery_now(delivery.pk).state == "cancelled"


def test_a_resend_needs_a_reason_and_leads_to_the_copy() -> None:
    desk = Desk()
    delivery = desk.delivery(state="refused")

    page = desk.post(f"deliveries/{delivery.pk}/resend/")
    assert "Say why it is sent again" in page
    page = desk.post(f"deliveries/{delivery.pk}/resend/", reason="Address corrected")

    assert "It is sent again: this is the copy." in page
    assert "Why: Address corrected" in page
    with system("look"):
        copy = Delivery.objects.get(resend_of=delivery)
    assert (copy.copy, copy.state, copy.resend_reason) == (1, "queued", "Address corrected")


def test_the_mark_of_a_processed_delivery_can_be_taken_back() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1)

    assert "Take the mark back" in desk.post(f"deliveries/{delivery.pk}/process/")
    assert delivery_now(delivery.pk).processed_by == desk.person.email
    assert "Mark as processed" in desk.post(f"deliveries/{delivery.pk}/unprocess/")
    assert delivery_now(delivery.pk).processed_at is None


def test_a_delivery_shows_its_proof() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1, remote_id="<key.1@kantoor.example>")
    web_rows.attempt(delivery)
    web_rows.revision(delivery)

    page = desk.read(f"deliveries/{delivery.pk}/")

    shown = [
        "Accepted by mail server",
        "250 2.0.0 Ok: queued as 4XyZ",
        "mx.pakket.example",
        "TLSv1.3 TLS_AES_256_GCM_SHA384",
        "&lt;key.1@kantoor.example&gt;",
        "took 180 ms",
        "bakkerij@pakket.example",
        "5" * 64,
        "A copy may appear twice in Octopus.",
    ]
    assert [one for one in shown if one not in page] == []


def test_a_document_that_moved_away_is_to_be_taken_out() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", take_out_at=now())

    assert "Take it out of Octopus." in desk.read(f"deliveries/{delivery.pk}/")
    assert "take out of Octopus" in desk.read("deliveries/")


@pytest.mark.parametrize("state", ["archived", "lost"])
def test_after_a_client_left_administrators_keep_the_ledger_and_nobody_the_content(
    state: str,
) -> None:
    desk, accountant = Desk(), Browser()
    document = desk.document(number="NR-7", seller_name="Geheim bv", released_at=now())
    delivery = desk.delivery(document=document, state="accepted", attempts=1, detail="Geheim")
    web_rows.attempt(delivery, detail="Geheim")
    web_rows.revision(delivery, summary={"subject": "Geheim"})
    accountant.force_login(web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client))
    own = Browser()
    own.force_login(web_rows.client_person(desk.client))
    with system("leave"):
        Client.objects.filter(pk=desk.client.pk).update(state=state)
    paths = [f"documents/{document.pk}/", f"documents/{document.pk}/file/"]
    page = f"deliveries/{delivery.pk}/"

    assert [desk.browser.get(f"{desk.base}/{path}").status_code for path in paths] == [404, 404]
    assert "NR-7" not in desk.read("documents/")
    kept = desk.read(page)
    assert [word in kept for word in ("NR-7", document.sha256, "250 2.0.0 Ok")] == [True] * 3
    assert "Geheim" not in kept
    assert "Resend" not in kept
    assert desk.browser.post(f"{desk.base}/{page}resend/", {"reason": "x"}).status_code == 404
    assert [accountant.get(f"{desk.base}/{path}").status_code for path in [*paths, page]] == [
        404,
        404,
        404,
    ]
    assert own.get(f"/clients/{desk.client.pk}/{paths[0]}").status_code == 200


def test_a_cause_leads_to_its_deliveries_alone() -> None:
    desk = Desk()
    desk.delivery(document=desk.document(number="NR-1", released_at=now()), state="expired")
    held = desk.document(number="NR-2", released_at=now())
    desk.delivery(document=held, state="held", reason="missing_address")
    found = [
        desk.read("deliveries/", state="held", reason="missing_address"),
        desk.read("deliveries/", state="attention"),
        desk.read("deliveries/", state="held", connection=str(FirmFactory.create().pk)),
    ]

    assert [[name in page for name in ("NR-1", "NR-2")] for page in found] == [
        [False, True],
        [True, True],
        [False, False],
    ]


def test_what_failed_is_solved_once_it_was_sent_again_or_processed() -> None:
    desk = Desk()
    again = desk.delivery(state="refused")
    desk.delivery(
        document=again.document, lane=again.lane, state="accepted", resend_of=again, copy=1
    )
    desk.delivery(state="bounced", processed_at=now(), processed_by="An")
    assert "Nothing needs your attention" in desk.read("")

    desk.delivery(
        document=again.document, lane=again.lane, state="refused", resend_of=again, copy=2
    )
    assert "<h1> 1 delivery needs attention </h1>" in desk.read("")
