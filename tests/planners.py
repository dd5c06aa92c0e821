"""A release planner that remembers what it was asked, in place of the delivery layer's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from posthorn.archive import ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from posthorn.archive.models import Document


class RecordingPlanner:
    """Keeps the ids it was given, call by call."""

    def __init__(self) -> None:
        self.planned: list[list[UUID]] = []
        self.withdrawn: list[list[UUID]] = []

    def plan(self, documents: Sequence[Document], *, actor: str) -> None:
        """Remember what was released."""
        assert actor
        self.planned.append([document.pk for document in documents])

    def withdraw(self, documents: Sequence[Document], *, actor: str) -> None:
        """Remember what was taken back."""
        assert actor
        self.withdrawn.append([document.pk for document in documents])


@contextmanager
def planning_with(planner: ports.ReleasePlanner) -> Iterator[None]:
    """Put a planner in place of the installation's own for a while."""
    usual = ports.planner()
    ports.register_planner(planner)
    try:
        yield
    finally:
        ports.register_planner(usual)
