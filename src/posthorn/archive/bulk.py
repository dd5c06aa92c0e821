"""Decides on several documents at once: each by itself, so that one refusal stops no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import transaction

from posthorn.archive import assign, lifecycle
from posthorn.archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

    from posthorn.archive.directions import Direction

MAX_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of several documents: the ids done, and why the others were refused."""

    done: tuple[UUID, ...] = ()
    refused: Mapping[UUID, ArchiveError] = field(default_factory=dict)


def reject_many(firm: UUID, documents: Collection[UUID], reason: str, *, actor: str) -> Decided:
    """Reject documents for one reason."""
    return _each(documents, lambda row: lifecycle.reject(firm, row, reason, actor=actor))


def take_back_many(firm: UUID, documents: Collection[UUID], *, actor: str) -> Decided:
    """Take the rejections of documents back."""
    return _each(documents, lambda row: lifecycle.take_back(firm, row, actor=actor))


def assign_many(
    firm: UUID, documents: Collection[UUID], client: UUID, direction: Direction, *, actor: str
) -> Decided:
    """Give documents one client."""
    return _each(documents, lambda row: assign.assign(firm, row, client, direction, actor=actor))


def _each(documents: Collection[UUID], deed: Callable[[UUID], None]) -> Decided:
    done: list[UUID] = []
    refused: dict[UUID, ArchiveError] = {}
    for row in list(documents)[:MAX_AT_ONCE]:
        try:
            with transaction.atomic():
                deed(row)
        except ArchiveError as error:
            refused[row] = error
        else:
            done.append(row)
    return Decided(done=tuple(done), refused=refused)
