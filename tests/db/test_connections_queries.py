from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections import integrations, queries
from posthorn.connections.errors import (
    NotFoundError,
)
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Connection, Integration
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    ACTOR,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory, FirmFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

ADDRESSES = {
    "purchase_address": "in@exact.example",
    "sales_address": "out@exact.example",
    "statement_address": "bank@exact.example",
}
KEPT = {
    **ADDRESSES,
    "same_address": "off",
    "credit_addresses": "off",
    "pdf_alongside": "inherit",
}


@pytest.fixture
def client() -> Iterator[Client]:
    row = ClientFactory.create()
    with acting(row.firm_id):
        yield row


def _bind(client: Client, connection: Connection, wish: Wish | None = None) -> Integration:
    return integrations.create_integration(
        client.firm_id, client.pk, connection.pk, wish or Wish(values=ADDRESSES), actor=ACTOR
    )


@pytest.mark.usefixtures("keeper")
def test_a_package_may_come_back_with_a_new_activation_time(client: Client) -> None:
    connection = a_connection(client.firm_id)
    first = _bind(client, connection)
    integrations.remove_integration(client.firm_id, first.pk, actor=ACTOR)

    second = _bind(client, connection)

    assert second.activated_at > first.activated_at
    assert queries.integrations_of(client.firm_id, client.pk) == [second]


def test_the_lists_are_in_order(client: Client) -> None:
    firm = client.firm_id
    second = ClientFactory.create(firm=client.firm, dossier_number="0001")
    yuki, exact = a_connection(firm, "Yuki"), a_connection(firm, "Exact")
    ours = _bind(client, exact)
    theirs = _bind(second, exact, Wish(values=ADDRESSES, shared_reason="one mailbox for both"))

    assert queries.connections_of(firm) == [exact, yuki]
    assert queries.connection_of(firm, "yUKI") == yuki
    assert queries.integrations_to(firm, exact.pk) == [theirs, ours]
    assert queries.integration_of(firm, ours.pk) == ours
    with pytest.raises(NotFoundError):
        queries.connection_of(firm, "Octopus")


def test_an_address_another_client_uses_is_found(client: Client) -> None:
    exact = a_connection(client.firm_id)
    other = _bind(ClientFactory.create(firm=client.firm), exact)

    found = queries.shared_addresses(
        client.firm_id, client.pk, ["IN@exact.example", "new@exact.example", ""]
    )

    assert found == [("IN@exact.example", other)]
    assert queries.shared_addresses(client.firm_id, other.client_id, ["in@exact.example"]) == []


def test_the_feature_table_says_what_mail_does() -> None:
    found = [one for one in queries.features() if one.connector_id == "email_delivery"]

    assert [one.kind for one in found] == ["purchase", "sales", "statement"]
    assert found[0].formats == ("facturx", "pdf", "ubl_credit_note", "ubl_invoice")
    assert (found[0].depth, found[0].idempotency) == (("inbox",), ("none",))
    assert (found[0].max_bytes, found[0].reports_status) == (17_500_000, False)


def test_a_firm_sees_its_own_alone(client: Client) -> None:
    made = _bind(client, a_connection(client.firm_id))
    other = FirmFactory.create().pk

    with acting(other):
        assert queries.connections_of(client.firm_id) == []
        with pytest.raises(NotFoundError):
            queries.integration_of(other, made.pk)
