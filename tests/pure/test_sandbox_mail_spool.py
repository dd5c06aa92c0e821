"""What is stored, and what a restart finds."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from posthorn_sandbox.mail.spool import Envelope, Filter, Message, Spool

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
CONTENT = (
    b"Subject: =?utf-8?q?Factuur_n=C2=B0?= 7\r\nMessage-ID:\r\n <7@firm.example>\r\n\r\n\xff\r\n"
)


def stored(spool: Spool, to: str = "in@package.example", minutes: int = 0) -> Message:
    """Store one message that came some minutes after noon."""
    envelope = Envelope(
        sender="firm@posthorn.example", recipients=(to,), peer="127.0.0.1:1", tls="TLSv1.3 X"
    )
    return spool.store(CONTENT, envelope, received_at=NOON + timedelta(minutes=minutes))


def test_record_tells_envelope_headers_and_digest() -> None:
    message = stored(Spool())

    assert message == Message(
        number=1,
        sender="firm@posthorn.example",
        recipients=("in@package.example",),
        subject="Factuur n° 7",
        message_id="<7@firm.example>",
        size=len(CONTENT),
        sha256=sha256(CONTENT).hexdigest(),
        received_at=NOON,
        stored_at=message.stored_at,
        peer="127.0.0.1:1",
        tls="TLSv1.3 X",
    )


def test_content_comes_back_byte_for_byte(tmp_path: Path) -> None:
    for spool in (Spool(), Spool(tmp_path)):
        number = stored(spool).number

        assert spool.content(number) == CONTENT
        with pytest.raises(KeyError):
            spool.content(number + 1)
        spool.close()


def test_answer_is_noted_after_storing() -> None:
    spool = Spool()
    first, second = stored(spool), stored(spool)

    spool.mark_answered(second.number)

    before, after = spool.messages()
    assert before == first
    assert after.answered_at is not None
    assert after.answered_at >= second.stored_at


def test_filter_takes_recipient_time_and_number() -> None:
    spool = Spool()
    for minutes, to in enumerate(["a@x.example", "b@x.example", "A@X.example"]):
        stored(spool, to, minutes)

    def numbers(wanted: Filter) -> list[int]:
        return [message.number for message in spool.messages(wanted)]

    assert numbers(Filter()) == [1, 2, 3]
    assert numbers(Filter(to="a@X.example")) == [1, 3]
    assert numbers(Filter(to="x.example")) == []
    assert numbers(Filter(since=NOON + timedelta(minutes=1))) == [2, 3]
    assert numbers(Filter(to="a@x.example", after=1)) == [3]


def test_restart_finds_the_same_messages_and_goes_on_counting(tmp_path: Path) -> None:
    first = Spool(tmp_path)
    messages = [stored(first), stored(first, "b@x.example")]
    first.close()

    again = Spool(tmp_path)

    assert again.messages() == messages
    assert again.content(2) == CONTENT
    assert stored(again).number == 3
    again.close()


def test_half_a_record_is_not_a_message(tmp_path: Path) -> None:
    first = Spool(tmp_path)
    kept = stored(first)
    stored(first)
    first.close()
    index = tmp_path / "index.jsonl"
    os.truncate(index, index.stat().st_size - 1)

    again = Spool(tmp_path)
    third = stored(again)
    again.close()

    assert third.number == 3
    with closing(Spool(tmp_path)) as last:
        assert last.messages() == [kept, third]


def test_clear_leaves_nothing_behind(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    stored(spool)

    spool.clear()

    assert spool.messages() == []
    assert [(file.name, file.stat().st_size) for file in tmp_path.iterdir()] == [("index.jsonl", 0)]
    second = stored(spool)
    spool.close()
    with closing(Spool(tmp_path)) as again:
        assert again.messages() == [second]


def test_waiting_says_how_many_came() -> None:
    spool = Spool()
    stored(spool)

    assert spool.wait_for(1, Filter(), 0) == spool.messages()
    with pytest.raises(TimeoutError, match=r"^1 of 2 messages arrived within 0\.01 s$"):
        spool.wait_for(2, Filter(), 0.01)


def test_disk_that_refuses_stores_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    (tmp_path / "000001.eml").mkdir()

    with pytest.raises(IsADirectoryError):
        stored(spool)

    assert spool.messages() == []
    assert (tmp_path / "index.jsonl").read_bytes() == b""
    spool.close()
