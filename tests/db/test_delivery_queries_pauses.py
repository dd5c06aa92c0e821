"""What a wanted pause holds: it waits, and asks for nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.models import Integration
from posthorn.delivery.queries.causes import list_causes
from posthorn.delivery.queries.client_open import OpenWork, count_open
from posthorn.delivery.queries.deliveries import DeliveryFilter
from posthorn.delivery.queries.overview import Day, chart_days, count_attention, count_waiting
from posthorn.delivery.queries.packages import PackageCounts, count_package
from posthorn.delivery.queries.story import deliveries_of_cause
from posthorn.delivery.states import Hold, State
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import DeliveryFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from posthorn.delivery.models import Delivery

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)
PAUSES = (Hold.CLIENT_PAUSED, Hold.INTEGRATION_PAUSED, Hold.CONNECTION_PAUSED)


def held(reason: Hold) -> Delivery:
    row: Delivery = DeliveryFactory.create(
        state=State.HELD, reason=reason, moved_at=NOON, document__released_at=NOON
    )
    return row


def counted(row: Delivery) -> tuple[int, int, int]:
    """Count what needs attention, what waits, and the causes that are shown."""
    with acting(row.firm_id):
        attention = count_attention(row.firm_id, ADMINISTRATOR)
        waiting = count_waiting(row.firm_id, ADMINISTRATOR)
        causes = list_causes(row.firm_id, ADMINISTRATOR)
    return attention, waiting.number, len(causes)


@pytest.mark.parametrize("reason", list(Hold))
def test_pauses_alone_wait_and_every_other_hold_needs_somebody(reason: Hold) -> None:
    assert counted(held(reason)) == ((0, 1, 0) if reason in PAUSES else (1, 0, 1))


def test_the_chart_draws_what_a_pause_holds_as_waiting() -> None:
    row = held(Hold.CLIENT_PAUSED)

    with acting(row.firm_id):
        days = chart_days(row.firm_id, ADMINISTRATOR, last=NOON.date())

    assert days[-1] == Day(day=NOON.date(), delivered=0, waiting=1, refused=0)


def test_what_archiving_stops_counts_what_a_pause_holds() -> None:
    row = held(Hold.INTEGRATION_PAUSED)

    with acting(row.firm_id):
        found = count_open(row.firm_id, ADMINISTRATOR, [row.client_id])

    assert found == OpenWork(undecided=0, on_its_way=1, attention=0)


def test_a_package_counts_what_its_pause_holds_once() -> None:
    row = held(Hold.CONNECTION_PAUSED)

    with acting(row.firm_id):
        found = count_package(row.firm_id, row.connection_id)

    assert found == PackageCounts(clients=1, waiting=0, held=1)


@pytest.mark.parametrize("reason", PAUSES)
def test_no_cause_sends_what_a_pause_holds(reason: Hold) -> None:
    row = held(reason)
    cause = DeliveryFilter(connection=row.connection_id, state=State.HELD, reason=reason)

    with acting(row.firm_id):
        assert deliveries_of_cause(row.firm_id, ADMINISTRATOR, cause, most=10) == ()


def test_a_paused_integration_leaves_the_overview_calm_and_the_list_complete() -> None:
    desk = Desk()
    desk.delivery(state="accepted")
    with acting(desk.firm.pk):
        Integration.objects.update(paused_at=NOON)
    document = desk.document(number="NR-7", released_at=NOON)
    desk.delivery(document=document, state="held", reason="integration_paused")

    assert "Nothing needs your attention." in desk.read("")
    assert "NR-7" not in desk.read("deliveries/", state="attention")
    assert "NR-7" in desk.read("deliveries/", state="held")
    assert "NR-7" in desk.read("documents/", where="on_its_way")
    assert "NR-7" not in desk.read("documents/", where="attention")
