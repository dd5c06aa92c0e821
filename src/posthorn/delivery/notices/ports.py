"""What this layer asks of the face above it: to put facts into words, with a link to act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.tenancy.notice_kinds import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One fact to be told."""

    kind: NoticeKind
    detail: Mapping[str, str | int]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Facts for one person in one mail, the oldest first; of one firm, or of the own account."""

    name: str
    language: str
    firm: UUID | None
    firm_name: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A mail in its reader's language: a subject, a plain text, and the same as HTML."""

    subject: str
    text: str
    page: str


class Writer(Protocol):
    """Writes a mail; its links begin with the address under which the site is reached."""

    def write(self, batch: Batch) -> Words:
        """Put a batch into words. Pure: the same batch gives the same words."""


_registered: Writer | None = None


class NoWriterError(RuntimeError):
    """Install a face: without it nobody can say what happened."""


def register_writer(writer: Writer) -> None:
    """Put the one writer in place, at start."""
    global _registered  # noqa: PLW0603  # the port has one implementation per process
    _registered = writer


def writer() -> Writer:
    """Give the writer; raises NoWriterError when none is registered."""
    if _registered is None:
        raise NoWriterError("No writer of notices is registered.")
    return _registered
