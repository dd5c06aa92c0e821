"""Reads what comes between DATA and the final dot, byte for byte."""

from __future__ import annotations

import asyncio
from enum import StrEnum

# 998 octets and CRLF (RFC 5321, 4.5.3.1.6), and one for a stuffed dot.
_MAX_LINE_BYTES = 1001


class ContentVerdict(StrEnum):
    """What a strict server thinks of the content; anything but fine is the reply to the dot."""

    FINE = ""
    LINE_TOO_LONG = "500 5.5.2 A line, which CR LF ends, is over 998 bytes (RFC 5321, 4.5.3.1.6)"
    TOO_LARGE = "552 5.3.4 The message is larger than the size this server announced"


class ContentReader:
    """Collects one message's lines, dot-unstuffed; only CR LF ends a line (RFC 5321, 2.3.8)."""

    def __init__(self, reader: asyncio.StreamReader, *, max_bytes: int | None) -> None:
        self._reader = reader
        self._max_bytes = max_bytes
        self._kept = bytearray()
        self._wire_bytes = 0
        self._line_bytes = 0
        self._is_complete = False
        self.verdict = ContentVerdict.FINE

    async def until_byte(self, wanted: int) -> None:
        """Read until that many bytes came over the wire, or the final dot did."""
        while self._wire_bytes < wanted and not self._is_complete:
            await self._read_piece()

    async def rest(self) -> bytes:
        """Read to the final dot and return all the content; nothing of it when it is refused."""
        while not self._is_complete:
            await self._read_piece()
        return bytes(self._kept)

    async def _read_piece(self) -> None:
        is_line_start = self._line_bytes == 0
        try:
            piece = await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as overrun:
            piece = await self._reader.read(overrun.consumed)
        self._wire_bytes += len(piece)
        if is_line_start and piece == b".\r\n":
            self._is_complete = True
            return
        self._line_bytes += len(piece)
        if self._line_bytes > _MAX_LINE_BYTES:
            self._refuse(ContentVerdict.LINE_TOO_LONG)
        self._keep(piece.removeprefix(b".") if is_line_start else piece)
        if piece.endswith(b"\r\n"):
            self._line_bytes = 0

    def _keep(self, piece: bytes) -> None:
        if self.verdict is ContentVerdict.FINE:
            self._kept += piece
        if self._max_bytes is not None and len(self._kept) > self._max_bytes:
            self._refuse(ContentVerdict.TOO_LARGE)

    def _refuse(self, verdict: ContentVerdict) -> None:
        self.verdict = verdict
        self._kept.clear()
