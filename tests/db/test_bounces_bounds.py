"""Letters in a storm, crooked ones and old ones: bounded, kept apart, never answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from posthorn.delivery.bounces.clearing import clear
from posthorn.delivery.letters import Letter, Return
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.returning import (
    Post,
    bring,
    lay_down,
    letters,
    open_post,
    settle_all,
    with_bounce_domain,
)
from tests.returned_mail import DOMAIN
from tests.returned_reports import postfix

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_domain(settings: Settings) -> None:
    with_bounce_domain(settings)


@pytest.fixture
def post() -> Post:
    return open_post()


def test_a_storm_of_a_thousand_replies_is_answered_by_nothing_and_kept_in_bounds(
    post: Post,
) -> None:
    (delivery,) = post.sent()
    path = post.lost(delivery).path
    jobs = _count("SELECT count(*) FROM procrastinate_jobs")

    for number in range(1_000):
        mail = (
            f"From: r@x.example\r\nAuto-Submitted: auto-replied\r\nX-N: {number}\r\n\r\nAway.\r\n"
        )
        lay_down(mail, path, sender="r@x.example")
    settle_all()

    assert len(post.returns()) == 50
    assert [state for state, _ in letters()].count("ignored") == 950
    assert post.now(delivery).state == "accepted"
    assert len(post.desk.deliveries()) == 1
    assert _count("SELECT count(*) FROM procrastinate_jobs") == jobs


def test_the_bounce_of_a_bounce_ends_here(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    inner = postfix(lost)
    echo = postfix(lost).replace(lost.whole(), inner)

    bring(echo, f"bounces@{DOMAIN}")

    assert post.now(delivery).state == "accepted"
    assert letters() == [("ignored", "the bounce of a bounce")]


def test_a_letter_that_cannot_be_settled_is_given_up_after_five_tries(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    lay_down(postfix(lost), lost.path)
    with system("test"):
        Letter.objects.update(tries=5)
    bring("From: x@x.example\r\n\r\n", f"bounces@{DOMAIN}")

    assert letters()[0] == ("broken", "it could not be read")
    assert post.now(delivery).state == "accepted"


def test_evidence_is_never_changed(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    bring(postfix(lost), lost.path)

    with pytest.raises(DatabaseError), acting(post.desk.firm), transaction.atomic():
        Return.objects.update(code="")
    with pytest.raises(DatabaseError), system("test"), transaction.atomic():
        Return.objects.all().delete()


def test_letters_are_not_the_firms_to_read() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        _count("SELECT count(*) FROM delivery_letter")


def test_old_letters_go_and_evidence_stays(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    bring(postfix(lost), lost.path)
    bring("From: x@x.example\r\n\r\n", f"bounces@{DOMAIN}")
    assert clear() == 0

    with system("test"):
        Letter.objects.update(arrived_at=now() - timedelta(days=41))
    assert clear() == 1
    with system("test"):
        Letter.objects.update(arrived_at=now() - timedelta(days=91))
    assert clear() == 1
    assert len(post.returns()) == 1


def test_secrets_and_control_characters_in_a_letter_are_not_shown(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    nasty = postfix(lost).replace(
        "I'm sorry", "password=hunter2 \x1b[31m<script>alert(1)</script>\u202e I'm sorry"
    )

    bring(nasty, lost.path)

    (kept,) = post.returns()
    assert "hunter2" not in kept.text
    assert "\x1b" not in kept.text
    assert "\u202e" not in kept.text


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
