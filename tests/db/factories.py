"""Makes rows for tests; each factory opens its firm's scope by itself."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import factory
from django.db import models
from factory.django import DjangoModelFactory

from posthorn.archive.models import Blob, Document
from posthorn.archive.search import search_text
from posthorn.connections.models import Connection, Integration
from posthorn.delivery.models import Delivery, Incarnation, Lane, TargetKind
from posthorn.delivery.states import State
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import Client, ClientNumber, Firm, Membership, Person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import FirmOwned, acting, system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

Row = TypeVar("Row", bound=models.Model)
Owned = TypeVar("Owned", bound=FirmOwned)


def firm_of(values: Mapping[str, object]) -> UUID:
    """Give the id of the firm among a row's values."""
    firm = values["firm"]
    assert isinstance(firm, Firm)
    return firm.pk


class SystemFactory(DjangoModelFactory[Row]):
    """Rows that belong to no firm."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Row], *args: object, **values: object) -> Row:
        with system("factory"):
            row: Row = super()._create(  # type: ignore[no-untyped-call]  # factory_boy's own
                model_class, *args, **values
            )
        return row


class FirmFactory(SystemFactory[Firm]):
    name = factory.Sequence(lambda number: f"Kantoor {number}")

    class Meta:
        model = Firm


class PersonFactory(SystemFactory[Person]):
    email = factory.LazyFunction(lambda: f"{new_id().hex}@kantoor.example")
    name = "An Peeters"

    class Meta:
        model = Person


class IncarnationFactory(SystemFactory[Incarnation]):
    host = "localhost"
    pid = 1
    started_at = factory.LazyFunction(now)
    heartbeat_at = factory.LazyFunction(now)

    class Meta:
        model = Incarnation


class OwnedFactory(DjangoModelFactory[Owned]):
    """Rows of one firm."""

    firm: Any = factory.SubFactory(FirmFactory)

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Owned], *args: object, **values: object) -> Owned:
        with acting(firm_of(values)):
            row: Owned = super()._create(  # type: ignore[no-untyped-call]  # factory_boy's own
                model_class, *args, **values
            )
        return row


def same_firm(kind: type[OwnedFactory[Any]], **values: object) -> factory.SubFactory:
    """Make the other row in the firm of the row that needs it."""
    return factory.SubFactory(kind, firm=factory.SelfAttribute("..firm"), **values)


def same_client(kind: type[OwnedFactory[Any]], **values: object) -> factory.SubFactory:
    """Make the other row for the client of the row that needs it."""
    return same_firm(kind, client=factory.SelfAttribute("..client"), **values)


class MembershipFactory(OwnedFactory[Membership]):
    person = factory.SubFactory(PersonFactory)
    role = Role.ADMINISTRATOR

    class Meta:
        model = Membership


class ClientFactory(OwnedFactory[Client]):
    dossier_number = factory.LazyFunction(lambda: new_id().hex)
    name = "Bakkerij Janssens"
    shares_documents = True
    shared_since = factory.LazyFunction(now)

    class Meta:
        model = Client


class ClientNumberFactory(OwnedFactory[ClientNumber]):
    client = same_firm(ClientFactory)
    scheme = "vat"
    value = "BE0417497106"

    class Meta:
        model = ClientNumber


class BlobFactory(OwnedFactory[Blob]):
    sha256 = factory.LazyFunction(lambda: sha256(new_id().bytes).hexdigest())
    size = 60_000

    class Meta:
        model = Blob


class DocumentFactory(OwnedFactory[Document]):
    """An unreleased purchase invoice that was read without a problem."""

    client = same_firm(ClientFactory)
    direction = "purchase"
    source = "upload"
    file_name = "invoice.xml"
    sha256 = factory.LazyAttribute(lambda document: BlobFactory.create(firm=document.firm).sha256)
    size = 60_000
    reading = "read"
    verdict = "valid"
    format = "ubl_invoice"
    category = "invoice"
    number = factory.LazyFunction(lambda: new_id().hex)
    currency = "EUR"
    total = "121.00"
    issue_date = "2026-10-01"
    seller_name = "Drukkerij Maes"
    seller_number = "BE0203201340"
    buyer_name = "Bakkerij Janssens"
    buyer_number = "BE0417497106"
    assigned_at = factory.LazyFunction(now)

    class Meta:
        model = Document

    @classmethod
    def _create(
        cls,
        model_class: type[Document],
        *args: object,
        **values: Any,  # noqa: ANN401  # columns
    ) -> Document:
        row = Document(**{**values, "total": values["total"] and Decimal(values["total"])})
        return super()._create(model_class, *args, **{"search": search_text(row), **values})


class ConnectionFactory(OwnedFactory[Connection]):
    connector_id = "email_delivery"
    connector_version = "1"
    name = factory.LazyFunction(lambda: new_id().hex)

    class Meta:
        model = Connection


class IntegrationFactory(OwnedFactory[Integration]):
    client = same_firm(ClientFactory)
    connection = same_firm(ConnectionFactory)

    class Meta:
        model = Integration


class LaneFactory(OwnedFactory[Lane]):
    target_kind = TargetKind.INTEGRATION
    target_id = factory.LazyFunction(new_id)
    connection = same_firm(ConnectionFactory)

    class Meta:
        model = Lane


class DeliveryFactory(OwnedFactory[Delivery]):
    """A delivery that waits for its turn."""

    client = same_firm(ClientFactory)
    document = same_client(DocumentFactory)
    integration = same_client(IntegrationFactory)
    connection = factory.LazyAttribute(lambda delivery: delivery.integration.connection)
    lane = same_firm(
        LaneFactory,
        connection=factory.SelfAttribute("..connection"),
        target_id=factory.SelfAttribute("..integration.pk"),
    )
    key = factory.LazyFunction(lambda: new_id().hex)
    position = factory.Sequence(lambda number: number + 1)
    state = State.QUEUED
    next_at = factory.LazyAttribute(lambda delivery: now() if delivery.state == "queued" else None)
    released_at = factory.LazyFunction(now)

    class Meta:
        model = Delivery
