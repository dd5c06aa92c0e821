"""A document leaves under a return path of its own, and what comes back there finds it again."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.mail import Action, Fault, Moment, Verb
from tests.crash.stage import SENDER, set_stage
from tests.returned_mail import DOMAIN, Lost
from tests.returned_reports import postfix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("bounces")

FROM_POSTFIX = Path(__file__).parent.parent / "samples" / "dsn" / "postfix-550.eml"
KEYRING = f"k1:{b64encode(b'k' * 32).decode()}"
ITS_KEY = "0190a1b2-0000-7000-8000-000000000001"


@pytest.fixture
def stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent) as stage:
        yield stage


def come_back(stage: Stage, raw: str, recipient: str) -> None:
    stage.house.do("return_mail", raw=raw, recipient=recipient, env=stage.house.env)


def test_the_envelope_names_the_delivery_and_its_bounce_returns_it(stage: Stage) -> None:
    stage.house.env |= {"bounce_domain": DOMAIN, "keyring": KEYRING}
    stage.supply(2)
    stage.worker()
    stage.await_states("accepted", "accepted")

    first, second = stage.receiver.messages()
    local, _, domain = first.sender.partition("@")
    assert (domain, local[:2], len(local)) == (DOMAIN, "r-", 49)
    assert first.sender != second.sender
    content = stage.receiver.content(1)
    assert f"From: {SENDER}".encode() in content
    assert DOMAIN.encode() not in content
    kept = stage.house.rows("SELECT envelope FROM delivery_revision ORDER BY id")
    assert {one["envelope"]["return_path"] for one in kept} == {first.sender, second.sender}

    key = next(row["key"] for row in stage.deliveries() if row["key"].encode() in content)
    lost = Lost(key=key, to=first.recipients[0], path=first.sender)
    come_back(stage, postfix(lost), first.sender.upper())

    stood = {row["key"]: (row["state"], row["code"]) for row in stage.deliveries()}
    assert stood.pop(key) == ("bounced", "bounce_no_mailbox")
    assert list(stood.values()) == [("accepted", "")]
    assert len(stage.receiver.messages()) == 2  # nothing was sent in answer


def test_every_try_of_a_delivery_leaves_under_the_same_return_path(stage: Stage) -> None:
    stage.house.env |= {"bounce_domain": DOMAIN, "keyring": KEYRING}
    stage.receiver.add_fault(Fault(at=Verb.DOT, action=Action.RESET, when=Moment.AFTER, times=1))
    stage.supply(1)
    stage.worker()
    stage.await_states("unknown")
    stage.let_time_pass()
    stage.await_states("accepted")

    first, again = stage.receiver.messages()
    assert (first.sender, first.sha256) == (again.sender, again.sha256)


def test_without_a_domain_the_sender_stays_and_what_postfix_writes_is_understood(
    stage: Stage,
) -> None:
    stage.supply(1)
    stage.worker()
    stage.await_states("accepted")
    (message,) = stage.receiver.messages()
    assert message.sender == SENDER

    (key,) = stage.keys()
    come_back(stage, FROM_POSTFIX.read_text().replace(ITS_KEY, key), SENDER)

    stage.await_states("bounced")
    (kept,) = stage.house.rows("SELECT * FROM delivery_return")
    assert (kept["status"], kept["code"], kept["has_moved"]) == ("5.1.1", "bounce_no_mailbox", True)
    assert kept["diagnostic"] == "550 5.1.1 No such mailbox here"
    assert (kept["recipient"], kept["remote_mta"]) == ("weg@weigert.example", "127.0.0.1")
