"""Keeps secret settings encrypted, each bound to its firm, its row and its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections.keyring import Sealed, keyring
from posthorn.connections.models import Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from posthorn.connections.models import Connection, Integration


def place(firm: UUID, connection: UUID, integration: UUID | None, field: str) -> str:
    """Return the one place at which a secret decrypts."""
    owner = f"{connection}/{integration}" if integration else f"{connection}"
    return f"connections_secret/{firm}/{owner}/{field}"


def place_of(row: Secret) -> str:
    """Return the place of a stored secret."""
    return place(row.firm_id, row.connection_id, row.integration_id, row.field)


def kept_fields(connection: Connection, integration: Integration | None = None) -> frozenset[str]:
    """Return the ids of the fields that have a stored secret."""
    rows = Secret.objects.filter(connection=connection, integration=integration)
    return frozenset(rows.values_list("field", flat=True))


def keep(connection: Connection, integration: Integration | None, given: Mapping[str, str]) -> None:
    """Encrypt and store what was given anew."""
    for field, plain in given.items():
        where = place(connection.firm_id, connection.id, _id(integration), field)
        sealed = keyring().seal(plain, place=where)
        Secret.objects.update_or_create(
            firm_id=connection.firm_id,
            connection=connection,
            integration=integration,
            field=field,
            defaults={"key_id": sealed.key_id, "sealed": sealed.data},
        )


def _id(integration: Integration | None) -> UUID | None:
    return integration.id if integration is not None else None


def forget(
    connection: Connection, integration: Integration | None, fields: Collection[str]
) -> None:
    """Remove stored secrets that no setting asks for any more."""
    Secret.objects.filter(
        connection=connection, integration=integration, field__in=list(fields)
    ).delete()


def forget_bound(integrations: Collection[UUID]) -> None:
    """Remove every stored secret of these integrations."""
    Secret.objects.filter(integration_id__in=integrations).delete()


def forget_all(connection: Connection) -> None:
    """Remove every stored secret of a connection and of its integrations."""
    Secret.objects.filter(connection=connection).delete()


def opened(connection: Connection, integration: Integration | None) -> dict[str, str]:
    """Return field → plain text of a connection and of one integration. Raises KeyringError."""
    rows = Secret.objects.filter(connection=connection)
    own = rows.filter(integration=None)
    found = own if integration is None else own | rows.filter(integration=integration)
    return {row.field: plain(row) for row in found}


def plain(row: Secret) -> str:
    """Decrypt one stored secret at its place. Raises KeyringError."""
    sealed = Sealed(key_id=row.key_id, data=bytes(row.sealed))
    return keyring().open(sealed, place=place_of(row))
