"""Keeps large attachments away from the XML parser, which has no use for them.

libxml2 refuses text over 10 MB, and the switch that lifts this bound lifts all the others with it.
Base64 without a fault is lifted out of the bytes, a short word stands in for it, and the value is
put back into the finished tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from posthorn.documents.limits import has_piece
from posthorn.documents.octets import octets_of

_MIN: Final = 8_192  # characters
_LARGE = re.compile(rb">([A-Za-z0-9+/=\s]{%d,})<" % _MIN)
# Correct base64 itself, so that a schema takes it for the value it stands for.
_WORD: Final = b"cG9zdGhvcm4t"
_STAND_IN = re.compile(rf"{_WORD.decode()}(\d{{8}})")


class Valued(Protocol):
    """Something with a text value, such as an element."""

    value: str | None


class Payloads:
    """The attachments of one file."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lifted: list[bytes] = []

    def __bool__(self) -> bool:
        """Tell whether any was lifted."""
        return bool(self._lifted)

    def lift(self, data: bytes) -> bytes:
        """Return the XML, in UTF-8, with stand-ins for its large base64 values."""
        if not has_piece(data, _MIN) or _WORD in data:
            return data
        return _LARGE.sub(self._stand_in, data)

    def _stand_in(self, found: re.Match[bytes]) -> bytes:
        if octets_of(found[1]) is None:
            return found[0]
        self._lifted.append(found[1])
        return b">%s%08d<" % (_WORD, len(self._lifted) - 1)

    def put_back(self, by_name: Mapping[str, Sequence[Valued]]) -> None:
        """Give the elements of a finished tree their own values again."""
        for namesakes in by_name.values():
            for element in namesakes:
                if element.value and _STAND_IN.search(element.value):
                    element.value = _STAND_IN.sub(self._value, element.value)

    def _value(self, found: re.Match[str]) -> str:
        # The parser makes every line end a line feed (XML 1.0, 2.11).
        return self._lifted[int(found[1])].decode("ascii").replace("\r\n", "\n")
