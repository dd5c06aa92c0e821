from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.documents.render.text import shown, shown_lines


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        (None, ""),
        ("  Jan \t\n Peeters ", "Jan Peeters"),
        ("F\u202e6202-1\u202c", "F[U+202E]6202-1[U+202C]"),
        ("F\u200b1", "F[U+200B]1"),
        ("F\u00ad1", "F[U+00AD]1"),
        ("F\ufeff1", "F[U+FEFF]1"),
        ("F\u28001", "F[U+2800]1"),
        ("\x00", "[U+0000]"),
        ("\U000e0041", "[U+E0041]"),
        ("=cmd()", "=cmd()"),
        ("Ελλάδα שלום", "Ελλάδα שלום"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("F\u200c1", "F[U+200C]1"),
        ("خ\u200c", "خ[U+200C]"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301"),
        ("e" + "\u0301" * 9 + "f", "e" + "\u0301" * 4 + "[…]f"),
    ],
)
def test_text_shows_what_hides_in_it(sent: str | None, seen: str) -> None:
    assert shown(sent) == seen


def test_very_long_text_is_cut_with_the_number_of_signs_left_out() -> None:
    assert shown("x" * 4_700) == "x" * 4_000 + "… [+700]"
    assert shown("x" * 4_000) == "x" * 4_000


def test_line_breaks_of_a_note_are_kept_and_blank_lines_dropped() -> None:
    assert shown_lines("een\r\n\n  twee  drie\u2028vier\u202e") == "een\ntwee drie\nvier[U+202E]"
    assert shown_lines(None) == ""


@given(st.text())
def test_no_text_turns_the_order_of_its_neighbours(sent: str) -> None:
    turning = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

    assert set(shown(sent)) & turning == set()
    assert shown(sent).isprintable() or set(shown(sent)) & {"\u200c", "\u200d"}
