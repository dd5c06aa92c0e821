"""What this layer asks of the one above it: to look again at what waits when something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID


class HoldKeeper(Protocol):
    """Holds what can no longer go and frees what can; called inside the change's transaction."""

    def reconsider(
        self,
        firm: UUID,
        *,
        connection_ids: Collection[UUID] = (),
        integration_ids: Collection[UUID] = (),
        client_ids: Collection[UUID] = (),
        actor: str = "settings",
    ) -> None:
        """Look again at the deliveries of these connections, integrations or clients."""


_registered: HoldKeeper | None = None


class NoHoldKeeperError(RuntimeError):
    """Install the delivery layer: without it nothing on hold would ever be freed."""


def register_hold_keeper(keeper: HoldKeeper) -> None:
    """Put the one keeper in place, at start."""
    global _registered  # noqa: PLW0603  the port has one implementation per process
    _registered = keeper


def hold_keeper() -> HoldKeeper:
    """Give the keeper; raises NoHoldKeeperError when none is registered."""
    if _registered is None:
        raise NoHoldKeeperError("No hold keeper is registered.")
    return _registered
