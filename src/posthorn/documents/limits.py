"""How large and how complex a file may be, told from its bytes before a parser takes memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from posthorn.documents.errors import TooComplexError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large an XML document may be; all figures are inclusive."""

    max_bytes: int = 50_000_000
    max_depth: int = 64
    max_elements: int = 200_000
    max_attributes: int = 400_000  # namespace declarations count as attributes
    max_attributes_per_element: int = 128


LIMITS: Final = Limits()
# The least bytes that one takes: `<a/>`, and ` a=""`.
_ELEMENT: Final = 4
_ATTRIBUTE: Final = 5


def refuse_complexity(data: bytes, limits: Limits) -> None:
    """Raise TooComplexError for XML, in UTF-8, with more in it than the limits allow.

    Counts signs, which is never too few: `<` inside a CDATA section counts as an element, `=` in a
    text as an attribute.
    """
    # Most files are too short for more than the limits: nothing needs counting in them.
    if len(data) > limits.max_elements * _ELEMENT:
        _refuse_elements(data, limits.max_elements)
    if len(data) > limits.max_attributes * _ATTRIBUTE:
        _refuse_attributes(data, limits.max_attributes)
    if has_piece(data, limits.max_attributes_per_element * _ATTRIBUTE):
        _refuse_crowd(data, limits.max_attributes_per_element)


def has_piece(data: bytes, size: int) -> bool:
    """Tell whether so many bytes, or nearly, may stand together without a `<` among them.

    Never no where they do: a piece of that length covers one of the blocks of half of it.
    """
    block = size // 2
    blocks = range(0, len(data) - block + 1, block)
    return any(data.find(b"<", start, start + block) < 0 for start in blocks)


def _refuse_elements(data: bytes, most: int) -> None:
    opened = data.count(b"<")
    if opened - data.count(b"</") - data.count(b"<!") - data.count(b"<?") > most:
        raise TooComplexError(f"more than {most} elements")


def _refuse_attributes(data: bytes, most: int) -> None:
    if data.count(b"=") > most:
        raise TooComplexError(f"more than {most} attributes")


def _refuse_crowd(data: bytes, most: int) -> None:
    for piece in data.split(b"<"):
        # A tag that holds too many is long.
        if len(piece) > _ATTRIBUTE * most and piece.partition(b">")[0].count(b"=") > most:
            raise TooComplexError(f"more than {most} attributes on one element")
