"""One import address is one client's, unless somebody says why it is two's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections import integrations
from posthorn.connections.errors import AddressInUseError, SettingsError, Use
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Integration
from posthorn.connectors.email_delivery.connector import EmailDelivery
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    ACTOR,
    CANARY,
    OWN_RELAY,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
    trail,
)
from tests.db.factories import ClientFactory
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_django.fixtures import Settings

    from posthorn.connections.models import Connection
    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.usefixtures("keyring_text", "keeper")
TAKEN = "Dossier42@in.example"


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    request.getfixturevalue("db")
    row = ClientFactory.create(dossier_number="0042", name="Garage Maes")
    with acting(row.firm_id):
        yield row


def _bind(client: Client, connection: Connection, reason: str = "", **values: str) -> Integration:
    wish = Wish(values=values, shared_reason=reason)
    return integrations.create_integration(
        client.firm_id, client.pk, connection.pk, wish, actor=ACTOR
    )


def _other(client: Client) -> Client:
    row: Client = ClientFactory.create(firm=client.firm)
    return row


@pytest.mark.parametrize(
    ("package", "values"),
    [
        ("same", {"purchase_address": "dossier42@IN.example"}),
        ("same", {"statement_address": TAKEN}),
        ("another", {"sales_address": "DOSSIER42@in.example"}),
    ],
)
def test_an_address_of_another_client_is_refused_in_every_package_and_field(
    client: Client, package: str, values: Mapping[str, str]
) -> None:
    exact = a_connection(client.firm_id)
    _bind(client, exact, purchase_address=TAKEN)
    where = exact if package == "same" else a_connection(client.firm_id, "Yuki")
    newcomer = _other(client)

    with pytest.raises(AddressInUseError) as raised:
        _bind(newcomer, where, **values)

    ((field, typed),) = values.items()
    assert raised.value.uses == (
        Use(field=field, address=typed, client="0042 Garage Maes", client_id=client.pk),
    )
    assert str(raised.value) == (
        f"Documents of 0042 Garage Maes go to {typed} already."
        " Say why both do, or correct the address."
    )
    assert Integration.objects.filter(client=newcomer).count() == 0


def test_a_reason_makes_it_two_clients_and_stands_in_the_trail(client: Client) -> None:
    exact = a_connection(client.firm_id)
    _bind(client, exact, purchase_address=TAKEN)
    newcomer = _other(client)

    made = _bind(newcomer, exact, " One group, one mailbox. ", purchase_address=TAKEN)

    assert made.settings["purchase_address"] == TAKEN
    actions = dict(trail(made.pk))
    assert actions["integration.address_shared"] == {
        "client": str(newcomer.pk),
        "addresses": "Do…2@in.example",
        "shared_with": str(client.pk),
        "reason": "One group, one mailbox.",
    }


def test_what_was_confirmed_is_not_asked_again_when_something_else_is_saved(
    client: Client,
) -> None:
    exact = a_connection(client.firm_id)
    _bind(client, exact, purchase_address=TAKEN)
    made = _bind(_other(client), exact, "One group.", purchase_address=TAKEN)
    wish = Wish(values={**made.settings, "pdf_alongside": "on"})

    saved = integrations.save_integration(made.firm_id, made.pk, wish, actor=ACTOR)

    assert saved.settings["pdf_alongside"] == "on"
    again = Wish(values={**made.settings, "sales_address": TAKEN})
    with pytest.raises(AddressInUseError):
        integrations.save_integration(made.firm_id, made.pk, again, actor=ACTOR)


def test_one_client_may_use_an_address_for_everything(client: Client) -> None:
    made = _bind(client, a_connection(client.firm_id), purchase_address=TAKEN, sales_address=TAKEN)

    assert made.settings["sales_address"] == TAKEN


def test_an_address_is_free_again_once_its_integration_is_removed(client: Client) -> None:
    exact = a_connection(client.firm_id)
    made = _bind(client, exact, purchase_address=TAKEN)
    integrations.remove_integration(client.firm_id, made.pk, actor=ACTOR)

    taken = _bind(_other(client), exact, purchase_address=TAKEN)

    assert taken.settings["purchase_address"] == TAKEN


def test_another_firms_addresses_are_never_told(client: Client) -> None:
    _bind(client, a_connection(client.firm_id), purchase_address=TAKEN)
    stranger = ClientFactory.create()

    with acting(stranger.firm_id):
        made = _bind(stranger, a_connection(stranger.firm_id), purchase_address=TAKEN)

    assert made.settings["purchase_address"] == TAKEN


@pytest.mark.parametrize(("tells", "refused"), [(True, False), (False, True)])
def test_capitals_tell_two_boxes_apart_where_the_package_says_so(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    tells: bool,  # noqa: FBT001  a row of the table
    refused: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(EmailDelivery, "tells_case_apart", lambda _self, _settings: tells)
    exact = a_connection(client.firm_id)
    _bind(client, exact, purchase_address=TAKEN)

    try:
        _bind(_other(client), exact, purchase_address=TAKEN.lower())
    except AddressInUseError:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize(
    "own", ["Posthorn@Kantoor.example", "an@firm.example", "any@Bounces.example"]
)
def test_our_own_addresses_are_refused_for_they_would_come_back(
    client: Client, settings: Settings, own: str
) -> None:
    settings.POSTHORN = replace(
        settings.POSTHORN, mail_from="posthorn@kantoor.example", bounce_domain="bounces.example"
    )
    relay = {**OWN_RELAY, "relay_password": CANARY}
    a_connection(client.firm_id, "With its own relay", **relay)
    exact = a_connection(client.firm_id)

    with pytest.raises(SettingsError) as raised:
        _bind(client, exact, "I mean it", purchase_address="in@x.example", sales_address=own)

    assert raised.value.codes == {"sales_address": "own_address"}
    assert Integration.objects.count() == 0


@pytest.mark.usefixtures("committed")
def test_two_that_save_at_once_do_not_both_get_it() -> None:
    clients = [ClientFactory.create()]
    clients.append(ClientFactory.create(firm=clients[0].firm))
    firm = clients[0].firm_id
    with acting(firm):
        exact = a_connection(firm)

    def take(client: Client) -> str:
        try:
            with acting(firm):
                _bind(client, exact, purchase_address=TAKEN)
        except AddressInUseError:
            return "refused"
        return "taken"

    answers = at_once([lambda one=one: take(one) for one in clients])  # type: ignore[misc]

    assert sorted(answers) == ["refused", "taken"]
    with acting(firm):
        assert Integration.objects.count() == 1
