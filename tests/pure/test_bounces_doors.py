"""Where bounces come in is read from two settings; a crooked one is refused."""

from __future__ import annotations

import pytest

from posthorn.delivery.bounces.doors import DoorError, Mailbox, Protocol, door_of, mailbox_of

SPECIAL = "ge:heim"


@pytest.mark.parametrize(
    "address", ["127.0.0.1:2525", "http://127.0.0.1:1", "smtp://:25", "lmtp://host", "smtp://h:0"]
)
def test_a_crooked_door_is_refused(address: str) -> None:
    with pytest.raises(DoorError):
        door_of(address)


def test_doors_are_read() -> None:
    door = door_of("lmtp://127.0.0.1:2424")
    place = mailbox_of("imaps://b%40x.example:ge%3Aheim@mail.example/Bounces")

    assert door is not None
    assert (door.protocol, door.host, door.port) == (Protocol.LMTP, "127.0.0.1", 2424)
    assert place == Mailbox(
        host="mail.example",
        port=993,
        username="b@x.example",
        password=SPECIAL,
        folder="Bounces",
    )
    assert (door_of(""), mailbox_of("")) == (None, None)


@pytest.mark.parametrize(
    "address",
    ["imap://b:secret@h", "imaps://b:secret@h:x", "imaps://:secret@h", "imaps://b:secret@h:99999"],
)
def test_a_crooked_mailbox_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(DoorError) as refusal:
        mailbox_of(address)

    assert "secret" not in str(refusal.value)
