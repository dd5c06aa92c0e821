"""Acts on several deliveries at once: each by itself, so that one refusal stops no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import transaction

from posthorn.delivery import actions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

MAX_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What became of several deliveries: the ids done, and why the others were refused."""

    done: tuple[UUID, ...] = ()
    refused: Mapping[UUID, actions.DeliveryError] = field(default_factory=dict)


def release_many(firm: UUID, deliveries: Collection[UUID], *, actor: str) -> Acted:
    """Let deliveries on hold go; those whose cause still stands are refused."""
    return _each(deliveries, lambda row: actions.release(firm, row, actor=actor))


def resend_many(firm: UUID, deliveries: Collection[UUID], reason: str, *, actor: str) -> Acted:
    """Send deliveries that came to an end again, each as a copy with the reason."""

    def deed(row: UUID) -> None:
        actions.resend(firm, row, reason=reason, actor=actor)

    return _each(deliveries, deed)


def _each(deliveries: Collection[UUID], deed: Callable[[UUID], None]) -> Acted:
    done: list[UUID] = []
    refused: dict[UUID, actions.DeliveryError] = {}
    for row in list(deliveries)[:MAX_AT_ONCE]:
        try:
            with transaction.atomic():
                deed(row)
        except actions.DeliveryError as error:
            refused[row] = error
        else:
            done.append(row)
    return Acted(done=tuple(done), refused=refused)
