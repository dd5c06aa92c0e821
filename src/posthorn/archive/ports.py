"""What the archive asks of the layer above it: to plan what was released, and to withdraw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.archive.models import Document


class ReleasePlanner(Protocol):
    """Decides where released documents go; called inside the transaction that releases them."""

    def plan(self, documents: Sequence[Document], *, actor: str) -> None:
        """Create the deliveries of documents of one firm, in order of arrival."""

    def withdraw(self, documents: Sequence[Document], *, actor: str) -> None:
        """Cancel what has not left; mark what has left *take out of the package*."""


_registered: ReleasePlanner | None = None


class NoPlannerError(RuntimeError):
    """Install the delivery layer: without a planner nothing released would ever leave."""


def register_planner(planner: ReleasePlanner) -> None:
    """Put the one planner in place, at start."""
    global _registered  # noqa: PLW0603  # the port has one implementation per process
    _registered = planner


def planner() -> ReleasePlanner:
    """Give the planner; raises NoPlannerError when none is registered."""
    if _registered is None:
        message = "No release planner is registered."
        raise NoPlannerError(message)
    return _registered
