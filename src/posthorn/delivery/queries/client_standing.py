"""Says in one word how a client stands, out of a few facts; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.tenancy.life import ClientState

if TYPE_CHECKING:
    from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFacts:
    """What decides how a client stands; of unreadable documents nothing is known (0, False).

    `connections` are the accounting packages it is bound to, with their names, `attention` counts
    deliveries that somebody must look at, `waiting` documents to approve or send.
    """

    id: UUID
    name: str
    dossier_number: str
    state: ClientState
    is_paused: bool
    is_shared: bool
    is_readable: bool
    connections: Mapping[UUID, str]
    attention: int = 0
    waiting: int = 0
    is_quiet: bool = False


_BY_STATE = {
    ClientState.ARCHIVED: ClientStatus.ARCHIVED,
    ClientState.LOST: ClientStatus.LOST,
}


def status_of(facts: ClientFacts) -> ClientStatus:
    """Give a client's status: what most needs somebody speaks for it.

    A pause comes first, for it is wanted, and what it holds is no trouble.
    """
    if facts.state in _BY_STATE:
        return _BY_STATE[facts.state]
    is_set_up = facts.state is ClientState.ACTIVE and facts.is_shared and bool(facts.connections)
    answers = (
        (facts.is_paused, ClientStatus.PAUSED),
        (facts.attention > 0, ClientStatus.NEEDS_ATTENTION),
        (not is_set_up, ClientStatus.NOT_SET_UP),
        (facts.waiting > 0, ClientStatus.WAITING_FOR_YOU),
        (facts.is_quiet, ClientStatus.QUIET),
    )
    return next((status for holds, status in answers if holds), ClientStatus.ACTIVE)
