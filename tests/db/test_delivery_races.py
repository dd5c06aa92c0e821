"""What happens at the same time: releases, recoveries, writers and withdrawals."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection

from posthorn.archive import assign
from posthorn.connections.models import Connection
from posthorn.delivery import lanes
from posthorn.delivery.models import Delivery, Lane
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import ACTOR, Hand, finish_of, open_desk
from tests.db.factories import ClientFactory
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from posthorn.archive.models import Document
    from tests.db.delivering import Desk

pytestmark = pytest.mark.usefixtures("committed")
ROUNDS = 4


def pause(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_recovery_and_a_release_take_lanes_in_one_order() -> None:
    desk, hand = open_desk(clients=2), Hand()
    low, high = sorted([desk.queue(0)[0], desk.queue(1)[-1]], key=lambda each: each.lane_id)
    held = next(held for held in hand.claim() if held.lane_id == low.lane_id)
    with system("test"):
        Lane.objects.filter(pk=high.lane_id).update(owner=None)
    begin = hand.send(held, low)
    desk.set_package(backoff_step=1)
    recovering = replace(begin, held=replace(held, connection_step=1))

    def release() -> str:
        """Take the lanes in order, and give the recovery time to come between."""
        with system("test"):
            Lane.objects.select_for_update().get(pk=low.lane_id)
            pause(0.5)
            Lane.objects.select_for_update().get(pk=high.lane_id)
        return "released"

    def recover() -> str:
        pause(0.2)
        hand.write(Turn(finish=finish_of(recovering), let_go=held))
        return "recovered"

    assert at_once([release, recover]) == ["released", "recovered"]
    assert desk.package().backoff_step == 0


def test_two_writers_of_one_backlog_never_begin_the_same_delivery() -> None:
    desk = open_desk(clients=6)
    for client in range(6):
        desk.queue(client, count=3)
    hands = [Hand() for _ in range(4)]

    def work(hand: Hand) -> list[str]:
        begun = []
        while helds := hand.claim(limit=2):
            for held in helds:
                with acting(desk.firm):
                    works = list(
                        Delivery.objects.filter(lane_id=held.lane_id, state="queued").order_by(
                            "position"
                        )
                    )
                for delivery in works:
                    begin = hand.send(held, delivery)
                    begun.append(str(delivery.pk))
                    hand.write(Turn(finish=finish_of(begin)))
                hand.let_go(held)
        return begun

    found = at_once([partial(work, hand) for hand in hands])

    every = [key for begun in found for key in begun]
    assert sorted(every) == sorted(str(delivery.pk) for delivery in desk.deliveries())
    assert set(desk.states()) == {"accepted"}


def test_two_bulk_releases_in_opposite_order_both_succeed() -> None:
    desk = open_desk(clients=8)

    def documents(order: Iterable[int]) -> list[Document]:
        return [document for client in order for document in desk.documents(client, count=4)]

    for _ in range(ROUNDS):
        forwards, backwards = documents(range(8)), documents(reversed(range(8)))
        at_once([partial(desk.release, forwards), partial(desk.release, backwards)])

    assert desk.states() == ["queued"] * 8 * 4 * 2 * ROUNDS


def test_two_releases_that_both_wrote_their_deliveries_do_not_wait_for_each_other() -> None:
    desk = open_desk(clients=2)
    ids = [desk.queue(client)[-1].lane_id for client in range(2)]
    both = Barrier(2, timeout=10)

    def write_and_wake() -> str:
        with system("test"), connection.cursor() as cursor:
            # What writing a delivery does, through its foreign key.
            cursor.execute("SELECT 1 FROM delivery_lane WHERE id = ANY(%s) FOR KEY SHARE", [ids])
            both.wait()
            lanes.wake(ids)
        return "woken"

    assert at_once([write_and_wake, write_and_wake]) == ["woken", "woken"]


def test_wake_ups_in_opposite_order_wait_for_each_other() -> None:
    desk = open_desk(clients=6)
    for client in range(6):
        desk.queue(client)
    ids = [delivery.lane_id for delivery in desk.deliveries()]

    def wake(order: Sequence[UUID]) -> None:
        for _ in range(20):
            with system("test"):
                lanes.wake(order)

    at_once([partial(wake, ids), partial(wake, ids[::-1])])

    assert {lane.next_at is not None for lane in all_lanes(desk)} == {True}


def all_lanes(desk: Desk) -> list[Lane]:
    with acting(desk.firm):
        return list(Lane.objects.all())


def test_document_moved_while_it_is_being_begun_is_marked_to_be_taken_out() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    other = ClientFactory.create(firm=desk.integrations[0].firm)
    (held,) = hand.claim()
    begin = hand.begin(held, queued)

    def begin_slowly() -> str:
        with system("test"):
            hand.write(Turn(begin=begin))
            pause(0.6)
        return "begun"

    def move() -> str:
        pause(0.2)
        with acting(desk.firm):
            assign.move(desk.firm, queued.document_id, other.pk, actor=ACTOR)
        return "moved"

    assert at_once([begin_slowly, move]) == ["begun", "moved"]

    (delivery,) = desk.deliveries()
    assert delivery.state == "sending"
    assert delivery.take_out_at is not None
    assert desk.trail("delivery.take_out") == ["delivery.take_out"]


def test_lane_is_left_alone_while_somebody_changes_its_connection() -> None:
    desk, hand = open_desk(), Hand()
    desk.queue()
    desk.set_package(paused_at=now())  # without telling: as when it happened during a try

    def change() -> str:
        with acting(desk.firm):
            Connection.objects.select_for_update().get()
            pause(0.6)
        return "changed"

    def load() -> str:
        pause(0.2)
        with pytest.raises(OperationalError, match="could not obtain lock"):
            hand.load()
        return "left alone"

    assert at_once([change, load]) == ["changed", "left alone"]
    assert desk.states() == ["queued"]
    assert desk.lane().owner_id is None

    (run,) = hand.load()
    assert run.works == ()
    assert desk.states() == ["connection_paused"]
