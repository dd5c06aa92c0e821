"""A firm with a client and a package, and somebody who looks at its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.test import Client as Browser

from posthorn.archive.models import Document
from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import (
    ClientFactory,
    ConnectionFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
    IntegrationFactory,
)

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Firm, Person


class Desk:
    """A firm with one client and one package, and somebody who looks at its pages."""

    def __init__(self, role: Role = Role.ADMINISTRATOR) -> None:
        self.firm: Firm = FirmFactory.create(name="Kantoor Gent")
        self.client: Client = ClientFactory.create(firm=self.firm, name="Bakkerij Janssens")
        self.package = ConnectionFactory.create(firm=self.firm, name="Octopus")
        self.integration = IntegrationFactory.create(
            firm=self.firm,
            client=self.client,
            connection=self.package,
            settings={"purchase_address": "in@pakket.example", "sales_address": "out@x.example"},
        )
        clients = (self.client,) if role is Role.ACCOUNTANT else ()
        self.person: Person = web_rows.member(self.firm, role, *clients)
        self.browser = Browser()
        self.browser.force_login(self.person)
        self.base = f"/firms/{self.firm.pk}"

    def document(self, **values: Any) -> Document:  # noqa: ANN401  # columns
        row: Document = DocumentFactory.create(firm=self.firm, client=self.client, **values)
        return row

    def delivery(self, **values: Any) -> Delivery:  # noqa: ANN401  # columns
        document = values.pop("document", None) or self.document(released_at=now())
        more = {} if "lane" in values else {"lane__target_id": values.pop("target", document.pk)}
        row: Delivery = DeliveryFactory.create(
            firm=self.firm,
            client=self.client,
            document=document,
            integration=self.integration,
            **more,
            **values,
        )
        if row.resend_of is not None:
            same = Q(pk=row.resend_of.pk) | Q(resend_of=row.resend_of)
            with system("look"):
                Delivery.objects.filter(same, copy__lt=row.copy).update(copied_at=now())
        return row

    def read(self, path: str, **asked: str) -> str:
        response = self.browser.get(f"{self.base}/{path}", asked)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def post(self, path: str, **typed: str) -> str:
        response = self.browser.post(f"{self.base}/{path}", typed, follow=True)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())


def delivery_now(delivery_id: UUID) -> Delivery:
    with system("look"):
        return Delivery.objects.get(pk=delivery_id)


def document_now(document_id: UUID) -> Document:
    with system("look"):
        return Document.objects.get(pk=document_id)
