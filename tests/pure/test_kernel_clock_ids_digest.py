from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from posthorn.kernel import clock, digest, ids


def test_clock_tells_utc() -> None:
    before = datetime.now(UTC)
    told = clock.now()

    assert told.utcoffset() == timedelta(0)
    assert before <= told <= datetime.now(UTC)


def test_digest_is_lower_case_hex_of_the_bytes() -> None:
    # FIPS 180-2, appendix B.1
    assert digest.sha256_hex(b"abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_uuid7_has_the_layout_of_the_standards_example() -> None:
    # RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    made = ids.uuid7(0x017F22E279B0 << 12 | 0xCC3, 0x18C4DC0C0C07398F)

    assert made == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    assert (made.version, made.variant) == (7, RFC_4122)


def _ticks(*nanoseconds: int) -> Iterator[int]:
    yield from nanoseconds


def test_fraction_of_the_millisecond_stands_behind_the_milliseconds() -> None:
    ticks = _ticks(1_000_000, 1_500_000)
    sequence = ids.Sequence(lambda: next(ticks), lambda _: 0)

    assert sequence.next() == ids.uuid7(1 << 12, 0)
    assert sequence.next() == ids.uuid7(1 << 12 | 2048, 0)


def test_clock_set_back_does_not_hand_out_an_older_identifier() -> None:
    ticks = _ticks(5_000_000, 2_000_000, 2_000_000, 6_000_000)
    sequence = ids.Sequence(lambda: next(ticks), lambda _: 7)
    made = [sequence.next() for _ in range(4)]

    assert made == [
        ids.uuid7(5 << 12, 7),
        ids.uuid7((5 << 12) + 1, 7),
        ids.uuid7((5 << 12) + 2, 7),
        ids.uuid7(6 << 12, 7),
    ]


@given(st.lists(st.integers(min_value=0, max_value=2**62), min_size=1, max_size=20))
def test_identifiers_always_rise(nanoseconds: list[int]) -> None:
    ticks = _ticks(*nanoseconds)
    entropy = count(2**62 - 1, -1)
    sequence = ids.Sequence(lambda: next(ticks), lambda _: next(entropy))
    made = [sequence.next() for _ in nanoseconds]

    assert made == sorted(set(made))


def test_threads_never_share_an_identifier() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new_id(), range(1_000)))

    assert len(set(made)) == 1_000
    assert {identifier.version for identifier in made} == {7}


def test_new_identifier_carries_the_time_of_now() -> None:
    before = int(datetime.now(UTC).timestamp() * 1000)
    stamp = ids.new_id().int >> 80

    assert before <= stamp <= int(datetime.now(UTC).timestamp() * 1000) + 1
