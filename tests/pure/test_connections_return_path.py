"""A return path names its mail, survives what relays do to it, and cannot be made by others."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.connections.return_path import Posted, Tag, local_part, read_local_part

KEY, OTHER = b"k" * 32, b"o" * 32
TAG = Tag(posted=Posted.DELIVERY, id=UUID(int=7), revision=3)


@given(
    st.builds(Tag, posted=st.sampled_from(Posted), id=st.uuids(), revision=st.integers(0, 0xFFFF)),
    st.binary(min_size=32, max_size=32),
)
def test_what_is_written_is_read_in_any_case_by_any_of_our_keys(tag: Tag, key: bytes) -> None:
    written = local_part(tag, key)

    assert len(written) == 49
    assert written == written.lower()
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyz234567-")
    assert read_local_part(written, [key]) == tag
    assert read_local_part(written.upper(), [OTHER, key]) == tag


def test_another_key_reads_nothing() -> None:
    assert read_local_part(local_part(TAG, KEY), [OTHER]) is None
    assert read_local_part(local_part(TAG, KEY), []) is None


def test_every_changed_letter_makes_a_forgery() -> None:
    written = local_part(TAG, KEY)
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"

    # The last letter carries two bits of the signature and three of padding.
    accepted = [
        place
        for place in range(2, len(written) - 1)
        for letter in alphabet
        if letter != written[place]
        and read_local_part(written[:place] + letter + written[place + 1 :], [KEY])
    ]

    assert accepted == []


@pytest.mark.parametrize("local", ["", "r-", "r-abc", "bounces", "r-" + "a" * 47, "x" + "a" * 48])
def test_what_is_no_tag_is_none(local: str) -> None:
    assert read_local_part(local, [KEY]) is None


def test_a_revision_beyond_the_field_is_written_as_the_highest() -> None:
    read = read_local_part(
        local_part(Tag(posted=Posted.TRIAL, id=UUID(int=1), revision=10**6), KEY), [KEY]
    )

    assert read == Tag(posted=Posted.TRIAL, id=UUID(int=1), revision=0xFFFF)
