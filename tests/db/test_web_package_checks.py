"""The check of an accounting package, done by a worker for who asked on a page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.errand_models import Errand
from posthorn.connections.models import Connection
from posthorn.delivery import instance
from posthorn.delivery.asker import ask_once
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import acting, system
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


def asked(desk: Desk) -> str:
    """Ask for a check as the page does; gives the address at which its answer is asked for."""
    response = desk.browser.post(
        f"{desk.base}/packages/{desk.package.pk}/check/", headers={"HX-Request": "true"}
    )
    found = re.search(r'hx-get="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1].removeprefix(f"{desk.base}/")


def ended(desk: Desk, **columns: object) -> str:
    """Ask for a check that ended in a certain way; gives what the page shows of it."""
    address = asked(desk)
    with acting(desk.firm.pk):
        Errand.objects.filter(done_at=None).update(**columns)
    return desk.read(address)


def test_a_check_is_asked_for_again_until_it_has_an_answer() -> None:
    desk = Desk()

    running = ended(desk)
    good = ended(desk, done_at=now(), answer={"said": "an@<firm>"})
    bad = ended(desk, done_at=now(), code="no_relay")
    lost = ended(desk, asked_at=now() - timedelta(minutes=1))

    assert 'hx-trigger="load delay:700ms"' in running
    assert [("hx-trigger" in page) for page in (good, bad, lost)] == [False] * 3
    assert "Connected as an@&lt;firm&gt;." in good
    assert "This platform has no mail server of its own." in bad
    assert "There is no answer. Check once more." in lost


def test_a_worker_keeps_what_is_wrong_with_the_package() -> None:
    desk = Desk()
    instance.recognise()
    address = asked(desk)

    assert (ask_once(), ask_once()) == (True, False)

    assert "This platform has no mail server of its own." in desk.read(address)
    assert attention(desk) == "no_relay"
    assert "Not let in" in desk.read("packages/")
    page = desk.read(f"packages/{desk.package.pk}/")
    assert "Needs attention" in page
    assert "Connected as" not in page


def test_a_ticket_of_another_package_is_worth_nothing() -> None:
    desk = Desk()
    other: Integration = IntegrationFactory.create(firm=desk.firm, client=desk.client)
    with acting(desk.firm.pk):
        ticket = checking.begin(desk.firm.pk, other.connection_id, actor="an")

        assert checking.answer_to(desk.firm.pk, other.connection_id, ticket) == Answer(
            stage=Stage.RUNNING
        )
        for wrong in (ticket, "none", "", str(new_id())):
            found = checking.answer_to(desk.firm.pk, desk.package.pk, wrong)
            assert found == Answer(stage=Stage.LOST)
