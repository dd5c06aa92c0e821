"""Sign-ins that nothing uses are refreshed every week, and an old one is pointed out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections import keeping_alive, sign_in_queries
from posthorn.connections.errand_models import Errand
from posthorn.connections.models import Connection
from posthorn.delivery import instance
from posthorn.delivery.asker import ask_once
from posthorn.delivery.models import Instance
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.grants import Signed, books_fixture, signed  # noqa: F401  the fixture by its name

if TYPE_CHECKING:
    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db

DAY = 86_400


@pytest.fixture(autouse=True)
def installation(books: Cloudbooks) -> None:
    """Be the installation itself, and no copy."""
    del books
    instance.recognise()


def looked(one: Signed) -> sign_in_queries.SignedIn:
    with acting(one.firm):
        found = sign_in_queries.sign_in_of(one.firm, one.connection)
    assert found is not None
    return found


def test_a_sign_in_unused_for_a_week_is_refreshed_once(books: Cloudbooks) -> None:
    one, fresh = signed(books, "an", age_s=8 * DAY), signed(books, "bob", age_s=6 * DAY)

    assert keeping_alive.begin_due() == 1
    assert keeping_alive.begin_due() == 0  # it is under way
    assert (ask_once(), ask_once()) == (True, False)

    assert keeping_alive.begin_due() == 0
    assert (books.refreshes(), looked(one).idle_days, looked(fresh).idle_days) == (1, 0, 6)


def test_an_extension_that_is_off_stays_signed_in(books: Cloudbooks) -> None:
    one = signed(books, age_s=8 * DAY)
    with acting(one.firm):
        Connection.objects.update(is_active=False)

    assert (keeping_alive.begin_due(), ask_once(), books.refreshes()) == (1, True, 1)


def test_one_that_has_ended_is_left_alone(books: Cloudbooks) -> None:
    one = signed(books, age_s=8 * DAY)
    books.sign_in_elsewhere("an")
    keeping_alive.begin_due()
    ask_once()

    assert one.alerts() == ["sign_in_superseded"]
    assert (keeping_alive.begin_due(), books.refreshes()) == (0, 1)


def test_one_that_got_no_answer_is_tried_again_later_and_shown_after_three_weeks(
    books: Cloudbooks,
) -> None:
    one = signed(books, age_s=22 * DAY)
    books.faults.append("down")

    assert (keeping_alive.begin_due(), ask_once()) == (1, True)
    assert keeping_alive.begin_due() == 0

    found = looked(one)
    assert (found.idle_days, found.is_growing_old) == (22, True)
    assert sign_in_queries.count_growing_old() == 1
    with acting(one.firm):
        assert Errand.objects.get().code == "sign_in_unanswered"


def test_a_copy_of_the_installation_refreshes_nothing(books: Cloudbooks) -> None:
    one = signed(books, age_s=8 * DAY)
    with system("copy"):
        Instance.objects.update(held_reason="copied", held_at=now())

    keeping_alive.begin_due()

    assert (ask_once(), books.refreshes()) == (False, 0)
    assert looked(one).refreshed_at < now() - timedelta(days=7)
