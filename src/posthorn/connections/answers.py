"""Reads an answer over HTTP within bounds: of headers, of bytes, and of what unpacks to more."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from posthorn.sdk.http import Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpcore

MAX_HEADERS = 100
MAX_HEADER_BYTES = 65_536
# gzip or zlib, told apart by their first bytes (zlib manual, inflateInit2: 32 added to the window).
_EITHER = 32 + zlib.MAX_WBITS
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
# Kept by nobody: each call stands alone.
_DROPPED = frozenset({"set-cookie", "set-cookie2"})


class TooLargeError(Exception):
    """The answer is larger than anything a package has to say; the message says by which bound."""


class UnreadableError(Exception):
    """The answer is no HTTP that can be read; the message says why."""


def read_answer(response: httpcore.Response, max_bytes: int) -> Response:
    """Return the whole answer, unpacked. Raises TooLargeError, UnreadableError, httpcore's own."""
    headers = _headers(response.headers)
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_stream():
        size += len(piece)
        if size > max_bytes:
            raise TooLargeError(f"its body is larger than {max_bytes} bytes")
        pieces.append(piece)
    body = unpack(b"".join(pieces), headers.get("content-encoding", ""), max_bytes)
    return Response(status=response.status, headers=headers, body=body)


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    if len(raw) > MAX_HEADERS:
        raise TooLargeError(f"it has more than {MAX_HEADERS} headers")
    if sum(len(name) + len(value) for name, value in raw) > MAX_HEADER_BYTES:
        raise TooLargeError(f"its headers are larger than {MAX_HEADER_BYTES} bytes")
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if key not in _DROPPED:
            found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def unpack(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """Return a body as it was before it was packed. Raises TooLargeError, UnreadableError."""
    name = encoding.strip().lower()
    if not body or name in {"", "identity"}:
        return body
    if name not in _PACKED:
        raise UnreadableError(f"its body is packed as {name[:40]!r}, which nobody asked for")
    unpacker = zlib.decompressobj(_EITHER)
    try:
        found = unpacker.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise UnreadableError(f"its body cannot be unpacked: {error}") from None
    if len(found) > max_bytes:
        raise TooLargeError(f"its body unpacks to more than {max_bytes} bytes")
    if not unpacker.eof:
        raise UnreadableError("its packed body ends early")
    return found
