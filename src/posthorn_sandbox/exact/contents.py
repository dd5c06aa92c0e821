"""Attached bytes, kept as the base64 they came in: checked at once, decoded when somebody looks."""

from __future__ import annotations

import base64

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_GROUP = 4


def read_encoded(text: str) -> bytes:
    """Return base64 as it came. Raises ValueError when it is none.

    Decoding 60 kB takes longer than everything else about a call, and few are ever looked at.
    """
    encoded = text.encode("ascii")
    rest = encoded.translate(None, _ALPHABET)
    if len(encoded) % _GROUP or rest not in {b"", b"=", b"=="} or not encoded.endswith(rest):
        raise ValueError("it is not base64")
    return encoded


def size_of(encoded: bytes) -> int:
    """Return how many bytes it stands for."""
    return len(encoded) // _GROUP * 3 - encoded[-2:].count(b"=")


def decode(encoded: bytes) -> bytes:
    """Return the bytes."""
    return base64.b64decode(encoded)


def decode_start(encoded: bytes, size: int) -> bytes:
    """Return the first bytes, about as many as asked for."""
    return base64.b64decode(encoded[: size // 3 * _GROUP])
