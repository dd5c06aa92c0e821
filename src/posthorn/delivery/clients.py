"""Acts on changes of clients: holds and frees deliveries, and lets the archive look again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.archive import assign, lifecycle

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.delivery.holds import HoldKeeper


class ClientFollower:
    """The one implementation of tenancy's ClientWatcher."""

    def __init__(self, keeper: HoldKeeper) -> None:
        self._keeper = keeper

    def client_changed(self, firm: UUID, client: UUID, *, actor: str) -> None:
        """Hold or free what waits; release what only the client's state had kept back."""
        self._keeper.reconsider(firm, client_ids=[client], actor=actor)
        lifecycle.release_waiting(firm, client)

    def number_added(self, firm: UUID) -> None:
        """Find the client of documents that nobody claimed."""
        assign.find_again(firm)
