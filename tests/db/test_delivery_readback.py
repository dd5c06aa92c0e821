"""What packages say later of what they have: asked seldom, after deliveries, and never made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from posthorn.delivery.readback.schedule import WAITS
from posthorn.delivery.readback_models import StatusReport
from posthorn.delivery.turns import Turn
from posthorn.sdk import RemoteState, RemoteStatus
from posthorn.tenancy.scope import acting
from tests.db.delivering import UNKNOWN
from tests.db.telling import (
    Package,
    Scene,
    teller_fixture,  # noqa: F401  found by its name
)

pytestmark = pytest.mark.django_db

SEEN = RemoteStatus(state=RemoteState.RECEIVED, code="seen", detail="by Els")
BOOKED = RemoteStatus(state=RemoteState.BOOKED, code="seen")
THROWN_OUT = RemoteStatus(state=RemoteState.REJECTED, code="thrown_out", detail="not ours")
GONE = RemoteStatus(state=RemoteState.GONE, code="thrown_out")
HOUR = timedelta(hours=1)


def test_what_is_delivered_is_asked_about_after_an_hour_and_not_before(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")

    assert (scene.waits(), scene.look(), teller.asked) == ([HOUR], 0, [])


def test_it_is_asked_six_times_with_the_receipt_and_then_no_more(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    waits = []
    while scene.waits():
        waits += scene.waits()
        scene.let_time_pass()
        scene.look()

    assert tuple(waits) == WAITS
    assert teller.asked == ["D1"] * 6
    assert teller.receipts[0].evidence == {"company": "7"}
    assert (scene.reports(), scene.desk.states()) == ([], ["delivered"])
    assert scene.desk.trail("delivery.read_back") == []


@pytest.mark.parametrize("changes", [{"is_reported": False}, {"verdict": UNKNOWN, "receipt": None}])
def test_only_what_is_delivered_to_a_package_that_tells_is_asked_about(
    teller: Package, changes: dict[str, Any]
) -> None:
    scene = Scene()
    finish = scene.finish("D1", **changes)
    scene.hand.write(Turn(finish=finish, let_go=finish.held))

    assert (scene.waits(), teller.asked) == ([], [])


def test_an_answer_is_kept_once_and_again_only_when_it_changes(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    for said in (SEEN, SEEN, BOOKED):
        teller.says["D1"] = said
        scene.let_time_pass()
        scene.look()

    assert scene.reports() == [("received", "seen", False), ("booked", "seen", False)]
    assert (scene.waits(), scene.desk.states()) == ([], ["delivered"])
    assert scene.desk.trail("delivery.read_back") == ["delivery.read_back"] * 2


def test_what_was_said_can_be_neither_changed_nor_removed(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    teller.says["D1"] = SEEN
    scene.let_time_pass()
    scene.look()

    with pytest.raises(DatabaseError), acting(scene.desk.firm):
        StatusReport.objects.update(code="booked")
    with pytest.raises(DatabaseError), acting(scene.desk.firm):
        StatusReport.objects.all().delete()
    assert scene.reports() == [("received", "seen", False)]


def test_a_document_that_was_rejected_there_moves_with_the_reason(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    teller.says["D1"] = THROWN_OUT
    scene.let_time_pass()
    scene.look()

    (delivery,) = scene.desk.deliveries()
    assert (delivery.state, delivery.code, delivery.detail) == (
        "rejected_by_package",
        "thrown_out",
        "not ours",
    )
    assert scene.reports() == [("rejected", "thrown_out", True)]
    assert scene.waits() == []
    assert scene.desk.trail("delivery.re") == ["delivery.rejected_by_package"]


def test_one_that_is_not_there_is_asked_for_again_before_anybody_is_told(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    teller.says["D1"] = GONE
    scene.let_time_pass()
    scene.look()
    assert (scene.reports(), scene.waits()) == ([], [HOUR])

    scene.let_time_pass()
    scene.look()
    assert scene.reports() == [("gone", "thrown_out", False)]
    assert (scene.waits(), scene.desk.states()) == ([], ["delivered"])


def test_one_that_comes_back_was_never_gone(teller: Package) -> None:
    scene = Scene()
    scene.deliver("D1")
    for said in (GONE, SEEN, GONE):
        teller.says["D1"] = said
        scene.let_time_pass()
        scene.look()

    assert scene.reports() == [("received", "seen", False)]
