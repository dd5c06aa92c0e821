"""A firm as a browser test finds it: documents and deliveries in every way they can stand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from posthorn.connections.errand_models import Resolution
from posthorn.connections.models import Integration
from posthorn.delivery import instance
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client, Firm
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.browser.names import ADMINISTRATOR, CLIENT_PERSON, HELD_NUMBER
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
    from posthorn.connections.models import Connection
    from posthorn.delivery.models import Delivery

INVOICE = b"<Invoice>2026-117</Invoice>"


def seed() -> None:
    """Fill an empty database."""
    instance.recognise()
    firm = FirmFactory.create(name="Kantoor Gent")
    bakery = ClientFactory.create(firm=firm, dossier_number="1001", name="Bakkerij Janssens")
    garage = ClientFactory.create(firm=firm, dossier_number="1002", name="Garage Vermeulen & Zonen")
    web_rows.member(firm, Role.ADMINISTRATOR, who=web_rows.person(ADMINISTRATOR))
    web_rows.client_person(bakery, who=web_rows.person(CLIENT_PERSON, "Bakker Janssens"))
    mail = ConnectionFactory.create(
        firm=firm, name="Octopus mailbox", failing_since=now() - timedelta(minutes=50)
    )
    _waiting(firm, bakery, mail)
    _ended(firm, garage, mail)
    _undecided(firm, bakery)
    _gone(garage)


def _integration(client: Client, connection: Connection) -> Any:  # noqa: ANN401  # a factory's row
    return IntegrationFactory.create(
        firm=client.firm,
        client=client,
        connection=connection,
        settings={"purchase_address": "bakkerij@pakket.example"},
    )


def _gone(client: Client) -> None:
    """Let what a client was bound to be gone from its package."""
    with acting(client.firm_id):
        integration = Integration.objects.get(client=client)
        Resolution.objects.create(
            firm_id=client.firm_id,
            client=client,
            connection_id=integration.connection_id,
            integration=integration,
            connector_id="exact_online",
            field="division",
            realm="",
            typed="2041",
            stage="lost",
            code="place_vanished",
            value="2041",
            label="Garage Vermeulen & Zonen BV",
            facts={"code": "2041", "vat_number": "BE0417497106"},
            verified_at=now() - timedelta(days=8),
        )


def _delivery(client: Client, integration: Any, number: str, **values: Any) -> Delivery:  # noqa: ANN401  # rows
    document = web_rows.stored_document(
        INVOICE + number.encode(),
        firm=client.firm,
        client=client,
        number=number,
        seller_name="Drukkerij Maes",
        released_at=now(),
        released_by=ADMINISTRATOR,
    )
    lane = values.pop("lane", None)
    more = {"lane": lane} if lane else {}
    row: Delivery = DeliveryFactory.create(
        firm=client.firm,
        client=client,
        document=document,
        integration=integration,
        **more,
        **values,
    )
    return row


def _waiting(firm: Firm, client: Client, connection: Connection) -> None:
    integration = _integration(client, connection)
    first = _delivery(client, integration, HELD_NUMBER)
    with acting(firm.pk):
        lane = first.lane
    retrying = _delivery(
        client,
        integration,
        "2026-118",
        lane=lane,
        state="retrying",
        next_at=now() + timedelta(minutes=14),
        attempts=3,
        code="relay_unreachable",
        detail="[Errno 111] Connection refused",
    )
    for number in (1, 2, 3):
        web_rows.attempt(
            retrying,
            number=number,
            outcome="unavailable",
            code="relay_unreachable",
            detail="[Errno 111] Connection refused",
            evidence={},
        )
    web_rows.revision(retrying)
    _delivery(client, integration, "2026-119", lane=lane, state="held", reason="missing_address")
    unsure = _delivery(
        client, integration, "2026-120", lane=lane, state="unknown", next_at=now(), attempts=1
    )
    web_rows.attempt(unsure, outcome="unknown", code="no_answer", evidence={})


def _ended(firm: Firm, client: Client, connection: Connection) -> None:
    integration = _integration(client, connection)
    accepted = _delivery(
        client,
        integration,
        "F/2026/0042",
        state="accepted",
        attempts=1,
        revision=1,
        remote_id="<01a1fb67.posthorn@kantoor.example>",
    )
    web_rows.attempt(accepted)
    web_rows.revision(accepted)
    with acting(firm.pk):
        lane = accepted.lane
    refused = _delivery(
        client,
        integration,
        "F/2026/0043",
        lane=lane,
        state="refused",
        attempts=1,
        code="recipient_refused",
        detail="550 5.1.1 <garage@pakket.example>: Recipient address rejected",
    )
    web_rows.attempt(
        refused,
        outcome="rejected",
        code="recipient_refused",
        detail="550 5.1.1 <garage@pakket.example>: Recipient address rejected",
        evidence={},
    )


def _undecided(firm: Firm, client: Client) -> None:
    DocumentFactory.create(firm=firm, client=client, number="2026-121", total="1815.50")
    DocumentFactory.create(
        firm=firm, client=client, number="V-77", direction="sales", buyer_name="Café De Zwaan"
    )
    DocumentFactory.create(
        firm=firm, client=client, number="CN-9", category="credit_note", rejected_at=now()
    )
    DocumentFactory.create(
        firm=firm,
        client=client,
        number="",
        category="statement",
        direction="",
        file_name="coda-251.cod",
        seller_name="",
        total=None,
        released_at=now(),
        not_planned="not_shared",
    )
    DocumentFactory.create(
        firm=firm,
        client=None,
        direction="",
        assigned_at=None,
        number="<script>alert(1)</script>",
        seller_name="Zaak \u202egnp.exe",
    )
    DocumentFactory.create(
        firm=firm,
        client=client,
        reading="unreadable",
        problem="xml.malformed",
        problem_detail="Opening and ending tag mismatch: line 12",
        number="",
        file_name="factuur (3).xml",
        seller_name="",
        total=None,
    )
