"""A connection backs off, is probed by one lane, recovers; or waits for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.holds import HoldKeeper
from posthorn.delivery.models import Lane
from posthorn.delivery.policy import Effect, Verdict
from posthorn.delivery.states import Hold, State
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import Desk, Hand, finish_of, open_desk

if TYPE_CHECKING:
    from posthorn.delivery.models import Delivery
    from posthorn.delivery.turns import Held

pytestmark = pytest.mark.django_db
DOWN = Verdict(
    state=State.RETRYING,
    outcome="unavailable",
    code="relay_unreachable",
    wait=timedelta(seconds=2),
    effect=Effect.BACK_OFF,
)
REFUSES_US = Verdict(
    state=State.HELD,
    outcome="misconfigured",
    code="login_refused",
    detail="535 no",
    hold=Hold.CONNECTION_ATTENTION,
    effect=Effect.ATTENTION,
)


def three_lanes() -> tuple[Desk, Hand, list[tuple[Held, Delivery]]]:
    """Give three lanes with two deliveries each, all claimed, with their heads."""
    desk, hand = open_desk(clients=3), Hand()
    for _ in range(2):
        for client in range(3):
            desk.queue(client)
    helds = {held.lane_id: held for held in hand.claim()}
    return desk, hand, [(helds[head.lane_id], head) for head in desk.deliveries()[:3]]


def fail(hand: Hand, held: Held, delivery: Delivery, verdict: Verdict = DOWN) -> None:
    hand.write(Turn(finish=finish_of(hand.send(held, delivery), verdict), let_go=held))


def make_due() -> None:
    with system("test"):
        Lane.objects.exclude(next_at=None).update(next_at=now())


def test_lanes_that_fail_together_count_as_one_failure() -> None:
    desk, hand, heads = three_lanes()

    for held, head in heads:
        fail(hand, held, head)

    package = desk.package()
    assert (package.backoff_step, package.probe_lane) == (1, heads[0][1].lane_id)
    assert package.failing_since is not None
    assert desk.states() == ["retrying"] * 3 + ["queued"] * 3
    assert {each.spent for each in desk.deliveries()} == {0}
    assert desk.trail("connection.") == ["connection.backing_off"]


def test_only_the_probing_lane_is_claimed_and_with_its_head_alone() -> None:
    _, hand, heads = three_lanes()
    for held, head in heads:
        fail(hand, held, head)
    assert hand.claim() == []  # not before its time, whatever waits behind the head

    make_due()
    with system("test"):
        heads[0][1].__class__.objects.exclude(next_at=None).update(next_at=now())
    (run,) = hand.load()

    assert run.held.lane_id == heads[0][1].lane_id
    assert [work.delivery_id for work in run.works] == [heads[0][1].pk]


def test_release_during_a_back_off_does_not_cut_it_short() -> None:
    desk, hand, heads = three_lanes()
    for held, head in heads:
        fail(hand, held, head)

    for client in range(3):
        desk.queue(client)

    assert hand.claim() == []


def test_probe_that_fails_again_waits_longer() -> None:
    desk, hand, heads = three_lanes()
    fail(hand, *heads[0])
    make_due()
    (probe,) = hand.claim()

    fail(hand, probe, desk.deliveries()[0])

    assert desk.package().backoff_step == 2
    assert desk.trail("connection.") == ["connection.backing_off"]


def test_recovery_wakes_all_lanes_and_what_failed_for_the_connections_sake() -> None:
    desk, hand, heads = three_lanes()
    for held, head in heads:
        fail(hand, held, head)
    make_due()
    (probe,) = hand.claim()
    begin = hand.send(probe, desk.deliveries()[0])

    hand.write(Turn(finish=finish_of(begin), let_go=probe))

    package = desk.package()
    assert (package.backoff_step, package.probe_lane, package.failing_since) == (0, None, None)
    assert desk.trail("connection.") == ["connection.backing_off", "connection.recovered"]
    assert sorted(hand.due()) == sorted(each.pk for each in desk.deliveries()[1:])


def test_success_of_a_lane_that_knew_of_no_failure_ends_no_back_off() -> None:
    desk, hand, heads = three_lanes()
    fail(hand, *heads[0])

    held, head = heads[1]
    hand.write(Turn(finish=finish_of(hand.send(held, head)), let_go=held))

    assert desk.package().backoff_step == 1


def test_refused_login_is_told_once_and_holds_everything() -> None:
    desk, hand, heads = three_lanes()
    begins = [hand.send(held, head) for held, head in heads]

    for begin, (held, _) in zip(begins, heads, strict=True):
        finish = finish_of(begin, REFUSES_US, field="relay_password")
        hand.write(Turn(finish=finish, let_go=held))

    assert desk.states() == ["connection_attention"] * 6
    package = desk.package()
    assert (package.attention, package.attention_field, package.attention_detail) == (
        "login_refused",
        "relay_password",
        "535 no",
    )
    assert desk.trail("connection.") == ["connection.needs_attention"]
    assert hand.due() == []


def test_corrected_setting_is_not_blamed_and_leaves_nothing_on_hold() -> None:
    desk, hand, heads = three_lanes()
    held, head = heads[0]
    begin = hand.send(held, head)
    desk.set_package(version=desk.package().version + 1)

    hand.write(Turn(finish=finish_of(begin, REFUSES_US), let_go=held))

    assert desk.package().attention == ""
    assert desk.states() == ["queued"] * 6
    assert desk.trail("connection.") == []


def test_effect_of_a_refused_result_is_not_carried_over() -> None:
    desk, hand, heads = three_lanes()
    held, head = heads[0]
    begin = hand.send(held, head)
    stranger = replace(begin, attempt_id=begin.delivery_id)

    hand.write(Turn(finish=finish_of(stranger, DOWN)))

    assert desk.package().backoff_step == 0
    assert desk.states() == ["sending"] + ["queued"] * 5


def test_client_that_must_wait_takes_its_whole_lane_along_and_no_other() -> None:
    desk, hand, heads = three_lanes()
    until = now() + timedelta(minutes=7)
    slow = Verdict(
        state=State.RETRYING,
        outcome="rate_limited",
        code="rate_limited",
        until=until,
        effect=Effect.CLIENT_WAITS,
    )

    fail(hand, *heads[0], slow)

    times = [delivery.next_at for delivery in desk.deliveries()]
    assert [time == until for time in times] == [True, False, False, True, False, False]
    assert desk.lane().next_at == until
    assert desk.package().backoff_step == 0


def test_clients_wrong_setting_holds_its_whole_lane_and_no_other() -> None:
    desk, hand, heads = three_lanes()
    wrong = Verdict(
        state=State.HELD,
        outcome="misconfigured",
        code="no_access",
        hold=Hold.MISCONFIGURED,
        effect=Effect.CLIENT_ATTENTION,
    )

    fail(hand, *heads[0], wrong)
    hand.let_go(heads[1][0], heads[2][0])

    assert desk.states() == ["misconfigured", "queued", "queued"] * 2
    assert desk.package().attention == ""
    assert desk.lane().next_at is None

    with acting(desk.firm):  # as saving the integration's settings does
        HoldKeeper().reconsider(desk.firm, integration_ids=[desk.integrations[0].pk])

    assert desk.states() == ["queued"] * 6
