"""The life of a client with a firm: its states, and what is released without a person."""

from __future__ import annotations

from enum import StrEnum


class ClientState(StrEnum):
    """Where a client stands in its life with the firm."""

    DRAFT = "draft"
    INVITED = "invited"
    ACTIVE = "active"
    ARCHIVED = "archived"
    LOST = "lost"


class ApprovalMode(StrEnum):
    """Which purchase documents of a client are released without a person."""

    BY_HAND = "by_hand"
    TRUSTED_SUPPLIERS = "trusted_suppliers"
    ALL_VALID = "all_valid"


LIFE: dict[ClientState, frozenset[ClientState]] = {
    ClientState.DRAFT: frozenset({ClientState.INVITED, ClientState.ACTIVE, ClientState.ARCHIVED}),
    ClientState.INVITED: frozenset({ClientState.DRAFT, ClientState.ACTIVE, ClientState.ARCHIVED}),
    ClientState.ACTIVE: frozenset({ClientState.ARCHIVED, ClientState.LOST}),
    ClientState.ARCHIVED: frozenset({ClientState.ACTIVE, ClientState.LOST}),
    # The client ended the link; only its own consent brings it back, see business_space.py.
    ClientState.LOST: frozenset(),
}

OVER = frozenset({ClientState.ARCHIVED, ClientState.LOST})
"""States in which the firm's people no longer read the client's documents."""


def may_become(state: ClientState, target: ClientState) -> bool:
    """Tell whether a client may go from one state to another."""
    return target in LIFE[state]
