"""Questions about deliveries go after deliveries, by one worker at a time, and to all in turn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.models import Connection, Integration
from posthorn.delivery import sweep
from posthorn.delivery.models import Incarnation, Instance, Lane
from posthorn.delivery.readback import claims, keeping
from posthorn.delivery.readback.schedule import WAITS
from posthorn.delivery.readback_models import Readback
from posthorn.kernel.clock import now
from posthorn.sdk import (
    AuthorizationLost,
    Misconfigured,
    RateLimited,
    RemoteState,
    RemoteStatus,
    Scope,
    Unavailable,
)
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import Hand
from tests.db.telling import (
    Package,
    Scene,
    teller_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

SEEN = RemoteStatus(state=RemoteState.RECEIVED, code="seen", detail="by Els")
BOOKED = RemoteStatus(state=RemoteState.BOOKED, code="seen")
HOUR = timedelta(hours=1)


def lane_owners(scene: Scene) -> list[object]:
    with acting(scene.desk.firm):
        return list(Lane.objects.values_list("owner_id", flat=True))


@pytest.mark.parametrize(
    "wrong",
    [
        Unavailable("busy"),
        Misconfigured("no_rights", field="company"),
        AuthorizationLost(),
        Unavailable("odd_answer", scope=Scope.DOCUMENT),
        RuntimeError("a bug"),
    ],
)
def test_a_question_without_an_answer_harms_nothing_and_is_asked_later(
    teller: Package, wrong: Exception
) -> None:
    scene = Scene()
    scene.deliver("D1")
    teller.says["D1"] = wrong
    scene.let_time_pass()
    assert scene.look() == 1
    assert (scene.waits(), scene.look()) == ([timedelta(minutes=5)], 0)

    scene.let_time_pass()
    scene.look()
    assert scene.waits() == [timedelta(minutes=30)]
    assert (scene.desk.states(), scene.reports(), lane_owners(scene)) == (["delivered"], [], [None])
    package = scene.desk.package()
    assert (package.attention, package.backoff_step) == ("", 0)

    del teller.says["D1"]
    scene.let_time_pass()
    scene.look()
    assert scene.waits() == [WAITS[1]]


def test_a_limit_is_waited_for_and_counts_as_no_failure(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1", "D2")
    until = now() + timedelta(hours=3)
    teller.says["D1"] = RateLimited(until=until, scope=Scope.CLIENT)
    scene.let_time_pass()
    scene.look()

    assert scene.waits() == [timedelta(hours=3)] * 2
    assert teller.asked == ["D1"]
    with acting(scene.desk.firm):
        assert list(Readback.objects.values_list("looks", "failures")) == [(0, 0)] * 2


def test_what_ails_one_client_leaves_the_others_alone(teller: Package) -> None:
    scene = Scene(clients=2)
    scene.deliver("D1", "D2", client=0)
    scene.deliver("E1", client=1)
    teller.says["D1"] = Misconfigured("no_rights", field="company")
    scene.let_time_pass()
    while scene.look():
        pass

    assert sorted(teller.asked) == ["D1", "E1"]


def test_what_ails_the_package_is_found_out_with_one_question(teller: Package) -> None:
    scene = Scene(clients=2)
    scene.deliver("D1", "D2", client=0)
    scene.deliver("E1", client=1)
    for remote_id in ("D1", "D2", "E1"):
        teller.says[remote_id] = Unavailable("busy")
    scene.let_time_pass()
    while scene.look():
        pass

    assert len(teller.asked) == 1


def test_a_delivery_that_is_due_goes_first(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    scene.desk.queue()
    scene.let_time_pass()

    assert (scene.look(), teller.asked) == (0, [])


def test_a_delivery_that_comes_meanwhile_ends_the_questions(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1", "D2", "D3")
    teller.meanwhile.append(scene.desk.queue)
    scene.let_time_pass()

    assert (scene.look(), teller.asked, scene.wakes) == (1, ["D1"], 1)
    assert scene.waits() == [WAITS[1], timedelta(), timedelta()]
    assert len(Hand().due()) == 1


def test_nothing_is_sent_to_a_client_while_it_is_asked_about(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    claimed = []

    def try_to_send() -> None:
        scene.desk.queue()
        claimed.append(Hand().claim())

    teller.meanwhile.append(try_to_send)
    scene.let_time_pass()
    scene.look()

    assert (claimed, len(Hand().claim())) == ([[]], 1)


def test_two_workers_never_ask_about_one_client_at_once(teller: Package) -> None:
    scene, other = Scene(), Hand()
    scene.deliver("D1", "D2")
    asked = []
    teller.meanwhile.append(lambda: asked.append(scene.looker(other).look_once()))
    scene.let_time_pass()
    scene.look()

    assert (asked, teller.asked) == ([0], ["D1", "D2"])


def test_a_large_package_takes_no_more_turns_than_a_small_one(teller: Package) -> None:
    large, small = Scene(clients=3), Scene()
    for client in range(3):
        large.deliver(*(f"L{client}{number}" for number in range(7)), client=client)
    small.deliver("S")
    large.let_time_pass()

    assert large.look() == 2
    assert ("S" in teller.asked, len(teller.asked)) == (True, 1 + claims.SLICE)


def test_what_a_dead_worker_had_taken_is_asked_by_another_a_quarter_later(teller: Package) -> None:
    scene, dead = Scene(), Hand()
    (delivery,) = scene.deliver("D1")
    scene.let_time_pass()
    assert claims.take(dead.incarnation.pk, delivery.lane_id) is not None
    assert scene.look() == 0
    with system("test"):
        Incarnation.objects.filter(pk=dead.incarnation.pk).update(heartbeat_at=now() - HOUR)

    assert sweep.sweep(30.0) == 1
    assert Hand().due() == []  # its senders look into a freed lane first
    assert (scene.look(), scene.waits()) == (0, [timedelta(minutes=15)])
    scene.let_time_pass(timedelta(minutes=16))
    assert (scene.look(), teller.asked) == (1, ["D1"])


def test_an_answer_that_comes_after_another_workers_is_dropped(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    with acting(scene.desk.firm):
        asked = Readback.objects.get()
    teller.says["D1"] = SEEN
    scene.let_time_pass()
    scene.look()

    keeping.keep(asked, BOOKED)

    assert scene.reports() == [("received", "seen", False)]
    assert scene.waits() == [WAITS[1]]


def test_a_worker_that_is_to_stop_asks_nothing_more(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1", "D2")

    def stop() -> None:
        scene.lease.is_standing = False

    teller.meanwhile.append(stop)
    scene.let_time_pass()
    scene.look()

    assert (teller.asked, lane_owners(scene)) == (["D1"], [None])
    assert (scene.look(), teller.asked) == (0, ["D1"])


def off(scene: Scene) -> None:
    scene.desk.set_package(is_active=False)


def paused(scene: Scene) -> None:
    scene.desk.set_package(paused_at=now())


def signed_out(scene: Scene) -> None:
    scene.desk.set_package(attention="authorization_lost", attention_since=now())


def removed(scene: Scene) -> None:
    with acting(scene.desk.firm):
        Integration.objects.update(removed_at=now())


@pytest.mark.parametrize("block", [off, paused, signed_out, removed])
def test_where_nothing_may_go_nothing_is_asked(
    teller: Package, block: Callable[[Scene], None]
) -> None:
    scene = Scene()
    scene.deliver("D1")
    block(scene)
    scene.let_time_pass()
    scene.look()

    assert (teller.asked, scene.waits()) == ([], [timedelta(hours=6)])


@pytest.mark.parametrize("reason", ["copied", "paused"])
def test_an_installation_that_is_held_asks_nothing(teller: Package, reason: str) -> None:
    scene = Scene()
    scene.deliver("D1")
    with system("test"):
        Instance.objects.update_or_create(
            id=1, defaults={"fingerprint": "x", "held_reason": reason, "held_at": now()}
        )
    scene.let_time_pass()

    assert (scene.look(), teller.asked) == (0, [])


def test_a_package_that_does_not_answer_is_left_to_the_deliveries(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    with acting(scene.desk.firm):
        Connection.objects.update(backoff_step=1)
    scene.let_time_pass()

    assert (scene.look(), teller.asked) == (0, [])


def test_what_nobody_answered_for_two_months_is_given_up(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1", "D2")
    with system("test"):
        first = Readback.objects.order_by("began_at").values_list("id", flat=True)[0]
        Readback.objects.filter(id=first).update(began_at=now() - timedelta(days=61))

    assert (keeping.clear_old(), len(scene.waits()), teller.asked) == (1, 1, [])
