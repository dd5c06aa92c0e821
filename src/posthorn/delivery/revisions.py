"""Keeps prepared bytes small and exact: a skeleton referring to files, and a digest."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from posthorn.kernel.digest import sha256_hex
from posthorn.sdk import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LINE = 76  # characters of base64 a line (RFC 2045 section 6.8)
_SMALL = 2_048  # bytes; below, a copy is cheaper than a reference

Skeleton = list[dict[str, Any]]


class RevisionDamagedError(RuntimeError):
    """Restore the stored file: the bytes no longer match what was prepared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A prepared delivery ready to be written; `links` are hashes of the addresses in it."""

    number: int
    connector_version: str
    settings_version: str
    media_type: str
    envelope: Mapping[str, str]
    summary: Mapping[str, str]
    skeleton: Skeleton
    sha256: str
    size: int
    links: tuple[str, ...] = ()


def mime_base64(data: bytes) -> bytes:
    """Encode bytes as base64 in CRLF lines of 76 characters, without a last line end."""
    text = base64.b64encode(data)
    return b"\r\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))


def skeleton_of(payload: bytes, sha256: str, content: bytes, *, token: str = "") -> Skeleton:
    """Take a stored file out of a payload, raw or in base64, and leave a reference in its place.

    So is the token of a download address, wherever it stands: nobody who reads it here can fetch.
    """
    if len(content) >= _SMALL:
        for encoding, (start, end) in (
            ("raw", _raw_place(payload, content)),
            ("base64", _base64_place(payload, content)),
        ):
            if start >= 0:
                reference = {"file": sha256, "as": encoding}
                head, tail = payload[:start], payload[end:]
                return [*_without(token, head, sha256), reference, *_without(token, tail, sha256)]
    return _without(token, payload, sha256)


def _without(token: str, data: bytes, sha256: str) -> Skeleton:
    if not token:
        return [_literal(data)]
    first, *others = data.split(token.encode())
    return [_literal(first), *chain.from_iterable(({"link": sha256}, _literal(o)) for o in others)]


def _raw_place(payload: bytes, content: bytes) -> tuple[int, int]:
    # Looking for the head alone: searching for a long needle costs as much as hashing it.
    start = payload.find(content[:_LINE])
    if start >= 0 and payload.startswith(content, start):
        return start, start + len(content)
    return -1, -1


def _base64_place(payload: bytes, content: bytes) -> tuple[int, int]:
    """Find what `mime_base64(content)` gives; (-1, -1) when it is not there."""
    start = payload.find(base64.b64encode(content[: _LINE // 4 * 3]))
    letters = (len(content) + 2) // 3 * 4
    breaks = (letters - 1) // _LINE
    end = start + letters + 2 * breaks
    piece = payload[start:end]
    ends = (piece[_LINE :: _LINE + 2], piece[_LINE + 1 :: _LINE + 2])
    is_cut_so = start >= 0 and ends == (b"\r" * breaks, b"\n" * breaks)
    # Taking the line ends out and comparing letters is twice as fast as decoding.
    if is_cut_so and piece.translate(None, b"\r\n") == base64.b64encode(content):
        return start, end
    return -1, -1


def _literal(data: bytes) -> dict[str, str]:
    if data.isascii() and b"\0" not in data:
        return {"text": data.decode("ascii")}
    return {"base64": base64.b64encode(data).decode("ascii")}


class Sources(Protocol):
    """Where what a skeleton refers to comes from; both are asked by the SHA-256 of a document."""

    def file(self, sha256: str) -> bytes:
        """Give the bytes of a stored file."""
        ...

    def token(self, sha256: str) -> str:
        """Give the token of the document's download address in this delivery."""
        ...


def assemble(skeleton: Sequence[Mapping[str, str]], sources: Sources) -> bytes:
    """Put a payload together again."""
    return b"".join(_piece(piece, sources) for piece in skeleton)


def _piece(piece: Mapping[str, str], sources: Sources) -> bytes:
    if "text" in piece:
        return piece["text"].encode("ascii")
    if "base64" in piece:
        return base64.b64decode(piece["base64"])
    if "link" in piece:
        return sources.token(piece["link"]).encode("ascii")
    data = sources.file(piece["file"])
    return data if piece["as"] == "raw" else mime_base64(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """A revision read back from the database."""

    number: int
    settings_version: str
    media_type: str
    envelope: Mapping[str, str]
    summary: Mapping[str, str]
    skeleton: Sequence[Mapping[str, str]]
    sha256: str

    def restore(self, key: str, sources: Sources) -> Prepared:
        """Give the very bytes of the first try; raises RevisionDamagedError when they differ."""
        payload = assemble(self.skeleton, sources)
        if sha256_hex(payload) != self.sha256:
            message = f"Revision {self.number} of {key} does not match its digest."
            raise RevisionDamagedError(message)
        return Prepared(
            key=key,
            payload=payload,
            media_type=self.media_type,
            envelope=self.envelope,
            summary=self.summary,
        )
