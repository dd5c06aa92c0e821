"""The check of an accounting package, beside the request that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from posthorn.connections.models import Connection
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system
from posthorn.web import checking
from posthorn.web.checking import Answer, Stage
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import IntegrationFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from posthorn.connections.models import Integration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


def attention(desk: Desk) -> str:
    with system("look"):
        return Connection.objects.get(pk=desk.package.pk).attention


def answered(desk: Desk, answer: dict[str, object]) -> str:
    ticket = "a-ticket"
    cache.set(checking._key(desk.package.pk, ticket), answer, 60)
    return desk.read(f"packages/{desk.package.pk}/check/{ticket}/")


def test_a_check_is_asked_for_again_until_it_has_an_answer() -> None:
    desk = Desk()

    running = answered(desk, {"since": now().isoformat()})
    good = answered(desk, {"stage": "good", "said": "an@<firm>", "code": ""})
    bad = answered(desk, {"stage": "bad", "said": "", "code": "no_relay"})
    lost = answered(desk, {"since": "2026-01-01T00:00:00+00:00"})

    assert 'hx-trigger="load delay:700ms"' in running
    assert [("hx-trigger" in page) for page in (good, bad, lost)] == [False] * 3
    assert "Connected as an@&lt;firm&gt;." in good
    assert "This platform has no mail server of its own." in bad
    assert "There is no answer. Check once more." in lost


def test_a_check_keeps_what_is_wrong_with_the_package() -> None:
    desk = Desk()

    answer = checking.ask(desk.firm.pk, desk.package.pk, actor=desk.person.email)

    assert answer == Answer(stage=Stage.BAD, said="", code="no_relay")
    assert attention(desk) == "no_relay"
    assert "Not let in" in desk.read("packages/")
    page = desk.read(f"packages/{desk.package.pk}/")
    assert "Needs attention" in page
    assert "Connected as" not in page


def test_a_ticket_of_another_package_is_worth_nothing() -> None:
    desk = Desk()
    other: Integration = IntegrationFactory.create(firm=desk.firm, client=desk.client)
    cache.set(
        checking._key(other.connection_id, "theirs"), {"stage": "good", "said": "x", "code": ""}, 60
    )

    assert checking.answer_to(desk.package.pk, "theirs") == Answer(stage=Stage.LOST)
    assert checking.answer_to(other.connection_id, "theirs").stage is Stage.GOOD
