"""A firm that wants a second person, and one of its clients whose addresses change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections import integrations
from posthorn.connections.change_models import AddressChange
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Integration
from posthorn.tenancy.models import Firm
from posthorn.tenancy.scope import acting
from tests.db.connections import ACTOR, a_connection, trail
from tests.db.factories import ClientFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.tenancy.models import Client

SECOND = "bo@kantoor.example"
OLD, NEW = "janssens@oud.example", "peeters@nieuw.example"


def a_client(*, asks: bool = True) -> Client:
    row: Client = ClientFactory.create()
    with acting(row.firm_id):
        Firm.objects.filter(pk=row.firm_id).update(asks_second_person=asks)
    return row


@pytest.fixture(name="client")
def client_fixture(request: pytest.FixtureRequest) -> Iterator[Client]:
    request.getfixturevalue("db")
    row = a_client()
    with acting(row.firm_id):
        yield row


def bind(client: Client, name: str = "Exact", **values: str) -> Integration:
    exact = a_connection(client.firm_id, name)
    return integrations.create_integration(
        client.firm_id, client.pk, exact.pk, Wish(values=values), actor=ACTOR
    )


def save(made: Integration, **values: str) -> None:
    wish = Wish(values={**made.settings, **values})
    integrations.save_integration(made.firm_id, made.pk, wish, actor=ACTOR)


def settings_of(made: Integration) -> dict[str, str]:
    settings: dict[str, str] = Integration.objects.get(pk=made.pk).settings
    return settings


def changes() -> list[tuple[str, dict[str, list[str]]]]:
    rows = AddressChange.objects.order_by("made_at", "id")
    return list(rows.values_list("standing", "addresses"))


def actions_of(made: Integration) -> list[str]:
    return [action.removeprefix("integration.") for action, _ in trail(made.pk)]
