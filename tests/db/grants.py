"""A firm that is signed in to Cloud Books, and the tokens it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.archive import lifecycle
from posthorn.archive.rules import ReleaseBasis
from posthorn.connections import calling, runtime
from posthorn.connections.grant_models import Grant
from posthorn.connections.http import Caller
from posthorn.connections.keyring import fresh_key
from posthorn.connections.models import Connection
from posthorn.connections.oauth import Pair
from posthorn.connections.registry import registry
from posthorn.connections.tokens import Owner, seal_pair
from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.cloudbooks import CLIENT_ID, USERS, Cloudbooks, operators, serving
from tests.db.factories import (
    ClientFactory,
    ConnectionFactory,
    DocumentFactory,
    FirmFactory,
    IntegrationFactory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from posthorn.connections.models import Integration
    from posthorn.tenancy.models import Firm
    from tests.cloudbooks import Chain


@pytest.fixture(name="books")
def books_fixture(settings: Settings, tmp_path: Path) -> Iterator[Cloudbooks]:
    """Run the package, with an operator who registered there."""
    with serving() as books:
        settings.POSTHORN = replace(operators(books), data=tmp_path, keyring=fresh_key("k1"))
        yield books
        for lines in (calling.exchange_of_process(), calling.token_lines()):
            assert lines.close_idle(0.0) == 0
        runtime._kept.clear()


@dataclass(frozen=True, slots=True)
class Signed:
    """A connection somebody signed in to."""

    firm: UUID
    connection: UUID
    owner: Owner

    @property
    def caller(self) -> Caller:
        package = self.package()
        return Caller(
            firm=self.firm,
            connection=self.connection,
            connector_id=package.connector_id,
            revision=package.version,
        )

    def row(self) -> Grant:
        with acting(self.firm):
            return Grant.objects.get(connection_id=self.connection)

    def package(self) -> Connection:
        with acting(self.firm):
            return Connection.objects.select_related("firm").get(pk=self.connection)

    def integration(self) -> Integration:
        """Bind a new client to it."""
        package = self.package()
        client = ClientFactory.create(firm=package.firm)
        return IntegrationFactory.create(firm=package.firm, client=client, connection=package)

    def waiting(self) -> Delivery:
        """Release a document of a new client to it."""
        integration = self.integration()
        document = DocumentFactory.create(firm=integration.firm, client=integration.client)
        with acting(self.firm):
            lifecycle.release(self.firm, [document.pk], basis=ReleaseBasis.APPROVED, actor="an")
            return Delivery.objects.get(document_id=document.pk)

    def standing(self, delivery: Delivery) -> tuple[str, str]:
        """Give state and reason of a delivery."""
        with acting(self.firm):
            delivery.refresh_from_db()
        return delivery.state, delivery.reason

    def alerts(self) -> list[str]:
        """Give the codes for which administrators were told that it needs attention."""
        with acting(self.firm):
            rows = AuditEntry.objects.filter(
                action="connection.needs_attention", subject_id=self.connection
            )
            return [row.detail["code"] for row in rows.order_by("pk")]


def signed(
    books: Cloudbooks, user: str = "an", *, age_s: int = 0, firm: Firm | None = None
) -> Signed:
    """Sign a user in as if that had been `age_s` seconds ago."""
    chain = books.sign_in_elsewhere(user)
    package = ConnectionFactory.create(
        connector_id="cloudbooks",
        connector_version="1.0.0",
        settings={"country": "be"},
        firm=firm or FirmFactory.create(),
    )
    with acting(package.firm_id):
        _grant(package, chain, user, timedelta(seconds=age_s)).save()
    return Signed(package.firm_id, package.pk, owner_of(package))


def _grant(package: Connection, chain: Chain, user: str, age: timedelta) -> Grant:
    row = Grant(
        firm_id=package.firm_id,
        connection_id=package.pk,
        connector_id="cloudbooks",
        site="be",
        app=CLIENT_ID,
        account_id=USERS[user]["id"],
        account_name=USERS[user]["name"],
        is_newest_only=True,
        signed_in_by="an@kantoor.example",
    )
    pair = Pair(access=chain.access, refresh=chain.refresh, life=timedelta(seconds=600))
    seal_pair(row, pair, asked_at=now() - age)
    row.issued_at = row.refreshed_at = row.signed_in_at = now() - age
    return row


def owner_of(package: Connection) -> Owner:
    loaded = registry().loaded[package.connector_id]
    server = calling.server_of(loaded.spec, package.settings)
    assert server is not None
    return Owner(
        firm=package.firm_id,
        connection=package.pk,
        revision=package.version,
        site="be",
        server=server,
        lines=calling.token_lines(),
    )
