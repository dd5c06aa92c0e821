"""The operator's commands about what came back, and the doctor's word on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.letters import Letter
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import system
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.returning import Post, bring, lay_down, open_post, with_bounce_domain
from tests.returned_mail import DOMAIN
from tests.returned_prose import qmail
from tests.returned_reports import postfix

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from tests.command_line import Ran, Surroundings

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings: Settings) -> Post:
    with_bounce_domain(settings)
    return open_post()


def test_what_found_no_delivery_is_listed_and_shown(
    post: Post, posthorn: Callable[..., Ran]
) -> None:
    (delivery,) = post.sent()
    bring(postfix(post.lost(delivery)), post.lost(delivery).path)
    bring("From: an@x.example\r\nSubject: Hello\r\n\r\npassword=hunter2\r\n", f"bounces@{DOMAIN}")

    every = posthorn("bounces", "list", "--json").objects
    (unmatched,) = posthorn("bounces", "list", "--state", "unmatched", "--json").objects
    shown = posthorn("bounces", "show", unmatched["id"], "--json").object

    assert [one["state"] for one in every] == ["unmatched", "matched"]
    assert (unmatched["subject"], unmatched["note"]) == ("Hello", "it names no mail of ours")
    assert "Subject: Hello" in shown["text"]
    assert "hunter2" not in shown["text"]
    assert posthorn("bounces", "show", str(new_id())).code == 3
    assert posthorn("bounces", "list", "--state", "nonsense").code == 2


def test_a_mail_in_a_file_is_taken_in_once_and_settled(
    post: Post, posthorn: Callable[..., Ran], tmp_path: Path
) -> None:
    (delivery,) = post.sent()
    lost = post.lost(delivery)
    file = tmp_path / "bounce.eml"
    file.write_bytes(f"Delivered-To: {lost.path}\r\n{qmail(lost)}".encode())

    first = posthorn("bounces", "take", str(file), "--json").object
    again = posthorn("bounces", "take", str(file), "--json").object

    assert (first, again) == ({"is_new": True}, {"is_new": False})
    assert post.now(delivery).state == "bounced"


def test_listening_is_a_process_of_its_own(
    surroundings: Surroundings, posthorn: Callable[..., Ran]
) -> None:
    assert posthorn("bounces", "listen").code == 0
    assert surroundings.started == ["bounces False"]


def finding(posthorn: Callable[..., Ran]) -> tuple[bool, str]:
    (found,) = [one for one in posthorn("doctor", "--json").objects if one["subject"] == "bounces"]
    return found["is_well"], found["found"]


def test_the_doctor_says_whether_bounces_come_in(
    post: Post, settings: Settings, posthorn: Callable[..., Ran]
) -> None:
    del post
    assert finding(posthorn) == (
        False,
        f"Bounces are asked for at {DOMAIN}; nothing takes them in.",
    )

    settings.POSTHORN = replace(
        settings.POSTHORN,
        bounce_listen="lmtp://127.0.0.1:2424",
        bounce_mailbox="imaps://b:geheim@mail.example",
    )
    assert finding(posthorn) == (
        True,
        "Taken in at lmtp://127.0.0.1:2424 and the mailbox b at mail.example; none came yet.",
    )

    lay_down("From: an@x.example\r\n\r\n", f"bounces@{DOMAIN}")
    with system("test"):
        Letter.objects.update(arrived_at=now() - timedelta(minutes=6))
    assert finding(posthorn) == (False, "1 letters wait for more than five minutes.")

    settings.POSTHORN = replace(settings.POSTHORN, bounce_listen="crooked")
    is_well, found = finding(posthorn)
    assert (is_well, "POSTHORN_BOUNCE_LISTEN must read" in found) == (False, True)
