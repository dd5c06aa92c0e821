"""Says where the mail of a connection comes from, for whoever has to allow that sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections.context import mailer_for, switchboard
from posthorn.connections.relays import RelayAddressError

if TYPE_CHECKING:
    from collections.abc import Mapping


def sender_of(settings: Mapping[str, str]) -> str:
    """Return the From address of mail sent with a firm's settings; empty where none is set."""
    try:
        return mailer_for(settings, switchboard()).sender
    except (KeyError, RelayAddressError):  # half filled in: there is no such mail yet
        return ""
