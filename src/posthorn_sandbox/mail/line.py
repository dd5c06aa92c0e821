"""Treats the line to a client as badly as a fault asks: slowly, at length, or by cutting it."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import NoReturn

from posthorn_sandbox.mail.faults import Fault

_PIECE_BYTES = 65_536


async def write_slowly(writer: asyncio.StreamWriter, reply: bytes, pause_s: float) -> None:
    """Write one byte at a time with a pause after each; all at once without a pause."""
    if not pause_s:
        writer.write(reply)
        await writer.drain()
        return
    for byte in reply:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(pause_s)


async def write_flood(writer: asyncio.StreamWriter, fault: Fault) -> None:
    """Write a reply of `size` bytes, on one line or on many of `line_bytes`; holds one piece."""
    if fault.line_bytes:
        line = f"{fault.code}-".encode() + b"x" * fault.line_bytes + b"\r\n"
        piece = line * max(1, _PIECE_BYTES // len(line))
        opening, closing = b"", f"{fault.code} end\r\n".encode()
    else:
        piece = b"x" * _PIECE_BYTES
        opening, closing = f"{fault.code} ".encode(), b"\r\n"
    writer.write(opening)
    left = fault.size
    while left > 0:
        # A multi-line reply is cut at whole lines only, so that its end can be told.
        now = piece if fault.line_bytes or left >= len(piece) else piece[:left]
        writer.write(now)
        await writer.drain()
        left -= len(now)
    writer.write(closing)
    await writer.drain()


def drop(writer: asyncio.StreamWriter) -> NoReturn:
    """Close the line in an orderly way and end the conversation."""
    writer.close()
    raise asyncio.CancelledError


def reset(writer: asyncio.StreamWriter) -> NoReturn:
    """Cut the line with a TCP reset and end the conversation."""
    peer: socket.socket = writer.get_extra_info("socket")
    # Lingering for zero seconds is how a socket is told to reset instead of closing (socket(7)).
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport = writer.transport
    transport.abort()
    raise asyncio.CancelledError
