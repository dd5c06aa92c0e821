"""What a package said later shows on the delivery and in the document's story, never stronger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.readback_models import StatusReport
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting
from tests.db import web_rows
from tests.db.factories import ConnectionFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from posthorn.delivery.models import Delivery

pytestmark = pytest.mark.django_db
PROOF = {"document": "21", "id": "5f0c", "company": "3400123", "route": "documents"}


def delivered(desk: Desk, *said: tuple[str, str], state: str = "delivered") -> Delivery:
    package = ConnectionFactory.create(firm=desk.firm, name="Exact", connector_id="exact_online")
    delivery: Delivery = desk.delivery(
        state=state, attempts=1, connection=package, remote_id="5f0c", url=""
    )
    web_rows.attempt(delivery, evidence=PROOF)
    with acting(desk.firm.pk):
        for number, (kind, code) in enumerate(said):
            StatusReport.objects.create(
                firm=desk.firm,
                delivery=delivery,
                state=kind,
                code=code,
                detail="their own words",
                said_at=now() + timedelta(hours=number),
            )
    return delivery


def test_a_proposal_is_told_and_nothing_more_is_claimed() -> None:
    desk = Desk()
    page = desk.read(f"deliveries/{delivered(desk, ('received', 'proposal_open')).pk}/")

    assert "Exact Online made an entry proposal of it." in page
    assert "booked" not in page.lower()
    assert "their own words" in page


def test_where_nothing_was_said_nothing_is_shown() -> None:
    desk = Desk()
    page = desk.read(f"deliveries/{delivered(desk).pk}/")

    assert "In Exact Online as document 21" in page
    assert 'id="reports"' not in page


def test_the_newest_word_stands_first_on_the_delivery_and_last_in_the_story() -> None:
    desk = Desk()
    delivery = delivered(desk, ("received", "proposal_open"), ("booked", "proposal_processed"))
    first, second = "made an entry proposal", "entry proposal was processed"

    page = desk.read(f"deliveries/{delivery.pk}/")
    assert page.index(second) < page.index(first)
    story = desk.read(f"documents/{delivery.document_id}/")
    assert story.index(first) < story.index(second)


def test_a_code_nobody_explains_is_told_by_its_state_alone() -> None:
    desk = Desk()
    page = desk.read(f"deliveries/{delivered(desk, ('gone', 'never_heard_of')).pk}/")

    assert "No longer in the package" in page
    assert "The package does not find it any more." in page


def test_rejection_shows_as_what_it_stands_on() -> None:
    desk = Desk()
    delivery = delivered(desk, ("rejected", "proposal_rejected"), state="rejected_by_package")
    story = desk.read(f"documents/{delivery.document_id}/")

    assert story.index("Rejected in the package") < story.rindex("took it first and rejected")


def test_where_the_content_is_closed_the_packages_own_words_are_too() -> None:
    desk = Desk()
    delivery = delivered(desk, ("received", "proposal_open"))
    with acting(desk.firm.pk):
        Client.objects.update(state="archived")
    page = desk.read(f"deliveries/{delivery.pk}/")

    assert "Exact Online made an entry proposal of it." in page
    assert "their own words" not in page
