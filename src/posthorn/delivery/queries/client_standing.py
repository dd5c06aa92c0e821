"""Says in one word how a client stands, out of a few signs; pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from uuid import UUID


class ClientStatus(StrEnum):
    """How a client stands, as the list of clients says it."""

    NEEDS_ATTENTION = "needs_attention"
    WAITING_FOR_YOU = "waiting_for_you"
    NOT_SET_UP = "not_set_up"
    QUIET = "quiet"
    PAUSED = "paused"
    ACTIVE = "active"
    ARCHIVED = "archived"
    LOST = "lost"


class Signs(NamedTuple):
    """What decides how a client stands; of unreadable documents nothing is known (0, False).

    `is_bound` tells whether it has an accounting package, `attention` counts deliveries that
    somebody must look at, `waiting` documents to approve or send.
    """

    state: ClientState
    is_paused: bool
    is_shared: bool
    is_readable: bool
    is_bound: bool
    attention: int = 0
    waiting: int = 0
    is_quiet: bool = False


class ClientStanding(NamedTuple):
    """A client and how it stands; a tuple, for each list makes one for every client."""

    id: UUID
    name: str
    dossier_number: str
    status: ClientStatus
    is_shared: bool
    is_readable: bool
    attention: int
    waiting: int


_BY_STATE = {
    ClientState.ARCHIVED: ClientStatus.ARCHIVED,
    ClientState.LOST: ClientStatus.LOST,
}


def status_of(signs: Signs) -> ClientStatus:
    """Give a client's status: what most needs somebody speaks for it.

    A pause comes first, for it is wanted, and what it holds is no trouble.
    """
    if signs.state in _BY_STATE:
        return _BY_STATE[signs.state]
    if signs.is_paused:
        return ClientStatus.PAUSED
    if signs.attention > 0:
        return ClientStatus.NEEDS_ATTENTION
    return _calm_status_of(signs)


def _calm_status_of(signs: Signs) -> ClientStatus:
    if not (signs.state is ClientState.ACTIVE and signs.is_shared and signs.is_bound):
        return ClientStatus.NOT_SET_UP
    if signs.waiting > 0:
        return ClientStatus.WAITING_FOR_YOU
    return ClientStatus.QUIET if signs.is_quiet else ClientStatus.ACTIVE
