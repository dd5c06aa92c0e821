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


def refuse_complexity(data: bytes, limits: Limits) -> None:
    """Raise TooComplexError for XML, in UTF-8, with more in it than the limits allow.

    Counts signs, which is never too few: `<` inside a CDATA section counts as an element, `=` in a
    text as an attribute.
    """
    opened = data.count(b"<")
    elements = opened - data.count(b"</") - data.count(b"<!") - data.count(b"<?")
    if elements > limits.max_elements:
        raise TooComplexError(f"more than {limits.max_elements} elements")
    attributes = data.count(b"=")
    if attributes > limits.max_attributes:
        raise TooComplexError(f"more than {limits.max_attributes} attributes")
    if attributes > limits.max_attributes_per_element:
        _refuse_crowd(data, limits.max_attributes_per_element)


def _refuse_crowd(data: bytes, most: int) -> None:
    for piece in data.split(b"<"):
        # A tag that holds too many is long: ` a=""` takes five bytes.
        if len(piece) > 5 * most and piece.partition(b">")[0].count(b"=") > most:
            raise TooComplexError(f"more than {most} attributes on one element")
