"""What forked processes do where documents go to a stand-in Exact Online."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from posthorn.archive.models import Blob, Document
from posthorn.archive.storage import storage
from posthorn.connections.grant_models import Grant
from posthorn.connections.models import Connection, Integration
from posthorn.connections.oauth import Pair
from posthorn.connections.rotation import ensure_keyring
from posthorn.connections.tokens import seal_pair
from posthorn.connectors.exact_online.settings import (
    COMPANY,
    COUNTRY,
    PDF_ALONGSIDE,
    ROUTE,
    Route,
)
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import Client, Firm
from posthorn.tenancy.scope import acting, system
from tests.crash import acts
from tests.invoices import invoice, invoice_with_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CONNECTOR = "exact_online"
SITE = "be"
_BATCH = 1_000


def set_exact_scene(
    *, divisions: Sequence[int], tokens: Mapping[str, Any], app: str, with_pdf: bool
) -> dict[str, Any]:
    """Make a firm that has signed in, with one client for each administration; gives their ids."""
    ensure_keyring(settings.POSTHORN.data)
    with system("load"):
        firm = Firm.objects.create(name="Load").id
    with acting(firm):
        package = Connection.objects.create(
            firm_id=firm,
            connector_id=CONNECTOR,
            connector_version="1",
            name="Exact Online",
            settings={COUNTRY: SITE, PDF_ALONGSIDE: "on" if with_pdf else "off"},
        )
        grant = Grant(
            firm_id=firm,
            connection=package,
            connector_id=CONNECTOR,
            site=SITE,
            app=app,
            account_id="load",
            account_name="Load",
            is_newest_only=True,
            signed_in_by="load",
        )
        life = timedelta(seconds=int(tokens["expires_in"]))
        pair = Pair(access=tokens["access_token"], refresh=tokens["refresh_token"], life=life)
        seal_pair(grant, pair, asked_at=now())
        grant.save(force_insert=True)
        clients = _clients(package, divisions)
    return {"firm": str(firm), "clients": [str(client) for client in clients]}


def _clients(package: Connection, divisions: Sequence[int]) -> list[UUID]:
    clients = [
        Client(
            firm_id=package.firm_id,
            dossier_number=str(division),
            name=f"Client {division}",
            shares_documents=True,
            shared_since=now(),
        )
        for division in divisions
    ]
    integrations = [
        Integration(
            firm_id=package.firm_id,
            client_id=client.id,
            connection=package,
            settings={COMPANY: str(division), ROUTE: Route.DOCUMENTS},
            resolved={COMPANY: str(division)},
        )
        for client, division in zip(clients, divisions, strict=True)
    ]
    Client.objects.bulk_create(clients, batch_size=_BATCH)
    Integration.objects.bulk_create(integrations, batch_size=_BATCH)
    return [client.id for client in clients]


def supply_invoices(
    *, firm: str, clients: list[str], count: int, start: int = 0, with_pdf: bool = False
) -> dict[str, str]:
    """Add valid invoices for the clients in turn and release them; gives SHA-256 by document."""
    numbers = range(start, start + count)
    made = invoice_with_pdf if with_pdf else invoice
    files = [made(number=f"LOAD-{number:06}") for number in numbers]
    keeper = storage()
    digests = [keeper.put_if_absent(UUID(firm), data) for data in files]
    with acting(UUID(firm)):
        Blob.objects.bulk_create(
            [
                Blob(firm_id=UUID(firm), sha256=digest, size=len(data))
                for digest, data in zip(digests, files, strict=True)
            ]
        )
        rows = [
            _document(UUID(firm), UUID(clients[number % len(clients)]), number, digest)
            for number, digest in zip(numbers, digests, strict=True)
        ]
        Document.objects.bulk_create(rows)
    acts.release(firm=firm, documents=[str(row.id) for row in rows])
    return {str(row.id): row.sha256 for row in rows}


def _document(firm: UUID, client: UUID, number: int, digest: str) -> Document:
    return Document(
        firm_id=firm,
        client_id=client,
        direction="purchase",
        source="load",
        source_id=str(new_id()),
        file_name=f"invoice-{number}.xml",
        media_type="application/xml",
        sha256=digest,
        size=1,
        reading="read",
        format="ubl_invoice",
        category="invoice",
        verdict="valid",
        number=f"LOAD-{number:06}",
        currency="EUR",
        seller_name="Drukkerij Maes",
        buyer_name="Bakkerij Janssens",
    )


ACTS: Mapping[str, Callable[..., object]] = {
    "set_exact_scene": set_exact_scene,
    "supply_invoices": supply_invoices,
}
