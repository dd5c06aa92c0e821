"""What this layer tells the ones above it: that something about a client changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uuid import UUID


class ClientWatcher(Protocol):
    """Acts on changes of clients, inside the transaction of the change."""

    def client_changed(self, firm: UUID, client: UUID, *, actor: str) -> None:
        """Look again at what waits for this client: sharing, pause or life changed."""
        ...

    def number_added(self, firm: UUID) -> None:
        """Look again at documents whose client was not found: a client has a new number."""
        ...


_registered: ClientWatcher | None = None


class NoClientWatcherError(RuntimeError):
    """Install the delivery layer: without it a pause would stop nothing."""


def register_client_watcher(watcher: ClientWatcher) -> None:
    """Put the one watcher in place, at start."""
    global _registered  # noqa: PLW0603  # the port has one implementation per process
    _registered = watcher


def client_watcher() -> ClientWatcher:
    """Give the watcher; raises NoClientWatcherError when none is registered."""
    if _registered is None:
        message = "No client watcher is registered."
        raise NoClientWatcherError(message)
    return _registered
