"""Says what each of the three roles of a firm may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A person's place in a firm."""

    ADMINISTRATOR = "administrator"
    CLIENT_MANAGER = "client_manager"
    ACCOUNTANT = "accountant"


# Parts of Posthorn that act by themselves; every other name in the trail is a person's.
PARTS = ("engine", "reader", "rule", "start", "sweep")


class Permission(StrEnum):
    """One thing that a role may or may not do."""

    MANAGE_PEOPLE = "manage_people"
    MANAGE_CONNECTIONS = "manage_connections"
    MANAGE_CLIENTS = "manage_clients"
    READ_DOCUMENTS = "read_documents"
    WORK_DOCUMENTS = "work_documents"
    READ_LEDGER = "read_ledger"


_ALL = frozenset(Permission)
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _ALL,
    Role.CLIENT_MANAGER: frozenset({Permission.MANAGE_CLIENTS}),
    Role.ACCOUNTANT: frozenset(
        {Permission.READ_DOCUMENTS, Permission.WORK_DOCUMENTS, Permission.READ_LEDGER},
    ),
}


def is_allowed(role: Role, permission: Permission) -> bool:
    """Tell whether a role carries a permission."""
    return permission in PERMISSIONS[role]


def sees_every_client(role: Role) -> bool:
    """Tell whether a role reaches all clients; an accountant reaches the assigned ones alone."""
    return role is not Role.ACCOUNTANT
