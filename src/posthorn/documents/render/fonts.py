"""The letters of a PDF: the same on every machine, and which signs they have."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import typst

# Noto Sans has Latin, Greek, Cyrillic and Vietnamese.
_PACKAGES: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
# What the fonts inside the typesetter (0.15: DejaVu Sans Mono, Libertinus Serif) add to them, found
# by setting every sign in a PDF/A; a test sets them again. Hebrew, Armenian, Georgian, symbols.
_INSIDE: Final = (
    (0x0531, 0x0556),
    (0x0559, 0x058A),
    (0x05D0, 0x05EA),
    (0x05EF, 0x05F4),
    (0x10D0, 0x10FA),
    (0x2160, 0x2182),
    (0x2190, 0x2211),
    (0x2213, 0x2219),
    (0x221B, 0x23FF),
    (0x2460, 0x25CB),
    (0x25CD, 0x262F),
    (0x2638, 0x268B),
    (0x2690, 0x269C),
    (0x26A0, 0x26A7),
    (0x2701, 0x2704),
    (0x2706, 0x2709),
    (0x270C, 0x2727),
    (0x2729, 0x274B),
    (0x2798, 0x27AF),
    (0x27B1, 0x27FF),
)
_JOINERS: Final = frozenset("\u200c\u200d")
_BEYOND: Final = "\u0530"  # where Noto Sans' alphabets end
_PUNCTUATION: Final = frozenset("\u202f\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u20ac\u2212")
_GROUPED: Final = 12


@cache
def folders() -> tuple[Path, ...]:
    """Return where the font files are."""
    found = []
    for package in _PACKAGES:
        with as_file(files(package).joinpath("files")) as folder:
            found.append(Path(folder))
    return tuple(found)


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of a PDF, none of them the machine's own; read once."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in folders()],
    )


@cache
def covered() -> frozenset[str]:
    """Return every sign that the fonts can show."""
    paths = (path for folder in folders() for path in sorted(folder.glob("*.ttf")))
    upright = (path for path in paths if "Italic" not in path.name)
    wheels = {chr(code) for path in upright for code in codes_of(path.read_bytes())}
    inside = {chr(code) for start, end in _INSIDE for code in range(start, end + 1)}
    return frozenset(sign for sign in wheels | inside if _is_shown(sign) or sign in _JOINERS)


def plain() -> frozenset[str]:
    """Return the signs of one font alone that stand by themselves: Latin, Greek, Cyrillic."""
    return frozenset(
        sign
        for sign in covered()
        if (sign < _BEYOND or sign in _PUNCTUATION) and not unicodedata.combining(sign)
    )


def _is_shown(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("C")


def codes_of(font: bytes) -> Iterator[int]:
    """Yield the code points that a TrueType or OpenType font has a letter for.

    Source: OpenType 1.9, `cmap`, subtable format 12. Raises ValueError for a font without it.
    """
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, table + 2)
    for number in range(count):
        (offset,) = struct.unpack_from(">4xL", font, table + 4 + 8 * number)
        if struct.unpack_from(">H", font, table + offset) == (_GROUPED,):
            yield from _grouped(font, table + offset)
            return
    raise ValueError("The font maps no signs in groups.")


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"The font has no table {tag!r}.")


def _grouped(font: bytes, place: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">L", font, place + 12)
    for number in range(count):
        start, end, _ = struct.unpack_from(">LLL", font, place + 16 + 12 * number)
        yield from range(start, end + 1)
