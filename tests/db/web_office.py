"""A desk at which a client without any integration came in, and a second package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections.models import Integration
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.factories import ClientFactory, ConnectionFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from posthorn.connections.models import Connection


class Office(Desk):
    """A desk at which a client without any integration came in."""

    def __init__(self, role: Role = Role.ADMINISTRATOR) -> None:
        super().__init__(role)
        self.newcomer: Client = ClientFactory.create(
            firm=self.firm, name="Garage Maes", shares_documents=False, shared_since=None
        )
        self.yuki: Connection = ConnectionFactory.create(
            firm=self.firm, name="Yuki", settings={"same_address_start": "on"}
        )

    def at(self, path: str, client: Client | None = None) -> str:
        return f"clients/{(client or self.client).pk}/{path}"


def bound(client: Client) -> dict[str, Integration]:
    with system("look"):
        rows = Integration.objects.filter(client=client, removed_at=None)
        return {one.connection.name: one for one in rows.select_related("connection")}


def sharing(client: Client) -> bool:
    with system("look"):
        return Client.objects.get(pk=client.pk).shares_documents
