"""What a person may do with a delivery, and what is refused without changing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.delivery import actions
from posthorn.delivery.actions import DeliveryNotFoundError, NotPossibleError
from posthorn.delivery.models import Delivery
from posthorn.delivery.states import Hold, State
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import ACTOR, UNKNOWN, Desk, Hand, finish_of, open_desk

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def sent(desk: Desk) -> Delivery:
    """Give a delivery that was accepted."""
    hand = Hand()
    delivery = desk.queue()[-1]
    (held,) = hand.claim()
    hand.write(Turn(finish=finish_of(hand.send(held, delivery)), let_go=held))
    return desk.deliveries()[-1]


def test_hold_by_hand_lasts_until_it_is_released() -> None:
    desk = open_desk()
    (delivery,) = desk.queue()

    with acting(desk.firm):
        actions.hold(desk.firm, delivery.pk, actor=ACTOR, note="wrong month")
    assert desk.states() == ["by_hand"]
    assert Hand().due() == []

    with acting(desk.firm):
        actions.release(desk.firm, delivery.pk, actor=ACTOR)
    assert desk.states() == ["queued"]
    assert Hand().due() == [delivery.pk]
    assert desk.trail("delivery.") == ["delivery.planned", "delivery.held", "delivery.queued"]


def test_cancelled_delivery_never_goes() -> None:
    desk = open_desk()
    (delivery,) = desk.queue()

    with acting(desk.firm):
        actions.cancel(desk.firm, delivery.pk, actor=ACTOR)

    assert desk.states() == ["cancelled"]
    assert desk.deliveries()[0].next_at is None
    assert Hand().due() == []


@pytest.mark.parametrize("act", [actions.hold, actions.release, actions.cancel])
@pytest.mark.parametrize("state", ["sending", "accepted"])
def test_what_is_on_its_way_or_over_is_left_alone(act: Callable[..., None], state: str) -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    begin = hand.send(held, queued)
    if state == "accepted":
        hand.write(Turn(finish=finish_of(begin)))
    before = desk.trail()

    with acting(desk.firm), pytest.raises(NotPossibleError, match="cannot be done now"):
        act(desk.firm, queued.pk, actor=ACTOR)

    assert desk.states() == [state]
    assert desk.trail() == before


def test_delivery_of_nobody_or_of_another_firm_is_not_found() -> None:
    desk, other = open_desk(), open_desk()
    (foreign,) = other.queue()

    for delivery in (new_id(), foreign.pk):
        with acting(desk.firm), pytest.raises(DeliveryNotFoundError):
            actions.cancel(desk.firm, delivery, actor=ACTOR)

    assert other.states() == ["queued"]


def test_release_is_refused_while_the_cause_stands() -> None:
    desk = open_desk()
    desk.set_package(paused_at=now())
    (delivery,) = desk.queue()

    with (
        acting(desk.firm),
        pytest.raises(NotPossibleError, match=r"package is paused\."),
    ):
        actions.release(desk.firm, delivery.pk, actor=ACTOR)

    assert desk.states() == ["connection_paused"]


def test_three_times_unknown_goes_again_when_a_person_says_so() -> None:
    desk = open_desk()
    (delivery,) = desk.queue()
    with acting(desk.firm):
        Delivery.objects.update(
            state=State.HELD, reason=Hold.UNKNOWN_THRICE, next_at=None, unknowns=3, spent=3
        )
        actions.release(desk.firm, delivery.pk, actor=ACTOR)

    (run,) = Hand().load()
    assert [(work.state, work.unknowns) for work in run.works] == [(State.QUEUED, 3)]


def test_resend_is_a_new_delivery_with_a_reason_and_a_mark_of_its_own() -> None:
    desk = open_desk()
    original = sent(desk)

    with acting(desk.firm):
        first = actions.resend(desk.firm, original.pk, reason=" they lost it ", actor=ACTOR)
        hand = Hand()
    copy = desk.deliveries()[-1]
    assert (copy.pk, copy.key, copy.copy) == (first, f"{original.key}.1", 1)
    assert (copy.resend_of_id, copy.resend_reason) == (original.pk, "they lost it")
    assert desk.states() == ["accepted", "queued"]

    (held,) = hand.claim()
    hand.write(Turn(finish=finish_of(hand.send(held, copy)), let_go=held))
    with acting(desk.firm):
        actions.resend(desk.firm, first, reason="again", actor=ACTOR)
    third = desk.deliveries()[-1]
    assert (third.key, third.copy, third.resend_of_id) == (f"{original.key}.2", 2, original.pk)
    assert desk.trail("delivery.resent") == ["delivery.resent"] * 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_resend_without_a_reason_is_refused(reason: str) -> None:
    desk = open_desk()
    original = sent(desk)

    with acting(desk.firm), pytest.raises(NotPossibleError, match="Say why"):
        actions.resend(desk.firm, original.pk, reason=reason, actor=ACTOR)

    assert desk.states() == ["accepted"]


def test_resend_of_what_has_not_come_to_an_end_is_refused() -> None:
    desk, hand = open_desk(), Hand()
    (queued,) = desk.queue()
    (held,) = hand.claim()
    hand.write(Turn(finish=finish_of(hand.send(held, queued), UNKNOWN), let_go=held))

    with acting(desk.firm), pytest.raises(NotPossibleError, match="came to an end"):
        actions.resend(desk.firm, queued.pk, reason="now", actor=ACTOR)

    assert desk.states() == ["unknown"]


def test_resend_into_a_paused_package_waits_there() -> None:
    desk = open_desk()
    original = sent(desk)
    desk.set_package(paused_at=now())

    with acting(desk.firm):
        actions.resend(desk.firm, original.pk, reason="lost", actor=ACTOR)

    assert desk.states() == ["accepted", "connection_paused"]


def test_processed_is_a_mark_that_can_be_taken_back() -> None:
    desk = open_desk()
    delivery = sent(desk)

    with acting(desk.firm):
        actions.mark_processed(desk.firm, delivery.pk, actor=ACTOR)
        actions.mark_processed(desk.firm, delivery.pk, actor="somebody else")
    marked = desk.deliveries()[0]
    assert (marked.state, marked.processed_by) == ("accepted", ACTOR)
    assert marked.processed_at is not None

    with acting(desk.firm):
        actions.unmark_processed(desk.firm, delivery.pk, actor=ACTOR)
        actions.unmark_processed(desk.firm, delivery.pk, actor=ACTOR)
    unmarked = desk.deliveries()[0]
    assert (unmarked.state, unmarked.processed_at, unmarked.processed_by) == ("accepted", None, "")
    assert desk.trail("delivery.")[-2:] == ["delivery.processed", "delivery.unprocessed"]


@pytest.mark.parametrize("state", list(State))
def test_what_is_offered_is_what_the_table_allows(state: State) -> None:
    offered = {
        State.QUEUED: {State.HELD, State.CANCELLED},
        State.RETRYING: {State.HELD, State.CANCELLED},
        State.UNKNOWN: {State.HELD},
        State.HELD: {State.QUEUED, State.CANCELLED},
    }

    assert actions.possible(state) == offered.get(state, set())


def test_deliveries_of_the_system_scope_are_as_safe() -> None:
    desk, other = open_desk(), open_desk()
    (foreign,) = other.queue()

    with system("test"), pytest.raises(DeliveryNotFoundError):
        actions.cancel(desk.firm, foreign.pk, actor=ACTOR)

    assert other.states() == ["queued"]
