"""A letter finds its delivery, moves it where it proves something, and changes nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections.return_path import Posted, Tag
from posthorn.delivery.actions import resend
from posthorn.delivery.letters import Letter, Return
from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import ACTOR
from tests.db.returning import (
    Post,
    address_of,
    bring,
    lay_down,
    letters,
    open_post,
    settle_all,
    with_bounce_domain,
)
from tests.returned import bounces
from tests.returned_mail import DOMAIN, TROUBLES
from tests.returned_prose import old_exchange, qmail
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


def test_an_accepted_delivery_is_returned_with_its_reason_and_evidence(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)

    bring(postfix(lost), lost.path)

    moved = post.now(delivery)
    assert (moved.state, moved.code, moved.next_at) == ("bounced", "bounce_no_mailbox", None)
    assert moved.detail == lost.diagnostic
    (kept,) = post.returns()
    assert (kept.nature, kept.action, kept.status) == ("bounce", "failed", "5.1.1")
    assert (kept.recipient, kept.remote_mta) == ("inkoop@pakket.example", "mx.pakket.example")
    assert (kept.delivery_id, kept.has_moved) == (delivery.id, True)
    assert "Diagnostic-Code: smtp; 550 5.1.1" in kept.text
    assert letters() == [("matched", f"delivery {delivery.id}")]
    assert post.desk.trail("delivery.bounced") == ["delivery.bounced"]


def test_of_520_bounces_with_a_tag_all_land_on_their_delivery_and_none_on_another(
    post: Post,
) -> None:
    sent = post.sent(520)
    losses = [
        post.lost(delivery, trouble=place // 13 % len(TROUBLES))
        for place, delivery in enumerate(sent)
    ]

    for lost, _, raw in bounces(losses, seed=1):
        lay_down(raw, lost.path.upper())
    settle_all()

    with acting(post.desk.firm):
        found = dict(Return.objects.values_list("delivery__key", "text"))
        states = set(Delivery.objects.values_list("state", flat=True))
        right = [lost for lost in losses if lost.to in found.get(lost.key, "")]
    assert (len(right), len(found), states) == (520, 520, {"bounced"})


def test_of_104_bounces_without_a_tag_all_are_known_by_what_they_quote(post: Post) -> None:
    sent = post.sent(104)
    losses = [post.lost(delivery, is_tagged=False) for delivery in sent]

    for lost, _, raw in bounces(losses, seed=2):
        lay_down(raw, lost.path)
    settle_all()

    with acting(post.desk.firm):
        matched = Return.objects.filter(has_moved=True).count()
        bounced = Delivery.objects.filter(state="bounced").count()
    assert (matched, bounced) == (104, 104)


def test_the_same_letter_counts_once_however_often_it_comes(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)

    for _ in range(3):
        bring(postfix(lost), lost.path)

    assert len(post.returns()) == 1
    assert len(letters()) == 1
    assert post.desk.trail("delivery.bounced") == ["delivery.bounced"]


def test_a_forged_tag_changes_nothing_whatever_the_letter_quotes(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    forged = f"r-{'a' * 47}@{DOMAIN}"

    bring(postfix(lost), forged)

    assert post.now(delivery).state == "accepted"
    assert post.returns() == []
    assert letters() == [("ignored", "its address is signed by nobody here")]


def test_a_tag_of_one_mail_around_another_changes_neither(post: Post) -> None:
    one, other = post.sent(2)

    bring(postfix(post.lost(other)), post.lost(one).path)

    assert [post.now(each).state for each in (one, other)] == ["accepted", "accepted"]
    assert post.returns() == []
    assert letters() == [("unmatched", "its address names one mail and its text another")]


def test_a_tag_alone_is_enough_where_nothing_is_quoted(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    bare = old_exchange(lost).replace(f"References: <{lost.key}@kantoor.example>\r\n", "")

    bring(bare, lost.path)

    assert post.now(delivery).state == "bounced"


def test_a_letter_about_no_mail_of_ours_waits_for_the_operator(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery, is_tagged=False)

    bring(qmail(lost).replace(delivery.key, "0" * 32), f"bounces@{DOMAIN}")
    bring("From: an@x.example\r\nSubject: Hello\r\n\r\nHow are you?\r\n", f"bounces@{DOMAIN}")

    assert letters() == [("unmatched", "it names no mail of ours")] * 2
    assert post.now(delivery).state == "accepted"


def test_a_delay_is_recorded_and_moves_nothing(post: Post) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    late = postfix(lost).replace("Action: failed", "Action: delayed")

    bring(late, lost.path)

    assert post.now(delivery).state == "accepted"
    assert [(one.nature, one.has_moved) for one in post.returns()] == [("delay", False)]
    assert post.desk.trail("delivery.returned") == ["delivery.returned"]


def test_an_automatic_reply_is_recorded_on_its_delivery(post: Post) -> None:
    (delivery,) = post.sent()
    away = "From: inkoop@pakket.example\r\nSubject: Afwezig\r\nAuto-Submitted: auto-replied\r\n\r\n"

    bring(away, post.lost(delivery).path, sender="inkoop@pakket.example")

    assert post.now(delivery).state == "accepted"
    assert [(one.nature, one.subject) for one in post.returns()] == [("automatic", "Afwezig")]


@pytest.mark.parametrize(
    "state", ["queued", "retrying", "held", "refused", "cancelled", "expired", "bounced"]
)
def test_only_what_was_accepted_can_come_back(post: Post, state: str) -> None:
    (delivery,) = post.sent()
    reason = "by_hand" if state == "held" else ""
    next_at = now() if state in {"queued", "retrying"} else None
    with acting(post.desk.firm):
        Delivery.objects.filter(id=delivery.id).update(state=state, reason=reason, next_at=next_at)
    lost = post.lost(delivery)

    bring(postfix(lost), lost.path)

    assert post.now(delivery).state == state
    assert [(one.nature, one.has_moved) for one in post.returns()] == [("bounce", False)]


def test_a_bounce_that_overtakes_the_answer_waits_for_it(post: Post) -> None:
    (delivery,) = post.sent(state="sending")
    lost = post.lost(delivery)

    bring(postfix(lost), lost.path)
    assert letters() == [("waiting", "what it is about is being sent")]
    assert post.returns() == []

    with acting(post.desk.firm):
        Delivery.objects.filter(id=delivery.id).update(state="accepted")
    with system("test"):
        Letter.objects.update(next_at=now())
    bring("From: x@x.example\r\n\r\n", f"bounces@{DOMAIN}")

    assert post.now(delivery).state == "bounced"


def test_a_report_on_a_mail_without_an_answer_proves_that_it_was_accepted(post: Post) -> None:
    one, other = post.sent(2, state="unknown")
    bring(postfix(post.lost(one)), post.lost(one).path)
    good = postfix(post.lost(other)).replace("Action: failed", "Action: relayed")
    bring(good, post.lost(other).path)

    assert [post.now(each).state for each in (one, other)] == ["bounced", "accepted"]
    assert post.desk.trail("delivery.accepted") == ["delivery.accepted"] * 2


def test_a_bounce_of_bytes_that_were_prepared_anew_is_recorded_only(post: Post) -> None:
    (delivery,) = post.sent(revision=2)
    lost = post.lost(delivery)
    old = address_of(Tag(posted=Posted.DELIVERY, id=delivery.id, revision=1))

    bring(postfix(lost), old)

    assert post.now(delivery).state == "accepted"
    assert [(one.nature, one.has_moved) for one in post.returns()] == [("bounce", False)]


def test_a_copy_comes_back_as_the_copy_and_not_as_the_first(post: Post) -> None:
    (delivery,) = post.sent()
    with acting(post.desk.firm):
        copy_id = resend(post.desk.firm, delivery.id, reason="asked", actor=ACTOR)
        Delivery.objects.filter(id=copy_id).update(state="accepted", next_at=None, revision=1)
        copy = Delivery.objects.get(id=copy_id)
    lost = post.lost(copy, is_tagged=False)

    bring(qmail(lost), lost.path)

    assert post.now(delivery).state == "accepted"
    assert post.now(copy).state == "bounced"
