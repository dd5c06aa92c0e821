"""What a release puts in which queue, in the same transaction; and what a move takes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from posthorn.archive import assign
from posthorn.archive.models import Document
from posthorn.connections import integrations
from posthorn.connections.models import Connection, Integration
from posthorn.delivery.models import Delivery
from posthorn.delivery.states import State
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.clients import set_sharing
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting
from tests.db.delivering import ACTOR, ADDRESSES, UNKNOWN, Desk, Hand, finish_of, open_desk
from tests.db.factories import (
    ClientFactory,
    ConnectionFactory,
    DocumentFactory,
    IntegrationFactory,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def reasons(desk: Desk) -> list[str]:
    """Give why each document goes nowhere, in order of arrival."""
    with acting(desk.firm):
        rows = Document.objects.order_by("arrived_at", "pk")
        return list(rows.values_list("not_planned", flat=True))


def test_released_together_documents_are_queued_in_order_of_arrival() -> None:
    desk = open_desk()
    documents = desk.documents(count=5)

    deliveries = desk.release(documents[::-1])

    assert [each.document_id for each in deliveries] == [each.pk for each in documents]
    positions = [each.position for each in deliveries]
    assert positions == sorted(positions)
    assert {each.state for each in deliveries} == {"queued"}
    assert desk.lane().next_at is not None


def test_release_that_fails_leaves_no_delivery_and_no_wake_up() -> None:
    desk = open_desk()
    documents = desk.documents(count=2)

    with acting(desk.firm), transaction.atomic():
        desk.release(documents)
        transaction.set_rollback(True)  # Django's own signature

    assert desk.deliveries() == []
    assert reasons(desk) == ["", ""]
    assert Hand().claim() == []


def test_released_before_activation_goes_nowhere_and_says_so() -> None:
    desk = open_desk(activated_at=now() + HOUR)

    assert desk.queue() == []

    assert reasons(desk) == ["before_activation"]


def test_arrived_before_activation_and_released_after_it_goes() -> None:
    desk = open_desk(activated_at=now() - HOUR)
    documents = desk.documents()
    with acting(desk.firm):
        Document.objects.update(arrived_at=now() - 100 * HOUR)

    desk.release(documents)

    assert desk.states() == ["queued"]


def test_saving_an_integration_again_moves_no_cut_off() -> None:
    desk = open_desk()
    row = desk.integrations[0]
    wish = integrations.Wish(values={**ADDRESSES, "purchase_address": "nieuw@pakket.example"})

    with acting(desk.firm):
        saved = integrations.save_integration(desk.firm, row.pk, wish, actor=ACTOR)

    assert saved.activated_at == row.activated_at


def test_integration_made_anew_takes_only_what_is_released_from_then_on() -> None:
    desk = open_desk()
    first = desk.queue()
    row = desk.integrations[0]

    with acting(desk.firm):
        integrations.remove_integration(desk.firm, row.pk, actor=ACTOR)
        again = integrations.create_integration(
            desk.firm,
            row.client_id,
            desk.connection,
            integrations.Wish(values=ADDRESSES),
            actor=ACTOR,
        )
    assert desk.states() == ["integration_removed"]
    desk.queue()

    assert desk.states() == ["integration_removed", "queued"]
    assert [each.integration_id for each in desk.deliveries()] == [row.pk, again.pk]
    assert desk.deliveries()[0].pk == first[0].pk


def test_not_shared_goes_nowhere_and_shared_again_does_not_send_it_later() -> None:
    desk = open_desk()
    client = desk.integrations[0].client_id
    with acting(desk.firm):
        set_sharing(desk.firm, client, shares=False, actor=ACTOR)
    desk.queue()
    assert reasons(desk) == ["not_shared"]

    with acting(desk.firm):
        set_sharing(desk.firm, client, shares=True, actor=ACTOR)
    desk.queue()

    assert desk.states() == ["queued"]
    assert reasons(desk) == ["not_shared", ""]


def test_without_an_integration_the_document_says_so() -> None:
    desk = open_desk()
    with acting(desk.firm):
        Integration.objects.update(removed_at=now())

    desk.queue()

    assert (desk.deliveries(), reasons(desk)) == ([], ["no_integration"])


def test_kind_that_goes_by_no_route_is_not_planned() -> None:
    desk = open_desk()
    with acting(desk.firm):
        Integration.objects.update(routes={"purchase": "none"})

    desk.queue()

    assert (desk.deliveries(), reasons(desk)) == ([], ["kind_not_taken"])


@pytest.mark.parametrize(
    ("model", "change", "reason"),
    [
        (Integration, {"settings": {}}, "missing_address"),
        (Connection, {"is_active": False}, "extension_off"),
        (
            Connection,
            {"attention": "login_refused", "attention_since": now()},
            "connection_attention",
        ),
        (Connection, {"paused_at": now()}, "connection_paused"),
        (Connection, {"connector_id": "gone"}, "connector_missing"),
        (Integration, {"paused_at": now()}, "integration_paused"),
        (Client, {"paused_at": now()}, "client_paused"),
    ],
)
def test_what_stands_in_the_way_is_a_hold_with_a_reason(
    model: type[Integration] | type[Connection] | type[Client],
    change: dict[str, object],
    reason: str,
) -> None:
    desk = open_desk()
    with acting(desk.firm):
        model.objects.update(**change)

    desk.queue()

    assert desk.states() == [reason]
    assert Hand().claim() == []


def test_two_packages_of_one_client_get_one_delivery_each() -> None:
    desk = open_desk()
    row = desk.integrations[0]
    second = IntegrationFactory.create(
        firm=row.firm,
        client=row.client,
        connection=ConnectionFactory.create(firm=row.firm),
        settings=ADDRESSES,
    )

    deliveries = desk.queue()

    assert {each.integration_id for each in deliveries} == {row.pk, second.pk}
    assert len({each.lane_id for each in deliveries}) == 2


def test_same_document_for_the_same_integration_twice_is_refused_by_the_database() -> None:
    desk = open_desk()
    (delivery,) = desk.queue()
    again = desk.deliveries()[0]
    again.pk, again.key, again.position = new_id(), "other", delivery.position + 1

    with acting(desk.firm), transaction.atomic(), pytest.raises(IntegrityError):
        again.save(force_insert=True)

    with acting(desk.firm):
        Delivery.objects.update(state=State.CANCELLED, next_at=None)
        again.save(force_insert=True)
    assert desk.states() == ["cancelled", "queued"]


def move_to_another(desk: Desk, document: object) -> Client:
    """Move a document to a new client that is bound to the same package."""
    row = desk.integrations[0]
    other = ClientFactory.create(firm=row.firm)
    IntegrationFactory.create(
        firm=row.firm, client=other, connection=row.connection, settings=ADDRESSES
    )
    with acting(desk.firm):
        assign.move(desk.firm, document, other.pk, actor=ACTOR)  # type: ignore[arg-type]  # its id
    return other


def test_moved_document_leaves_its_queue_and_goes_to_the_right_client() -> None:
    desk = open_desk()
    (queued,) = desk.queue()

    other = move_to_another(desk, queued.document_id)

    assert desk.states() == ["cancelled", "queued"]
    cancelled, planned = desk.deliveries()
    assert (cancelled.take_out_at, planned.client_id) == (None, other.pk)


@pytest.mark.parametrize("state", ["sending", "accepted"])
def test_moved_document_that_left_is_marked_to_be_taken_out(state: str) -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    begin = hand.send(held, queued)
    if state == "accepted":
        hand.write(Turn(finish=finish_of(begin)))

    move_to_another(desk, queued.document_id)

    assert desk.states() == [state, "queued"]
    assert [each.take_out_at is not None for each in desk.deliveries()] == [True, False]
    assert desk.trail("delivery.take_out") == ["delivery.take_out"]


def test_moved_document_whose_answer_is_unknown_is_held_and_marked() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    hand.write(Turn(finish=finish_of(hand.send(held, queued), UNKNOWN), let_go=held))

    move_to_another(desk, queued.document_id)

    assert desk.states() == ["withdrawn", "queued"]
    assert desk.deliveries()[0].take_out_at is not None


def test_sales_document_goes_to_the_sales_address_only() -> None:
    desk = open_desk()
    row = desk.integrations[0]
    document = DocumentFactory.create(firm=row.firm, client=row.client, direction="sales")

    desk.release([document])

    assert desk.states() == ["missing_address"]
