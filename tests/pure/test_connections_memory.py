"""What connectors learned is kept for a while, apart per connection, and never without bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from posthorn.connections.memory import MAX_CHARS, Facts, OwnMemory

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def test_fact_is_kept_until_its_time_is_up() -> None:
    clock = Clock()
    memory = OwnMemory(owner="a", facts=Facts(clock=clock))
    memory.keep("mailbox", "42", lasts=HOUR)

    clock.time += HOUR - timedelta(seconds=1)
    assert memory.recall("mailbox") == "42"
    clock.time += timedelta(seconds=1)
    assert memory.recall("mailbox") is None


def test_two_connections_know_nothing_of_each_other() -> None:
    facts = Facts(clock=Clock())
    OwnMemory(owner="a", facts=facts).keep("mailbox", "42", lasts=HOUR)

    assert OwnMemory(owner="b", facts=facts).recall("mailbox") is None


def test_the_longest_unused_is_forgotten_first() -> None:
    memory = OwnMemory(owner="a", facts=Facts(clock=Clock(), max_facts=2))
    memory.keep("one", "1", lasts=HOUR)
    memory.keep("two", "2", lasts=HOUR)
    assert memory.recall("one") == "1"

    memory.keep("three", "3", lasts=HOUR)

    assert [memory.recall(name) for name in ("one", "two", "three")] == ["1", None, "3"]


def test_a_fact_that_is_too_long_is_not_kept() -> None:
    memory = OwnMemory(owner="a", facts=Facts(clock=Clock()))

    memory.keep("companies", "x" * (MAX_CHARS + 1), lasts=HOUR)

    assert memory.recall("companies") is None


def test_all_that_is_kept_together_has_a_bound_too() -> None:
    clock = Clock()
    memory = OwnMemory(owner="a", facts=Facts(clock=clock, max_chars=10))
    memory.keep("one", "1234", lasts=HOUR)
    memory.keep("two", "5678", lasts=HOUR)
    assert memory.recall("one") == "1234"

    memory.keep("three", "90ab", lasts=HOUR)

    assert [memory.recall(name) for name in ("one", "two", "three")] == ["1234", None, "90ab"]


def test_what_is_replaced_or_forgotten_takes_no_room() -> None:
    clock = Clock()
    memory = OwnMemory(owner="a", facts=Facts(clock=clock, max_chars=10))
    memory.keep("one", "1234567", lasts=HOUR)
    memory.keep("one", "123", lasts=HOUR)
    memory.keep("two", "4567", lasts=HOUR + HOUR)
    assert (memory.recall("one"), memory.recall("two")) == ("123", "4567")

    clock.time += HOUR
    assert memory.recall("one") is None
    memory.keep("three", "890abc", lasts=HOUR)

    assert (memory.recall("two"), memory.recall("three")) == ("4567", "890abc")
