"""What stops deliveries, end to end: nothing leaves, it says why, and it goes once that is gone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

from posthorn_sandbox.mail import Action, Fault, Verb
from tests.crash.house import wait_until
from tests.crash.stage import CALM, set_stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-holds")


@pytest.fixture
def stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent) as stage:
        yield stage


def stored_file(stage: Stage) -> Path:
    """Give the place of the only document's file."""
    (found,) = (stage.house.data / "files" / stage.firm).glob("*/*")
    return found


@pytest.mark.parametrize("is_missing", [True, False], ids=["missing", "damaged"])
def test_file_that_cannot_be_used_is_never_sent(stage: Stage, *, is_missing: bool) -> None:
    stage.supply(1)
    file = stored_file(stage)
    good = file.read_bytes()
    if is_missing:
        file.unlink()
    else:
        file.write_bytes(good[:-1] + b"?")
    stage.worker()
    stage.await_states("file_damaged")
    assert stage.attempts() == []
    assert stage.receiver.messages() == []
    assert str(file) in stage.deliveries()[0]["detail"]

    file.write_bytes(good)
    stage.house.do("release_held", reason="file_damaged")
    stage.await_states("accepted")
    assert stage.keys_arrived() == stage.keys()


def test_lost_key_holds_everything_until_it_is_back(stage: Stage) -> None:
    host, port = stage.receiver.smtp
    values = {
        "relay": "own",
        "relay_host": host,
        "relay_port": str(port),
        "relay_security": "starttls",
        "relay_username": "kantoor",
        "relay_password": "geheim",
        "relay_from": "facturen@kantoor.example",
    }
    stage.house.do("own_relay", firm=stage.firm, values=values)
    keyring = stage.house.data / "keyring"
    shutil.move(keyring, keyring.with_name("away"))
    stage.supply(2)
    stage.worker()
    stage.await_states("key_missing", "key_missing")
    assert stage.attempts() == []
    assert "KeyringError" not in stage.house.log()

    shutil.move(keyring.with_name("away"), keyring)
    stage.house.do("own_relay", firm=stage.firm, values={"relay": "operator"})
    stage.house.do("release_held", reason="key_missing")
    stage.await_states("accepted", "accepted")


def test_copied_installation_sends_nothing_until_an_operator_releases_it(stage: Stage) -> None:
    stage.supply(1)
    first = stage.worker()
    stage.await_states("accepted")
    first.kill()
    identity = stage.house.data / "instance.json"
    copy = identity.with_name("copy")
    shutil.copy(identity, copy)
    copy.replace(identity)

    stage.supply(2)
    stage.worker()
    stage.worker()
    held = "SELECT held_reason FROM delivery_instance"
    assert wait_until(lambda: stage.house.one(held) == "copied", within_s=20)
    assert not wait_until(lambda: len(stage.receiver.messages()) > 1, within_s=2)
    assert stage.states() == ["accepted", "queued", "queued"]
    assert "not the one that was released here" in stage.house.log()

    stage.house.do("switch", what="release_instance", firm=stage.firm)
    stage.await_states(*["accepted"] * 3)
    assert stage.keys_arrived() == stage.keys()
    assert stage.trail("instance.") == ["instance.held", "instance.released"]


def test_paused_installation_sends_nothing_until_it_is_released(stage: Stage) -> None:
    stage.worker()
    stage.supply(1)
    stage.await_states("accepted")
    stage.house.do("switch", what="pause_instance", firm=stage.firm)
    stage.supply(1)
    assert not wait_until(lambda: len(stage.receiver.messages()) > 1, within_s=1.5)

    stage.house.do("switch", what="release_instance", firm=stage.firm)
    stage.await_states("accepted", "accepted")


WHAT = ["connection", "integration", "client"]


@pytest.mark.parametrize("what", WHAT)
def test_pause_holds_what_comes_and_its_end_sends_it(stage: Stage, what: str) -> None:
    place = {"firm": stage.firm, "client": stage.clients[0]}
    stage.worker()
    stage.supply(1)
    stage.await_states("accepted")

    stage.house.do("switch", what=f"pause_{what}", **place)
    stage.supply(2)
    stage.await_states("accepted", f"{what}_paused", f"{what}_paused")
    assert not wait_until(lambda: len(stage.receiver.messages()) > 1, within_s=0.5)

    stage.house.do("switch", what=f"release_{what}", **place)
    stage.await_states(*["accepted"] * 3)
    assert stage.keys_arrived() == stage.keys()


@pytest.mark.parametrize("what", WHAT)
def test_pause_also_holds_what_was_being_sent_and_came_back(stage: Stage, what: str) -> None:
    place = {"firm": stage.firm, "client": stage.clients[0]}
    stage.receiver.add_fault(Fault(at=Verb.RCPT, action=Action.STALL, seconds=1.5, times=1))
    stage.receiver.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, times=1))
    stage.supply(1)
    stage.worker()
    assert wait_until(lambda: stage.states() == ["sending"], within_s=20)

    stage.house.do("switch", what=f"pause_{what}", **place)
    stage.await_states("retrying")
    stage.let_time_pass()

    stage.await_states(f"{what}_paused")
    assert stage.receiver.messages() == []
    stage.house.do("switch", what=f"release_{what}", **place)
    stage.await_states("accepted")


def test_resend_by_hand_is_a_copy_that_says_so(stage: Stage) -> None:
    stage.worker(CALM)
    stage.supply(1)
    stage.await_states("accepted")
    (original,) = stage.deliveries()

    for number in (1, 2):
        stage.house.do(
            "resend", firm=stage.firm, delivery=str(original["id"]), reason=f"asked {number}"
        )
        stage.await_states(*["accepted"] * (number + 1))

    assert stage.keys_arrived() == [original["key"], f"{original['key']}.1", f"{original['key']}.2"]
    heads = [stage.receiver.content(number).partition(b"\r\n\r\n")[0] for number in (1, 2, 3)]
    assert [b"X-Posthorn-Copy: 1" in head for head in heads] == [False, True, False]
    assert [b"X-Posthorn-Copy: 2" in head for head in heads] == [False, False, True]
    assert [row["resend_reason"] for row in stage.deliveries()] == ["", "asked 1", "asked 2"]
    assert stage.deliveries()[0] == {**original, "copied_at": ANY}
