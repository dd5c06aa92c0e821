"""Who may see what, as pure decisions over what a person is and where a client stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.tenancy.life import OVER
from posthorn.tenancy.roles import Permission, Role, is_allowed, sees_every_client

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.life import ClientState


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person in one firm: a role with assigned clients, or the person of single clients."""

    role: Role | None = None
    assigned: frozenset[UUID] = frozenset()
    own: frozenset[UUID] = frozenset()


def is_reached(viewer: Viewer, client: UUID) -> bool:
    """Tell whether a client is there at all for a person; it does not exist for others."""
    if client in viewer.own:
        return True
    if viewer.role is None:
        return False
    return sees_every_client(viewer.role) or client in viewer.assigned


def may(viewer: Viewer, permission: Permission, client: UUID | None) -> bool:
    """Tell whether a person's role allows something for one client, or for the whole firm."""
    if viewer.role is None or not is_allowed(viewer.role, permission):
        return False
    if client is None:
        return sees_every_client(viewer.role)
    return sees_every_client(viewer.role) or client in viewer.assigned


def may_read_documents(
    viewer: Viewer, client: UUID | None, state: ClientState | None, *, shares: bool
) -> bool:
    """Tell whether a person may open a client's documents; no client means *Unassigned*.

    While a client does not share them, and once it is archived or lost, nobody of the firm may;
    its own people still read their own.
    """
    if client is not None and client in viewer.own:
        return True
    is_open = state not in OVER and (shares or client is None)
    return is_open and may(viewer, Permission.READ_DOCUMENTS, client)


def may_work_documents(
    viewer: Viewer, client: UUID | None, state: ClientState | None, *, shares: bool
) -> bool:
    """Tell whether a person may approve, reject, send or assign a client's documents."""
    if client is not None and client in viewer.own:
        return state not in OVER
    is_open = state not in OVER and (shares or client is None)
    return is_open and may(viewer, Permission.WORK_DOCUMENTS, client)


def may_add_documents(viewer: Viewer, client: UUID, state: ClientState) -> bool:
    """Tell whether a person may give a client documents, or decide on what goes out for it.

    Neither opens one: a client that does not share its documents may still be given some.
    """
    return may_work_documents(viewer, client, state, shares=True)


def may_read_ledger(viewer: Viewer, client: UUID, state: ClientState) -> bool:
    """Tell whether a person may see what was delivered when, without the documents themselves.

    Administrators keep it for ever; accountants for as long as they may read the documents.
    """
    if viewer.role is Role.ADMINISTRATOR or client in viewer.own:
        return True
    return state not in OVER and may(viewer, Permission.READ_LEDGER, client)
