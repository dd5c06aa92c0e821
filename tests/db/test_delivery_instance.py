"""A restored or copied installation is recognised and sends nothing until it is released."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from posthorn.delivery import instance
from posthorn.delivery.models import Instance
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import system
from tests.db.delivering import Hand, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db
OPERATOR = "operator"


@pytest.fixture(autouse=True)
def identity() -> Iterator[Path]:
    """Give the place of the identity, with none there."""
    place: Path = settings.POSTHORN.data / "instance.json"
    place.unlink(missing_ok=True)
    yield place
    place.unlink(missing_ok=True)


def trail() -> list[str]:
    with system("test"):
        rows = AuditEntry.objects.filter(action__startswith="instance.").order_by("pk")
        return [f"{row.action} {row.actor} {row.detail.get('reason', '')}".strip() for row in rows]


def test_first_start_takes_the_place_as_its_own(identity: Path) -> None:
    assert instance.recognise().may_send
    assert instance.recognise().reason == ""
    assert identity.exists()
    assert trail() == []


def test_nobody_sends_before_the_first_start() -> None:
    standing = instance.standing()

    assert (standing.may_send, standing.reason) == (False, "copied")


def test_copied_folder_is_recognised_and_holds_everything(identity: Path) -> None:
    instance.recognise()
    desk = open_desk()
    desk.queue()
    copy = identity.with_name("copy")
    shutil.copy(identity, copy)
    copy.replace(identity)

    standing = instance.recognise()

    assert (standing.may_send, standing.reason) == (False, "copied")
    assert "not the one that was released here" in standing.sentence
    assert Hand().claim() == []
    assert instance.recognise().reason == "copied"
    assert trail() == ["instance.held start copied"]


def test_other_folder_with_the_same_database_is_recognised(identity: Path) -> None:
    instance.recognise()
    identity.unlink()

    assert instance.recognise().reason == "copied"


def test_database_older_than_what_was_sent_is_recognised(identity: Path) -> None:
    instance.recognise()
    desk = open_desk()
    desk.queue(count=3)
    instance.note_progress()
    assert instance.recognise().may_send
    kept = json.loads(identity.read_text())
    ahead = {**kept, "progress": f"{int(kept['progress']) + 1:020d}"}
    with identity.open("r+") as file:
        file.write(json.dumps(ahead))

    assert instance.recognise().reason == "restored"
    assert Hand().claim() == []


def test_released_place_is_its_own_again(identity: Path) -> None:
    instance.recognise()
    desk = open_desk()
    (queued,) = desk.queue()
    identity.unlink()
    instance.recognise()

    instance.release(OPERATOR)

    assert instance.standing().may_send
    assert instance.recognise().may_send
    assert Hand().due() == [queued.pk]
    assert trail() == ["instance.held start copied", "instance.released operator"]


def test_pause_by_an_operator_stops_every_claim() -> None:
    instance.recognise()
    desk = open_desk()
    (queued,) = desk.queue()

    instance.pause(OPERATOR)
    assert Hand().claim() == []
    assert instance.standing().sentence == "An operator paused all sending."

    instance.release(OPERATOR)
    assert Hand().due() == [queued.pk]
    assert trail() == ["instance.held operator paused", "instance.released operator"]


def test_progress_is_written_in_place_and_never_goes_back(identity: Path) -> None:
    instance.recognise()
    inode, size = identity.stat().st_ino, identity.stat().st_size
    open_desk().queue(count=5)

    instance.note_progress()
    reached = json.loads(identity.read_text())["progress"]
    instance.note_progress()

    assert (identity.stat().st_ino, identity.stat().st_size) == (inode, size)
    assert json.loads(identity.read_text())["progress"] == reached


def test_one_row_knows_the_installation() -> None:
    instance.recognise()
    instance.recognise()

    with system("test"):
        assert Instance.objects.count() == 1
