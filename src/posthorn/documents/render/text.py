"""Foreign text made safe to look at: nothing in it hides, reorders or overflows.

Signs that show nothing of themselves, or turn the order of what stands near them (Unicode Standard
annex 9), come out as their number: `[U+202E]`.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_MAX_LENGTH: Final = 4_000  # characters; a text beyond any that people read
_MAX_MARKS: Final = 4  # accents on one letter; more of them paint over other lines
# They look like a blank, and are letters or signs to Unicode: Braille blank and Hangul fillers.
_BLANK: Final = frozenset("\u2800\u115f\u1160\u3164\uffa0")
# Zero width non-joiner and joiner: Persian, Arabic and Indic words are spelled with them.
_JOINERS: Final = frozenset("\u200c\u200d")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_MARKS: Final = frozenset({"Mn", "Me"})
_LATIN_END: Final = 0x0590  # below stand scripts that need no joiner: Latin, Greek, Cyrillic


def shown(text: str | None) -> str:
    """Return one line of text that shows all that is in it; "" for None."""
    return _revealed(_cut(" ".join((text or "").split())))


def shown_lines(text: str | None) -> str:
    """Return text that shows all that is in it, with its own line breaks, blank lines dropped."""
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return "\n".join(_revealed(line) for line in _cut("\n".join(filter(None, lines))).split("\n"))


def _cut(text: str) -> str:
    rest = len(text) - _MAX_LENGTH
    return f"{text[:_MAX_LENGTH]}… [+{rest}]" if rest > 0 else text


def _revealed(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    signs: list[str] = []
    marks = 0
    for place, sign in enumerate(text):
        category = unicodedata.category(sign)
        marks = marks + 1 if category in _MARKS else 0
        if marks > _MAX_MARKS:
            signs.append("[…]" if marks == _MAX_MARKS + 1 else "")
        elif _hides(sign, category) and not _joins(text, place):
            signs.append(f"[U+{ord(sign):04X}]")
        else:
            signs.append(sign)
    return "".join(signs)


def _hides(sign: str, category: str) -> bool:
    return category in _HIDDEN or sign in _BLANK


def _joins(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return (
        text[place] in _JOINERS
        and len(around) == len("ab")
        and all(sign.isalpha() and ord(sign) >= _LATIN_END for sign in around)
    )
