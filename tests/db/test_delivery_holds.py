"""Whatever closes the way holds what waits, whenever it is noticed; its end sets it free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from posthorn.connections.models import Connection, Integration
from posthorn.delivery import actions
from posthorn.delivery.holds import HoldKeeper, hold_connection, reconsider_connectors
from posthorn.delivery.models import Delivery
from posthorn.delivery.states import Hold, State
from posthorn.kernel.clock import now
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting
from tests.db.delivering import ACTOR, Desk, Hand, open_desk

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.django_db
Owner = type[Connection] | type[Integration] | type[Client]

CLOSED: list[tuple[Owner, Mapping[str, Any], Mapping[str, Any], str]] = [
    (Connection, {"paused_at": now()}, {"paused_at": None}, "connection_paused"),
    (Connection, {"is_active": False}, {"is_active": True}, "extension_off"),
    (
        Connection,
        {"attention": "refused", "attention_since": now()},
        {"attention": "", "attention_since": None},
        "connection_attention",
    ),
    (Integration, {"paused_at": now()}, {"paused_at": None}, "integration_paused"),
    (Client, {"paused_at": now()}, {"paused_at": None}, "client_paused"),
    (Client, {"shares_documents": False}, {"shares_documents": True}, "not_shared"),
    (
        Client,
        {"state": ClientState.ARCHIVED.value},
        {"state": ClientState.ACTIVE.value},
        "client_left",
    ),
]
NAMES = [reason for *_, reason in CLOSED]


BY_A_PERSON = {"not_shared", "client_left"}


def lift(desk: Desk, reason: str) -> None:
    """Do what frees deliveries once their cause is gone."""
    with acting(desk.firm):
        HoldKeeper().reconsider(desk.firm, client_ids=[desk.integrations[0].client_id])
    assert (reason in BY_A_PERSON) is (desk.states() != ["queued", "queued"])
    for delivery in desk.deliveries():
        if delivery.state == State.HELD:
            with acting(desk.firm):
                actions.release(desk.firm, delivery.pk, actor=ACTOR)


def change(desk: Desk, owner: Owner, values: Mapping[str, Any]) -> None:
    """Change columns without telling anybody, as somebody may while a document is being sent."""
    with acting(desk.firm):
        owner.objects.update(**values)


@pytest.mark.parametrize(("owner", "closing", "opening", "reason"), CLOSED, ids=NAMES)
def test_claimed_lane_whose_way_was_closed_meanwhile_sends_nothing(
    owner: Owner, closing: Mapping[str, Any], opening: Mapping[str, Any], reason: str
) -> None:
    desk = open_desk()
    desk.queue(count=2)
    change(desk, owner, closing)

    assert Hand().due() == []

    assert desk.states() == [reason, reason]
    change(desk, owner, opening)
    lift(desk, reason)
    assert desk.states() == ["queued", "queued"]
    assert len(Hand().due()) == 2


def test_removed_integration_holds_what_waits_for_a_person() -> None:
    desk = open_desk()
    desk.queue()
    change(desk, Integration, {"removed_at": now()})

    assert Hand().due() == []

    assert desk.states() == ["integration_removed"]


def test_other_lanes_of_the_same_claim_go_on() -> None:
    desk = open_desk(clients=2)
    desk.queue(0)
    good = desk.queue(1)[-1]
    with acting(desk.firm):
        Integration.objects.filter(pk=desk.integrations[0].pk).update(paused_at=now())

    assert Hand().due() == [good.pk]

    assert desk.states() == ["integration_paused", "queued"]


def test_what_a_person_holds_is_not_freed_by_a_setting() -> None:
    desk = open_desk()
    desk.queue()
    with acting(desk.firm):
        Delivery.objects.update(state=State.HELD, reason=Hold.BY_HAND, next_at=None)
        HoldKeeper().reconsider(desk.firm, connection_ids=[desk.connection])

    assert desk.states() == ["by_hand"]


def test_next_obstacle_takes_the_place_of_the_one_that_went() -> None:
    desk = open_desk()
    change(desk, Connection, {"paused_at": now()})
    change(desk, Client, {"paused_at": now()})
    desk.queue()
    assert desk.states() == ["connection_paused"]

    change(desk, Connection, {"paused_at": None})
    with acting(desk.firm):
        HoldKeeper().reconsider(desk.firm, connection_ids=[desk.connection])

    assert desk.states() == ["client_paused"]


def test_reconsidering_one_client_leaves_the_others_alone() -> None:
    desk = open_desk(clients=2)
    desk.queue(0)
    desk.queue(1)
    change(desk, Client, {"paused_at": now()})

    with acting(desk.firm):
        HoldKeeper().reconsider(desk.firm, client_ids=[desk.integrations[0].client_id])

    assert desk.states() == ["client_paused", "queued"]


def test_connection_that_refuses_us_holds_all_its_lanes() -> None:
    desk = open_desk(clients=2)
    desk.queue(0)
    desk.queue(1)

    with acting(desk.firm):
        hold_connection(desk.connection)

    assert desk.states() == ["connection_attention"] * 2
    assert desk.trail("delivery.held") == ["delivery.held"] * 2


def test_extension_that_is_there_again_sends_what_waited_for_it() -> None:
    desk = open_desk(clients=2)
    change(desk, Connection, {"connector_id": "gone"})
    desk.queue(0)
    desk.queue(1)
    reconsider_connectors()
    assert desk.states() == ["connector_missing"] * 2

    change(desk, Connection, {"connector_id": "email_delivery"})
    reconsider_connectors()

    assert desk.states() == ["queued", "queued"]
