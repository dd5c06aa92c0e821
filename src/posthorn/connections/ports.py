"""What this layer asks of the one above it: to look again at what waits, and to count calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from uuid import UUID

    from posthorn.sdk.http import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a package, as far as its limits are concerned."""

    firm: UUID
    connection: UUID
    connector_id: str
    site: str  # scheme, host and port: each country's site counts for itself
    method: str
    path: str  # without the query
    scope: str  # what shares a limit in the package, as the connector named it
    is_write: bool
    is_patient: bool = False  # it can wait for days: it leaves room for what cannot


class Meter(Protocol):
    """Counts calls against a package's limits, over all workers."""

    def before(self, call: Call) -> None:
        """Take room for one call that is about to leave. Raises RateLimited: nothing leaves."""

    def after(self, call: Call, response: Response | None) -> None:
        """Learn from what came back; None when no whole answer did. Never raises."""


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


_meter: Meter | None = None


def register_meter(meter: Meter) -> None:
    """Put the one meter in place, at start."""
    global _meter  # noqa: PLW0603  the port has one implementation per process
    _meter = meter


def meter() -> Meter | None:
    """Give the meter; None where nothing counts calls."""
    return _meter


_gate: Callable[[], bool] | None = None


def register_gate(gate: Callable[[], bool]) -> None:
    """Say how this process knows whether it is the installation, and no copy of it, at start."""
    global _gate  # noqa: PLW0603  the port has one implementation per process
    _gate = gate


def may_call() -> bool:
    """Tell whether tokens may be asked for: a copy that did would end the original's sign-ins."""
    return _gate is None or _gate()
