"""A package that is switched on again asks what becomes of what was held meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections import services
from posthorn.connections.errors import NotFoundError
from posthorn.delivery.models import Delivery
from posthorn.delivery.resuming import (
    Held,
    Resume,
    ResumeNeededError,
    count_held,
    resume_connection,
)
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.db.delivering import ACTOR, Desk, open_desk
from tests.db.factories import ConnectionFactory, DeliveryFactory, IntegrationFactory

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db


def _off(desk: Desk) -> None:
    with acting(desk.firm):
        services.deactivate_connection(desk.firm, desk.connection, actor=ACTOR)


def _on(desk: Desk, answer: Resume | None) -> Held:
    with acting(desk.firm):
        return resume_connection(desk.firm, desk.connection, answer=answer, actor=ACTOR)


def _taken_elsewhere(desk: Desk, delivery: Delivery, state: str) -> UUID:
    """Let another package of the client have the document."""
    firm = desk.integrations[0].firm
    other = IntegrationFactory.create(
        firm=firm,
        client=desk.integrations[0].client,
        connection=ConnectionFactory.create(firm=firm),
    )
    with acting(desk.firm):
        document = Delivery.objects.select_related("document").get(pk=delivery.pk).document
    made: Delivery = DeliveryFactory.create(
        firm=firm,
        client=desk.integrations[0].client,
        document=document,
        integration=other,
        state=state,
    )
    return made.pk


def _states(desk: Desk, deliveries: list[Delivery]) -> list[str]:
    with acting(desk.firm):
        rows = Delivery.objects.in_bulk([one.pk for one in deliveries])
    return [rows[one.pk].reason or rows[one.pk].state for one in deliveries]


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        (Resume.ALL, ["queued", "queued", "queued"]),
        (Resume.UNTAKEN, ["cancelled", "queued", "queued"]),
        (Resume.NONE, ["cancelled", "cancelled", "cancelled"]),
    ],
)
def test_each_answer_does_what_it_says(answer: Resume, states: list[str]) -> None:
    desk = open_desk()
    waited = desk.queue(count=2)
    _off(desk)
    held = [*waited, desk.queue(count=1)[-1]]
    assert _states(desk, held) == ["extension_off"] * 3
    _taken_elsewhere(desk, held[0], "accepted")
    _taken_elsewhere(desk, held[1], "refused")

    said = _on(desk, answer)

    assert said == Held(every=3, taken=1)
    assert said.untaken == 2
    assert _states(desk, held) == states
    assert desk.package().is_active


@pytest.mark.parametrize("state", ["delivered"])
def test_without_an_answer_nothing_changes(state: str) -> None:
    desk = open_desk()
    held = desk.queue(count=2)
    _off(desk)
    _taken_elsewhere(desk, held[1], state)

    with pytest.raises(ResumeNeededError) as raised:
        _on(desk, None)

    assert raised.value.held == Held(every=2, taken=1)
    assert not desk.package().is_active
    assert _states(desk, held) == ["extension_off"] * 2


def test_where_nothing_is_held_nobody_is_asked() -> None:
    desk = open_desk()
    _off(desk)

    assert _on(desk, None) == Held(every=0, taken=0)

    assert desk.package().is_active


def test_what_waits_for_another_reason_is_not_counted_and_stays() -> None:
    desk = open_desk()
    (held,) = desk.queue()
    desk.set_package(is_active=False)
    with acting(desk.firm):
        Delivery.objects.update(state="held", reason="by_hand", next_at=None)

    assert _on(desk, None) == Held(every=0, taken=0)

    assert _states(desk, [held]) == ["by_hand"]


def test_who_cancelled_them_is_kept() -> None:
    desk = open_desk()
    (held,) = desk.queue()
    _off(desk)

    _on(desk, Resume.NONE)

    with acting(desk.firm):
        entry = AuditEntry.objects.get(subject_id=held.pk, action="delivery.cancelled")
    assert entry.actor == ACTOR
    assert entry.detail["note"] == "held_while_off"


def test_another_firms_package_is_not_there() -> None:
    desk, other = open_desk(), open_desk()
    other.queue()
    _off(other)

    with acting(desk.firm):
        assert count_held(desk.firm, other.connection) == Held(every=0, taken=0)
        with pytest.raises(NotFoundError):
            resume_connection(desk.firm, other.connection, answer=Resume.ALL, actor=ACTOR)
    assert not other.package().is_active
